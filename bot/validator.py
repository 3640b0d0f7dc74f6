"""The strict check of who sent an activity. Every doubt is a refusal; no empty setting ever switches it off."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import jwt
import structlog

from bot.local import host_of, is_loopback

log = structlog.get_logger()

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
MICROSOFT = "login.botframework.com"
METADATA_URL = f"https://{MICROSOFT}/v1/.well-known/openidconfiguration"
SKEW = 300
REFRESH_EVERY = 24 * 3600.0
UNKNOWN_KEY_PAUSE = 10.0
EMPTY_PAUSE = 1.0
TIMEOUT = aiohttp.ClientTimeout(total=8, connect=3)
_OK = 200


class Unauthorised(PermissionError):
    """The token is bad. Says which check failed; never the token."""


class KeysUnavailable(Exception):
    """No key was ever fetched, so nothing can be checked, and nothing is let in."""


class _FetchFailed(Exception):
    pass


def may_fetch_keys_from(url: str) -> bool:
    """Keys come from Microsoft's own host over https, or from a stand-in on this machine."""
    host = host_of(url)
    return is_loopback(host) or (host == MICROSOFT and url.startswith("https://"))


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says: for which app it was made, and for which service URL."""

    audience: str
    service_url: str

    def bind(self, activity: Mapping[str, Any]) -> None:
        """The token must have been made for this very channel and service URL. Unauthorised otherwise."""
        if activity.get("channelId") != CHANNEL:
            raise Unauthorised("channel")
        if activity.get("serviceUrl") != self.service_url:
            raise Unauthorised("service_url")


class Proof(Protocol):
    """What lets an activity in."""

    def bind(self, activity: Mapping[str, Any]) -> None:
        """Unauthorised unless the proof is for this very activity."""


class Trust(Protocol):
    """What checks an `Authorization` header. There is one for tokens and one for local mode, and never none.

    `local` says that it trusts whoever is on this machine, so that the adapter lets nobody else come near.
    """

    @property
    def local(self) -> bool: ...

    def prepare(self) -> None:
        """Begin to get what a check will need, and wait for nothing."""

    async def verify(self, header: str | None) -> Proof:
        """The proof, or Unauthorised."""


@dataclass(frozen=True, slots=True)
class ThisMachine:
    """Local mode's trust: the adapter has already refused everybody but this machine."""

    @property
    def local(self) -> bool:
        """It is."""
        return True

    def prepare(self) -> None:
        """There is nothing to get."""

    async def verify(self, header: str | None) -> ThisMachine:  # noqa: ARG002 - nothing is signed here
        """Itself: there is no token to check."""
        return self

    def bind(self, activity: Mapping[str, Any]) -> None:
        """Nothing to bind. The connector still sends to this machine alone."""


@dataclass(frozen=True, slots=True)
class _Key:
    key: Any
    endorsements: frozenset[str]


class Keys:
    """The channel's public keys: cached, fetched by one at a time, kept when a refresh fails."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        metadata_url: str = METADATA_URL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not may_fetch_keys_from(metadata_url):
            message = f"the key server must be {MICROSOFT} or this machine"
            raise ValueError(message)
        self._session, self._url, self._clock = session, metadata_url, clock
        self._keys: dict[str, _Key] = {}
        self._fetched_at = 0.0
        self._tried_at: float | None = None
        self._fetch: asyncio.Task[None] | None = None

    def prepare(self) -> None:
        """Begin to fetch where none are held: a key server that goes away before the first message silences nobody."""
        if not self._keys:
            self._refreshing(UNKNOWN_KEY_PAUSE)

    async def find(self, key_id: str) -> _Key | None:
        """The key of this id. An unknown id asks the key server again, at most once in ten seconds."""
        if key_id not in self._keys:
            pause = UNKNOWN_KEY_PAUSE if self._keys else EMPTY_PAUSE
            if fetch := self._refreshing(pause):
                await asyncio.shield(fetch)
        elif self._clock() - self._fetched_at > REFRESH_EVERY:
            self._refreshing(UNKNOWN_KEY_PAUSE)
        if not self._keys:
            raise KeysUnavailable
        return self._keys.get(key_id)

    def _refreshing(self, pause: float) -> asyncio.Task[None] | None:
        if self._fetch is not None and not self._fetch.done():
            return self._fetch
        if self._tried_at is not None and self._clock() - self._tried_at < pause:
            return None
        self._tried_at = self._clock()
        self._fetch = asyncio.create_task(self._refresh())
        return self._fetch

    async def _refresh(self) -> None:
        try:
            keys = await self._fetch_keys()
        except _FetchFailed as failed:
            log.warning("keys_not_refreshed", error=str(failed), held=len(self._keys))
            return
        self._keys, self._fetched_at = keys, self._clock()

    async def _fetch_keys(self) -> dict[str, _Key]:
        metadata = await self._get(self._url)
        keys_url = metadata.get("jwks_uri")
        if not isinstance(keys_url, str) or not may_fetch_keys_from(keys_url):
            raise _FetchFailed("jwks_uri")
        keys = _read_keys(await self._get(keys_url))
        if not keys:
            raise _FetchFailed("no_keys")
        return keys

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with self._session.get(url, timeout=TIMEOUT, allow_redirects=False) as response:
                if response.status != _OK:
                    raise _FetchFailed(f"status_{response.status}")
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            raise _FetchFailed(type(fault).__name__) from None
        if not isinstance(answer, dict):
            raise _FetchFailed("not_an_object")
        return answer


def _read_keys(document: Mapping[str, Any]) -> dict[str, _Key]:
    found: dict[str, _Key] = {}
    listed = document.get("keys")
    for entry in listed if isinstance(listed, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
            continue
        key_id, endorsements = entry.get("kid"), entry.get("endorsements")
        try:
            key = jwt.PyJWK(entry, algorithm="RS256").key
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        if isinstance(key_id, str) and key_id:
            named = endorsements if isinstance(endorsements, list) else []
            found[key_id] = _Key(key, frozenset(name for name in named if isinstance(name, str)))
    return found


class Validator:
    """Issuer, audience, RS256, exp and nbf, the key's endorsement for Teams. The service URL is bound by Claims."""

    def __init__(self, keys: Keys, app_id: str) -> None:
        if not app_id:
            message = "a validator needs the app's id"
            raise ValueError(message)
        self._keys, self._app_id = keys, app_id

    @property
    def local(self) -> bool:
        """Never: who can't prove themselves isn't let in."""
        return False

    def prepare(self) -> None:
        """Begin to fetch the keys."""
        self._keys.prepare()

    async def verify(self, header: str | None) -> Claims:
        """The claims of a good `Authorization` header. Unauthorised for every other one."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorised("no_token")
        token = token.strip()
        try:
            head = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise Unauthorised("unreadable") from None
        key_id = head.get("kid")
        if head.get("alg") != "RS256" or not isinstance(key_id, str) or not key_id:
            raise Unauthorised("header")
        key = await self._keys.find(key_id)
        if key is None:
            raise Unauthorised("unknown_key")
        if CHANNEL not in key.endorsements:
            raise Unauthorised("endorsement")
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=SKEW,
                options={"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as fault:
            raise Unauthorised(type(fault).__name__) from None
        service_url = claims.get("serviceurl", claims.get("serviceUrl"))
        if not isinstance(service_url, str) or not service_url:
            raise Unauthorised("service_url")
        return Claims(self._app_id, service_url)
