"""Cards that the scripted bot shows: every kind of press and input there is, in plausible words."""

from __future__ import annotations

from typing import Any

Card = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
FOOTER = "Need someone now? Samaritans 116 123. Text SHOUT to 85258. 111. Your GP. In danger: 999."


def text(words: str, **style: Any) -> Card:
    """A paragraph."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def card(*body: Card, actions: list[Card] | None = None) -> Card:
    """A card with the footer."""
    footer = {
        "type": "Container",
        "separator": True,
        "spacing": "Medium",
        "items": [text(FOOTER, size="Small")],
    }
    return {"type": "AdaptiveCard", "version": "1.5", "body": [*body, footer], "actions": actions or []}


def heading(words: str) -> Card:
    """A card's heading."""
    return text(words, size="Large", weight="Bolder", style="heading")


def execute(title: str, verb: str, style: str = "default") -> Card:
    """An Action.Execute."""
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": {"id": "r1"}, "style": style}


def submit(title: str, **data: Any) -> Card:
    """An Action.Submit."""
    return {"type": "Action.Submit", "title": title, "data": data}


def dialog(title: str) -> Card:
    """An Action.Submit that opens a Teams dialog."""
    return submit(title, msteams={"type": "task/fetch"}, verb="ask")


WELCOME = card(
    heading("Hello"),
    text(
        "You can use this chat to ask for a peer supporter: a trained colleague who **listens** and knows the job."
    ),
    text("I'm a computer program. Nobody watches this chat and I can't ring anyone. <b>Plain</b> & simple."),
    actions=[
        execute("Learn more", "replace", "positive"),
        dialog("Ask for a peer"),
        execute("Help now", "words"),
        execute("Break", "broken"),
        submit("Say so", verb="submitted"),
    ],
)
REPLACED = card(
    heading("About peer support"), text("A supporter is a colleague."), actions=[execute("Back", "words")]
)
OFFER = card(heading("Could you listen to a colleague?"), text("About: something at work."), actions=[
    execute("Accept", "replace", "positive"), execute("Decline", "replace"),
])  # fmt: skip


def form(problem: str = "") -> Card:
    """A page of a dialog with every kind of input."""
    topics = [("talk", "I'd just like to talk"), ("work", "Something at work"), ("home", "Something at home")]
    choices = [{"title": title, "value": value} for value, title in topics]
    return card(
        heading("Ask for a peer"),
        *([text(problem, color="Attention")] if problem else []),
        {
            "type": "Input.ChoiceSet", "id": "topics", "label": "What is it about", "style": "expanded",
            "isMultiSelect": True, "value": "talk", "choices": choices, "wrap": True,
        },
        {
            "type": "Input.ChoiceSet", "id": "soon", "label": "How soon", "style": "expanded", "value": "days",
            "choices": [{"title": "Today if possible", "value": "today"}, {"title": "No rush", "value": "days"}],
        },
        {
            "type": "Input.ChoiceSet", "id": "force", "label": "Which force", "value": "any",
            "choices": [{"title": "Anyone suitable", "value": "any"}, {"title": "My own", "value": "own"}],
        },
        {"type": "Input.Number", "id": "years", "label": "Years in the job"},
        {"type": "Input.Text", "id": "note", "label": "Note", "isMultiline": True, "placeholder": "No names"},
        {
            "type": "ColumnSet",
            "selectAction": {"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["keep"]},
            "columns": [{"type": "Column", "items": [text("More")]}],
        },
        {"type": "Input.Toggle", "id": "keep", "isVisible": False, "label": "About me", "title": "Remember this"},
        actions=[
            submit("Review", verb="again"), submit("Send request", verb="done"),
            submit("Say", verb="words"), submit("Break", verb="broken"),
        ],
    )  # fmt: skip
