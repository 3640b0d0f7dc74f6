"""What became of each notice, written down at once, and together with whatever else has come to an end meanwhile."""

from __future__ import annotations

import asyncio

import structlog

from peer_support.sending import Dealt, Ended
from peer_support.sending_ports import Outbox
from storage.errors import StoreLocked, StoreUnavailable

log = structlog.get_logger()

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
_PASSING = (StoreUnavailable, StoreLocked, TimeoutError, OSError)


class Marks:
    """While one lot is written the next gathers. A database that is away is asked again until it has them all.

    What was sent and isn't marked would be sent twice, so a mark is never given up for a fault that passes.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._dealt: list[Dealt] = []
        self._ended: list[Ended] = []
        self._writing: asyncio.Task[None] | None = None

    def note(self, *done: Dealt | Ended) -> None:
        """Write these down, now or with the next lot."""
        for each in done:
            if isinstance(each, Dealt):
                self._dealt.append(each)
            else:
                self._ended.append(each)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def written(self) -> None:
        """Wait until nothing is left to write."""
        while self._writing is not None:
            await asyncio.shield(self._writing)

    async def end(self, grace: float) -> None:
        """Wait so long at most. What isn't written by then is another sender's once its lease has run out."""
        if self._writing is not None:
            await asyncio.wait({self._writing}, timeout=grace)
        if self._writing is not None:
            self._writing.cancel()

    async def _write(self) -> None:
        pause = FIRST_PAUSE
        try:
            while self._dealt or self._ended:
                dealt, ended = self._dealt, self._ended
                self._dealt, self._ended = [], []
                try:
                    await self._outbox.settle(dealt, ended)
                except _PASSING as fault:
                    log.warning("marks_wait", error=type(fault).__name__, count=len(dealt))
                    self._dealt, self._ended = [*dealt, *self._dealt], [*ended, *self._ended]
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
                except Exception as fault:  # noqa: BLE001 - one that can't be written must keep no other from it
                    log.error("marks_refused", error=type(fault).__name__, count=len(dealt))
                    await self._one_by_one(dealt, ended)
                else:
                    pause = FIRST_PAUSE
        finally:
            self._writing = None

    async def _one_by_one(self, dealt: list[Dealt], ended: list[Ended]) -> None:
        for some, over in (*(([each], []) for each in dealt), *(([], [each]) for each in ended)):
            try:
                await self._outbox.settle(some, over)
            except _PASSING:
                self._dealt += some
                self._ended += over
            except Exception as fault:  # noqa: BLE001 - its lease runs out, and it is tried again
                log.error("mark_lost", error=type(fault).__name__, notice=some[0].notice.id if some else "")
