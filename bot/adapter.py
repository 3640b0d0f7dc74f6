"""The doorway itself: who may come in, the crisis guard before all else, then the lane, the turn and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from botbuilder.integration.aiohttp import CloudAdapter

from bot import codec
from bot.authentication import Authentication
from bot.connector import Connector
from bot.errands import Errands
from bot.incoming import (
    BODY_LIMIT,
    INVOKES,
    SPEAKING,
    BadActivity,
    Incoming,
    Kind,
    address_of,
    brings,
    parse,
    personal,
    read,
)
from bot.lane import Lane, LaneFull
from bot.local import stranger
from bot.post import Post, Sleep
from bot.validator import KeysUnavailable, Unauthorised
from bot.visit import CHAT, DIALOGS, Busy, Handle, Visit, busy_body
from dialogs.turn import Message, Page
from peer_support.people import Actor, Address

log = structlog.get_logger()

BODY_PATIENCE = 10.0
STOP_GRACE = 10.0
KEEPING_PATIENCE = 0.3
KEPT_AT_ONCE = 16


class CrisisAnswer(Protocol):
    """What the guard answers with."""

    @property
    def message(self) -> Message:
        """The crisis card, and its words should the card be refused."""


Guard = Callable[[Mapping[str, Any]], CrisisAnswer | None]
Whenever = Callable[[Mapping[str, Any]], CrisisAnswer]
Afterwards = Callable[[Incoming], Awaitable[None]]


class TooLarge(Exception):
    """The body is larger than any activity."""


class Adapter(CloudAdapter):  # type: ignore[misc]  # the SDK has no types
    """One activity's way. `guard` comes before tenant, roles and database; `whenever` is its answer to anybody.

    `handle` answers everyone else; it never gets an OTHER. `busy` speaks where the lane is full or a turn failed.
    `afterwards` hears of each activity that the guard answered; nothing waits for it.
    """

    def __init__(  # noqa: PLR0913 - the doorway is where all parts meet
        self,
        authentication: Authentication,
        connector: Connector,
        *,
        guard: Guard,
        whenever: Whenever,
        handle: Handle,
        busy: Busy,
        allowed: Callable[[str], bool],
        lane: Lane,
        afterwards: Afterwards | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        super().__init__(authentication)
        self._authentication, self._connector = authentication, connector
        self._guard, self._whenever, self._handle, self._busy = guard, whenever, handle, busy
        self._allowed, self._lane, self.local = allowed, lane, authentication.local
        self._afterwards, self._keeping = afterwards, Lane(KEPT_AT_ONCE)
        self._errands = Errands()
        self._post = Post(connector, self._errands, sleep)
        self._turned_away_since, self._noted_at = 0, float("-inf")

    async def process(
        self,
        request: web.Request,
        bot: object = None,  # noqa: ARG002 - the SDK's signature
        ws_response: object = None,  # noqa: ARG002 - the SDK's signature
    ) -> web.Response:
        """The HTTP answer to one POST. Everybody who may be answered is; machines get a 4xx that says why."""
        if self.local and (why := stranger(request)):
            return refusal(403, why)
        if request.content_type != "application/json" or "Content-Encoding" in request.headers:
            return refusal(415, "Send the activity as application/json.")
        try:
            proof = await self._authentication.verify(request.headers.get("Authorization"))
            activity = read(await _body(request))
            proof.bind(activity)
            return await self._admitted(activity, self._answerable(activity))
        except Unauthorised as unauthorised:
            log.warning("token_refused", check=str(unauthorised))
            return refusal(401, "The token is not accepted.")
        except KeysUnavailable:
            return refusal(401, "No token can be checked now. Please send it again.", {"Retry-After": "2"})
        except TooLarge:
            return refusal(413, f"An activity has at most {BODY_LIMIT} bytes.")
        except TimeoutError:
            return refusal(408, "The body didn't arrive.")
        except BadActivity as bad:
            log.warning("activity_refused", why=str(bad).replace(" ", "_"))
            return refusal(400, str(bad))

    async def close(self) -> None:
        """Let what is being sent arrive, then stop."""
        await self._errands.close(STOP_GRACE)

    def _answerable(self, activity: Mapping[str, Any]) -> Address:
        address = address_of(activity)
        if not self._connector.accepts(address.service_url):
            raise BadActivity("serviceUrl is not allowed")
        return address

    async def _admitted(self, activity: Mapping[str, Any], address: Address) -> web.Response:
        if activity["type"] in SPEAKING:
            answer = self._guarded(activity, address)
            if answer is not None:
                if activity.get("value") and brings(activity, address):  # what was typed in a form
                    self._errands.start(self._keep(activity, address))
                return await self._crisis(activity, address, answer)
        incoming = parse(activity, address, local=self.local)
        spoken = activity["type"] in {"message", "invoke"}
        if not personal(activity) or (incoming.kind is Kind.OTHER and not spoken):
            return _done(activity)
        if not incoming.actor.directory_id or not self._welcome(incoming):
            return (
                await self._crisis(activity, address, self._anyone(activity, address))
                if spoken
                else _done(activity)
            )
        if incoming.kind is Kind.OTHER:
            raise BadActivity("name is not an invoke that is answered here")
        try:
            with self._lane.place():
                return await self._turn(activity, incoming)
        except LaneFull:
            self._note_full()
            return await self._turned_away(activity, incoming)

    async def _turn(self, activity: Mapping[str, Any], incoming: Incoming) -> web.Response:
        visit = Visit(incoming, self._handle, lambda what: self._kind_words(activity, what), self._post)
        admitted = self._authentication.admitted(activity)
        answer = await self.process_activity(admitted, codec.decode(activity), visit.on_turn)
        return _json(answer.body) if answer is not None else web.Response()

    def _note_full(self) -> None:
        """A line a second at most, with how many since the last one: a line for each would hold up help now."""
        self._turned_away_since += 1
        now = asyncio.get_running_loop().time()
        if now - self._noted_at >= 1:
            log.warning("lane_full", turned_away=self._turned_away_since)
            self._turned_away_since, self._noted_at = 0, now

    async def _turned_away(self, activity: Mapping[str, Any], incoming: Incoming) -> web.Response:
        if incoming.kind in DIALOGS or incoming.kind is Kind.PRESS:
            return _json(busy_body(incoming, self._kind_words(activity, incoming)))
        address = incoming.actor.address
        room = incoming.kind in CHAT and not self._post.crowded
        if room and await self._post.courtesy(address, self._kind_words(activity, incoming)):
            return web.Response()
        return refusal(503, "Too much at once. Please send it again.", {"Retry-After": "2"})

    async def _keep(self, activity: Mapping[str, Any], address: Address) -> None:
        """Beside the crisis card, and never before it: let what was typed on the pressed form be kept."""
        try:
            incoming = parse(activity, address, local=self.local)
            known = incoming.actor.directory_id and incoming.fields and personal(activity)
            if self._afterwards is not None and known and self._welcome(incoming):
                with self._keeping.place():
                    async with asyncio.timeout(KEEPING_PATIENCE):
                        await self._afterwards(incoming)
        except Exception as fault:  # noqa: BLE001 - the card was given, and that is what counts
            log.warning("typed_not_kept", error=type(fault).__name__)

    def _guarded(self, activity: Mapping[str, Any], address: Address) -> Message | None:
        """The guard's answer. A guard that raises can't have ruled anything out, so the crisis card is shown."""
        try:
            answer = self._guard(activity)
        except Exception as fault:  # noqa: BLE001 - any fault inside the guard shows the crisis card
            log.error("guard_failed", error=type(fault).__name__)
            return self._anyone(activity, address)
        return None if answer is None else answer.message

    def _anyone(self, activity: Mapping[str, Any], address: Address) -> Message:
        """The crisis card for whoever it is, or at the very least the words that carry the contacts."""
        try:
            return self._whenever(activity).message
        except Exception as fault:  # noqa: BLE001 - as above
            log.error("guard_failed", error=type(fault).__name__)
            return self._busy(Incoming(Kind.OTHER, "", "", None, Actor(address.tenant_id, "", address)))

    def _kind_words(self, activity: Mapping[str, Any], incoming: Incoming) -> Message:
        try:
            return self._busy(incoming)
        except Exception as fault:  # noqa: BLE001 - nobody is left without an answer
            log.error("busy_failed", error=type(fault).__name__)
            return self._whenever(activity).message

    def _welcome(self, incoming: Incoming) -> bool:
        """Whether the tenant is allowed. A list that can't be read allows nobody."""
        try:
            return self._allowed(incoming.actor.tenant_id)
        except Exception as fault:  # noqa: BLE001 - deny by default
            log.error("tenants_unreadable", error=type(fault).__name__)
            return False

    async def _crisis(self, activity: Mapping[str, Any], address: Address, message: Message) -> web.Response:
        """By press: in the response itself, which needs neither connector nor token. By text: straight out."""
        kind = INVOKES.get(str(activity.get("name"))) if activity["type"] == "invoke" else None
        if kind is Kind.PRESS:
            return _json(codec.pressed_card(message.card))
        if kind is not None:
            return _json(codec.dialog_page(Page(codec.TITLE, message.card)))
        await self._post.urgent(address, message)
        return _done(activity)


def refusal(status: int, why: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """A plain answer for a machine: a status and one sentence."""
    return web.json_response({"error": why}, status=status, headers=headers)


def _json(body: codec.Body) -> web.Response:
    return web.Response(body=codec.to_bytes(body), content_type="application/json", charset="utf-8")


def _done(activity: Mapping[str, Any]) -> web.Response:
    return _json({}) if activity["type"] == "invoke" else web.Response()


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY_LIMIT:
        raise TooLarge
    body = bytearray()
    try:
        if request.content.is_eof():  # nearly always: it came with its head, and nothing is waited for
            return _whole(request.content.read_nowait())
        async with asyncio.timeout(BODY_PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise TooLarge
    except HttpProcessingError:
        raise BadActivity("the body is broken") from None
    return bytes(body)


def _whole(body: bytes) -> bytes:
    if len(body) > BODY_LIMIT:
        raise TooLarge
    return body
