"""The checks themselves: each fault that a card may have is found."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from cards.form import form_card
from cards.frame import Card, press, text
from cards.reader import Reader
from peer_support.views import FormView
from tests.cards.checks import check


def _inputs(card: Card) -> list[dict[str, Any]]:
    return [part for part in card["body"] if part["type"].startswith("Input.")]


def _no_footer(card: Card) -> None:
    card["body"].pop()


def _no_help(card: Card) -> None:
    card["actions"].pop()


def _required(card: Card) -> None:
    _inputs(card)[0]["isRequired"] = True


def _pattern(card: Card) -> None:
    _inputs(card)[-1]["regex"] = "x"


def _long_list(card: Card) -> None:
    _inputs(card)[0]["choices"] = [{"title": str(n), "value": str(n)} for n in range(13)]


def _unknown_field(card: Card) -> None:
    card["body"][0]["colour"] = "Accent"


def _wrong_value(card: Card) -> None:
    card["body"][0]["size"] = "huge"


def _link(card: Card) -> None:
    card["body"].insert(1, text("[look](https://x.example)"))


def _lone_mark(card: Card) -> None:
    card["body"].insert(1, text("+"))


def _too_big(card: Card) -> None:
    card["body"].insert(1, text("x" * 29_000))


def _execute_in_dialog(card: Card) -> None:
    card["actions"].insert(0, press("Review", "form.review"))


def _too_many_buttons(card: Card) -> None:
    card["actions"][:0] = [card["actions"][0]] * 5


FAULTS = (
    _no_footer,
    _no_help,
    _required,
    _pattern,
    _long_list,
    _unknown_field,
    _wrong_value,
    _link,
    _lone_mark,
    _too_big,
    _execute_in_dialog,
    _too_many_buttons,
)


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: spoil.__name__)
def test_a_fault_is_found(spoil: Callable[[Card], None]):
    card = form_card(FormView(), Reader(), chat=False)
    check(card, Reader())
    spoilt = deepcopy(card)
    spoil(spoilt)
    with pytest.raises(AssertionError):
        check(spoilt, Reader())
