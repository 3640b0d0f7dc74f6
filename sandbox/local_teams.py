"""What a person does in the local Teams, and how it reaches the bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.activities import (
    Ids,
    activity,
    dialog_fetch,
    dialog_submit,
    executed,
    installation,
    joined,
    now_text,
    opens_dialog,
    said,
    shown_words,
    submitted,
)
from sandbox.answers import Answer, Outcome, failed, read_dialog, read_execute
from sandbox.chats import By, Chat, Chats, Feed, Installed, Message
from sandbox.limits import Limits
from sandbox.people import People
from sandbox.weather import Forecast

PATIENCE_SECONDS = 15.0


class LocalTeams:
    """Everything that lives while the sandbox runs."""

    def __init__(
        self,
        people: People,
        bot: str,
        clock: Callable[[], float],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.people = people
        self.feed = Feed()
        self.chats = Chats(people, self.feed)
        self.forecast = Forecast()
        self.limits = Limits(clock)
        self.ids = Ids()
        self.closing = asyncio.Event()
        self.service_url = ""
        self.session: ClientSession | None = None
        self._address = f"{bot.rstrip('/')}/api/messages"
        self._patience = ClientTimeout(total=patience)

    async def open(self, chat: Chat) -> None:
        """Someone looks at this chat. The first time, Teams installs the app and tells the bot so."""
        if chat.installed is Installed.NEVER and not await self.install(chat):
            chat.installed = Installed.NEVER
            self.chats.state(chat)

    async def install(self, chat: Chat) -> bool:
        """Add the app, first or again: both events are sent. Says whether the bot took them."""
        chat.installed = Installed.YES
        with self.chats.awaiting(chat):
            first = await self._send("conversationUpdate", chat, **joined(chat.person))
            second = await self._send("installationUpdate", chat, **installation("add", chat.person))
        return first.good and second.good

    async def uninstall(self, chat: Chat) -> bool:
        """Remove the app. The bot is told, and can't write any more."""
        chat.installed = Installed.NO
        with self.chats.awaiting(chat):
            return (await self._send("installationUpdate", chat, **installation("remove", chat.person))).good

    def block(self, chat: Chat, *, blocked: bool) -> None:
        """Block the bot or let it write again. Teams doesn't tell the bot of either."""
        chat.blocked = blocked
        self.chats.state(chat)

    async def say(self, chat: Chat, text: str) -> Outcome:
        """Write a line to the bot."""
        message = self._own_message(chat, text)
        return self._taken(chat, message, await self._await(chat, "message", message.id, **said(text)))

    async def press(self, chat: Chat, message_id: str, action: dict[str, Any], theme: str) -> Outcome:
        """Press a button of a card in the chat."""
        data = action.get("data")
        if action.get("type") == "Action.Execute":
            return read_execute(await self._await(chat, "invoke", **executed(action, message_id)))
        if opens_dialog(data):
            return read_dialog(await self._await(chat, "invoke", **dialog_fetch(data, theme, message_id)))
        words = shown_words(data)
        message = self._own_message(chat, words) if words else None
        activity_id = message.id if message else ""
        answer = await self._await(chat, "message", activity_id, **submitted(data, message_id))
        return self._taken(chat, message, answer)

    async def press_in_dialog(self, chat: Chat, action: dict[str, Any], theme: str) -> Outcome:
        """Press a button of a card inside a Teams dialog."""
        return read_dialog(await self._await(chat, "invoke", **dialog_submit(action.get("data"), theme)))

    def _own_message(self, chat: Chat, text: str) -> Message:
        message = Message(self.ids.next(), By.PERSON, now_text(), text)
        self.chats.add(chat, message)
        return message

    def _taken(self, chat: Chat, message: Message | None, answer: Answer) -> Outcome:
        if answer.good:
            return {"outcome": "done"}
        if message:
            message.failed = True
            self.chats.changed(chat, message)
        return failed(answer.why)

    async def _await(self, chat: Chat, kind: str, activity_id: str = "", **fields: Any) -> Answer:
        with self.chats.awaiting(chat):
            return await self._send(kind, chat, activity_id, **fields)

    async def _send(self, kind: str, chat: Chat, activity_id: str = "", **fields: Any) -> Answer:
        """Post one activity to the bot. Never raises for what the bot does: Teams carries on whatever comes."""
        if self.session is None:
            raise RuntimeError("The sandbox isn't running.")
        sent = activity(kind, activity_id or self.ids.next(), chat.person, self.service_url, **fields)
        try:
            async with self.session.post(self._address, json=sent, timeout=self._patience) as response:
                body = await response.read()
                why = "" if response.ok else f"The bot answered {response.status} to {kind}."
                return Answer(
                    response.status, json.loads(body) if kind == "invoke" and body.strip() else None, why
                )
        except TimeoutError:
            return Answer(None, why="The bot didn't answer in time.")
        except ClientError as fault:
            return Answer(None, why=f"The bot can't be reached: {type(fault).__name__}.")
        except ValueError:
            return Answer(None, why=f"The bot's answer to {kind} isn't JSON.")
