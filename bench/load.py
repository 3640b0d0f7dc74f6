"""What the channel does to a bot: so many activities under way at once, each sent when one before it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from bench.processes import Running

AT_ONCE = 8
STORING_AT_ONCE = 4
PATIENCE = aiohttp.ClientTimeout(total=60)


class BadAnswer(Exception):
    """A contender answered otherwise than with what was asked for, so there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: so many turns, how long they took, and the CPU time that the contender's process used."""

    turns: int
    seconds: float
    cpu_seconds: float

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a turn."""
        return 1000 * self.cpu_seconds / self.turns

    @property
    def per_second(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds


@dataclass(frozen=True, slots=True)
class Line:
    """The way to a contender: a session kept open, and the channel's token."""

    session: aiohttp.ClientSession
    bearer: str

    async def once(self, bot: Running, activity: bytes) -> tuple[int, bytes]:
        """One activity. The status and the body of the answer."""
        headers = {"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json"}
        async with self.session.post(bot.url, data=activity, headers=headers) as answer:
            return answer.status, await answer.read()

    async def measure(
        self,
        bot: Running,
        activities: Iterable[bytes],
        *,
        seconds: float,
        within: bytes = b"",
        at_once: int = AT_ONCE,
    ) -> Sample:
        """Until they are used up, or so many seconds have passed. Every answer must hold `within`."""
        waiting = iter(activities)
        until = time.monotonic() + seconds

        async def worker(mine: Iterator[bytes]) -> int:
            count = 0
            while time.monotonic() < until and (activity := next(mine, None)) is not None:
                try:
                    status, body = await self.once(bot, activity)
                except (aiohttp.ClientError, TimeoutError) as fault:
                    raise BadAnswer(type(fault).__name__) from fault
                if status >= HTTPStatus.MULTIPLE_CHOICES or within not in body:
                    raise BadAnswer(f"{status} {body[:200]!r}")
                count += 1
            return count

        cpu, started = bot.cpu_seconds(), time.perf_counter()
        try:
            async with asyncio.TaskGroup() as group:
                workers = [group.create_task(worker(waiting)) for _ in range(at_once)]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        took, used = time.perf_counter() - started, bot.cpu_seconds() - cpu
        done = sum(task.result() for task in workers)
        if not done:
            raise BadAnswer("no turn was done")
        return Sample(done, took, used)
