"""A little bot that does what it is told: it keeps what Teams sends it and calls the connector on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from sandbox.app import TEAMS, Options, make_app
from sandbox.people import read_people
from tests.sandbox import cards

PEOPLE = Path(__file__).parent / "people"
Body = dict[str, Any]


def attached(card: Body, summary: str = "You have an update") -> Body:
    """A message with one card."""
    attachment = {"contentType": cards.CARD, "content": card}
    return {"type": "message", "summary": summary, "attachments": [attachment]}


def page(card: Body) -> Body:
    """A dialog's next page."""
    value = {
        "title": "Ask for a peer",
        "height": "large",
        "card": {"contentType": cards.CARD, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


@dataclass(slots=True)
class ScriptedBot:
    """`heard` is all that came in. `status` other than 200 is answered to everything; `hanging` answers nothing."""

    session: ClientSession
    heard: list[Body] = field(default_factory=list)
    status: int = 200
    hanging: asyncio.Event | None = None
    last_id: str = ""

    def of(self, kind: str) -> list[Body]:
        """What was heard of one type."""
        return [activity for activity in self.heard if activity["type"] == kind]

    async def handle(self, request: web.Request) -> web.Response:
        """POST /api/messages."""
        activity = await request.json()
        self.heard.append(activity)
        if self.hanging:
            await self.hanging.wait()
        if self.status != 200:
            return web.Response(status=self.status)
        if activity["type"] == "invoke":
            return self.answer(activity)
        if activity["type"] == "installationUpdate" and activity["action"] == "add":
            self.last_id = await self.send(activity, attached(cards.WELCOME))
        if activity["type"] == "message" and activity.get("text"):
            await self.send(activity, {"type": "typing"})
            await self.send(activity, {"type": "message", "text": f"You said: {activity['text']}"})
        return web.Response(status=200, text="taken")

    def answer(self, activity: Body) -> web.Response:
        """The invoke response, by the pressed verb."""
        value = activity["value"]
        if activity["name"] == "adaptiveCard/action":
            verb = value["action"]["verb"]
            body = {
                "replace": {"statusCode": 200, "type": cards.CARD, "value": cards.REPLACED},
                "words": {
                    "statusCode": 200,
                    "type": "application/vnd.microsoft.activity.message",
                    "value": "Ring 999 if you are in danger.",
                },
            }.get(verb)
        elif activity["name"] == "task/fetch":
            verb, body = "fetch", page(cards.form())
        else:
            verb = value["data"]["verb"]
            body = {
                "again": page(cards.form("Please choose at most one topic.")),
                "words": {"task": {"type": "message", "value": "Sent. Your reference is K7QF."}},
            }.get(verb)
        if verb == "broken":
            return web.Response(status=500)
        return web.json_response(body) if body else web.Response(status=200)

    async def send(self, to: Body, body: Body) -> str:
        """Post a new message to the chat that this activity came from."""
        _, answer = await self.call("POST", to, "/activities", body)
        return str(answer["id"])

    async def call(self, method: str, to: Body, path: str, body: Body | None = None) -> tuple[int, Any]:
        """Any connector call about that chat."""
        address = f"{to['serviceUrl']}v3/conversations/{to['conversation']['id']}{path}"
        async with self.session.request(method, address, json=body) as response:
            return response.status, await response.json() if await response.read() else None


@dataclass(frozen=True, slots=True)
class Town:
    """A running sandbox, its scripted bot, and a person's side over HTTP."""

    url: str
    bot: ScriptedBot
    session: ClientSession

    async def get(self, path: str) -> Any:
        """A GET of the page's own calls."""
        async with self.session.get(self.url + path) as response:
            return await response.json()

    async def post(self, path: str, body: object = None) -> tuple[int, Any]:
        """A POST, to the page's own calls or the connector."""
        async with self.session.post(self.url + path, json={} if body is None else body) as response:
            return response.status, await response.json()

    async def open(self, who: str) -> Body:
        """Open somebody's chat, and give back an activity of theirs to answer to."""
        await self.post(f"/sandbox/chats/{who}/open")
        return next(a for a in reversed(self.bot.heard) if a["from"]["aadObjectId"] == who)


@asynccontextmanager
async def running_town(
    clock: Callable[[], float], patience: float = 15, kept: Path | None = None
) -> AsyncIterator[Town]:
    """Both servers on loopback, on any free port."""
    async with ClientSession() as session:
        bot = ScriptedBot(session)
        bot_app = web.Application()
        bot_app.router.add_post("/api/messages", bot.handle)
        async with TestServer(bot_app) as bot_server:
            people = read_people(PEOPLE / "roster.csv", PEOPLE / "officers.csv")
            app = make_app(Options(str(bot_server.make_url("")), people, kept, clock, patience))
            async with TestServer(app) as server:
                app[TEAMS].service_url = str(server.make_url("/"))
                yield Town(str(server.make_url("")).rstrip("/"), bot, session)
