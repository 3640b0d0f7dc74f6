"""A person in the fake Teams: what is on their screen, and what Teams sends when they type or press."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from tests.fakes.connector import FakeTeams

CARD = "application/vnd.microsoft.card.adaptive"
TOLD = "application/vnd.microsoft.activity.message"
_WITHIN = ("body", "items", "columns", "actions", "rows", "cells")


@dataclass(slots=True)
class Seen:
    """One message in the chat as it stands now."""

    id: str
    card: dict[str, Any] | None
    text: str
    summary: str
    edits: int = 0

    @property
    def words(self) -> str:
        """All that can be read of it."""
        return "\n".join([self.text, *words_of(self.card)]) if self.card else self.text


@dataclass(slots=True)
class Dialog:
    """The open Teams dialog."""

    title: str
    card: dict[str, Any]
    opened_from: str | None

    @property
    def words(self) -> str:
        """All that can be read in it."""
        return "\n".join([self.title, *words_of(self.card)])


@dataclass(slots=True, eq=False)
class Person:
    """Made by `teams.person(...)`. `told` are the lines that Teams shows beside the chat after a press.

    `chat_cards` and `pages` are all cards that ever stood in the chat or in a dialog: Teams keeps what a chat holds.
    """

    teams: FakeTeams
    name: str
    tenant: str
    directory: str
    email: str
    locale: str = "en-GB"
    sees: list[Seen] = field(default_factory=list)
    dialog: Dialog | None = None
    told: list[str] = field(default_factory=list)
    chat_cards: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    last_status: int = 0
    last_answer: Any = None
    conversation_id: str = field(default_factory=lambda: f"a:{uuid4()}")
    user_id: str = field(default_factory=lambda: f"29:{uuid4()}")

    @property
    def reads(self) -> str:
        """Everything on the screen."""
        shown = [seen.words for seen in self.sees]
        return "\n".join([*shown, self.dialog.words if self.dialog else "", *self.told])

    @property
    def newest(self) -> Seen:
        """The newest message."""
        return self.sees[-1]

    async def says(self, text: str, **more: Any) -> None:
        """Type a line and send it."""
        await self.sends(self.activity(type="message", text=text, textFormat="plain", **more))

    async def installs(self, action: str = "add") -> None:
        """Install or remove the app; Teams tells of an installation twice."""
        await self.sends(self.activity(type="installationUpdate", action=action))
        if action == "add":
            added = [{"id": "28:bot"}, {"id": self.user_id, "aadObjectId": self.directory}]
            await self.sends(self.activity(type="conversationUpdate", membersAdded=added))

    async def presses(
        self,
        title: str,
        *,
        on: Seen | None = None,
        fields: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> None:
        """Press the button of this title: in the open dialog, or on the newest card that has it, or `on` one.

        `fields` are what was typed or chosen on that card; `again` sends the same press twice, as Teams may.
        """
        if self.dialog is not None and on is None:
            await self._press_in_dialog(title, fields or {})
            return
        message = on or self._newest_with(title)
        assert message.card is not None
        action = button(message.card, title)
        data = dict(action.get("data") or {})
        if action.get("associatedInputs") != "none":
            data |= typed(message.card, fields or {})
        if action["type"] == "Action.Execute":
            value: dict[str, Any] = {
                "action": {"type": action["type"], "verb": action.get("verb"), "data": data}
            }
            activity = self.activity(
                type="invoke", name="adaptiveCard/action", value=value, replyToId=message.id
            )
        elif (data.get("msteams") or {}).get("type") == "task/fetch":
            value = {"data": {**data, "type": "task/fetch"}, "context": {"theme": "default"}}
            activity = self.activity(type="invoke", name="task/fetch", value=value, replyToId=message.id)
        else:
            assert action["type"] == "Action.Submit", f"{action['type']} sends nothing to the bot"
            activity = self.activity(type="message", value=data, replyToId=message.id)
        await self.sends(activity, pressed=message)
        if again:
            await self.sends(activity, pressed=message)

    async def closes(self) -> None:
        """Close the dialog with its cross. Teams tells the bot nothing."""
        assert self.dialog is not None
        self.dialog = None

    async def sends(self, activity: Mapping[str, Any], *, pressed: Seen | None = None) -> None:
        """Send any activity, and show what the bot answers to it."""
        self.last_status, self.last_answer = await self.teams.post(activity)
        if activity.get("type") == "invoke" and self.last_status < 300:
            self._show(self.last_answer or {}, pressed)

    def activity(self, **parts: Any) -> dict[str, Any]:
        """What Teams puts around everything that this person does."""
        return {
            "id": f"f:{uuid4()}",
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url,
            "from": {"id": self.user_id, "name": self.name, "aadObjectId": self.directory},
            "recipient": {"id": "28:bot", "name": "Peer support"},
            "conversation": {
                "id": self.conversation_id,
                "conversationType": "personal",
                "tenantId": self.tenant,
            },
            "channelData": {"tenant": {"id": self.tenant}},
            "locale": self.locale,
        } | parts

    def receive(self, seen: Seen) -> None:
        """A new message."""
        self.sees.append(seen)
        if seen.card is not None:
            self.chat_cards.append(seen.card)

    def edited(self, activity_id: str, card: dict[str, Any] | None, text: str) -> None:
        """An edited message."""
        if card is not None:
            self.chat_cards.append(card)
        for seen in self.sees:
            if seen.id == activity_id:
                seen.card, seen.text, seen.edits = card, text, seen.edits + 1

    def lose(self, activity_id: str) -> None:
        """A deleted message."""
        self.sees[:] = [seen for seen in self.sees if seen.id != activity_id]

    def _newest_with(self, title: str) -> Seen:
        for seen in reversed(self.sees):
            if seen.card and any(action.get("title") == title for action in actions_of(seen.card)):
                return seen
        shown = [action.get("title") for seen in self.sees if seen.card for action in actions_of(seen.card)]
        raise AssertionError(f"no button “{title}” on any card; there are {shown}")

    async def _press_in_dialog(self, title: str, fields: Mapping[str, str]) -> None:
        assert self.dialog is not None
        action = button(self.dialog.card, title)
        assert action["type"] == "Action.Submit", f"{action['type']} does nothing inside a dialog"
        data = dict(action.get("data") or {}) | typed(self.dialog.card, fields)
        activity = self.activity(
            type="invoke", name="task/submit", value={"data": data}, replyToId=self.dialog.opened_from
        )
        await self.sends(activity)

    def _show(self, answer: Mapping[str, Any], pressed: Seen | None) -> None:
        if "task" in answer:
            task = answer["task"]
            if task["type"] == "message":
                self.told.append(task["value"])
                self.dialog = None
                return
            page = task["value"]
            assert page["card"]["contentType"] == CARD
            opened_from = self.dialog.opened_from if self.dialog else (pressed.id if pressed else None)
            self.dialog = Dialog(page["title"], page["card"]["content"], opened_from)
            self.pages.append(self.dialog.card)
        elif answer.get("type") == CARD:
            assert pressed is not None
            pressed.card, pressed.edits = answer["value"], pressed.edits + 1
            self.chat_cards.append(answer["value"])
        elif answer.get("type") == TOLD:
            if answer["value"]:
                self.told.append(answer["value"])
        else:
            self.dialog = None


def parts_of(card: Any) -> Iterator[dict[str, Any]]:
    """Every element and action of a card, outermost first, in reading order."""
    if isinstance(card, dict):
        yield card
        for key in _WITHIN:
            for part in card.get(key) or []:
                yield from parts_of(part)
        for key in ("card", "selectAction"):
            yield from parts_of(card.get(key))


def actions_of(card: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a card."""
    return [part for part in parts_of(card) if str(part.get("type", "")).startswith("Action.")]


