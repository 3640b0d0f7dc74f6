"""Every verb is answered, and every answer stands behind some button."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cards.crisis import Variant, crisis_card
from cards.reader import Reader
from cards.verbs import Verb
from dialogs.router import ROUTES, TYPED
from dialogs.typed import WORDS
from peer_support import refusals
from peer_support.crisis.contacts import packaged
from tests.cards.gallery import EXHIBITS
from tests.fakes.person import actions_of

GUARDED = {Verb.HELP_NOW, Verb.MORE_SUPPORT}


def _verbs(card: dict[str, Any]) -> Iterator[str]:
    for action in actions_of(card):
        for part in (action, action.get("fallback", {})):
            verb = part.get("verb") or part.get("data", {}).get("verb")
            if verb:
                yield verb


@pytest.fixture(scope="module")
def pressable() -> set[str]:
    """Every verb of every button of every card."""
    found: set[str] = set()
    for reader in (Reader(), Reader(dialog=True)):
        for exhibit in EXHIBITS:
            found.update(_verbs(exhibit.make(reader)))
        for variant in Variant:
            found.update(_verbs(crisis_card(variant, reader, packaged())))
    return found


def test_every_verb_is_routed_or_the_guards() -> None:
    assert set(ROUTES) == set(Verb) - GUARDED


def test_every_button_is_answered(pressable: set[str]) -> None:
    assert pressable <= set(Verb)


def test_every_route_stands_on_some_card(pressable: set[str]) -> None:
    assert set(Verb) - pressable == set()


def test_every_typed_word_is_answered() -> None:
    assert set(WORDS.values()) <= set(ROUTES) | set(TYPED)


def test_every_refusal_is_raised_somewhere() -> None:
    root = Path(refusals.__file__).parents[1]
    rooms = [path for room in ("peer_support", "dialogs") for path in (root / room).rglob("*.py")]
    raised = "\n".join(path.read_text() for path in rooms)
    for refusal in refusals.Refusal.__subclasses__():
        assert f"raise {refusal.__name__}" in raised, refusal.__name__
