"""How long each callback of a process held its event loop, in CPU time. For the bench alone."""

from __future__ import annotations

import time
from asyncio.events import Handle
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

LONG_MS = 20.0


@dataclass(slots=True)
class Watch:
    """Every run of a handle is timed by its thread's own CPU clock, so that a busy machine adds nothing to it."""

    callbacks: int = 0
    longest_ms: float = 0.0
    longest: str = ""
    over: int = 0
    on: bool = False
    _run: Any = field(default=None)

    def start(self) -> None:
        """Begin, from nothing."""
        self.callbacks, self.longest_ms, self.longest, self.over = 0, 0.0, "", 0
        if not self.on:
            self.on, self._run = True, Handle._run  # noqa: SLF001 - there is no other place to look from
            Handle._run = self._timed()  # type: ignore[method-assign]  # noqa: SLF001 - as above

    def stop(self) -> None:
        """Leave the loop as it was."""
        if self.on:
            self.on = False
            Handle._run = self._run  # type: ignore[method-assign]  # noqa: SLF001 - as above

    def _timed(self) -> Any:
        plain = self._run

        def run(handle: Handle) -> None:
            began = time.thread_time_ns()
            plain(handle)
            took = (time.thread_time_ns() - began) / 1e6
            self.callbacks += 1
            self.over += took > LONG_MS
            if took > self.longest_ms:
                self.longest_ms, self.longest = took, repr(handle)[:300]

        return run

    def routes(self) -> list[web.RouteDef]:
        """To be told from another process."""

        async def start(_request: web.Request) -> web.Response:
            self.start()
            return web.Response()

        async def stop(_request: web.Request) -> web.Response:
            self.stop()
            told = {"callbacks": self.callbacks, "longest_ms": self.longest_ms, "longest": self.longest}
            return web.json_response(told | {"over": self.over})

        return [web.post("/watch/start", start), web.post("/watch/stop", stop)]
