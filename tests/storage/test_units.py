"""Units of work: all or nothing, one at a time, and the sender woken after a commit that gave it something."""

from __future__ import annotations

import pytest

from peer_support.refusals import NotFound
from storage import StoreRefused
from tests.fakes.databases import AnyStore
from tests.storage.world import NOW, member, notice


async def test_what_is_left_without_an_exception_is_kept(store: AnyStore):
    jo = member()
    async with store.work() as work:
        await work.members.add(jo)
    async with store.work() as work:
        assert await work.members.get(jo.id) == jo


async def test_a_refusal_leaves_nothing_behind(store: AnyStore):
    jo, sam = member(), member()
    async with store.work() as work:
        await work.members.add(jo)
    with pytest.raises(NotFound):  # noqa: PT012  the unit is left by the refusal
        async with store.work() as work:
            await work.members.add(sam)
            await work.notices.add(notice(jo.id))
            await work.dues.put("round", "r", NOW)
            assert await work.turns.first_time("key", NOW)
            raise NotFound
    assert not store.filled.is_set()
    async with store.work() as work:
        assert await work.members.get(sam.id) is None
        assert await work.dues.of("r") == []
        assert await work.turns.first_time("key", NOW)


async def test_a_unit_inside_a_unit_is_refused_at_once(store: AnyStore):
    async with store.work():
        with pytest.raises(RuntimeError, match="already open"):
            async with store.work():
                pass


async def test_the_sender_is_woken_only_after_a_commit_with_notices(store: AnyStore):
    jo = member()
    async with store.work() as work:
        await work.members.add(jo)
    assert not store.filled.is_set()
    async with store.work() as work:
        await work.notices.add(notice(jo.id))
        assert not store.filled.is_set()
    assert store.filled.is_set()


async def test_a_row_that_names_nobody_is_refused(store: AnyStore):
    with pytest.raises(StoreRefused):
        async with store.work() as work:
            await work.notices.add(notice("nobody"))


async def test_a_moment_without_an_offset_is_refused(store: AnyStore):
    with pytest.raises(StoreRefused):
        async with store.work() as work:
            await work.members.add(member(welcomed_at=NOW.replace(tzinfo=None)))


async def test_a_store_is_ready_once_migrated(store: AnyStore):
    assert (await store.ready()).ready
