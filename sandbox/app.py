"""Puts the local Teams together: the connector for the bot, the page and its own calls for people."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession, web

from sandbox.connector import Connector
from sandbox.keep import Keep
from sandbox.local_teams import PATIENCE_SECONDS, LocalTeams
from sandbox.page_api import PageApi
from sandbox.people import People
from sandbox.refusals import Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HERE = Path(__file__).parent
PAGE = HERE / "page"
RENDERER = HERE.parent / "node_modules" / "adaptivecards" / "dist" / "adaptivecards.min.js"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_BYTES_READ = 1024 * 1024
SAFE = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How a sandbox is set up. `kept` is the file that the chats are kept in; without one they go when it stops."""

    bot: str
    people: People
    kept: Path | None = None
    clock: Callable[[], float] = time.monotonic
    patience: float = PATIENCE_SECONDS


TEAMS = web.AppKey("teams", LocalTeams)


def make_app(options: Options) -> web.Application:
    """The whole sandbox. `app[TEAMS].service_url` is set once its address is known."""
    teams = LocalTeams(options.people, options.bot, options.clock, options.patience)
    app = web.Application(middlewares=[_local_alone, _refusals], client_max_size=MOST_BYTES_READ)
    app[TEAMS] = teams

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        keep = Keep(options.kept, teams.chats) if options.kept else None
        if keep:
            keep.start()
        async with ClientSession() as session:
            teams.session = session
            yield
            teams.session = None
        if keep:
            await keep.stop()

    async def end(_: web.Application) -> None:
        teams.closing.set()
        teams.feed.close()

    async def headers(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update({name: value for name, value in SAFE.items() if name not in response.headers})

    app.cleanup_ctx.append(lifetime)
    app.on_shutdown.append(end)
    app.on_response_prepare.append(headers)
    Connector(teams).add_routes(app.router)
    PageApi(teams).add_routes(app.router)
    app.router.add_get("/", _index)
    app.router.add_get("/favicon.ico", _icon)
    app.router.add_get("/renderer.js", _renderer)
    app.router.add_static("/page", PAGE)
    return app


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


async def _icon(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "icon.svg")


async def _renderer(_: web.Request) -> web.StreamResponse:
    if not RENDERER.is_file():
        return web.Response(status=404, text="The card renderer isn't there yet. Run: npm ci")
    return web.FileResponse(RENDERER)


@web.middleware
async def _local_alone(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine, and no other site's page in its browser, may speak to the sandbox."""
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    origin = request.headers.get("Origin")
    if host not in LOOPBACK or (origin and urlsplit(origin).netloc != request.headers.get("Host")):
        return Refused(403, "LocalAlone", "The sandbox answers this machine alone.").response()
    return await handler(request)


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response()
