"""A loop whose time passes only while everybody waits: hours of sending in a moment, and the same each time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Skipping(selectors.DefaultSelector):
    """Instead of waiting it moves the time on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        assert timeout is not None, "everybody waits for something that never comes"
        self.now += max(timeout, 0.0)
        return []


class Timeless(asyncio.SelectorEventLoop):
    """`time()` is what a stopwatch would show."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now

    def stall(self, seconds: float) -> None:
        """The machine is busy with something else for so long."""
        self._skipping.now += seconds


def in_no_time(main: Callable[[Timeless], Coroutine[Any, Any, T]]) -> T:
    """Run this to its end, however long it would take."""
    loop = Timeless()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(loop))
