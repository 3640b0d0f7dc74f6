"""The real bot as `python -m bot serve` makes it, from settings in the environment.

With `--still` the clock stands at one Tuesday morning, and neither ticks nor outbox run beside the turns: what is
measured then is the turn alone. Statements are counted from outside the product, and only when asked for.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack

from aiohttp import web
from sqlalchemy import Engine, event

from bench.identity import MOMENT
from bench.serving import listening, until_told
from bot import ticks
from bot.logs import set_up
from bot.memory import settle
from bot.service import make_service, working
from bot.settings import read


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
        return app

    async def _start(self, _request: web.Request) -> web.Response:
        self.statements.clear()
        event.listen(Engine, "before_cursor_execute", self.note)
        return web.Response()

    async def _stop(self, _request: web.Request) -> web.Response:
        event.remove(Engine, "before_cursor_execute", self.note)
        return web.json_response(self.statements)


async def main(*, still: bool) -> None:
    """Serve until the bench hangs up."""
    settings, problems = read()
    if problems:
        sys.exit("\n".join(problem.sentence for problem in problems))
    set_up(level=settings.log_level)
    async with AsyncExitStack() as stack:
        clock = (lambda: MOMENT) if still else ticks.now
        service = await stack.enter_async_context(make_service(settings, clock))
        if not still:
            await stack.enter_async_context(working(service))
        if not await service.backstage.open():
            sys.exit(service.backstage.why)
        settle()
        port = await stack.enter_async_context(listening(service.app))
        counting = await stack.enter_async_context(listening(Counter().app()))
        await until_told({"port": port, "counting": counting})


if __name__ == "__main__":
    asyncio.run(main(still="--still" in sys.argv))
