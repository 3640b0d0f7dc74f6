"""What was said to whom, and during which act: everything that left the bot for a person's screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.connector import Call
from tests.fakes.person import Person
from tests.scenarios.town import Town

# What the channel needs to find the chat: a person's own ids, on messages to that very person.
ENVELOPE = frozenset(
    ("conversation", "recipient", "from", "serviceUrl", "id", "replyToId", "type", "channelId")
)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that came to somebody's screen. `way`: message, edit, toast, answer (to a press), dialog,
    aside (a line beside the chat), file, or the envelope that the channel reads.
    """

    act: str
    to: str
    way: str
    content: bytes


@dataclass(slots=True)
class Tap:
    """Hears all that goes to people. `act` is the act under way; `names` knows people by their chat.

    `plain` are the answers that went to no screen: to a body that was refused.
    """

    place: Town
    act: str = ""
    said: list[Said] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    plain: list[bytes] = field(default_factory=list)
    _heard: int = 0

    def __post_init__(self) -> None:
        post = self.place.teams.post

        async def listen(activity: Any, **how: Any) -> tuple[int, Any]:
            status, answer = await post(activity, **how)
            if status >= 400 or isinstance(activity, bytes):
                self.plain.append(json.dumps([status, answer], ensure_ascii=False).encode())
            elif answer:
                self._answered(activity["conversation"]["id"], answer)
            return status, answer

        self.place.teams.post = listen  # type: ignore[method-assign]  # a wire tap: what is said stays as it is

    def knows(self, name: str, person: Person) -> None:
        self.names[person.conversation_id] = name

    def catch_up(self) -> None:
        """Hear the calls that the bot made to the channel since last time."""
        calls = self.place.teams.calls
        for call in calls[self._heard :]:
            self._called(call)
        self._heard = len(calls)

    def _called(self, call: Call) -> None:
        envelope = {key: value for key, value in call.body.items() if key in ENVELOPE}
        self._say(call.conversation_id, "envelope", envelope)
        body = {key: value for key, value in call.body.items() if key not in ENVELOPE}
        if not body:
            return
        if "summary" in body:
            self._say(call.conversation_id, "toast", body.pop("summary"))
        self._say(call.conversation_id, "edit" if call.act == "update" else "message", body)

    def _answered(self, chat: str, answer: Mapping[str, Any]) -> None:
        task = answer.get("task")
        if task is None:
            self._say(chat, "answer", answer)
        else:
            self._say(chat, "aside" if task["type"] == "message" else "dialog", task)

    def _say(self, chat: str, way: str, content: Any) -> None:
        written = json.dumps(content, ensure_ascii=False).encode()
        self.said.append(Said(self.act, self.names.get(chat, chat), way, written))
