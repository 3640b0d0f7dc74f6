"""Where an ordeal happens: a database, replicas on it, the channel, the people, and a clock for all of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from time import monotonic

import psycopg

from peer_support.forces import Forces
from peer_support.ports import PersonName
from storage import KeyRing, LookupKey, Store
from tests.fakes.databases import UNHURRIED, Server
from tests.fakes.line import Line, a_line
from tests.fakes.person import Person
from tests.ordeal.books import Reader
from tests.ordeal.cast import Cast, a_cast, enrol
from tests.ordeal.channel import Channel, NotAnswered
from tests.ordeal.clock import SteeredClock
from tests.ordeal.journeys import Journeys
from tests.ordeal.nursery import Nursery, Replica, a_nursery
from tests.ordeal.outside import Found, judge
from tests.scenarios.town import FORCES, NORTHMOOR, TUESDAY_TEN

CAUGHT_UP_WITHIN = 400.0
A_LOOK = 0.1
FELT_WITHIN = 200  # presses: a file that may not grow may still have room
MARKED_WITHIN = 6.0  # an answer that came so long before the fault may not have been written down yet
_AWAY = (psycopg.Error, sqlite3.Error, OSError)


class NeverCaughtUp(Exception):
    """All is well again, and something is overdue still. Says how much."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens. `journeys` is how many requests people set out to make, in so many waves at most.

    `after` is how many waves go on after that, so that what was begun may end.
    """

    journeys: int
    officers: int
    supporters: int
    replicas: int = 2
    waves: int = 2000
    after: int = 6


@dataclass(slots=True)
class Ground:
    """All of it. `torn_off` are the spans of `monotonic` in which an answer of the channel's may have been lost."""

    clock: SteeredClock
    channel: Channel
    nursery: Nursery
    cast: Cast
    journeys: Journeys
    reader: Reader
    chance: Random
    size: Size
    visitor: Person
    line: Line | None = None
    server: Server | None = None
    torn_off: list[tuple[float, float]] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    kills: int = 0
    broken: asyncio.Event = field(default_factory=asyncio.Event)
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def living(self) -> list[Replica]:
        """The replicas that run."""
        return [replica for replica in self.nursery.replicas if replica.alive]

    def kill(self, replica: Replica) -> None:
        """With -9, whatever it is doing."""
        now = monotonic()
        self.torn_off.append((now - MARKED_WITHIN, now + 1))
        self.kills += 1
        replica.kill()

    def tears(self, began: float) -> None:
        """A fault that began then is over now: an answer may have been lost in it."""
        self.torn_off.append((began - MARKED_WITHIN, monotonic() + 1))

    async def all_anew(self) -> None:
        """Everybody is killed, as long passes as a lease lasts, and everybody is back."""
        for replica in self.living:
            self.kill(replica)
        await asyncio.to_thread(self.reader.age_leases)
        for replica in self.nursery.replicas:
            await self.nursery.start(replica)

    async def recovers(self) -> float:
        """From the end of a fault: how long until a press is answered as ever and nothing is overdue."""
        began = monotonic()
        await self.answered()
        await self.catches_up()
        self.recoveries.append(monotonic() - began)
        return self.recoveries[-1]

    async def feels(self) -> None:
        """Somebody says what has to be written down while it is broken, until they are told kindly that it couldn't."""
        await self.broken.wait()
        sam, before = self.cast.supporters[0], self.channel.turned_away
        for _ in range(FELT_WITHIN):
            await sam.says("resume")
            if self.channel.turned_away > before:
                return
        raise AssertionError("nobody feels it")

    async def answered(self) -> None:
        """Until an ordinary press is answered as ever."""
        began = monotonic()
        while not await self._answers():
            if monotonic() - began > CAUGHT_UP_WITHIN:
                raise NeverCaughtUp("an ordinary press isn't answered")
            await asyncio.sleep(A_LOOK)

    async def _answers(self) -> bool:
        """Whether somebody who asks for the menu gets it."""
        self.visitor.sees.clear()
        try:
            await self.visitor.says("menu")
        except NotAnswered:
            return False
        return any("Ask for a peer" in seen.words for seen in self.visitor.sees)

    async def catches_up(self, within: float = CAUGHT_UP_WITHIN) -> None:
        """Until nothing is overdue. NeverCaughtUp where that takes too long."""
        began, late = monotonic(), -1
        while monotonic() - began < within:
            try:
                late = await asyncio.to_thread(self.reader.late, self.clock())
            except _AWAY:
                late = -1
            if late == 0:
                return
            await asyncio.sleep(A_LOOK)
        raise NeverCaughtUp(f"{late} overdue after {within:.0f} s")

    async def judged(self, *, by_history: bool = True, steady: bool = False) -> Found:
        """The invariants, once nothing is under way any more. `by_history`: moments can be compared.

        `steady`: time passed in small steps, so that the hour at which something came says something.
        """
        await self.catches_up()
        books = await asyncio.to_thread(self.reader.books)
        coordinators = {person.conversation_id for person in self.cast.coordinators}
        return judge(
            books,
            self.channel.got,
            self.cast.everybody,
            coordinators,
            self.torn_off,
            owed=self.channel.owed,
            by_history=by_history,
            steady=(self.began, self.clock()) if steady else None,
        )


