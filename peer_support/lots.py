"""A long list a few at a time, so that one person's turn never holds up everybody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import TypeVar

LOT = 64

T = TypeVar("T")


async def in_lots(things: Sequence[T]) -> AsyncGenerator[Sequence[T], None]:
    """All of them in their order; between two lots the others have their turn."""
    for start in range(0, len(things), LOT):
        if start:
            await asyncio.sleep(0)
        yield things[start : start + LOT]
