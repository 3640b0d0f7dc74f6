"""Work that may outlive its request: kept so that it isn't lost, and waited for when the bot stops."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Errands:
    """Tasks of our own. A client that hangs up cancels none of them."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin, and remember it until it is done."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return task

    async def first(self, work: Coroutine[Any, Any, Any], seconds: float) -> None:
        """Begin, wait for it so long at most, and let it go on."""
        await asyncio.wait({self.start(work)}, timeout=seconds)

    async def close(self, grace: float) -> None:
        """Wait for what is under way, then end the rest."""
        if self._under_way:
            _, late = await asyncio.wait(set(self._under_way), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("errand_failed", error=type(fault).__name__)
