"""One request among thousands of supporters who may all be asked: what the choice costs beside reading them."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bench.databases import Database
from bench.findings import Part, Promise, Section, short, spread, times
from bench.identity import BOT_ID, MOMENT, TENANT
from bench.load import BadAnswer
from bench.stage import Stage, migrated
from bench.watch import LONG_MS, Watch
from bot.backstage import load_keys, open_store
from bot.memory import settle
from peer_support.hours import WeeklyHours
from peer_support.ids import new_id
from peer_support.matching.candidate import Seeker
from peer_support.matching.choose import choose_in_lots
from peer_support.people import AboutMe, Address, Alike, Member, Reach, Supporter
from peer_support.policy import Policy
from peer_support.request import HowSoon, When, Wishes
from peer_support.taxonomy import EXPERIENCES, ROLES
from storage.mappers.members import member_row
from storage.mappers.supporters import supporter_row
from storage.sealing import Vault
from storage.store import Store
from storage.tables import members, supporters

SIZES = (10_000, 100_000)
TARGET = 1.5
AT_ONCE = 1_000
NETWORKS = 50
READ, MATCHED = "read", "matched"
_SAID = (
    (
        f"Supporters of {NETWORKS} forces, of whom each may be asked; the wish is anyone suitable, today, with two "
        "topics, a grade and evenings, so that every part of the score is weighed."
    ),
    (
        "Reading is the bot's own: the one query, with each row's load, and what is sealed in it opened. Matching "
        "is that and the one rule over all of them, which a test holds against the rule written plainly."
    ),
    (
        "CPU is that of this process, its threads among it, and of the database server's for it. After a first time, "
        "callbacks of the event loop are timed by their thread's CPU clock, garbage collection among them; what lives "
        "from the start is set aside from it, as in service."
    ),
)


@dataclass(frozen=True, slots=True)
class Took:
    """Of one time: CPU, and the time by the wall, in milliseconds."""

    cpu: float
    wall: float


Times = Mapping[tuple[str, int, str], list[Took]]


async def measured(stage: Stage) -> Section:
    """Every size on every database. Each round is a pair: all are read, and one is chosen among them."""
    found: dict[tuple[str, int, str], list[Took]] = defaultdict(list)
    watches: dict[tuple[str, int], Watch] = {}
    for kind in stage.kinds:
        settings = await migrated(stage.place, kind.prepared)
        store = await open_store(settings)
        try:
            filled = 0
            for size in SIZES:
                stage.say(f"matching: {size:,} supporters on {kind.name}")
                await fill(store, Vault(*load_keys(settings)), size - filled)
                filled, watches[kind.name, size] = size, Watch()
                await _rounds(stage, kind, store, size, watches[kind.name, size], found)
        finally:
            await store.close()
    return _section(stage, found, watches)


def _section(stage: Stage, found: Times, watches: Mapping[tuple[str, int], Watch]) -> Section:
    rows, promises = [], []
    for (kind, size), watch in watches.items():
        read, matched = found[kind, size, READ], found[kind, size, MATCHED]
        ratios = [more.cpu / less.cpu for less, more in zip(read, matched, strict=True)]
        cells = [spread([each.cpu for each in side]) for side in (read, matched)]
        walls = [spread([each.wall for each in side]) for side in (read, matched)]
        held = f"{short(watch.longest_ms)}"
        rows.append((f"{size:,}, {kind}", *cells, f"{spread(ratios)} x", *walls, held))
        promises += [
            times(ratios, f"Matching one request among {size:,} on {kind}, against reading them", TARGET),
            Promise(
                f"the same: the loop not held over {LONG_MS:.0f} ms of CPU",
                f"{held} ms",
                watch.longest_ms <= LONG_MS,
            ),
        ]
    head = ("supporters", "CPU ms read", "matched", "the one by the other", "ms by the wall read", "matched")
    table = Part("One request", (*head, "longest callback, CPU ms"), rows)
    return Section("matching", "Matching one request", _SAID, [table], promises, stage.taken())


async def _rounds(
    stage: Stage,
    kind: Database,
    store: Store,
    size: int,
    watch: Watch,
    out: dict[tuple[str, int, str], list[Took]],
) -> None:
    def spent() -> Took:
        cpu = time.process_time() + kind.cpu_seconds(kind.prepared)
        return Took(1000 * cpu, 1000 * time.perf_counter())

    warm = size == min(SIZES)
    for number in range(-1 if warm else 0, stage.asked.rounds):
        if number == 0:
            settle()
            watch.start()
        for what in (READ, MATCHED) if number % 2 else (MATCHED, READ):
            began = spent()
            await _ACTS[what](store, size, number)
            ended = spent()
            if number >= 0:
                out[kind.name, size, what].append(Took(ended.cpu - began.cpu, ended.wall - began.wall))
    watch.stop()


async def _read(store: Store, size: int, _number: int) -> None:
    """Everybody is read, and nothing else is done."""
    async with store.work() as work:
        count = sum([len(some) async for some in work.supporters.candidates(MOMENT)])
    if count != size:
        raise BadAnswer(f"{count} of {size} were read")


async def _matched(store: Store, size: int, number: int) -> None:
    """The same, and the choice is made while they are read, as in service."""
    policy = Policy()
    async with store.work() as work:
        candidates = work.supporters.candidates(MOMENT)
        choice = await choose_in_lots(candidates, _seeker(number), MOMENT, lambda _force: policy)
    if (choice.could, len(choice.chosen)) != (size, policy.offers_at_once_today):
        raise BadAnswer(f"{choice.could} of {size} could be asked, {len(choice.chosen)} were")


_ACTS = {READ: _read, MATCHED: _matched}


def _seeker(number: int) -> Seeker:
    about = AboutMe(grade="constable", work=min(ROLES), language="en", alike=Alike.GRADE)
    topics = tuple(each.id for each in EXPERIENCES.values() if not each.needs_clearance)[:2]
    wishes = Wishes(topics=topics, soon=HowSoon.TODAY, when=frozenset({When.EVENINGS}), about=about)
    return Seeker(f"request {number}", Member(new_id(), TENANT, new_id()), new_id(), "force-0", wishes)


async def fill(store: Store, vault: Vault, count: int) -> None:
    """So many more, each sealed as the bot seals."""
    hours = [None, WeeklyHours.every_day("08:00", "20:00"), WeeklyHours.parse("Mon-Fri 09:00-17:00")]
    topics = sorted(EXPERIENCES)
    for start in range(0, count, AT_ONCE):
        people, listeners = [], []
        for number in range(start, min(start + AT_ONCE, count)):
            address = Address("https://channel.example/", f"a:{new_id()}", TENANT, f"29:{new_id()}", BOT_ID)
            member = Member(new_id(), TENANT, new_id(), name="Sam Okafor", email="sam@police.example")
            member = replace(member, address=address, reach=Reach.REACHABLE)
            supporter = Supporter(
                id=member.id,
                force_id=f"force-{number % NETWORKS}",
                grade=("constable", "sergeant", "inspector")[number % 3],
                roles=frozenset({"response"}),
                experiences=frozenset(topics[number % 7 :: 9]),
                bio="Twelve years of nights. Happy to just walk and talk.",
                hours=hours[number % len(hours)],
                selected_on=date(2024, 1, 1),
                trained_on=date(2024, 2, 1),
                refresher_due=date(2030, 1, 1),
                signed_off_by="Ria Holt",
            )
            people.append(member_row(member, vault))
            listeners.append(supporter_row(supporter, None, vault))
            if number % 100 == 0:
                await asyncio.sleep(0)
        async with store._transaction() as unit:  # noqa: SLF001 - the roster's own way would take minutes
            await unit.each(members.insert(), people)
            await unit.each(supporters.insert(), listeners)
