"""Each process's clock: it only ticks. What is due stands in the store, and a sweep claims it row by row."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from peer_support.due import DueKind
from peer_support.ports import Desk
from peer_support.sealing import purge_audit, seal_audit
from peer_support.sweep import sweep

log = structlog.get_logger()

EVERY_SECONDS = 5


def now() -> datetime:
    """The time, in UTC. Only this room reads a clock."""
    return datetime.now(UTC)


def note_failure(kind: DueKind, fault: Exception) -> None:
    """A row that failed is put off, and seen."""
    log.error("due_failed", kind=kind.value, exc_info=fault)


async def tend_audit(desk: Desk, moment: datetime) -> None:
    """Seal and purge the audit. The log then holds where its chain ended, which the database alone can't undo."""
    try:
        if sealed := await seal_audit(desk, moment):
            log.info("audit_sealed", rows=sealed.count, seal=f"{sealed.place}-{sealed.seal}")
            for member_id in sealed.forgotten:  # where the database is lost, a backup needs to be told
                log.info("data_deleted", member=member_id)
        if gone := await purge_audit(desk, moment):
            log.info("audit_purged", rows=gone)
    except Exception as fault:  # noqa: BLE001 - what waits is sealed at the next tick
        log.error("audit_not_sealed", error=type(fault).__name__)


class Ticks:
    """APScheduler with its memory store: several replicas may tick at once, and each row is worked once."""

    def __init__(self, desk_of: Callable[[], Desk | None], clock: Callable[[], datetime] = now) -> None:
        self._desk_of, self._clock = desk_of, clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._idle = asyncio.Event()
        self._idle.set()

    def start(self, also: Callable[[], Awaitable[None]] | None = None) -> None:
        """Tick from now on. `also` is done at each tick before the sweep."""
        self._scheduler.add_listener(_failed, EVENT_JOB_ERROR)
        self._scheduler.add_job(
            self._tick,
            "interval",
            (also,),
            seconds=EVERY_SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,  # a busy moment delays a tick, and never skips it
        )
        self._scheduler.start()

    def stop(self) -> None:
        """No more ticks."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def finish(self, grace: float) -> None:
        """No more ticks, and the one under way may end: broken off, it would look like a fault in the log."""
        if self._scheduler.running:
            self._scheduler.pause()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._idle.wait()
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the clock ticks."""
        return bool(self._scheduler.running)

    async def _tick(self, also: Callable[[], Awaitable[None]] | None) -> None:
        self._idle.clear()
        try:
            await self._work(also)
        finally:
            self._idle.set()

    async def _work(self, also: Callable[[], Awaitable[None]] | None) -> None:
        if also is not None:
            await also()
        desk = self._desk_of()
        if desk is None:
            return
        try:
            await sweep(desk, self._clock(), note_failure)
        except Exception as fault:  # noqa: BLE001 - the database may be away: the next tick looks again
            log.warning("sweep_failed", error=type(fault).__name__)
        await tend_audit(desk, self._clock())


def _failed(event: JobExecutionEvent) -> None:
    log.error("tick_failed", error=type(event.exception).__name__)
