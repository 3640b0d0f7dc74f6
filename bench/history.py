"""What a long past costs: the same turns of the same people, with a thousand and with a million past requests."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench.databases import Database
from bench.findings import Part, Section, spread, times
from bench.identity import Person, activity, help_by_text
from bench.lived import Crowd, Lived, live
from bench.load import BadAnswer
from bench.past import PEOPLE, SUPPORTERS, lay
from bench.processes import Running, python, running
from bench.rounds import UNHURRIED
from bench.stage import Stage, migrated

LITTLE, MUCH = 1_000, 1_000_000
TARGET = 1.2
STORING, READING = 6, 20  # of each turn in a round, on either database
WARM = 2
STATUS, MENU, HELP, SEND, ACCEPT = "status", "menu", "`help now`", "Send request", "Accept"
_SAID = (
    (
        f"Two copies of the same data, one with {LITTLE:,} and one with {MUCH:,} requests that were asked, offered, "
        "accepted, matched and closed before, each with its offer, proposal, match and a notice that was sent. "
        f"{PEOPLE:,} people asked them and {SUPPORTERS:,} supporters answered, those of the turns among them, each "
        "with their part."
    ),
    (
        "A bot on each; every turn is done by the same person on both, one after the other, in alternating order. CPU "
        "is that of the bot's process and of the database server's for it, so that no search in the server goes unseen."
    ),
    (
        "PostgreSQL was vacuumed and analysed, as its own autovacuum does. On SQLite nothing was done: it has no such "
        "thing, and nobody is asked to do it."
    ),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two copies, and the bot on it."""

    past: int
    address: str
    bot: Running


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one kind of turn in one round: CPU, and time by the wall, in milliseconds a turn."""

    cpu: float
    wall: float


Costs = Mapping[tuple[str, str, int], list[Cost]]


async def measured(stage: Stage) -> Section:
    """Both databases."""
    costs = await weigh(stage, (LITTLE, MUCH))
    rows, promises = [], []
    for kind in stage.kinds:
        for turn in (STATUS, SEND, ACCEPT, MENU, HELP):
            little, much = costs[kind.name, turn, LITTLE], costs[kind.name, turn, MUCH]
            ratios = [more.cpu / less.cpu for less, more in zip(little, much, strict=True)]
            cells = [spread([each.cpu for each in side]) for side in (little, much)]
            walls = [spread([each.wall for each in side]) for side in (little, much)]
            rows.append((f"{turn}, {kind.name}", *cells, f"{spread(ratios)} x", *walls))
            promises.append(
                times(ratios, f"{turn} on {kind.name}, {MUCH:,} past requests against {LITTLE:,}", TARGET)
            )
    head = (
        *("turn", f"CPU ms with {LITTLE:,}", f"with {MUCH:,}", "the one by the other"),
        *(f"ms by the wall with {LITTLE:,}", f"with {MUCH:,}"),
    )
    title = f"Turns with {MUCH:,} past requests"
    return Section("history", title, _SAID, [Part("A turn", head, rows)], promises, stage.taken())


async def weigh(stage: Stage, pasts: Sequence[int]) -> Costs:
    """Every turn in every round, on either copy."""
    rounds, found = stage.asked.rounds, defaultdict(list)
    needed = (rounds + 1) * STORING
    crowd = Crowd(officers=needed, offers=needed)
    for kind in stage.kinds:
        stage.say(f"a past: people for {kind.name}")
        settings = await migrated(stage.place, kind.prepared)
        lived = await live(settings, stage.place.service_url, crowd)
        addresses = [await asyncio.to_thread(kind.copy, f"past{past}") for past in pasts]
        for past, address in zip(pasts, addresses, strict=True):
            stage.say(f"a past: {past:,} requests for {kind.name}")
            await asyncio.to_thread(lay, address, past)
        async with AsyncExitStack() as stack:
            sides = []
            for past, address in zip(pasts, addresses, strict=True):
                log, given = stage.folder / f"past-{kind.name}-{past}.log", stage.place.settings(address)
                command = python("bench.ours", "--still")
                bot = await stack.enter_async_context(running(command, log, given | UNHURRIED))
                sides.append(Side(past, address, bot))
            acts = _acts(stage.place.service_url, crowd, lived)
            for number in range(-1, rounds):  # the first warms both up
                stage.say(f"a past: {kind.name}, round {number + 1} of {rounds}")
                for turn, presses in next(acts).items():
                    for side in sides if number % 2 == 0 else reversed(sides):
                        cost = await _cost(stage, kind, side, presses)
                        if number >= 0:
                            found[kind.name, turn, side.past].append(cost)
    return found


def _acts(service_url: str, crowd: Crowd, lived: Lived) -> Iterator[Mapping[str, Sequence[bytes]]]:
    """What is done in each round. Nobody sends or accepts twice, and no activity comes twice."""
    for start in range(0, len(lived.sends), STORING):
        askers = [crowd.askers[(start + each) % len(crowd.askers)] for each in range(READING)]
        yield {
            turn: [
                _says(person, service_url, f"{turn}{start}.{each}", text)
                for each, person in enumerate(askers)
            ]
            for turn, text in ((STATUS, "status"), (MENU, "menu"))
        } | {
            HELP: [help_by_text(person, service_url) for person in askers],
            SEND: lived.sends[start : start + STORING],
            ACCEPT: lived.accepts[start : start + STORING],
        }


def _says(person: Person, service_url: str, key: str, text: str) -> bytes:
    return activity(person, service_url, key, type="message", text=text, textFormat="plain")


async def _cost(stage: Stage, kind: Database, side: Side, presses: Sequence[bytes]) -> Cost:
    """One after the other, so that a turn's time by the wall is its own."""

    def cpu() -> float:
        return side.bot.cpu_seconds() + kind.cpu_seconds(side.address)

    used, began = await asyncio.to_thread(cpu), time.perf_counter()
    for press in presses:
        status, body = await stage.line.once(side.bot, press)
        if status >= 300:  # noqa: PLR2004
            raise BadAnswer(f"{status} {body[:200]!r}")
    wall = time.perf_counter() - began
    used = await asyncio.to_thread(cpu) - used
    return Cost(1000 * used / len(presses), 1000 * wall / len(presses))
