"""Whoever says yes first has it, and only they; the others read the one kind ending. On both databases."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.fakes.databases import Server
from tests.ordeal.ground import Size, a_ground, opened_beside
from tests.ordeal.outside import Found
from tests.ordeal.races import Race, contested, race, wanted_twice
from tests.ordeal.test_ordeals import lasting

__all__ = ["lasting"]
pytestmark = [pytest.mark.xdist_group("ordeal"), pytest.mark.timeout(400)]
NOBODY = Size(journeys=0, officers=0, supporters=0)
CONTESTS = 12
WIDE = {"PEER_SUPPORT_LANE": "64"}  # they are to meet in the database, not at the door


async def test_of_all_who_accept_at_once_on_two_replicas_one_has_it(tmp_path: Path, lasting: Server) -> None:
    address = await asyncio.to_thread(lasting.make_database, f"o{os.urandom(8).hex()}")
    async with a_ground(tmp_path, address, seed=21, size=NOBODY, settings=WIDE) as ground:
        async with opened_beside(ground) as store:
            contests = await contested(store, ground.channel, ground.clock, CONTESTS)
            pairs = await wanted_twice(store, ground.channel, ground.clock, CONTESTS)
        _holds(await race(contests), await ground.judged())
        found = await race(pairs, twice=False)
        assert not found.wrong
        assert not (await ground.judged()).all


def _holds(result: Race, found: Found) -> None:
    assert not result.wrong
    assert result.won == CONTESTS
    assert result.kindly == 2 * CONTESTS
    assert not found.all
