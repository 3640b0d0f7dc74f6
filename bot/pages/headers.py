"""What every page is sent with: nothing from anywhere else, no script, no frame, no referrer."""

from __future__ import annotations

from aiohttp import web

from bot.local import host_of, is_loopback

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
HTTPS_FOR_A_YEAR = "max-age=31536000"


def headers_for(request: web.Request, *, forms: bool = False) -> dict[str, str]:
    """On this machine there is no HTTPS to insist on. `forms`: a page whose button posts to the bot itself."""
    sent = dict(HEADERS)
    if forms:
        policy = sent["Content-Security-Policy"]
        sent["Content-Security-Policy"] = policy.replace("form-action 'none'", "form-action 'self'")
        sent["Referrer-Policy"] = "same-origin"  # without any, a browser hides where its own form comes from
    if is_loopback(host_of(f"//{request.host}")):
        return sent
    return sent | {"Strict-Transport-Security": HTTPS_FOR_A_YEAR}
