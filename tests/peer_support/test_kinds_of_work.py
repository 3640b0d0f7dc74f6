from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_support.kinds_of_work import Heard, hear
from peer_support.taxonomy import ROLES


@pytest.mark.parametrize(
    "role", [role for role in ROLES.values() if not role.covert], ids=lambda role: role.id
)
def test_every_kind_is_known_by_its_label_and_its_id(role):
    assert hear(role.label) == hear(role.label.upper()) == hear(role.id) == Heard(role.id)


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("CID", "investigation"),
        ("I work in custody", "custody"),
        ("999 call handler", "control_room"),
        ("contol room", "control_room"),
        ("responce", "response"),
        ("neighborhood", "neighbourhood"),
        ("traffic", "roads"),
        ("SOCO", "forensics"),
        ("Coroner’s officer", "coroners_officer"),
        ("child abuse investigation team", "child_abuse"),
        ("IT", "corporate"),
        ("PSD", "professional_stds"),
        ("fed rep", "staff_assoc"),
    ],
)
def test_other_words_and_slips(words, role):
    assert hear(words) == Heard(role)


@pytest.mark.parametrize("words", ["control", "response and custody", "drugs", "I like it", "xyzzy", "overt"])
def test_what_is_not_sure_is_not_guessed(words):
    heard = hear(words)
    assert heard.work is None
    assert not heard.covert
    assert set(heard.near) <= set(ROLES)
    assert len(heard.near) <= 3


@pytest.mark.parametrize(
    "words", ["covert", "Covert ops", "undercover", "under cover: undercovr", "source handler", "CHIS"]
)
def test_covert_words_anywhere_are_enough(words):
    assert hear(words) == Heard(covert=True)


@given(st.text())
def test_any_words_give_a_known_kind_or_none(words):
    heard = hear(words)
    assert heard.work is None or (heard.work in ROLES and not ROLES[heard.work].covert)
    assert not any(ROLES[role].covert for role in heard.near)
    assert (heard.work is not None) + bool(heard.near) + heard.covert <= 1
