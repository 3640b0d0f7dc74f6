"""What the page asks of the local Teams, and what tests may ask of it too."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web

from sandbox.chats import Chat, Installed
from sandbox.connector import bot_account
from sandbox.local_teams import LocalTeams
from sandbox.refusals import Refused, bad, read_object
from sandbox.weather import Weather, WeatherUnreadable

MOST_CHARACTERS = 4000
HEARTBEAT_SECONDS = 15
THEMES = {"light": "default", "dark": "dark", "contrast": "contrast", "default": "default"}


@dataclass(frozen=True, slots=True)
class PageApi:
    """The person's side of the local Teams."""

    teams: LocalTeams

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Everything under /sandbox."""
        chat = "/sandbox/chats/{who}"
        router.add_get("/sandbox/people", self.people)
        router.add_get("/sandbox/events", self.events)
        router.add_get("/sandbox/weather", self.weather)
        router.add_post("/sandbox/weather", self.set_weather)
        router.add_get(chat, self.chat)
        router.add_post(chat + "/open", self.open)
        router.add_post(chat + "/say", self.say)
        router.add_post(chat + "/press", self.press)
        router.add_post(chat + "/install", self.install)
        router.add_post(chat + "/uninstall", self.uninstall)
        router.add_post(chat + "/block", self.block)

    async def people(self, _: web.Request) -> web.Response:
        """Everyone, and who stands where at first."""
        everyone = [asdict(person) for person in self.teams.people.everyone]
        return web.json_response(
            {"people": everyone, "defaults": self.teams.people.defaults(), "bot": bot_account()}
        )

    async def chat(self, request: web.Request) -> web.Response:
        """One person's chat as it stands."""
        return web.json_response(self._chat(request).shown())

    async def open(self, request: web.Request) -> web.Response:
        """Look at a chat: the first time, this installs the app."""
        chat = self._chat(request)
        await self.teams.open(chat)
        return web.json_response(chat.shown())

    async def say(self, request: web.Request) -> web.Response:
        """Write {text}; answered when the bot has answered."""
        chat = self._chat(request)
        text = (await read_object(request)).get("text")
        if not isinstance(text, str) or not text.strip():
            raise bad("text is what to say.")
        if len(text) > MOST_CHARACTERS:
            raise bad(f"text is at most {MOST_CHARACTERS} characters.")
        self._may_act(chat)
        return web.json_response(await self.teams.say(chat, text.strip()))

    async def press(self, request: web.Request) -> web.Response:
        """Press {action} of the card in message {message_id}, or with {in_dialog: true} one inside a dialog."""
        chat = self._chat(request)
        asked = await read_object(request)
        action, theme = asked.get("action"), THEMES.get(str(asked.get("theme", "default")), "default")
        if not isinstance(action, dict) or action.get("type") not in {"Action.Execute", "Action.Submit"}:
            raise bad("action is an Action.Execute or an Action.Submit with its data.")
        self._may_act(chat)
        if asked.get("in_dialog"):
            return web.json_response(await self.teams.press_in_dialog(chat, action, theme))
        message = chat.find(str(asked.get("message_id", "")))
        if message is None:
            raise Refused(404, "NoSuchMessage", "There is no such message in this chat.")
        return web.json_response(await self.teams.press(chat, message.id, action, theme))

    async def install(self, request: web.Request) -> web.Response:
        """Install the app, again or after it was uninstalled."""
        chat = self._chat(request)
        await self.teams.install(chat)
        return web.json_response(chat.state())

    async def uninstall(self, request: web.Request) -> web.Response:
        """Uninstall the app."""
        chat = self._chat(request)
        await self.teams.uninstall(chat)
        return web.json_response(chat.state())

    async def block(self, request: web.Request) -> web.Response:
        """Block the bot, or with {blocked: false} let it write again."""
        chat = self._chat(request)
        blocked = (await read_object(request)).get("blocked", True)
        if not isinstance(blocked, bool):
            raise bad("blocked is true or false.")
        self.teams.block(chat, blocked=blocked)
        return web.json_response(chat.state())

    async def weather(self, _: web.Request) -> web.Response:
        """The weather as it is."""
        return web.json_response(self.teams.forecast.shown())

    async def set_weather(self, request: web.Request) -> web.Response:
        """Change the weather to {kind, seconds, status, times}, for everyone or for one person, {who}."""
        asked = await read_object(request)
        who = asked.get("who")
        if who is not None and self.teams.chats.of(str(who)) is None:
            raise Refused(404, "NoSuchPerson", "There is nobody with this directory id.")
        try:
            weather = Weather.read(asked)
        except WeatherUnreadable as fault:
            raise bad(str(fault)) from fault
        self.teams.forecast.set(weather, None if who is None else str(who))
        self.teams.feed.tell({"kind": "weather", "weather": self.teams.forecast.shown()})
        return web.json_response(self.teams.forecast.shown())

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Every change from now on, as server-sent events."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        with self.teams.feed.listen() as queue, contextlib.suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write(b"retry: 1000\n: listening\n\n")
            while not self.teams.closing.is_set():
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await response.write(_event(event))
        return response

    def _chat(self, request: web.Request) -> Chat:
        chat = self.teams.chats.of(request.match_info["who"])
        if chat is None:
            raise Refused(404, "NoSuchPerson", "There is nobody with this directory id.")
        return chat

    def _may_act(self, chat: Chat) -> None:
        if chat.installed is Installed.NO or chat.blocked:
            raise Refused(409, "NotWithoutTheApp", "The app is uninstalled or blocked here.")


def _event(event: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(event, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()
