"""What a monitor may count: turns, events, and how long things wait. Nobody's id, force, topic or words.

Crisis cards aren't counted apart: watched from outside, such a count would tell when somebody was in need.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from bot.logs import Event
from storage.errors import StoreError
from storage.store import Store

log = structlog.get_logger()

PATIENCE = 5.0
HALF_DAY = timedelta(hours=12)
_SLICES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12)


class Metrics:
    """One registry a process. `store_of` gives the store, or None while it isn't open."""

    def __init__(self, store_of: Callable[[], Store | None], clock: Callable[[], datetime]) -> None:
        self._store_of, self._clock = store_of, clock
        self._registry = CollectorRegistry()
        self._turns = Counter(
            "peer_support_turns", "Activities answered, by HTTP status.", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "peer_support_turn_seconds",
            "How long an activity took to be answered.",
            registry=self._registry,
            buckets=_SLICES,
        )
        self._events = Counter(
            "peer_support_events",
            "Warnings and errors in the log, by name.",
            ["event"],
            registry=self._registry,
        )
        self._waits = {
            name: Gauge(f"peer_support_{name}_seconds", told, registry=self._registry)
            for name, told in (
                ("outbox_age", "How long the oldest notice that is due has waited to be sent."),
                (
                    "unmatched_age",
                    "How many half days the oldest request that looks for a supporter has been open, in seconds.",
                ),
                ("sweep_late", "How long the oldest due row has waited for its sweep."),
            )
        }
        self._tries = Counter(
            "peer_support_sends",
            "Tries of the outbox, by what became of them.",
            ["outcome"],
            registry=self._registry,
        )
        self._dead = Gauge(
            "peer_support_dead_notices", "Notices that were given up.", registry=self._registry
        )
        self._store = Gauge(
            "peer_support_store_open",
            "1 while the store answers, 0 in help-only mode.",
            registry=self._registry,
        )

    def middleware(self, path: str) -> Middleware:
        """Counts what is posted to `path`."""

        @web.middleware
        async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path != path:
                return await handler(request)
            began, status = asyncio.get_running_loop().time(), 500
            try:
                response = await handler(request)
                status = response.status
            finally:
                self._turns.labels(str(status)).inc()
                self._seconds.observe(asyncio.get_running_loop().time() - began)
            return response

        return counted

    def tried(self, outcome: str) -> None:
        """What became of one notice that was tried, by a static name."""
        self._tries.labels(outcome).inc()

    def heard(self, _logger: object, method: str, event: Event) -> Event:
        """A structlog step: each warning and error is counted by its static name."""
        if method in {"warning", "error", "critical"}:
            self._events.labels(str(event.get("event"))).inc()
        return event

    async def text(self) -> bytes:
        """The page that a monitor reads, in Prometheus' own form. A store that is away never fails it."""
        await self._look()
        return generate_latest(self._registry)

    async def _look(self) -> None:
        store, now = self._store_of(), self._clock()
        self._store.set(0)
        if store is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                found = await store.waiting(now)
        except (StoreError, TimeoutError):
            return
        self._store.set(1)
        self._dead.set(found.dead)
        waits = (_seconds(found.notice, now), _half_days(found.unmatched, now), _seconds(found.due, now))
        for gauge, seconds in zip(self._waits.values(), waits, strict=True):
            gauge.set(seconds)


def _seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0


def _half_days(since: datetime | None, now: datetime) -> float:
    """In steps of 12 hours from the hour: to the second, beside who used Teams when, it would tell who asked."""
    hour = since.replace(minute=0, second=0, microsecond=0) if since else now
    return (now - hour) // HALF_DAY * HALF_DAY.total_seconds()


@asynccontextmanager
async def watched(metrics: Metrics, host: str, port: int) -> AsyncIterator[None]:
    """The monitor's page at an address of its own, so that the world can't read it; none where the port is 0.

    A port that is taken is said in the log, and keeps nobody from being helped.
    """
    runner = web.AppRunner(metrics_app(metrics), access_log=None)
    await runner.setup()
    try:
        if port:
            await web.TCPSite(runner, host, port).start()
    except OSError as fault:
        log.error("metrics_not_served", error=type(fault).__name__)
    try:
        yield
    finally:
        await runner.cleanup()


def metrics_app(metrics: Metrics) -> web.Application:
    """The page alone."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", page)
    return app
