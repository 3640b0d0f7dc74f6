"""What the bot answered to a press, read as Teams reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 28 * 1024
SORRY = "Something went wrong. Please try again."
CARD = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"
FIRST_FAULT = 400

Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer of the bot; `status` is None where none came in time. `why` says so for a developer."""

    status: int | None
    body: Any = None
    why: str = ""

    @property
    def good(self) -> bool:
        """Whether the bot took it."""
        return self.status is not None and self.status < FIRST_FAULT


def size(thing: object) -> int:
    """How many bytes this takes on the wire."""
    return len(json.dumps(thing, ensure_ascii=False, separators=(",", ":")).encode())


def failed(why: str) -> Outcome:
    """The one sentence that Teams shows, and beside it the reason, for the developer."""
    return {"outcome": "failed", "text": SORRY, "why": why}


def read_execute(answer: Answer) -> Outcome:
    """The answer to an Action.Execute: a card in place of the pressed one, a line of words, or nothing."""
    if not answer.good:
        return failed(answer.why)
    if not answer.body:
        return {"outcome": "done"}
    if not isinstance(answer.body, dict):
        return failed("The invoke response isn't an object.")
    status, kind, value = (answer.body.get(key) for key in ("statusCode", "type", "value"))
    if not isinstance(status, int) or status >= FIRST_FAULT:
        return failed(f"The invoke response's statusCode is {status}.")
    if kind == CARD:
        return _fitting({"outcome": "card", "card": value}, value)
    if kind == WORDS and isinstance(value, str):
        return {"outcome": "message", "text": value}
    return failed(f"The invoke response's type is {kind!r} with a {type(value).__name__}.")


def read_dialog(answer: Answer) -> Outcome:
    """The answer to task/fetch or task/submit: the next page, a last line of words, or the end of the dialog."""
    if not answer.good:
        return failed(answer.why)
    if not answer.body:
        return {"outcome": "closed"}
    task = answer.body.get("task") if isinstance(answer.body, dict) else None
    if not isinstance(task, dict):
        return failed("The dialog's answer has no task.")
    value = task.get("value")
    if task.get("type") == "message" and isinstance(value, str):
        return {"outcome": "closed", "text": value}
    if task.get("type") != "continue" or not isinstance(value, dict):
        return failed(f"The task's type is {task.get('type')!r} with a {type(value).__name__}.")
    attached = value.get("card")
    if not isinstance(attached, dict) or attached.get("contentType") != CARD:
        return failed("The dialog's page isn't an Adaptive Card attachment.")
    page = {key: value.get(key) for key in ("title", "width", "height")}
    return _fitting({"outcome": "dialog", **page, "card": attached.get("content")}, attached.get("content"))


def card_fault(card: object) -> str:
    """Why Teams wouldn't draw this as a card; empty when it would."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or not card.get("version"):
        return "A card is an object of type AdaptiveCard with a version."
    return ""


def _fitting(outcome: Outcome, card: object) -> Outcome:
    if fault := card_fault(card):
        return failed(fault)
    if size(card) > MOST_BYTES:
        return failed(f"The card is {size(card)} bytes; Teams takes {MOST_BYTES}.")
    return outcome
