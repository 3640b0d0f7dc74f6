"""The same words without a card: what is sent should the channel refuse the card itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cards.frame import Card, Element
from cards.reader import Reader, in_one_language

_HELD = ("items", "columns")


def plain(card: Card) -> str:
    """Every word that the card shows, its folded parts too, in reading order, and its buttons' titles at the end.

    The footer stays the last thing said, since it is what somebody may need most.
    """
    *body, foot = card["body"]
    lines = [line for element in body for line in _lines(element)]
    titles = [f"[{title}]" for title in _titles(card)]
    return "\n\n".join([*lines, *([" ".join(titles)] if titles else []), *_lines(foot)])


@in_one_language
def toast(reader: Reader) -> str:
    """The line a phone may show to anybody who looks at it: never a name, never a topic."""
    return reader.say("toast")


def _titles(card: Card) -> list[str]:
    found: list[str] = []
    for action in card.get("actions", ()):
        title = action["title"]
        found.append(f"{title}: {action['url']}" if action["type"] == "Action.OpenUrl" else title)
    return found


def _lines(element: Element) -> Iterator[str]:
    kind = element["type"]
    if "selectAction" in element:  # it opens or shuts a part, and all is open here: only its title is said
        yield from _lines(element["columns"][0])
        return
    if kind == "TextBlock":
        yield element["text"]
    elif kind == "RichTextBlock":
        yield "".join(run["text"] for run in element["inlines"])
    elif kind == "FactSet":
        yield "\n".join(f"{fact['title']}: {fact['value']}" for fact in element["facts"])
    elif kind == "ActionSet":
        yield " ".join(f"[{action['title']}]" for action in element["actions"])
    elif kind.startswith("Input."):
        yield _asked(element)
    for held in _HELD:
        for inner in element.get(held, ()):
            yield from _lines(inner)


def _asked(field: dict[str, Any]) -> str:
    said = field.get("label") or field.get("title", "")
    choices = [choice["title"] for choice in field.get("choices", ())]
    return "\n".join([said, *(f"- {choice}" for choice in choices)]).strip()
