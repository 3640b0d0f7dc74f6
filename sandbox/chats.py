"""The personal chats as Teams keeps them, and the feed that tells the page of every change."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.people import People, Person

Card = dict[str, Any]
Event = dict[str, Any]


class By(StrEnum):
    """Who wrote a message."""

    BOT = "bot"
    PERSON = "person"


class Installed(StrEnum):
    """Whether the app is in a person's Teams. NEVER: they have not been opened here yet."""

    NEVER = "never"
    YES = "yes"
    NO = "no"


@dataclass(slots=True)
class Message:
    """One message. `summary` is what a toast shows; `failed` says that the bot didn't take it."""

    id: str
    by: By
    at: str
    text: str = ""
    cards: list[Card] = field(default_factory=list)
    summary: str = ""
    edited: bool = False
    deleted: bool = False
    failed: bool = False


@dataclass(slots=True)
class Chat:
    """One person's chat with the bot. `busy` counts what the bot has been sent and has not answered."""

    person: Person
    messages: list[Message] = field(default_factory=list)
    installed: Installed = Installed.NEVER
    blocked: bool = False
    busy: int = 0

    def find(self, message_id: str) -> Message | None:
        """The message with this id, unless it was deleted."""
        return next((m for m in self.messages if m.id == message_id and not m.deleted), None)

    def state(self) -> dict[str, Any]:
        """Everything but the messages."""
        return {
            "who": self.person.directory_id,
            "conversation_id": self.person.conversation_id,
            "installed": str(self.installed),
            "blocked": self.blocked,
            "busy": self.busy > 0,
        }

    def shown(self) -> dict[str, Any]:
        """The whole chat as the page gets it."""
        return {**self.state(), "messages": [asdict(message) for message in self.messages]}


class Feed:
    """Tells every open page what changed. A page that reads too slowly is cut off, and asks for the whole again."""

    ROOM = 500

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event | None]] = set()

    def tell(self, event: Event) -> None:
        """Hand one change to every listener."""
        for queue in list(self._listeners):
            if queue.qsize() >= self.ROOM:
                self._listeners.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(event)

    def close(self) -> None:
        """End every listener's stream."""
        for queue in self._listeners:
            queue.put_nowait(None)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event | None]]:
        """A queue of changes from now on; None ends it."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)


class Chats:
    """Every person's chat, with each change told to the feed."""

    def __init__(self, people: People, feed: Feed) -> None:
        self._feed = feed
        self._by_person = {person.directory_id: Chat(person) for person in people.everyone}
        self._by_conversation = {chat.person.conversation_id: chat for chat in self._by_person.values()}
        self.changes = 0

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._by_person.values())

    def of(self, directory_id: str) -> Chat | None:
        """The chat of this person."""
        return self._by_person.get(directory_id)

    def at(self, conversation_id: str) -> Chat | None:
        """The chat with this conversation id."""
        return self._by_conversation.get(conversation_id)

    def add(self, chat: Chat, message: Message) -> None:
        """A new message, at the end."""
        chat.messages.append(message)
        self._tell(chat, "message", message=asdict(message), answer=chat.busy > 0)

    def changed(self, chat: Chat, message: Message) -> None:
        """A message was edited, deleted or failed."""
        self._tell(chat, "changed", message=asdict(message))

    def typing(self, chat: Chat) -> None:
        """The bot said that it is writing."""
        self._tell(chat, "typing")

    def state(self, chat: Chat) -> None:
        """Installed, blocked or busy changed."""
        self._tell(chat, "state", state=chat.state())

    @contextmanager
    def awaiting(self, chat: Chat) -> Iterator[None]:
        """While the bot has something of this chat to answer."""
        chat.busy += 1
        self.state(chat)
        try:
            yield
        finally:
            chat.busy -= 1
            self.state(chat)

    def _tell(self, chat: Chat, kind: str, **more: Any) -> None:
        self.changes += 1
        self._feed.tell({"kind": kind, "who": chat.person.directory_id, **more})
