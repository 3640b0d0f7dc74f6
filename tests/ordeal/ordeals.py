"""How people's journeys go on while something breaks beside them, is mended, and hours pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.ordeal.ground import Ground

Breaks = Callable[[Ground], Awaitable[None]]
Hours = tuple[float, float]
A_WHILE: Hours = (0.5, 9)


async def recovered(ground: Ground) -> None:
    """Until all is as ever again; whatever was leased by somebody who died is waited for."""
    await ground.recovers()


async def anew(ground: Ground) -> None:
    """As if leases had run out meanwhile, which takes minutes."""
    await ground.all_anew()
    await ground.recovers()


async def waves(
    ground: Ground,
    breaks: Breaks,
    *,
    hours: Hours = A_WHILE,
    then: Breaks = recovered,
    meanwhile: Breaks | None = None,
) -> None:
    """People act while `breaks` does its work; it is mended, `then` is waited for, and time passes.

    `meanwhile` is done before it is mended.
    """
    size, after = ground.size, ground.size.after
    for _ in range(size.waves):
        async with beside(breaks(ground)):
            await ground.journeys.wave()
            if meanwhile is not None:
                await meanwhile(ground)
        for replica in ground.nursery.replicas:
            if not replica.alive:
                await ground.nursery.start(replica)
        await then(ground)
        ground.clock.move(hours=ground.chance.uniform(*hours))
        if ground.journeys.begun >= size.journeys:
            after -= 1
        if not after:
            return


@asynccontextmanager
async def beside(breaking: Awaitable[None]) -> AsyncIterator[None]:
    """While something goes on. Where that ends first the fault ends with it, and mends what it broke."""
    task = asyncio.ensure_future(breaking)
    try:
        yield
    finally:
        task.cancel()
        done = await asyncio.gather(task, return_exceptions=True)
        if isinstance(done[0], Exception):
            raise done[0]
