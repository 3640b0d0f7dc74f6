"""A person's own file, at an address that works once. Looking at the page fetches nothing: only its button does.

Link scanners look at addresses that stand in a chat; none of them presses a button.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from aiohttp import web

from bot.pages.headers import headers_for
from bot.pages.html import paragraph, whole_page
from cards.reader import Reader
from dialogs.own_data import HANDOVER
from peer_support.crisis.contacts import Contact
from storage.errors import StoreError

# What fetches the file by its token; None where it is no good, or nothing can be fetched now.
HandOver = Callable[[str], Awaitable[str | None]]
_LONGEST = 128
_STRICT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def handover_routes(hand_over: HandOver, contacts: Callable[[], tuple[Contact, ...]]) -> list[web.RouteDef]:
    """Look, and fetch. Whether a token was ever good is told by fetching alone."""

    async def look(request: web.Request) -> web.Response:
        reader = Reader()
        form = (
            f'<form method="post" action="{escape(request.path)}">'
            f"<button>{escape(reader.say('page.handover.button'))}</button></form>"
        )
        main = [paragraph(reader.say("page.handover.text")), form]
        return _page(request, main, reader)

    async def fetch(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        try:
            file = await hand_over(token) if len(token) <= _LONGEST else None
        except StoreError:
            file = None
        if file is None:
            reader = Reader()
            return _page(request, [paragraph(reader.say("page.handover.gone"))], reader, status=404)
        named = {"Content-Disposition": 'attachment; filename="my-data.json"'}
        return web.Response(
            text=file,
            content_type="application/json",
            charset="utf-8",
            headers=headers_for(request) | _STRICT | named,
        )

    def _page(request: web.Request, main: list[str], reader: Reader, status: int = 200) -> web.Response:
        html = whole_page("handover", main, reader, contacts())
        return web.Response(
            text=html,
            content_type="text/html",
            charset="utf-8",
            status=status,
            headers=headers_for(request, forms=True) | _STRICT | {"Content-Language": reader.language},
        )

    place = f"{HANDOVER}{{token}}"
    return [web.get(place, look), web.post(place, fetch)]
