"""The real doorway for tests: the real app over the real adapter, with a conversation that a test writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.test_utils import TestClient, TestServer

from bot.adapter import Adapter
from bot.authentication import Authentication
from bot.connector import Connector, Outbound
from bot.incoming import Incoming
from bot.lane import Lane
from bot.server import Readiness, make_app
from bot.tokens import ClientCredentials, NoTokens
from bot.validator import Keys, ThisMachine, Validator
from dialogs.turn import Message, Reply
from tests.fakes.connector import FakeTeams
from tests.fakes.openid import APP_ID, FakeOpenId

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
BUTTONS = [
    {"type": "Action.Execute", "title": "Execute", "verb": "do", "data": {"v": 1, "id": "x1"}},
    {"type": "Action.Submit", "title": "Submit", "data": {"verb": "do", "v": 1, "id": "x2"}},
    {
        "type": "Action.Submit",
        "title": "Open",
        "data": {"verb": "open", "v": 1, "id": "x3", "msteams": {"type": "task/fetch"}},
    },
    {"type": "Action.Execute", "title": "Help now", "verb": "help_now", "data": {"v": 1}},
]


def card(words: str, *, inputs: tuple[str, ...] = (), size: int = 0) -> dict[str, Any]:
    """A card with one of each button."""
    body = [{"type": "TextBlock", "text": words + "x" * size}]
    typed = [{"type": "Input.Text", "id": name, "label": name} for name in inputs]
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": "1.5",
        "body": [*body, *typed],
        "actions": BUTTONS,
    }


def message(words: str, **how: Any) -> Message:
    """A message with that card."""
    return Message(card(words, **how), f"{words} (plain)", "You have an update")


@dataclass(frozen=True, slots=True)
class Crisis:
    """What the guard here answers with."""

    message: Message


@dataclass(slots=True)
class Conversation:
    """A guard and a handler that a test steers: what came in, what to answer, what to break."""

    came: list[Incoming] = field(default_factory=list)
    reply: Reply = field(default_factory=lambda: Reply(messages=(message("hello"),)))
    fault: Exception | None = None
    guard_fault: Exception | None = None
    tenants: set[str] | None = None
    gate: asyncio.Event | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    waits: list[float] = field(default_factory=list)

    async def handle(self, incoming: Incoming) -> Reply:
        self.came.append(incoming)
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return self.reply

    def guard(self, activity: Mapping[str, Any]) -> Crisis | None:
        if self.guard_fault is not None:
            raise self.guard_fault
        return self.whenever(activity) if "help_now" in str(activity).replace(" ", "_") else None

    def whenever(self, _activity: Mapping[str, Any]) -> Crisis:
        return Crisis(message("Samaritans 116 123"))

    def busy(self, _incoming: Incoming) -> Message:
        return message("A moment, please")

    def allowed(self, tenant: str) -> bool:
        return self.tenants is None or tenant in self.tenants

    async def sleep(self, seconds: float) -> None:
        """Waiting, without the wait."""
        self.waits.append(seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Doorway:
    """Everything that one test stands on."""

    teams: FakeTeams
    talk: Conversation
    client: TestClient[Any, Any]
    adapter: Adapter
    connector: Connector
    openid: FakeOpenId | None = None


@asynccontextmanager
async def doorway(*, signed: bool = False, lane: int = 4, patience: float = 5.0) -> AsyncIterator[Doorway]:
    """The bot in local mode, or signed in on both sides."""
    talk = Conversation()
    openid = FakeOpenId() if signed else None
    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        if openid is not None:
            await openid.__aenter__()
            tokens = ClientCredentials(session, url=openid.token_url, app_id=APP_ID, password="secret")
            trust = Validator(Keys(session, openid.metadata_url), APP_ID)
            outbound = Outbound(loopback_http=True)
        else:
            tokens, trust, outbound = NoTokens(), ThisMachine(), Outbound(loopback_only=True)
        connector = Connector(
            session, tokens, outbound=outbound, timeout=aiohttp.ClientTimeout(total=patience)
        )
        adapter = Adapter(
            Authentication(trust, connector),
            connector,
            guard=talk.guard,
            whenever=talk.whenever,
            handle=talk.handle,
            busy=talk.busy,
            allowed=talk.allowed,
            lane=Lane(lane),
            sleep=talk.sleep,
        )
        async with TestClient(TestServer(make_app(adapter, healthy), host="127.0.0.1")) as client:
            teams.meets(client, None if openid is None else openid.token)
            yield Doorway(teams, talk, client, adapter, connector, openid)
        if openid is not None:
            await openid.__aexit__()


async def healthy() -> Readiness:
    """All is well."""
    return Readiness(True, "ok", "ok", "ok", "ok", ("contacts_overdue: 2",))
