"""Each ordeal, small and from one seed: whatever broke, no request is lost, and nothing that must hold is broken."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.databases import Server, installed
from tests.ordeal import breaking
from tests.ordeal.ground import Ground, Size, a_ground
from tests.ordeal.ordeals import waves

pytestmark = [pytest.mark.xdist_group("ordeal"), pytest.mark.timeout(400)]
FEW = Size(journeys=99, officers=6, supporters=8, waves=1)
KEEPS = {
    "fsync": "off",
    "max_connections": "60",
}  # what was committed outlives the server, though not the machine


@pytest.fixture(scope="module")
def lasting() -> Iterator[Server]:
    """A server of these tests' own, which may be restarted. Unlike the others' it has written what it says it has."""
    binaries = installed()
    if binaries is None:
        pytest.skip("PostgreSQL isn't installed (Debian: apt install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="peer-support-pg-"))
    server = Server(binaries, home, KEEPS)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


POSTGRESQL = (
    breaking.killed,
    breaking.restarted,
    breaking.black_holed,
    breaking.slow,
    breaking.without_connections,
    breaking.storm,
)


async def test_whatever_breaks_on_postgresql_nothing_is_lost(tmp_path: Path, lasting: Server) -> None:
    address = await asyncio.to_thread(lasting.make_database, f"o{os.urandom(8).hex()}")
    impatient = {"PEER_SUPPORT_DATABASE_PATIENCE": "2"}
    async with a_ground(
        tmp_path, address, seed=11, size=FEW, settings=impatient, server=lasting, by_line=True
    ) as ground:
        for breaks in POSTGRESQL:
            await waves(ground, breaks, then=Ground.answered)
        await ground.all_anew()
        found = await ground.judged()
        assert not found.all
        assert ground.kills
        assert found.requests
        assert not ground.journeys.unhelped
