"""Break-glass, as rules alone: never one person's yes, never out of its hour, never kept quiet past 72 hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peer_support.break_glass import (
    REASON_LEAST,
    REASON_MOST,
    BreakGlass,
    GlassState,
    Risk,
    reason_fault,
    visible,
    who_may_agree,
)
from peer_support.limits import told_of_opening, version_for
from peer_support.refusals import OutOfDate
from tests.peer_support.village import forces

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PEOPLE = ("ria", "una", "bo", "jo", "sam")
people = st.sampled_from(PEOPLE)
later = st.timedeltas(min_value=timedelta(hours=-1), max_value=timedelta(hours=80))
risks = st.sampled_from(Risk)
groups = st.frozensets(people)


def ask(risk: Risk = Risk.LIFE, asked_of: frozenset[str] = frozenset({"una", "bo"})) -> BreakGlass:
    return BreakGlass("g", "r", "northmoor", "ria", risk, "Her sister rang me.", asked_of, START)


@given(groups, people, people, groups)
def test_the_second_yes_is_never_ones_own_nor_the_persons_nor_a_supporters(nominal, asker, requester, near):
    able = who_may_agree(nominal, asker=asker, requester=requester, near=near)
    assert able <= nominal
    assert not able & {asker, requester}
    assert not able & near


acts = st.lists(st.tuples(later, st.sampled_from(["yes", "no", "sweep", "look"]), people), max_size=8).map(
    lambda steps: sorted(steps, key=lambda step: step[0])
)


@given(risks, groups, acts)
def test_whatever_is_pressed_no_name_shows_without_a_second_yes_in_its_hour(risk, asked_of, steps):
    stands, agreed = ask(risk, asked_of), None
    for since, act, who in steps:
        now = START + since
        if act in {"yes", "no"}:
            try:
                stands = stands.answered(who, now, yes=act == "yes")
            except OutOfDate:
                assert (
                    who == "ria"
                    or who not in asked_of
                    or stands.state is not GlassState.WAITING
                    or not (START <= now < START + timedelta(hours=1))
                )
                continue
            assert who != "ria"
            assert who in asked_of
            assert START <= now < START + timedelta(hours=1)
            agreed = now if act == "yes" else None
        elif act == "sweep":
            stands = stands.ran_out(now)
        for whose in PEOPLE:
            if stands.shows_name(whose, now):
                assert whose == "ria"
                assert agreed is not None
                assert stands.answered_by in asked_of - {"ria"}
                assert agreed <= now < agreed + timedelta(hours=1)


@given(later)
def test_a_yes_opens_it_for_exactly_an_hour_swept_or_not(since):
    agreed_at = START + timedelta(minutes=20)
    agreed, now = ask().answered("una", agreed_at, yes=True), START + since
    within = agreed_at <= now < agreed_at + timedelta(hours=1)
    assert agreed.shows_name("ria", now) is within
    assert agreed.ran_out(now).shows_name("ria", now) is within


def test_one_who_answered_for_themselves_in_the_store_still_shows_nothing():
    forged = replace(ask(), state=GlassState.AGREED, answered_by="ria", answered_at=START)
    assert not forged.shows_name("ria", START + timedelta(minutes=1))
    nobody = replace(forged, answered_by=None)
    assert not nobody.shows_name("ria", START + timedelta(minutes=1))


@given(risks, st.sampled_from(GlassState), later)
def test_it_is_told_at_once_or_within_72_hours_whatever_came_of_it(risk, state, since):
    assume(since >= timedelta())
    asked, now = replace(ask(risk), state=state), START + since
    told = visible([asked], now) == [asked]
    assert told or risk is Risk.LIFE
    assert told is (risk is not Risk.LIFE or since >= timedelta(hours=72))


@pytest.mark.parametrize(
    ("risk", "reason", "fault"),
    [
        ("life", "x" * REASON_LEAST, None),
        ("at_risk", "x" * REASON_MOST, None),
        ("", "x" * 50, "break_glass.mend.risk"),
        ("curious", "x" * 50, "break_glass.mend.risk"),
        ("life", "", "break_glass.mend.reason_missing"),
        ("life", "because", "break_glass.mend.reason_missing"),
        ("life", "x" * (REASON_MOST + 1), "break_glass.mend.reason_long"),
    ],
)
def test_what_is_to_be_mended(risk, reason, fault):
    assert reason_fault(risk, reason) == fault


def test_only_who_read_that_this_force_may_open_a_name_was_told():
    off = forces().all
    on = tuple(replace(force, features=frozenset({"break_glass"})) for force in off)
    first, second = (force.id for force in off[:2])
    assert version_for("2026-11", off) == "2026-11"
    assert version_for("2026-11", on) not in {"2026-11", version_for("2026-11", on[:1] + off[1:])}
    assert version_for("2026-11", on[::-1]) == version_for("2026-11", on)
    assert told_of_opening(version_for("2026-11", on), second)
    one = version_for("2026-11", on[:1] + off[1:])
    assert told_of_opening(one, first)
    assert not told_of_opening(one, second)
    assert not told_of_opening(one, first[:-1])
    assert not told_of_opening("2026-11", first)
    assert not told_of_opening(None, first)
