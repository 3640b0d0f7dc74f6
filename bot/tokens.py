"""The bot's own proof of who it is, for messages that it sends: fetched once, shared, and renewed before it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from bot.local import host_of, is_loopback

SCOPE = "https://api.botframework.com/.default"
MICROSOFT = "login.microsoftonline.com"
TIMEOUT = aiohttp.ClientTimeout(total=8, connect=3)
EARLY = 300.0
PAUSE = 5.0
_OK = 200


class TokenUnavailable(Exception):
    """The token service gave none. Says its status or the kind of fault, never a secret."""


class Tokens(Protocol):
    """Where a connector gets its token from."""

    async def current(self) -> str | None:
        """A token that is good now, or None where the channel asks for none."""

    def forget(self, token: str | None) -> None:
        """The channel refused this token: don't hand it out again."""


class NoTokens:
    """Local mode: the local Teams asks for no token."""

    async def current(self) -> str | None:
        """None: nothing is signed."""
        return None

    def forget(self, token: str | None) -> None:
        """There is nothing to forget."""


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    renew_at: float
    ends_at: float


def token_url(tenant_id: str) -> str:
    """Where a single-tenant app signs in."""
    return f"https://{MICROSOFT}/{tenant_id}/oauth2/v2.0/token"


def may_sign_in_at(url: str) -> bool:
    """The app's password goes to Microsoft over https, or to a stand-in on this machine, and nowhere else."""
    host = host_of(url)
    return is_loopback(host) or (host == MICROSOFT and url.startswith("https://"))


class ClientCredentials:
    """The app's token by client credentials. One fetch at a time however many wait; renewed in the background."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        url: str,
        app_id: str,
        password: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not may_sign_in_at(url):
            message = f"the token service must be {MICROSOFT} or this machine"
            raise ValueError(message)
        self._session, self._url, self._clock = session, url, clock
        self._form = {
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": password,
            "scope": SCOPE,
        }
        self._held: _Held | None = None
        self._fetch: asyncio.Task[str] | None = None
        self._failed_at: float | None = None

    async def current(self) -> str:
        """A token that is good now. TokenUnavailable where the service gives none."""
        now, held = self._clock(), self._held
        if held is None or now >= held.ends_at:
            return await asyncio.shield(self._fetching())
        if now >= held.renew_at and (self._failed_at is None or now - self._failed_at >= PAUSE):
            self._fetching()
        return held.token

    def forget(self, token: str | None) -> None:
        """Drop the token unless a newer one has already taken its place."""
        if self._held is not None and self._held.token == token:
            self._held = None

    def _fetching(self) -> asyncio.Task[str]:
        if self._fetch is None or self._fetch.done():
            self._fetch = asyncio.create_task(self._ask())
            self._fetch.add_done_callback(_seen)
        return self._fetch

    async def _ask(self) -> str:
        started = self._clock()
        self._failed_at = started
        try:
            async with self._session.post(
                self._url, data=self._form, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                status, answer = response.status, await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            raise TokenUnavailable(type(fault).__name__) from None
        if status != _OK:
            raise TokenUnavailable(f"status_{status}")
        token, lasts = _token_in(answer)
        self._failed_at = None
        early = min(EARLY, lasts / 2)
        self._held = _Held(token, started + lasts - early, started + lasts - min(30.0, lasts / 10))
        return token


def _token_in(answer: Any) -> tuple[str, float]:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token:
        raise TokenUnavailable("no_token")
    try:
        lasts = float(answer.get("expires_in"))
    except (TypeError, ValueError):
        lasts = 0.0
    if not lasts > 0:
        raise TokenUnavailable("no_expiry")
    return token, lasts


def _seen(task: asyncio.Task[str]) -> None:
    """A renewal nobody waits for may fail: the old token still serves, and the next call asks again."""
    if not task.cancelled():
        task.exception()
