"""Help now under load: `python -m bench.pressure`, which `make load` runs and which writes docs/load.md.

The bot is a process of its own on PostgreSQL, reached over a line that can fall silent. First nothing else goes on;
then thousands of turns come while the database is silent; then, with it back, half as many again as can be worked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import aiohttp

from bench.contenders import Place
from bench.databases import postgresql
from bench.identity import Person, activity
from bench.processes import Running, python, running
from bench.stage import make_place, migrated
from tests.fakes.line import Line, a_line

OUT = Path(__file__).parents[1] / "docs" / "load.md"
PATIENCE = aiohttp.ClientTimeout(total=120)
ASKED_A_SECOND = 20.0
HELD_A_SECOND = 200.0  # far more than a silent database lets be worked: all but the lane's are turned away
LEAST_MS, TIMES_IDLE = 50.0, 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """How long help now took under one load: of `typed` and `pressed` in milliseconds, and how many went wrong."""

    load: str
    typed: Sequence[float]
    pressed: Sequence[float]
    wrong: int
    beside: str = ""


def percentile(values: Sequence[float], part: float) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


class Pressure:
    """The load of others' turns on one bot."""

    def __init__(self, bot: Running, place: Place, session: aiohttp.ClientSession) -> None:
        self._bot, self._place, self._session = bot, place, session
        self._number = 0
        self.answers: dict[str, int] = {}

    async def turn(self) -> None:
        """Somebody's status, which needs the store. However it ends, it is counted."""
        self._number += 1
        person = Person(self._number % 50_000)
        said = activity(
            person,
            self._place.service_url,
            str(self._number),
            type="message",
            text="status",
            textFormat="plain",
        )
        headers = {"Authorization": f"Bearer {self._place.bearer}", "Content-Type": "application/json"}
        try:
            async with self._session.post(self._bot.url, data=said, headers=headers) as answer:
                await answer.read()
                how = str(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            how = type(fault).__name__
        self.answers[how] = self.answers.get(how, 0) + 1

    async def capacity(self, seconds: float, at_once: int = 8) -> float:
        """Turns a second where each waits for the one before it."""
        until, done = time.monotonic() + seconds, 0

        async def worker() -> None:
            nonlocal done
            while time.monotonic() < until:
                await self.turn()
                done += 1

        await asyncio.gather(*(worker() for _ in range(at_once)))
        return done / seconds

    async def open_loop(self, per_second: float, seconds: float) -> None:
        """So many a second, however they are answered."""
        began, turns = time.monotonic(), []
        for number in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
            turns.append(asyncio.create_task(self.turn()))
        await asyncio.gather(*turns)

    async def help_now(self, load: str, seconds: float) -> Found:
        """What help now took meanwhile, asked from another process."""
        asker = await asyncio.create_subprocess_exec(
            *python("bench.asking", self._bot.url, self._place.service_url, self._place.bearer),
            *(str(seconds), str(ASKED_A_SECOND)),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asker.communicate()
        found = json.loads(said)
        return Found(load, found["typed"], found["pressed"], found["wrong"])

    def told(self) -> str:
        """How the others' turns were answered since the last time."""
        said, self.answers = self.answers, {}
        return ", ".join(f"{how}: {count}" for how, count in sorted(said.items()))


async def measure(pressure: Pressure, line: Line, held: int, seconds: float) -> list[Found]:
    """Idle, held, and the open loop, one after the other."""
    found = [await pressure.help_now("nothing else", 15)]
    capacity = await pressure.capacity(8)
    pressure.told()
    line.fall_silent()
    turns = asyncio.create_task(pressure.open_loop(HELD_A_SECOND, held / HELD_A_SECOND))
    name = f"{held:,} turns on a database that says nothing, {HELD_A_SECOND:.0f} a second"
    result = await pressure.help_now(name, held / HELD_A_SECOND)
    await turns
    found.append(_beside(result, pressure.told()))
    line.mend()
    await pressure.capacity(3)
    pressure.told()
    loop = asyncio.create_task(pressure.open_loop(1.5 * capacity, seconds))
    name = f"{1.5 * capacity:.0f} turns a second for {seconds:.0f} s (capacity {capacity:.0f})"
    result = await pressure.help_now(name, seconds)
    await loop
    return [*found, _beside(result, pressure.told())]


def _beside(found: Found, words: str) -> Found:
    return Found(found.load, found.typed, found.pressed, found.wrong, words)


def report(found: Sequence[Found], busy: float) -> str:
    """The table, and whether the target is kept."""
    idle = {way: percentile(getattr(found[0], way), 0.99) for way in ("typed", "pressed")}
    rows, kept = [], True
    for each in found:
        for way in ("pressed", "typed"):
            values = getattr(each, way)
            worst, allowed = percentile(values, 0.99), max(LEAST_MS, TIMES_IDLE * idle[way])
            kept = kept and worst <= allowed and not each.wrong
            cells = (f"{percentile(values, 0.5):.1f}", f"{worst:.1f}", f"{max(values):.1f}", f"{allowed:.0f}")
            rows.append(f"| {each.load} | {way} | {len(values)} | {' | '.join(cells)} |")
    beside = [
        f"- {each.load}: answers to the other turns, by status: {each.beside}."
        for each in found
        if each.beside
    ]
    wrong = sum(each.wrong for each in found)
    return "\n".join(
        [
            "# Help now under load",
            f"Written by `make load` on {date.today():%d %B %Y}; not by hand.",  # noqa: DTZ011 - the reader's day
            "",
            f"- **Machine**: {os.cpu_count()} cores, which the load shares; load average {busy:.2f} at the start.",
            "- **The bot**: as served, signed in on both sides, on PostgreSQL with durable settings. Help now is asked",
            "  20 times a second from a process of its own; typed, its time ends when the card is with the channel.",
            "- **Target**: the 99th percentile at most 50 ms, or five times the idle one where that is more.",
            "- Where the load average stands above the number of cores, others had the machine too, and the figures",
            "  say more of it than of the bot: measure on a quiet one before you judge the target.",
            "",
            "| meanwhile | asked | times | median ms | 99th ms | longest ms | allowed ms |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            *beside,
            "",
            f"Wrong or missing answers to help now: {wrong}. The target is {'kept' if kept else 'not kept'}.",
            "",
        ]
    )


async def main(held: int, seconds: float) -> int:
    """Everything, once."""
    busy = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="peer-support-load-"))
    async with AsyncExitStack() as stack:
        place = await make_place(stack, folder)
        server = await stack.enter_async_context(postgresql())
        if server is None:
            sys.stderr.write("PostgreSQL isn't installed, so there is nothing to fall silent.\n")
            return 1
        await migrated(place, server.prepared)
        port = int(server.prepared.rpartition(":")[2].partition("/")[0])
        line = await stack.enter_async_context(a_line(port))
        address = server.prepared.replace(f":{port}/", f":{line.port}/")
        bot = await stack.enter_async_context(
            running(python("bench.ours", "--still"), folder / "bot.log", place.settings(address))
        )
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, timeout=PATIENCE)
        )
        written = report(await measure(Pressure(bot, place, session), line, held, seconds), busy)
    OUT.write_text(written, "utf-8")
    sys.stdout.write(written)
    return 0 if "is kept" in written else 1


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--held", type=int, default=10_000)
    given.add_argument("--seconds", type=float, default=60.0)
    chosen = given.parse_args()
    sys.exit(asyncio.run(main(chosen.held, chosen.seconds)))
