"""Our own connector: every message that leaves, over one shared session, with errors by what can be done about them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from bot import codec
from bot.channel import (
    DEFAULT_WAIT,
    ChannelError,
    Held,
    Refused,
    Stopped,
    Throttled,
    Unreachable,
    Unwell,
    error_of,
)
from bot.local import host_of, is_loopback
from bot.tokens import Tokens, TokenUnavailable
from dialogs.turn import Message
from peer_support.people import Address

__all__ = [
    "ChannelError",
    "Connector",
    "Held",
    "MemberName",
    "Outbound",
    "Refused",
    "Stopped",
    "Throttled",
    "Unreachable",
    "Unwell",
]

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
ANSWER_LIMIT = 64 * 1024
_FAULTS = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class MemberName:
    """How the channel names a person, asked when an introduction is sent and never kept."""

    name: str
    given_name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Outbound:
    """Where messages may go: https to the verified service URL; this machine over http only for trying things out."""

    loopback_http: bool = False
    loopback_only: bool = False

    def allows(self, url: str) -> bool:
        """Whether this service URL may be sent to."""
        host, scheme = host_of(url), urlsplit(url).scheme if host_of(url) else ""
        if is_loopback(host):
            return (self.loopback_http or self.loopback_only) and scheme in {"http", "https"}
        return bool(host) and scheme == "https" and not self.loopback_only


class Connector:
    """Sends, edits, and asks for a name. It never tries twice, but for one new token: the caller knows what waits."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: Tokens,
        *,
        outbound: Outbound | None = None,
        clock: Callable[[], float] = time.monotonic,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._session, self._tokens = session, tokens
        self._outbound = outbound or Outbound()
        self._clock, self._timeout = clock, timeout
        self._held: dict[str, float] = {}

    def accepts(self, service_url: str) -> bool:
        """Whether an answer could be sent to this service URL at all."""
        return self._outbound.allows(service_url)

    def hold(self, whom: str, seconds: float) -> None:
        """Something urgent waits for this tenant, or conversation: its ordinary messages stand back for so long."""
        now = self._clock()
        self._held = {held: until for held, until in self._held.items() if until > now}
        self._held[whom] = max(self._held.get(whom, 0.0), now + seconds)

    async def ready(self) -> None:
        """With a token at hand, so that what is sent next goes at once. Unwell where there is none to be had."""
        try:
            await self._tokens.current()
        except TokenUnavailable as fault:
            raise Unwell(f"token {fault}") from None

    async def send(self, address: Address, message: Message, *, urgent: bool = False) -> str:
        """A new message with a card. Gives the channel's id of it."""
        return await self._new(address, codec.message_body(address, message), urgent=urgent)

    async def send_plain(self, address: Address, message: Message, *, urgent: bool = False) -> str:
        """The same words without the card."""
        return await self._new(address, codec.plain_body(address, message), urgent=urgent)

    async def send_or_plain(self, address: Address, message: Message) -> str:
        """A new message, in plain words where the channel refuses the card."""
        try:
            return await self.send(address, message)
        except Refused as refused:
            if not refused.card:
                raise
        return await self.send_plain(address, message)

    async def reply(self, address: Address, activity_id: str, message: Message) -> str:
        """A message in answer to one of the person's."""
        body = codec.message_body(address, message) | {"replyToId": activity_id}
        self._stand_back(address)
        return _id(
            await self.call("POST", address.service_url, path_of(address.conversation_id, activity_id), body)
        )

    async def update(self, address: Address, activity_id: str, message: Message) -> None:
        """Put a card where an earlier message stood. Refused where that message is gone; the person is not."""
        body = codec.message_body(address, message) | {"id": activity_id}
        self._stand_back(address)
        path = path_of(address.conversation_id, activity_id)
        await self.call("PUT", address.service_url, path, body, gone_is_refused=True)

    async def update_plain(self, address: Address, activity_id: str, message: Message) -> None:
        """The same in plain words, for where the channel refuses the card: what stood there must not stay."""
        body = codec.plain_body(address, message) | {"id": activity_id}
        self._stand_back(address)
        path = path_of(address.conversation_id, activity_id)
        await self.call("PUT", address.service_url, path, body, gone_is_refused=True)

    async def member_name(self, address: Address) -> MemberName:
        """What the person is called, as the channel knows it now."""
        path = f"v3/conversations/{_part(address.conversation_id)}/members/{_part(address.user_id)}"
        found = await self.call("GET", address.service_url, path)
        name = _words(found, "name")
        if not name:
            raise Unwell("a member without a name")
        given = _words(found, "givenName") or name.split()[0]
        return MemberName(name, given, _words(found, "email") or _words(found, "userPrincipalName") or None)

    async def call(
        self,
        method: str,
        service_url: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        gone_is_refused: bool = False,
    ) -> Mapping[str, Any]:
        """One call to the channel, and its JSON answer. ChannelError says what can be done about anything else."""
        if not self.accepts(service_url):
            raise Refused(0, "service_url")
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        data = None if body is None else codec.to_bytes(body)
        status, headers, answer = await self._once(method, url, data)
        if status == HTTPStatus.UNAUTHORIZED:
            status, headers, answer = await self._once(method, url, data)
        found = _json(answer)
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return found
        raise error_of(status, headers, found, gone_is_refused=gone_is_refused)

    async def _new(self, address: Address, body: Mapping[str, Any], *, urgent: bool) -> str:
        if not urgent:
            self._stand_back(address)
        return _id(await self.call("POST", address.service_url, path_of(address.conversation_id), body))

    def _stand_back(self, address: Address) -> None:
        until = max(self._held.get(held, 0.0) for held in (address.tenant_id, address.conversation_id))
        left = until - self._clock()
        if left > 0:
            raise Held(left + DEFAULT_WAIT)

    async def _once(self, method: str, url: URL, data: bytes | None) -> tuple[int, Mapping[str, str], bytes]:
        try:
            token = await self._tokens.current()
            headers = {"Content-Type": "application/json", "Accept": "application/json"}
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                if response.status == HTTPStatus.UNAUTHORIZED:
                    self._tokens.forget(token)
                return response.status, response.headers, await _short(response.content)
        except TokenUnavailable as fault:
            raise Unwell(f"token {fault}") from None
        except _FAULTS as fault:
            raise Unwell(type(fault).__name__) from None


async def _short(answer: aiohttp.StreamReader) -> bytes:
    """An answer as far as it is sensible. What is longer isn't from a connector."""
    read = bytearray()
    async for chunk in answer.iter_any():
        read += chunk
        if len(read) > ANSWER_LIMIT:
            return b""
    return bytes(read)


def path_of(conversation_id: str, activity_id: str | None = None) -> str:
    """Where a conversation's activities are, or one of them."""
    path = f"v3/conversations/{_part(conversation_id)}/activities"
    return path if activity_id is None else f"{path}/{_part(activity_id)}"


def _part(text: str) -> str:
    """One path segment. A lone dot would be a way to another path."""
    return quote(text, safe="").replace(".", "%2E") if text.strip(".") == "" else quote(text, safe="")


def _id(answer: Mapping[str, Any]) -> str:
    return _words(answer, "id")


def _words(of: Mapping[str, Any], key: str) -> str:
    value = of.get(key)
    return value if isinstance(value, str) else ""


def _json(answer: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(answer) if answer else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
