"""Counts what the ladder heard, beside the answers and never before them, and writes the counts down now and then."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from peer_support.commands.ladder_log import keep_heard
from peer_support.crisis.ladder import Tier, version
from peer_support.heard import Heard, week_of
from peer_support.ports import Desk

log = structlog.get_logger()

MOST = 1000
PATIENCE = 2.0


class Tally:
    """In memory until the next tick. What can't be written waits for the one after; a crash loses a few seconds'."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._counts: Counter[Heard] = Counter()

    def seen(self, found: Tier) -> None:
        """One more. Nothing is waited for."""
        self._counts[Heard(week_of(self._clock()), found.value, version())] += 1

    async def write(self, desk: Desk | None) -> None:
        """Write the counts down, best-effort: no fault in here is anybody's but the log's."""
        if desk is None or not self._counts:
            return
        counts, self._counts = self._counts, Counter()
        try:
            async with asyncio.timeout(PATIENCE):
                await keep_heard(desk, counts, self._clock())
        except Exception as fault:  # noqa: BLE001 - a count is never worth an answer
            log.warning("heard_not_written", error=type(fault).__name__)
            self._counts = Counter(dict((counts + self._counts).most_common(MOST)))
