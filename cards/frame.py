"""The one frame that every card goes through: body, actions, and the crisis footer that is never left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cards.reader import Reader
from cards.words import ENGLISH

Card = dict[str, Any]
Element = dict[str, Any]
Action = dict[str, Any]

VERSION = 1
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
MOST_BUTTONS = 6

_MARKUP = str.maketrans({"[": "(", "]": ")", **dict.fromkeys("*_`~#<>{}\\|", " ")})
NEWEST = "1.5"


def text(words: str, **style: Any) -> Element:
    """A paragraph that wraps."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def heading(words: str) -> Element:
    """The card's heading: first, so that a screen reader says it first."""
    return text(words, size="Large", weight="Bolder", style="heading")


def small(words: str) -> Element:
    """A quieter line, still in full contrast."""
    return text(words, size="Small", spacing="Small")


def lead(words: str) -> Element:
    """A bold line that says what the lines under it are about."""
    return text(words, weight="Bolder", spacing="Medium")


def own_words(words: str, **style: Any) -> Element:
    """What a person typed, shown exactly: a text run knows no markup, so it can hold no link and no picture."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words}], **style}


def named(words: str) -> str:
    """A name or another short value, made safe to stand inside a sentence: one line, and no markup."""
    return " ".join(words.translate(_MARKUP).split())


def facts(*pairs: tuple[str, str]) -> Element:
    """Short facts, each with its label. Those without a value are left out."""
    return {"type": "FactSet", "facts": [{"title": label, "value": value} for label, value in pairs if value]}


def mend_line(key: str, reader: Reader) -> list[Element]:
    """What to mend, in words and not by colour alone, beside the field it is about."""
    return [text(reader.say("form.mend.here", words=reader.say(key)), weight="Bolder", color="Attention")]


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


def button(
    reader: Reader, name: str, verb: str, subject: str = "", *, style: str | None = None, **values: object
) -> Action:
    """A button with its one title from the catalogue, of the kind that works where this reader sees the card."""
    make = submit if reader.dialog else press
    return make(reader.say(f"button.{name}", **values), verb, subject, style=style)


def opener(
    reader: Reader, name: str, verb: str, subject: str = "", *, style: str | None = None, dialog: bool
) -> Action:
    """A button in the chat that opens a Teams dialog where the forms stand in one, and is a plain press otherwise."""
    if not dialog or reader.dialog:
        return button(reader, name, verb, subject, style=style)
    return open_dialog(reader.say(f"button.{name}"), verb, subject) | ({"style": style} if style else {})


def link(reader: Reader, name: str, url: str | None, **values: object) -> tuple[Action, ...]:
    """A button that opens a web address, where there is a safe one: https and nothing else."""
    if url is None or not url.startswith("https://"):
        return ()
    return ({"type": "Action.OpenUrl", "title": reader.say(f"button.{name}", **values), "url": url},)


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


def frame(
    body: Sequence[Element],
    reader: Reader,
    actions: Sequence[Action] = (),
    *,
    help_now: bool = True,
    version: str = NEWEST,
    here: str = "",
) -> Card:
    """A whole card. Help now is its last button unless the card itself is the help, and it names the reader's language:
    the guard, which answers it, knows nobody. `here` is where Carry on leads back to: a verb that only looks, and its
    id; or a page of a form.
    """
    buttons = list(actions)
    if help_now:
        make, title = submit if reader.dialog else press, reader.say("button.help_now")
        spoken = "" if reader.language == ENGLISH else reader.language
        buttons.append(make(title, "help_now", f"{spoken}.{here}" if here else spoken))
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": version,
        "body": [*body, footer(reader)],
        "actions": buttons,
    }
