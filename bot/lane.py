"""How many turns may be under way at once. Beyond that people are told so at once, and help now stays fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

FEW = 2  # so many are let in however late the loop is, or nothing would be done at all


class LaneFull(Exception):
    """There is no place now. Nothing waits in a queue: a late answer is worse than a kind one at once."""


class Lane:
    """A bound on work under way. It never waits. While the loop is `late`, only a few have a place."""

    def __init__(self, size: int, late: Callable[[], bool] = lambda: False) -> None:
        if size < 1:
            message = "a lane has at least one place"
            raise ValueError(message)
        self.size = size
        self.taken = 0
        self._late = late

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place for as long as the block lasts. LaneFull where there is none."""
        late = self._late()
        if self.taken >= (min(FEW, self.size) if late else self.size):
            raise LaneFull
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
