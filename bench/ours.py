"""The real bot as `python -m bot serve` makes it, from settings in the environment.

With `--still` the clock stands at one Tuesday morning, and neither ticks nor outbox run beside the turns: what is
measured then is the turn alone.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack

from bench.counting import Counter
from bench.identity import MOMENT
from bench.serving import listening, until_told
from bot import ticks
from bot.logs import set_up
from bot.memory import settle
from bot.service import make_service, working
from bot.settings import read


async def main(*, still: bool) -> None:
    """Serve until the bench hangs up."""
    settings, problems = read()
    if problems:
        sys.exit("\n".join(problem.sentence for problem in problems))
    set_up(level=settings.log_level)
    async with AsyncExitStack() as stack:
        clock = (lambda: MOMENT) if still else ticks.now
        service = await stack.enter_async_context(make_service(settings, clock))
        if not still:
            await stack.enter_async_context(working(service))
        if not await service.backstage.open():
            sys.exit(service.backstage.why)
        settle()
        port = await stack.enter_async_context(listening(service.app))
        counting = await stack.enter_async_context(listening(Counter().app()))
        await until_told({"port": port, "counting": counting})


if __name__ == "__main__":
    asyncio.run(main(still="--still" in sys.argv))
