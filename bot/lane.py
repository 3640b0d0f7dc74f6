"""How many turns may be under way at once. Beyond that people are told so at once, and help now stays fast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class LaneFull(Exception):
    """There is no place now. Nothing waits in a queue: a late answer is worse than a kind one at once."""


class Lane:
    """A bound on work under way. It never waits."""

    def __init__(self, size: int) -> None:
        if size < 1:
            message = "a lane has at least one place"
            raise ValueError(message)
        self.size = size
        self.taken = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place for as long as the block lasts. LaneFull where there is none."""
        if self.taken >= self.size:
            raise LaneFull
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
