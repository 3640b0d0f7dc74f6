"""Learn more: every subject is reached by pressing, and an old or foreign id leads back to the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cards.learn import learn_card, subjects
from cards.plain import plain
from cards.reader import Reader
from cards.verbs import Verb
from peer_support.force import Force, LocalContact
from peer_support.other_help import learn_view
from peer_support.policy import Policy
from tests.cards.checks import actions

NOBODY = learn_view(())
TEAM = LocalContact("Northmoor wellbeing team", "01234 567890")
FORCE = Force("northmoor", "Northmoor Police", frozenset({"E"}), "yorkshire_humber", frozenset({"t"}))


def leads_to(subject: str) -> set[str]:
    card = learn_card(subject, NOBODY, Reader())
    return {a["data"].get("id", "") for a in actions(card) if a.get("verb") == Verb.LEARN}


def test_every_subject_is_reached_from_the_list_and_leads_back():
    reached, new = {""}, {""}
    while new:
        new = set().union(*map(leads_to, new)) - reached
        reached |= new
    assert reached == {"", *subjects()}
    for subject in subjects():
        assert leads_to(subject) & {"", "elsewhere"}


@pytest.mark.parametrize("subject", ["nonsense", "learn.what", "WHAT", "../what", "x" * 999])
def test_an_unknown_subject_is_the_list(subject: str):
    assert learn_card(subject, NOBODY, Reader()) == learn_card("", NOBODY, Reader())


@pytest.mark.parametrize("subject", subjects())
def test_a_card_is_short(subject: str):
    card = learn_card(subject, NOBODY, Reader())
    words = plain(card).split()
    assert len(words) <= 190, len(words)
    assert len(card["actions"]) <= 4


def test_the_forces_own_team_and_lines_are_named():
    view = learn_view(
        [replace(FORCE, wellbeing=TEAM, local_lines=(LocalContact("Chaplaincy", note="Any faith"),))]
    )
    for subject in ("wellbeing", "network"):
        said = plain(learn_card(subject, view, Reader()))
        assert "Northmoor wellbeing team\n\n01234 567890" in said
        assert "I don't have" not in said
    assert "Chaplaincy\n\nAny faith" in plain(learn_card("elsewhere", view, Reader()))
    assert "I don't have your wellbeing team's number" in plain(learn_card("wellbeing", NOBODY, Reader()))


def test_what_happens_says_the_settings_in_force():
    forces = [
        replace(FORCE, policy=Policy(names_shown=2, first_contact_hours=30)),
        replace(FORCE, policy=Policy(names_shown=4, first_contact_hours=72, first_contact_hours_today=9)),
    ]
    said = plain(learn_card("happens", learn_view(forces), Reader()))
    assert "up to 2 people" in said
    assert "within 72 hours, or 24 if you asked for today" in said