def words_of(card: dict[str, Any]) -> list[str]:
    """The words that a card shows, buttons and labels too."""
    found: list[str] = []
    for part in parts_of(card):
        found += [
            part[key] for key in ("text", "title", "label", "placeholder") if isinstance(part.get(key), str)
        ]
        found += [run["text"] for run in part.get("inlines", []) if isinstance(run, dict)]
        found += [f"{fact['title']} {fact['value']}" for fact in part.get("facts", [])]
        found += [choice["title"] for choice in part.get("choices", [])]
    return found


def button(card: dict[str, Any], title: str) -> dict[str, Any]:
    """The one button of this title."""
    fitting = [action for action in actions_of(card) if action.get("title") == title]
    assert fitting, f"no button “{title}”; there are {[action.get('title') for action in actions_of(card)]}"
    return fitting[0]


def typed(card: dict[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """What the card's inputs send: what was typed, else what stood there. An empty input is left out."""
    inputs = {part["id"]: part for part in parts_of(card) if str(part.get("type", "")).startswith("Input.")}
    strange = set(fields) - set(inputs)
    assert not strange, f"no inputs {sorted(strange)}; there are {sorted(inputs)}"
    found = {}
    for name, part in inputs.items():
        value = fields.get(name, part.get("value", "false" if part["type"] == "Input.Toggle" else ""))
        if part["type"] == "Input.ChoiceSet" and name in fields and value:
            choices = {choice["value"] for choice in part["choices"]}
            chosen = set(value.split(",")) if part.get("isMultiSelect") else {value}
            assert chosen <= choices, f"{sorted(chosen - choices)} can't be chosen for {name}"
        if value != "":
            found[name] = str(value)
    return found
