"""Whether the loop keeps up: help now waits for whatever else is ready to run, so what is ready must stay short."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

STALE = 0.25  # seconds after which a round says nothing of now


class Pulse:
    """Feels how long the loop takes to come round, and only when it is asked: an idle bot has no heartbeat.

    `longest` is in seconds. What was found at the last asking is told, so that the asking itself takes no time.
    """

    def __init__(self, longest: float, now: Callable[[], float] = time.monotonic) -> None:
        self._longest, self._now = longest, now
        self._feeling = False
        self._felt_at, self._round = float("-inf"), 0.0

    def late(self) -> bool:
        """Whether the last round, felt a moment ago, took longer than it may."""
        now = self._now()
        if not self._feeling:
            self._feeling = True
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._felt, now)
        return self._round > self._longest and now - self._felt_at < STALE

    def _felt(self, since: float) -> None:
        """A whole round lies between: what was ready before the asking, and what became ready meanwhile."""
        self._feeling = False
        self._felt_at = self._now()
        self._round = self._felt_at - since
