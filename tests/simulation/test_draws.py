"""Made-up people: as many as was said, the same each time, and on duty as a shift worker is."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_support.form import read
from peer_support.hours import WeeklyHours
from peer_support.matching.candidate import Candidate
from peer_support.matching.eligible import Reason, why_unavailable
from peer_support.policy import Policy
from simulation.assumptions import ASSUMED, WHY, Assumptions
from simulation.draws import STARTS, draw_asks, draw_town, poisson, shares
from simulation.shifts import Habits, Shifts, seen_at

GIVEN = Assumptions(supporters_a_force=30, people_a_force=2000)
WAKING = WeeklyHours.every_day("08:00", "22:00")


def test_every_assumption_says_what_it_is_and_where_it_is_from():
    assert {each.name for each in fields(Assumptions)} == WHY.keys()
    for what, source in WHY.values():
        assert len(what) > 10
        assert source.startswith(ASSUMED) or "https://" in source or source


def test_the_same_seed_draws_the_same_people_and_another_draws_others():
    first, again = (draw_town(5, 3, 60, GIVEN, Policy()) for _ in range(2))
    assert first == again
    assert first != draw_town(6, 3, 60, GIVEN, Policy())
    assert draw_asks(5, 3, 60, GIVEN) == draw_asks(5, 3, 60, GIVEN)
    assert draw_asks(5, 3, 60, GIVEN) != draw_asks(6, 3, 60, GIVEN)


def test_an_incident_adds_those_who_ask_after_it_and_changes_nobody_else():
    plain, surge = draw_asks(5, 3, 60, GIVEN), draw_asks(5, 3, 60, GIVEN, surge_on=30)
    assert [ask for ask in surge if not ask.surge] == plain
    added = [ask for ask in surge if ask.surge]
    assert {ask.force_id for ask in added} == {"force-02"}
    assert min(ask.at for ask in added) >= STARTS + timedelta(days=30)
    assert len(added) == round(GIVEN.surge_people * 3 * GIVEN.people_a_force * shares(3, 0.9)[1])


def test_the_roster_is_as_large_and_as_ready_as_was_said():
    town = draw_town(5, 4, 60, Assumptions(supporters_a_force=100, pauses_a_year=0), Policy())
    assert len(town.supporters) == pytest.approx(400, abs=3)
    members = {member.id: member for member in town.members}
    why = [
        why_unavailable(
            Candidate(each, "", each.id, members[each.id].reach), STARTS, Policy(), in_hours=False
        )
        for each in town.supporters
    ]
    assert {reason for reason in why if reason} == {Reason.OUT_OF_DATE, Reason.UNREACHABLE}
    assert why.count(Reason.OUT_OF_DATE) / len(why) == pytest.approx(0.08, abs=0.03)
    assert why.count(Reason.UNREACHABLE) / len(why) == pytest.approx(0.10, abs=0.03)
    assert not town.pauses


def test_the_form_reads_every_ask_as_it_was_meant():
    asks = draw_asks(5, 4, 80, Assumptions(people_a_force=3000))
    found = [read(ask.answers) for ask in asks]
    assert len(asks) > 100
    assert all(reading.wishes is not None and not reading.mends for reading in found)
    assert {wishes.soon for reading in found if (wishes := reading.wishes)} == {
        "today",
        "few_days",
        "no_rush",
    }


@settings(max_examples=25)
@given(st.integers(1, 60), st.floats(0.1, 2.0))
def test_the_shares_are_a_whole_and_fall(forces: int, power: float):
    found = shares(forces, power)
    assert sum(found) == pytest.approx(1)
    assert found == sorted(found, reverse=True)
    assert len(found) == forces


def test_as_many_come_as_come_on_average():
    chance = Random(1)
    assert sum(poisson(3.5, chance) for _ in range(4000)) / 4000 == pytest.approx(3.5, abs=0.15)
    assert poisson(0, chance) == 0


@settings(max_examples=25)
@given(st.integers(0, 9) | st.none(), st.integers(0, 366 * 24 * 60), st.integers())
def test_a_message_is_never_seen_before_it_comes_nor_lost(phase: int | None, minute: int, seed: int):
    moment, shifts = STARTS + timedelta(minutes=minute), Shifts(phase)
    start, end = shifts.next_duty(moment)
    assert moment < end
    assert end - start <= timedelta(hours=11)
    keen, never = (Habits(45, 150, looks) for looks in (1.0, 0.0))
    soon = seen_at(moment, shifts, keen, WAKING, Random(seed))
    late = seen_at(moment, shifts, never, WAKING, Random(seed))
    assert moment <= soon <= late < moment + timedelta(days=10)


def test_a_shift_worker_is_on_duty_six_days_in_ten_and_an_office_worker_five_in_seven():
    monday = datetime(2026, 3, 2, tzinfo=UTC).date()
    days = [monday + timedelta(days=later) for later in range(70)]
    assert sum(Shifts(3).duty_of(day) is not None for day in days) == 42
    assert sum(Shifts().duty_of(day) is not None for day in days) == 50
