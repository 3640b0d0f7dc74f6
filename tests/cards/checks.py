"""What must hold of every card there is: the footer, Help now, what the channel takes, and what screen readers need."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, get_args

import jsonschema
import microsoft_teams.cards as typed_cards

from cards.fields import MOST_CHOICES
from cards.frame import MOST_BUTTONS, Card
from cards.reader import Reader

MOST_BYTES = 28 * 1024
# What Markdown makes a list, a heading or a quotation of: a lone "+" is drawn as a bullet with nothing behind it.
MARKED_UP = re.compile(r"[-+*]\s*$|[+*]\s|\d+[.)](\s|$)|[#>]")


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a card that has a type, outermost first, without the data that buttons carry."""
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for name, value in node.items():
            if name != "data":
                yield from parts(value)
    elif isinstance(node, list):
        for each in node:
            yield from parts(each)


def actions(card: Card) -> list[dict[str, Any]]:
    return [part for part in parts(card) if part["type"].startswith("Action.")]


def verbs(card: Card) -> set[str]:
    """The verbs that its buttons carry."""
    return {
        action.get("verb") or action["data"]["verb"]
        for action in actions(card)
        if action["type"] in {"Action.Execute", "Action.Submit"}
    }


def check(card: Card, reader: Reader) -> None:
    """All of it. `reader` is whom the card was made for."""
    size = len(json.dumps(card, ensure_ascii=False).encode())
    assert size <= MOST_BYTES, size
    foot = card["body"][-1]["items"][0]["text"]
    assert foot.startswith("Need someone now? ")
    assert "999" in foot
    assert card["body"][0]["style"] == "heading"
    assert len(card["actions"]) <= MOST_BUTTONS
    last = card["actions"][-1]
    assert last["title"] == reader.say("button.help_now")
    assert (last.get("verb") or last["data"]["verb"]) == "help_now"
    if last["type"] == "Action.Submit":
        assert not any(action["type"] == "Action.Execute" for action in actions(card)), (
            "a dialog takes no Execute"
        )
    for part in parts(card):
        _check_part(part)
    official(card)
    strict(card)


def _check_part(part: dict[str, Any]) -> None:
    assert not {"isRequired", "regex", "errorMessage"} & part.keys(), part
    kind = part["type"]
    if kind == "Input.ChoiceSet":
        assert 0 < len(part["choices"]) <= MOST_CHOICES, part["id"]
        values = [choice["value"] for choice in part["choices"]]
        assert len(values) == len(set(values))
        assert all("," not in value and value for value in values)
    if kind.startswith("Input."):
        assert part.get("label") or part.get("title"), part
    if kind == "TextBlock":
        assert part["wrap"] is True
        assert part["text"].strip(), part
        assert "{" not in part["text"], part["text"]
        assert "](" not in part["text"], part["text"]
        assert not MARKED_UP.match(part["text"].lstrip()), part["text"]
    if kind == "Action.OpenUrl":
        assert part["url"].startswith("https://")
    if kind.startswith("Action."):
        assert part["title"].strip()


@cache
def _schema() -> jsonschema.Draft6Validator:
    text = resources.files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8-sig")
    return jsonschema.Draft6Validator(json.loads(text))


def official(card: Card) -> None:
    """Against the official schema, which knows nothing of Teams."""
    faults = sorted(_schema().iter_errors(card), key=str)
    assert not faults, faults[0].message


@cache
def _fields() -> dict[str, frozenset[str]]:
    """The field names of each typed class, by the type that it stands for."""
    found: dict[str, frozenset[str]] = {}
    for name in dir(typed_cards):
        model = getattr(typed_cards, name)
        known = getattr(model, "model_fields", None)
        if not isinstance(known, dict) or "type" not in known:
            continue
        kinds = get_args(known["type"].annotation) or (known["type"].default,)
        names = {info.serialization_alias or _camel(field) for field, info in known.items()}
        for kind in kinds:
            if isinstance(kind, str):
                found[kind] = found.get(kind, frozenset()) | names
    return found


def _camel(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


def strict(card: Card) -> None:
    """Every object is of a type Teams knows, and has no field that this type doesn't have."""
    for part in parts(card):
        known = _fields()[part["type"]]
        unknown = part.keys() - known - {"$schema"}
        assert not unknown, (part["type"], unknown)
