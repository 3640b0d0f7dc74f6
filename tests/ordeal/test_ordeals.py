"""The ordeals and the races, small and from one seed, over one group of people on each database.

Whatever broke, no request is lost and nothing that must hold is broken; of all who say yes at once one has it, and the
others are told kindly. `make faults` runs the whole.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.databases import Server, installed
from tests.ordeal import breaking
from tests.ordeal.ground import Ground, Size, a_ground, opened_beside
from tests.ordeal.nursery import a_parent
from tests.ordeal.ordeals import waves
from tests.ordeal.plan import FRIDAY_BEFORE_WINTER
from tests.ordeal.races import OFFERED, contested, race, wanted_twice

pytestmark = [pytest.mark.xdist_group("ordeal"), pytest.mark.timeout(600)]
KEEPS = {
    "fsync": "off",
    "max_connections": "60",
}  # what was committed outlives the server, though not the machine
SETTINGS = {"PEER_SUPPORT_DATABASE_PATIENCE": "2", "PEER_SUPPORT_LANE": "64"}
OVER_THE_CHANGE = (8.0, 14.0)  # hours after each fault: two nights and a change of the clocks go by
CONTESTS, PAIRS = 5, 4
ON_POSTGRESQL = (
    breaking.killed,
    breaking.restarted,
    breaking.black_holed,
    breaking.without_connections,
    breaking.storm,
)
ON_SQLITE = (breaking.locked, breaking.full)


@pytest.fixture(scope="module")
def lasting() -> Iterator[Server]:
    """A server of these tests' own, which may be restarted. Unlike the others' it has written what it says it has."""
    binaries = installed()
    if binaries is None:
        why = "PostgreSQL isn't installed (Debian: apt install postgresql), so its tests can't run"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    home = Path(tempfile.mkdtemp(prefix="peer-support-pg-"))
    server = Server(binaries, home, KEEPS)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
async def parent() -> AsyncIterator[Process]:
    """What all replicas are forked from."""
    async with a_parent() as process:
        yield process


async def test_whatever_breaks_on_postgresql_nothing_is_lost(
    tmp_path: Path, lasting: Server, parent: Process
) -> None:
    address = await asyncio.to_thread(lasting.make_database, f"o{os.urandom(8).hex()}")
    size = Size(journeys=99, officers=5, supporters=6, waves=1)
    async with a_ground(
        tmp_path,
        address,
        seed=11,
        size=size,
        settings=SETTINGS,
        server=lasting,
        by_line=True,
        begins=FRIDAY_BEFORE_WINTER,
        parent=parent,
    ) as ground:
        for breaks in ON_POSTGRESQL:
            await waves(ground, breaks, hours=OVER_THE_CHANGE, then=Ground.answered)
        await ground.all_anew()
        await _nothing_is_broken(ground)
        assert ground.kills
        await _one_has_it(ground)


async def test_whatever_breaks_on_sqlite_nothing_is_lost(tmp_path: Path, parent: Process) -> None:
    size = Size(journeys=99, officers=4, supporters=5, replicas=1, waves=1)
    address = f"sqlite:///{tmp_path}/peer.db"
    async with a_ground(tmp_path, address, seed=12, size=size, settings=SETTINGS, parent=parent) as ground:
        await waves(ground, breaking.nothing, then=Ground.answered)
        for breaks in ON_SQLITE:
            await waves(ground, breaks, hours=OVER_THE_CHANGE, then=Ground.answered, meanwhile=Ground.feels)
        await ground.all_anew()
        await _nothing_is_broken(ground)
        await _one_has_it(ground)


async def _nothing_is_broken(ground: Ground) -> None:
    found = await ground.judged()
    assert not found.all
    assert found.requests
    assert found.messages
    assert not ground.journeys.unhelped


async def _one_has_it(ground: Ground) -> None:
    async with opened_beside(ground) as store:
        contests = await contested(store, ground.channel, ground.clock, CONTESTS)
        pairs = await wanted_twice(store, ground.channel, ground.clock, PAIRS)
    raced = await race(contests)
    assert not raced.wrong
    assert (raced.won, raced.kindly) == (CONTESTS, CONTESTS * (OFFERED - 1))
    raced = await race(pairs, twice=False)
    assert not raced.wrong
    assert (raced.won, raced.kindly) == (PAIRS, PAIRS)
    assert not (await ground.judged()).all
