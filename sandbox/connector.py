"""The Bot Framework connector's REST calls, refusing what Teams refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox import refusals
from sandbox.activities import BOT_ID, BOT_NAME, now_text
from sandbox.answers import CARD, MOST_BYTES, card_fault, size
from sandbox.chats import By, Card, Chat, Installed, Message
from sandbox.limits import MEMBERS, SENDS, Windows
from sandbox.local_teams import LocalTeams
from sandbox.refusals import Refused
from sandbox.weather import LONGEST_SECONDS, Kind

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ANSWERED = frozenset({"message", "typing", "trace", "event", "endOfConversation"})


@dataclass(frozen=True, slots=True)
class Connector:
    """The bot's side of the local Teams."""

    teams: LocalTeams

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Everything under /v3/conversations, and a JSON 404 for the rest of /v3."""
        chat = "/v3/conversations/{conversation}"
        router.add_post("/v3/conversations", self.create)
        router.add_post(chat + "/activities", self.send)
        router.add_post(chat + "/activities/{activity}", self.send)
        router.add_put(chat + "/activities/{activity}", self.update)
        router.add_delete(chat + "/activities/{activity}", self.delete)
        router.add_get(chat + "/members", self.members)
        router.add_get(chat + "/pagedmembers", self.paged_members)
        router.add_get(chat + "/members/{member}", self.member)
        router.add_route("*", "/v3/{rest:.*}", self.unknown)

    async def create(self, request: web.Request) -> web.Response:
        """Make, or find again, the personal chat with one person."""
        body = await refusals.read_object(request)
        members = body.get("members")
        if body.get("isGroup") or not isinstance(members, list) or len(members) != 1:
            raise refusals.bad("A personal chat has the bot and one person.")
        found = (
            self.teams.people.find(str(members[0].get("id", ""))) if isinstance(members[0], dict) else None
        )
        chat = self.teams.chats.of(found.directory_id) if found else None
        if chat is None or _tenant(body) not in {"", chat.person.tenant_id}:
            await self._weather(None)
            raise refusals.no_conversation()
        await self._may_call(chat, SENDS)
        activity_id = None
        if isinstance(first := body.get("activity"), dict):
            activity_id = self._deliver(chat, first)
        made = {
            "id": chat.person.conversation_id,
            "serviceUrl": self.teams.service_url,
            "activityId": activity_id,
        }
        return web.json_response(made, status=201)

    async def send(self, request: web.Request) -> web.Response:
        """A new message, or typing. A reply in a personal chat is a new message too."""
        chat = await self._chat(request)
        await self._may_call(chat, SENDS)
        return web.json_response({"id": self._deliver(chat, await refusals.read_object(request))}, status=201)

    async def update(self, request: web.Request) -> web.Response:
        """Edit one of the bot's own messages."""
        chat = await self._chat(request)
        await self._may_call(chat, SENDS)
        message = _own(chat, request.match_info["activity"])
        text, cards, summary = _content(await refusals.read_object(request))
        message.text, message.cards, message.summary, message.edited = text, cards, summary, True
        self.teams.chats.changed(chat, message)
        return web.json_response({"id": message.id})

    async def delete(self, request: web.Request) -> web.Response:
        """Take back one of the bot's own messages."""
        chat = await self._chat(request)
        await self._may_call(chat, SENDS)
        message = _own(chat, request.match_info["activity"])
        message.text, message.cards, message.summary, message.deleted = "", [], "", True
        self.teams.chats.changed(chat, message)
        return web.Response()

    async def members(self, request: web.Request) -> web.Response:
        """The one person of the chat."""
        chat = await self._members_of(request)
        return web.json_response([chat.person.account()])

    async def paged_members(self, request: web.Request) -> web.Response:
        """The same, in the one page there is."""
        chat = await self._members_of(request)
        return web.json_response({"members": [chat.person.account()]})

    async def member(self, request: web.Request) -> web.Response:
        """One person of the chat, by channel id or directory id."""
        chat = await self._members_of(request)
        if self.teams.people.find(request.match_info["member"]) is not chat.person:
            raise Refused(404, "MemberNotFoundInConversation", "No such member in this conversation.")
        return web.json_response(chat.person.account())

    async def unknown(self, request: web.Request) -> web.Response:
        """A call that the local Teams doesn't know."""
        raise Refused(404, "NotFound", f"There is no {request.method} {request.path} here.")

    async def _chat(self, request: web.Request) -> Chat:
        chat = self.teams.chats.at(request.match_info["conversation"])
        if chat is None:
            await self._weather(None)
            raise refusals.no_conversation()
        return chat

    async def _members_of(self, request: web.Request) -> Chat:
        chat = await self._chat(request)
        await self._may_call(chat, MEMBERS)
        return chat

    async def _may_call(self, chat: Chat, windows: Windows) -> None:
        await self._weather(chat.person.directory_id)
        if chat.installed is not Installed.YES:
            raise refusals.not_installed()
        if chat.blocked and windows is SENDS:
            raise refusals.blocked()
        key = f"{'send' if windows is SENDS else 'members'} {chat.person.conversation_id}"
        if wait := self.teams.limits.wait(key, windows):
            raise refusals.throttled(wait)

    async def _weather(self, who: str | None) -> None:
        weather = self.teams.forecast.take(who)
        match weather.kind:
            case Kind.FINE:
                return
            case Kind.SLOW:
                await self._pause(weather.seconds)
            case Kind.SILENT:
                await self._pause(LONGEST_SECONDS)
                raise refusals.faulty(504)
            case Kind.THROTTLED:
                raise refusals.throttled(weather.seconds)
            case Kind.BLOCKED:
                raise refusals.blocked()
            case Kind.FAULTY:
                raise refusals.faulty(weather.status)

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than the sandbox runs."""
        try:
            await asyncio.wait_for(self.teams.closing.wait(), seconds)
        except TimeoutError:
            return

    def _deliver(self, chat: Chat, activity: dict[str, Any]) -> str:
        kind = activity.get("type", "message")
        if kind not in ANSWERED:
            raise refusals.bad(f"A bot can't send an activity of type {kind!r}.")
        activity_id = self.teams.ids.next()
        if kind == "typing":
            self.teams.chats.typing(chat)
        elif kind == "message":
            text, cards, summary = _content(activity)
            self.teams.chats.add(chat, Message(activity_id, By.BOT, now_text(), text, cards, summary))
        return activity_id


def bot_account() -> dict[str, str]:
    """The bot as the page names it."""
    return {"id": BOT_ID, "name": BOT_NAME}


def _tenant(body: dict[str, Any]) -> str:
    data = body.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    return str(body.get("tenantId") or (tenant.get("id") if isinstance(tenant, dict) else "") or "")


def _own(chat: Chat, message_id: str) -> Message:
    message = chat.find(message_id)
    if message is None:
        raise refusals.no_activity()
    if message.by is not By.BOT:
        raise refusals.not_own()
    return message


def _content(activity: dict[str, Any]) -> tuple[str, list[Card], str]:
    """Text, cards and summary of a message. Raises Refused where Teams would."""
    if (bytes_ := size(activity)) > MOST_BYTES:
        raise refusals.too_big(bytes_, MOST_BYTES)
    text, summary, attachments = (activity.get(key) or "" for key in ("text", "summary", "attachments"))
    if not isinstance(text, str) or not isinstance(summary, str):
        raise refusals.bad("text and summary are strings.")
    if not isinstance(attachments or [], list):
        raise refusals.bad("attachments is a list.")
    cards = [_card(attachment) for attachment in attachments or []]
    if not text and not cards:
        raise refusals.bad("A message has text or an attachment.")
    return text, cards, summary


def _card(attachment: object) -> Card:
    if not isinstance(attachment, dict) or attachment.get("contentType") != CARD:
        raise refusals.bad(f"An attachment here is {CARD}.")
    content = attachment.get("content")
    if not isinstance(content, dict) or (fault := card_fault(content)):
        raise refusals.bad(fault if isinstance(content, dict) else "A card is an object.")
    return content