@asynccontextmanager
async def opened(address: str, keys: KeyRing, lookup: LookupKey) -> AsyncIterator[Store]:
    """The store, migrated: for what is laid out before anything breaks."""
    store = await Store.open(address, keys, lookup, UNHURRIED)
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def opened_beside(ground: Ground) -> AsyncIterator[Store]:
    """The same store as the replicas'."""
    told = {name.removeprefix("PEER_SUPPORT_"): value for name, value in ground.nursery.environment.items()}
    keys, lookup = KeyRing.parse(told["KEYS"]), LookupKey.parse(told["LOOKUP_KEY"])
    async with opened(told["DATABASE_URL"], keys, lookup) as store:
        yield store


class _Names:
    """Nobody is introduced while the roster is read."""

    async def of(self, _address: object) -> PersonName | None:
        return None


@asynccontextmanager
async def a_ground(
    folder: Path,
    address: str,
    seed: int,
    size: Size,
    *,
    settings: Mapping[str, str] | None = None,
    server: Server | None = None,
    by_line: bool = False,
    begins: datetime = TUESDAY_TEN,
    apart: float = 0.0,
    parent: asyncio.subprocess.Process | None = None,
) -> AsyncIterator[Ground]:
    """Migrated, enrolled, served, and everybody has said hello.

    `by_line`: the replicas reach the server over a line that may be broken. `apart` is how many seconds the clock of
    each is ahead of the one's before it. `parent` forks the replicas of several grounds.
    """
    chance = Random(seed)
    forces = folder / "forces.toml"
    forces.write_text(FORCES)
    keys, lookup = KeyRing.new(), LookupKey.new()
    clock = SteeredClock(folder / "clock")
    clock.set(begins)
    async with AsyncExitStack() as held:
        channel = await held.enter_async_context(Channel(clock, Random(seed + 1)))
        cast = a_cast(channel, size.officers, size.supporters)
        async with opened(address, keys, lookup) as store:
            await enrol(store, Forces.load(forces), _Names(), cast, clock())
        line = await held.enter_async_context(a_line(server.port)) if server and by_line else None
        reached = server.address(address.rpartition("/")[2], line.port) if server and line else address
        environment = {
            "PEER_SUPPORT_LOCAL": "1",
            "PEER_SUPPORT_DATABASE_URL": reached,
            "PEER_SUPPORT_FORCES_FILE": str(forces),
            "PEER_SUPPORT_KEYS": keys.text(),
            "PEER_SUPPORT_LOOKUP_KEY": lookup.text(),
            "PEER_SUPPORT_LONGEST_ROUND_MS": "1000",
            "PEER_SUPPORT_DATABASE_PATIENCE": str(UNHURRIED.answer),
        } | dict(settings or {})
        nursery = await held.enter_async_context(
            a_nursery(folder, folder / "clock", environment, size.replicas, parent)
        )
        channel.addresses = lambda: nursery.addresses
        nursery.apart = apart
        for replica in nursery.replicas:
            await nursery.start(replica)
        journeys = Journeys(cast, Random(seed + 2), size.journeys)
        reader = Reader(address)
        held.callback(reader.close)
        visitor = channel.person("Pat Visitor", NORTHMOOR)
        ground = Ground(
            clock, channel, nursery, cast, journeys, reader, chance, size, visitor, line=line, server=server
        )
        await journeys.arrive()
        await ground.catches_up()
        yield ground
