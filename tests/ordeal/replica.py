"""One replica: the whole bot as `python -m bot serve` makes it, but with a steered clock and quick ticks.

It is forked by the nursery, and listens on a port of its own choosing.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.serving import listening
from bot import outbox, ticks
from bot.logs import set_up
from bot.service import make_service, working
from bot.settings import read
from storage.serving import SingleProcess
from tests.ordeal.clock import Clock, SteeredClock

QUICK = 0.5  # seconds between two ticks, and between two looks at the outbox: time goes faster here


async def serve(clock: Clock, say: int) -> None:
    """Until it is killed."""
    ticks.EVERY_SECONDS = QUICK
    outbox.IDLE = QUICK
    settings, problems = read()
    if problems:
        sys.exit("\n".join(problem.sentence for problem in problems))
    set_up(level=settings.log_level)
    with ExitStack() as held:
        held.enter_context(SingleProcess(settings.database_url.get_secret_value()))
        async with make_service(settings, clock) as service, working(service), listening(service.app) as port:
            os.write(say, json.dumps({"pid": os.getpid(), "port": port}).encode() + b"\n")
            await asyncio.Event().wait()


def be(order: dict[str, Any], say: int) -> None:
    """What a forked child does with an order of the nursery's."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.update(order["environment"])
    clock = SteeredClock(Path(order["clock"]), ahead=order["ahead"])
    asyncio.run(serve(clock, say))
