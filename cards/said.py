"""Short answers: one heading, a line or two, and the way on. Expected refusals are worded here too."""

from __future__ import annotations

from cards.frame import Action, Card, Element, button, frame, heading, text
from cards.reader import Reader, in_one_language
from cards.verbs import Verb
from peer_support.refusals import Refusal


def said_card(key: str, reader: Reader, *actions: Action, **values: object) -> Card:
    """The words of `key`, with the buttons given, and Menu."""
    return frame(said(key, reader, **values), reader, [*actions, menu(reader)])


@in_one_language
def busy_card(reader: Reader) -> Card:
    """There is no place now, or a turn failed."""
    return said_card("busy", reader)


def refusal_card(refusal: Refusal, reader: Reader, *actions: Action) -> Card:
    """Why not, kindly, and the way on."""
    return said_card(f"refusal.{type(refusal).__name__}", reader, *actions)


def said(key: str, reader: Reader, **values: object) -> list[Element]:
    """A heading and its text."""
    return [heading(reader.say(f"{key}.heading", **values)), text(reader.say(f"{key}.text", **values))]


def menu(reader: Reader) -> Action:
    """The way back to what one may do."""
    return button(reader, "menu", Verb.MENU)
