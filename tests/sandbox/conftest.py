"""A sandbox for each test, with a clock that only moves when told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.sandbox.scripted_bot import Town, running_town


@dataclass(slots=True)
class HandClock:
    """Seconds, moved by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The present."""
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def town(clock: HandClock) -> AsyncIterator[Town]:
    async with running_town(clock) as running:
        yield running
