"""Local mode: no sign-in, so only this machine may reach the bot, and the bot reaches only this machine."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

NOTICE = (
    "Local mode: messages are not signed in. This is for trying the bot on this machine, never for real people. "
    "Only this machine can reach it."
)


@lru_cache(maxsize=256)  # asked of the same few names several times a turn
def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine itself."""
    if not host:
        return False
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=256)
def host_of(url: str) -> str | None:
    """The host of a URL; None where there is none, or where a name and password stand before it."""
    try:
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            return None
        _ = parts.port
        return parts.hostname
    except ValueError:
        return None


def stranger(request: web.Request) -> str | None:
    """Why a request isn't from this machine: another peer, a rebound Host, a proxy in between, another site's page."""
    if not is_loopback(request.remote):
        return "In local mode only this machine may ask."
    if not is_loopback(host_of(f"//{request.headers.get('Host', '')}")):
        return "In local mode the Host must be this machine."
    for name in request.headers:
        if name.lower().startswith("x-forwarded-") or name.lower() in {"forwarded", "x-real-ip", "via"}:
            return "In local mode nothing may be forwarded."
    origin = request.headers.get("Origin")
    if origin is not None and not is_loopback(host_of(origin)):
        return "In local mode another site's page may not ask."
    return None
