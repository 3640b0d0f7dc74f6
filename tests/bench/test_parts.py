"""The single parts of the bench: what each holds the bot against, and when it says that a promise is missed."""

from __future__ import annotations

import asyncio
import os
import time
import tomllib
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from sqlalchemy import func, inspect, select

from bench.endurance import GROWTH, Series
from bench.fanout import most_in_a_second, sent_of
from bench.libraries import MODULES
from bench.load import BadAnswer
from bench.past import GROWN, lay
from bench.processes import ROOT
from bench.watch import Watch
from peer_support.notice import Notice, NoticeKind
from storage.store import Store
from storage.tables import matches, notices, offers, proposals, requests
from tests.fakes.databases import Server, opened
from tests.storage.world import member, supporter
from tests.storage.world import request as asked


def test_the_libraries_are_those_that_are_declared_and_no_more():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert {Requirement(each).name for each in declared} == set(MODULES)
    for module in MODULES.values():
        import_module(module)


def test_memory_that_grows_with_every_turn_is_told_from_memory_that_settles():
    turns = [1000 * look for look in range(1, 51)]
    warm = [90_000 + 2_000 * min(look, 8) for look in range(50)]
    settled = Series(turns, warm)
    assert settled.growth <= GROWTH
    assert abs(settled.slope) < 1
    leaking = Series(turns, [each + 150 * look for look, each in enumerate(warm)])
    assert leaking.growth > GROWTH
    assert 140 < leaking.slope < 160


def test_the_fullest_second_is_found_wherever_it_lies():
    assert most_in_a_second([]) == 0
    assert most_in_a_second([number / 32 for number in range(320)]) == 32
    assert most_in_a_second([0.0, 0.9, 0.95, 1.0, 1.5, 1.89, 3.0]) == 5
    assert most_in_a_second([5.0, 4.5, 4.4, 0.0]) == 3


def test_a_notice_that_is_missing_or_came_twice_ends_the_fan_out():
    now = datetime(2026, 11, 22, tzinfo=UTC)
    notices = [Notice(str(n), f"m{n // 2}", NoticeKind.REQUEST, "r", now, str(n)) for n in range(4)]
    watched = {"longest_ms": 3.0, "callbacks": 9}
    sent = sent_of("SQLite", {"a": [0.0, 2.0], "b": [1.0, 4.0]}, notices, 0.02, watched)
    assert (sent.count, sent.seconds, sent.per_second, sent.tenant_most, sent.chat_most) == (
        4,
        4.0,
        0.75,
        1,
        1,
    )
    for chats in ({"a": [0.0, 1.0], "b": [1.0]}, {"a": [0.0, 1.0, 1.1], "b": [2.0, 3.0]}):
        with pytest.raises(BadAnswer):
            sent_of("SQLite", chats, notices, 0.02, watched)


async def test_a_callback_that_holds_the_loop_is_named():
    def holds() -> None:
        until = time.thread_time() + 0.03
        while time.thread_time() < until:
            pass

    watch = Watch()
    watch.start()
    asyncio.get_running_loop().call_soon(holds)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    watch.stop()
    assert watch.over >= 1
    assert watch.longest_ms >= 30
    assert "holds" in watch.longest
    await asyncio.sleep(0)  # the one that stopped it ends, and is the last
    seen = watch.callbacks
    await asyncio.sleep(0)
    assert watch.callbacks == seen


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_past_is_laid_beside_what_is_there_and_leaves_every_index(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
):
    address = f"sqlite:///{tmp_path}/peer.db"
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        address = await asyncio.to_thread(server.make_database, f"past{os.urandom(6).hex()}")
    async with opened(address) as store:
        async with store.work() as work:
            jo = member()
            await work.members.add(jo)
            await work.supporters.put(supporter(jo.id))
            await work.requests.add(asked(jo.id))
        before = await _indexes(store)
        await asyncio.to_thread(lay, address, 500, people=40, supporters=10)
        async with store.look() as unit:
            counts = [
                await unit.conn.scalar(select(func.count()).select_from(table))
                for table in (requests, offers, proposals, matches, notices)
            ]
            named = await unit.conn.scalar(
                select(func.count()).select_from(requests).where(requests.c.requester_id == jo.id)
            )
        assert counts == [501, 500, 500, 500, 500]
        assert named > 1
        assert await _indexes(store) == before


async def _indexes(store: Store) -> set[str]:
    async with store.look() as unit:
        return await unit.conn.run_sync(
            lambda conn: {
                str(index["name"]) for table in sorted(GROWN) for index in inspect(conn).get_indexes(table)
            }
        )
