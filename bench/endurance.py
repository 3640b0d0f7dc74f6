"""Memory over many turns: help now and status, mixed, of many people, until so many turns are done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, linear_regression, median

from bench.findings import Part, Promise, Section, short
from bench.identity import Person, activity, help_by_button, help_by_text
from bench.load import BadAnswer
from bench.processes import Running, python, running
from bench.rounds import UNHURRIED
from bench.stage import Stage, migrated

WHOLE = 100_000
A_ROUND = 500
LOOKS = 50
PEOPLE = 2_000
AT_ONCE = 8
SETTLED = 0.2  # the first fifth fills caches and pools
GROWTH = 1.03
PAGE_KB = 4
_SAID = (
    (
        "One process of the bot on SQLite with its ticks and its sender, as served. Of every four turns two are "
        "`status` (each opens a unit of work), one is `help now` typed, one Help now pressed; they come from 2,000 "
        "people, eight at a time."
    ),
    (
        "What the kernel counts as resident is read fifty times on the way. Flat means that the median of the last "
        "fifth is at most 3% above that of the second fifth: the first fills caches and pools. The slope is the "
        "straight line through everything after the first fifth."
    ),
)


@dataclass(frozen=True, slots=True)
class Series:
    """Resident memory in KB, by how many turns were done."""

    turns: Sequence[int]
    resident: Sequence[int]

    def fifth(self, number: int) -> Sequence[int]:
        """One fifth of the looks."""
        size = len(self.resident) // 5
        return self.resident[number * size : (number + 1) * size] if size else self.resident

    @property
    def growth(self) -> float:
        """The last fifth by the second."""
        return median(self.fifth(4)) / median(self.fifth(1))

    @property
    def slope(self) -> float:
        """KB for each 1,000 turns, after the first fifth."""
        settled = int(SETTLED * len(self.turns))
        return 1000 * linear_regression(self.turns[settled:], self.resident[settled:]).slope


async def short_look(stage: Stage) -> Section:
    """So many turns for each round that was asked for: enough to see a leak of a KB a turn."""
    return await _measured(stage, A_ROUND * stage.asked.rounds, "memory")


async def whole(stage: Stage) -> Section:
    """All of them."""
    return await _measured(stage, WHOLE, "endurance")


async def _measured(stage: Stage, turns: int, name: str) -> Section:
    series = await endure(stage, turns)
    fifths = [f"{fmean(series.fifth(number)) / 1024:.1f}" for number in range(5)]
    head = ("turns", *(f"MB, fifth {number + 1}" for number in range(5)), "KB for each 1,000 turns")
    return Section(
        name,
        f"Memory over {turns:,} turns",
        _SAID,
        [Part("Resident memory, by fifths of the run", head, [(f"{turns:,}", *fifths, short(series.slope))])],
        [
            Promise(
                f"Memory after {turns:,} turns: the last fifth at most {GROWTH:g} x the second",
                f"{series.growth:.4f} x, {short(series.slope)} KB for each 1,000 turns",
                series.growth <= GROWTH,
            )
        ],
        stage.taken(1),
    )


async def endure(stage: Stage, turns: int) -> Series:
    """All turns, with a look at the memory after each fiftieth of them."""
    sqlite = stage.kinds[0]
    await migrated(stage.place, sqlite.prepared)
    given = stage.place.settings(sqlite.prepared) | UNHURRIED
    said, done, resident = _said(stage.place.service_url), [], []
    async with running(python("bench.ours"), stage.folder / "endurance.log", given) as bot:
        for look in range(1, LOOKS + 1):
            stage.say(f"memory: {turns * look // LOOKS} of {turns} turns")
            await _turns(stage, bot, said, turns * look // LOOKS - turns * (look - 1) // LOOKS)
            done.append(turns * look // LOOKS)
            resident.append(await asyncio.to_thread(_resident, bot.pid))
    return Series(done, resident)


async def _turns(stage: Stage, bot: Running, said: Iterator[bytes], count: int) -> None:
    some = iter([next(said) for _ in range(count)])

    async def worker() -> None:
        for one in some:
            status, body = await stage.line.once(bot, one)
            if status >= 300:  # noqa: PLR2004
                raise BadAnswer(f"{status} {body[:200]!r}")

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def _said(service_url: str) -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        person = Person(number % PEOPLE)
        match number % 4:
            case 0:
                yield help_by_text(person, service_url)
            case 1:
                yield help_by_button(person, service_url)
            case _:
                yield activity(person, service_url, f"s{number}", type="message", text="status")


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE_KB
