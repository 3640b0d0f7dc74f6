"""The one frame that every card goes through: body, actions, and the crisis footer that is never left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cards.reader import Reader

Card = dict[str, Any]
Element = dict[str, Any]
Action = dict[str, Any]

VERSION = 1
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


def text(words: str, **style: Any) -> Element:
    """A paragraph that wraps."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def heading(words: str) -> Element:
    """The card's heading: first, so that a screen reader says it first."""
    return text(words, size="Large", weight="Bolder", style="heading")


def small(words: str) -> Element:
    """A quieter line, still in full contrast."""
    return text(words, size="Small", spacing="Small")


def press(title: str, verb: str, subject: str = "", *, style: str | None = None) -> Action:
    """A button in the chat: Action.Execute with an Action.Submit fallback. It carries a verb, an id and a version."""
    data = {"v": VERSION, **({"id": subject} if subject else {})}
    look = {"style": style} if style else {}
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": data,
        "fallback": {"type": "Action.Submit", "title": title, "data": {**data, "verb": verb}, **look},
        **look,
    }


def submit(title: str, verb: str, subject: str = "", *, style: str | None = None) -> Action:
    """A button inside a Teams dialog, or on a card that must work where only schema 1.2 does."""
    data = {"verb": verb, "v": VERSION, **({"id": subject} if subject else {})}
    return {"type": "Action.Submit", "title": title, "data": data, **({"style": style} if style else {})}


def open_dialog(title: str, verb: str, subject: str = "") -> Action:
    """A button in the chat that opens a Teams dialog, whose first page the verb answers with."""
    action = submit(title, verb, subject)
    action["data"]["msteams"] = {"type": "task/fetch"}
    return action


def footer(reader: Reader) -> Element:
    """Who to ring or text now. On every card, by safety's rule."""
    return {
        "type": "Container",
        "separator": True,
        "spacing": "Medium",
        "items": [small(reader.say(footer_key(reader)))],
    }


def footer_key(reader: Reader) -> str:
    """Which footer: Northern Ireland has no NHS 111, so its own line stands there; all nations name both."""
    if reader.nations == {"NI"}:
        return "footer.ni"
    return "footer.all" if "NI" in reader.nations else "footer.gb"


def frame(body: Sequence[Element], reader: Reader, actions: Sequence[Action] = (), *, help_now: bool = True) -> Card:
    """A whole card. Help now is its last button unless the card itself is the help."""
    buttons = list(actions)
    if help_now:
        title = reader.say("button.help_now")
        buttons.append(submit(title, "help_now") if reader.dialog else press(title, "help_now"))
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": "1.5",
        "body": [*body, footer(reader)],
        "actions": buttons,
    }
