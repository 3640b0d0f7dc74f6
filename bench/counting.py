"""Statements are counted from outside the product, and only when asked for, behind a door of its own."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Engine, event

from bench.watch import Watch


class Counter:
    """How many statements every engine of this process was given. BEGIN and COMMIT aren't counted; they say nothing."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def note(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        """One statement, whatever number of rows it is for."""
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)

    def app(self) -> web.Application:
        """A door of its own, so that the bot's stays as it is."""
        app = web.Application()
        app.router.add_post("/start", self._start)
        app.router.add_post("/stop", self._stop)
        app.router.add_routes(Watch().routes())
        return app

    async def _start(self, _request: web.Request) -> web.Response:
        self.statements.clear()
        event.listen(Engine, "before_cursor_execute", self.note)
        return web.Response()

    async def _stop(self, _request: web.Request) -> web.Response:
        event.remove(Engine, "before_cursor_execute", self.note)
        return web.json_response(self.statements)
