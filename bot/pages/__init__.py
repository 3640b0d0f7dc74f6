"""The four pages at the bot's own address. They need no script, no cookie and nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.local import host_of, is_loopback
from bot.pages.html import BESIDE, PLACES, whole_page
from bot.pages.words import MAINS, Facts
from cards.reader import Reader, in_one_language
from cards.words import ENGLISH, languages

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


def page_routes(facts: Callable[[], Facts]) -> list[web.RouteDef]:
    """The routes. `facts` is asked at each view, so that a page says what holds then."""

    def page(name: str) -> web.RouteDef:
        async def show(request: web.Request) -> web.Response:
            reader = Reader(language=language_of(request.headers.get("Accept-Language", "")))
            language, html = _page(name, facts(), reader)
            said = {"Content-Language": language, "Vary": "Accept-Language"}
            return web.Response(
                text=html, content_type="text/html", charset="utf-8", headers=_headers(request) | said
            )

        return web.get(PLACES[name], show)

    def beside(place: str, kind: str, text: str) -> web.RouteDef:
        async def show(request: web.Request) -> web.Response:
            return web.Response(text=text, content_type=kind, charset="utf-8", headers=_headers(request))

        return web.get(place, show)

    return [*map(page, PLACES), *(beside(*each) for each in BESIDE)]


@in_one_language
def _page(name: str, now: Facts, reader: Reader) -> tuple[str, str]:
    """A page, and the language that all of it is in."""
    return reader.spoken, whole_page(name, MAINS[name](now, reader), reader, now.contacts)


def language_of(accepted: str) -> str:
    """The first language asked for that has a catalogue; English otherwise."""
    for part in accepted.split(","):
        language = part.partition(";")[0].strip().partition("-")[0].casefold()
        if language in languages():
            return language
    return ENGLISH


def _headers(request: web.Request) -> dict[str, str]:
    """On this machine there is no HTTPS to insist on."""
    if is_loopback(host_of(f"//{request.host}")):
        return HEADERS
    return HEADERS | {"Strict-Transport-Security": HTTPS_FOR_A_YEAR}
