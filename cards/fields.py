"""What a person may fill in. Nothing is marked required or checked by the channel: that would swallow Help now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cards.frame import Element, text
from cards.reader import Reader

MOST_CHOICES = 12
Choice = tuple[str, str]


def choose_one(id: str, label: str, choices: Iterable[Choice], value: str = "", *, hint: str = "") -> Element:
    """One of a few: a short list that shows what is chosen."""
    return (
        _choices(id, label, choices, value) | {"style": "compact"} | ({"placeholder": hint} if hint else {})
    )


def pick_one(id: str, label: str, choices: Iterable[Choice], value: str = "") -> Element:
    """One of a few, all in view."""
    return _choices(id, label, choices, value) | {"style": "expanded"}


def choose_any(id: str, label: str, choices: Iterable[Choice], value: str = "") -> Element:
    """Any of a few, all in view. `value` lists the chosen ones with commas between."""
    return _choices(id, label, choices, value) | {"style": "expanded", "isMultiSelect": True}


def typed(id: str, label: str, value: str = "", *, most: int, hint: str = "", lines: bool = False) -> Element:
    """A line, or lines, of the person's own."""
    field: Element = {"type": "Input.Text", "id": id, "label": label, "maxLength": most, "isMultiline": lines}
    return field | ({"value": value} if value else {}) | ({"placeholder": hint} if hint else {})


def switch(id: str, title: str, *, on: bool = False) -> Element:
    """On or off. The value is always given: some phones send nothing for an untouched one."""
    return {
        "type": "Input.Toggle",
        "id": id,
        "title": title,
        "value": "true" if on else "false",
        "valueOn": "true",
        "valueOff": "false",
        "wrap": True,
    }


def fold(
    name: str, title: str, items: Sequence[Element], reader: Reader, *, is_open: bool = False
) -> list[Element]:
    """A row that opens and shuts what stands under it. What is folded away is still sent with a press."""
    more, less, inside = f"more_{name}", f"less_{name}", f"inside_{name}"
    row: Element = {
        "type": "ColumnSet",
        "spacing": "Small",
        "selectAction": {
            "type": "Action.ToggleVisibility",
            "title": reader.say("fold.title", title=title),
            "targetElements": [more, less, inside],
        },
        "columns": [
            {
                "type": "Column",
                "width": "stretch",
                "verticalContentAlignment": "Center",
                "items": [text(title, weight="Bolder")],
            },
            {
                "type": "Column",
                "width": "auto",
                "items": [
                    _sign(reader.say("fold.more"), more, shown=not is_open),
                    _sign(reader.say("fold.less"), less, shown=is_open),
                ],
            },
        ],
    }
    return [
        row,
        {"type": "Container", "id": inside, "isVisible": is_open, "spacing": "Small", "items": list(items)},
    ]


def _sign(words: str, id: str, *, shown: bool) -> Element:
    """A text run, since a paragraph that is a plus alone is Markdown for a list."""
    run = {"type": "TextRun", "text": words, "color": "Accent", "weight": "Bolder", "size": "Large"}
    return {"type": "RichTextBlock", "id": id, "isVisible": shown, "spacing": "None", "inlines": [run]}


def _choices(id: str, label: str, choices: Iterable[Choice], value: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "type": "Input.ChoiceSet",
        "id": id,
        "label": label,
        "wrap": True,
        "choices": [{"title": title, "value": chosen} for chosen, title in choices],
    }
    return field | ({"value": value} if value else {})
