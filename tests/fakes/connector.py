"""A local Teams for tests: the connector's calls, and people who say things and press buttons as Teams would send it.

    async with FakeTeams() as teams:
        teams.meets(client)                      # an aiohttp TestClient of the bot's own app
        jo = teams.person(name="Jo Evans")
        await jo.says("hi")
        await jo.presses("Ask for a peer")
        assert "Before you ask" in jo.reads

What the bot sends, edits and answers to a press ends in `person.sees` and `person.dialog`, as on their screen.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.fakes.person import CARD, Person, Seen

BOT_ID = "28:bot"
LARGEST = 28 * 1024


@dataclass(slots=True)
class Trouble:
    """What the connector answers instead. `on` is send, update, members or delete; None means each of them."""

    status: int
    code: str = ""
    retry_after: str | None = None
    times: int = 1
    on: str | None = None
    conversation_id: str | None = None
    cards_only: bool = False

    def fits(self, act: str, conversation_id: str, body: Mapping[str, Any]) -> bool:
        return (
            self.times > 0
            and self.on in {None, act}
            and self.conversation_id in {None, conversation_id}
            and (not self.cards_only or bool(body.get("attachments")))
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the bot made, whatever was answered."""

    act: str
    conversation_id: str
    activity_id: str
    body: Mapping[str, Any]
    token: str | None
    status: int


class FakeTeams:
    """One Teams with everybody in it. `status` 0 in a trouble means that nothing is ever answered.

    `meanwhile` is done, with the kind of call, after a call took effect and before the bot has its answer.
    """

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.token_for: Callable[[str], str] | None = None
        self.meanwhile: Callable[[str], Awaitable[None]] | None = None
        self._bot: TestClient[Any, Any] | None = None
        self._server = TestServer(self._app(), host="127.0.0.1")
        self._news = asyncio.Condition()
        self._hung: set[asyncio.Event] = set()

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        for event in self._hung:
            event.set()
        await self._server.close()

    @property
    def service_url(self) -> str:
        return str(self._server.make_url("/"))

    def meets(self, bot: TestClient[Any, Any], token_for: Callable[[str], str] | None = None) -> None:
        """From now on people's activities go to this bot, with this token maker's tokens where it signs in."""
        self._bot, self.token_for = bot, token_for

    @property
    def client(self) -> TestClient[Any, Any]:
        """What a browser would look at the bot's own pages with."""
        assert self._bot is not None, "teams.meets(client) comes first"
        return self._bot

    def person(
        self,
        name: str = "Jo Evans",
        tenant: str = "11111111-0000-4000-8000-000000000001",
        directory: str | None = None,
        email: str | None = None,
    ) -> Person:
        """Somebody new, with a personal chat of their own."""
        directory = directory or str(uuid4())
        person = Person(
            self, name, tenant, directory, email or f"{name.lower().replace(' ', '.')}@police.example"
        )
        self.people[person.conversation_id] = person
        return person

    def answers(self, status: int, **how: Any) -> Trouble:
        """The next call that fits gets this instead. See Trouble."""
        trouble = Trouble(status, **how)
        self.troubles.append(trouble)
        return trouble

    def well(self) -> None:
        """Nothing is in trouble any more, and what hung ends."""
        self.troubles.clear()
        for event in self._hung:
            event.set()

    async def until(self, holds: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something holds, looking again at each thing that the bot does."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(holds)

    async def post(self, activity: Any, *, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """One activity to the bot. Gives the status and the JSON answer, or None where there is none."""
        assert self._bot is not None, "teams.meets(client) comes first"
        sent = {"Content-Type": "application/json"}
        if self.token_for is not None:
            sent["Authorization"] = f"Bearer {self.token_for(self.service_url)}"
        data = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        async with self._bot.post("/api/messages", data=data, headers=sent | dict(headers or {})) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1024 * 1024)
        base = "/v3/conversations/{conversation}"
        app.router.add_post(base + "/activities", self._send)
        app.router.add_post(base + "/activities/{activity}", self._send)
        app.router.add_put(base + "/activities/{activity}", self._update)
        app.router.add_delete(base + "/activities/{activity}", self._delete)
        app.router.add_get(base + "/members/{member}", self._member)
        return app

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.json()
        seen = Seen(f"1:{uuid4()}", _card(body), body.get("text") or "", body.get("summary") or "")
        return await self._act(request, "send", body, lambda person: person.receive(seen), {"id": seen.id})

    async def _update(self, request: web.Request) -> web.Response:
        body, activity_id = await request.json(), request.match_info["activity"]
        person = self.people.get(request.match_info["conversation"])
        if person and all(seen.id != activity_id for seen in person.sees):
            self.troubles.insert(0, Trouble(404, "ActivityNotFoundInConversation"))
        return await self._act(
            request,
            "update",
            body,
            lambda person: person.edited(activity_id, _card(body), body.get("text") or ""),
            {"id": activity_id},
        )

    async def _delete(self, request: web.Request) -> web.Response:
        activity_id = request.match_info["activity"]
        return await self._act(request, "delete", {}, lambda person: person.lose(activity_id), {})

    async def _member(self, request: web.Request) -> web.Response:
        person = self.people.get(request.match_info["conversation"])
        answer = {}
        if person is not None:
            given, _, surname = person.name.partition(" ")
            answer = {
                "id": person.user_id,
                "name": person.name,
                "givenName": given,
                "surname": surname,
                "email": person.email,
                "userPrincipalName": person.email,
                "aadObjectId": person.directory,
                "tenantId": person.tenant,
            }
        return await self._act(request, "members", {}, lambda _: None, answer)

    async def _act(
        self,
        request: web.Request,
        act: str,
        body: Mapping[str, Any],
        does: Callable[[Person], None],
        answer: Mapping[str, Any],
    ) -> web.Response:
        conversation_id = request.match_info["conversation"]
        person = self.people.get(conversation_id)
        trouble = next((each for each in self.troubles if each.fits(act, conversation_id, body)), None)
        if trouble is None and person is None:
            trouble = Trouble(404, "ConversationNotFound")
        if trouble is None and len(json.dumps(body).encode()) > LARGEST:
            trouble = Trouble(413, "MessageSizeTooBig")
        status = 201 if trouble is None else trouble.status
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or None
        self.calls.append(
            Call(act, conversation_id, request.match_info.get("activity", ""), body, token, status)
        )
        if trouble is None and person is not None:
            does(person)
            async with self._news:
                self._news.notify_all()
            if self.meanwhile is not None:
                await self.meanwhile(act)
        async with self._news:
            self._news.notify_all()
        if trouble is None:
            return web.json_response(answer, status=201 if act == "send" else 200)
        trouble.times -= 1
        if not trouble.status:
            hung = asyncio.Event()
            self._hung.add(hung)
            await hung.wait()
        headers = {"Retry-After": trouble.retry_after} if trouble.retry_after else None
        return web.json_response(
            {"error": {"code": trouble.code}}, status=trouble.status or 504, headers=headers
        )


def _card(body: Mapping[str, Any]) -> dict[str, Any] | None:
    attachments = body.get("attachments") or []
    if not attachments:
        return None
    assert len(attachments) == 1, "one message, one card"
    assert attachments[0]["contentType"] == CARD
    card: dict[str, Any] = attachments[0]["content"]
    return card
