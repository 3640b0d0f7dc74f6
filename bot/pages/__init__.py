"""The four pages at the bot's own address. They need no script, no cookie and nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.pages.headers import headers_for
from bot.pages.html import BESIDE, PLACES, whole_page
from bot.pages.words import MAINS, Facts
from cards.reader import Reader, in_one_language
from cards.words import ENGLISH, languages


def page_routes(facts: Callable[[], Facts]) -> list[web.RouteDef]:
    """The routes. `facts` is asked at each view, so that a page says what holds then."""

    def page(name: str) -> web.RouteDef:
        async def show(request: web.Request) -> web.Response:
            reader = Reader(language=language_of(request.headers.get("Accept-Language", "")))
            language, html = _page(name, facts(), reader)
            said = {"Content-Language": language, "Vary": "Accept-Language"}
            return web.Response(
                text=html, content_type="text/html", charset="utf-8", headers=headers_for(request) | said
            )

        return web.get(PLACES[name], show)

    def beside(place: str, kind: str, text: str) -> web.RouteDef:
        async def show(request: web.Request) -> web.Response:
            return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers_for(request))

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
