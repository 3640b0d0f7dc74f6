"""Changing the look-up key: all hashes or none, while nobody serves, and no store opens in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from storage import AlreadyServing, LookupKey, SealBroken, Store, StoreLocked
from storage.rehash import DROPPED, FOLLOWING, RECOMPUTED, Rehash
from storage.tables import members, metadata
from tests.fakes.databases import KEYS, LOOKUP, UNHURRIED, opened
from tests.storage.world import NOW, member, supporter

NEXT = LookupKey.new()
JO = member(directory_id="Jo-Directory", name="Jo")
SAM = member(directory_id="sam-directory", name="Sam")


async def life(store: Store) -> None:
    async with store.work() as work:
        await work.members.add(JO)
        await work.members.add(SAM)
        await work.supporters.put(supporter(SAM.id, line_manager="the-manager"))
        await work.exclusions.add(Exclusion(new_id(), JO.id, SAM.tenant_id, "SAM-directory"))
        for directory_id in (JO.directory_id, "somebody who was erased"):
            await work.erasing.name_was_shown(JO.tenant_id, directory_id, NOW, NOW + timedelta(days=30))
        assert await work.turns.first_time("pressed", NOW)


def rehash(address: str) -> Rehash:
    return Rehash(address, KEYS, LOOKUP, NEXT)


def heard(_done: int) -> None:
    """Nothing stops it."""


async def rows(address: str, lookup: LookupKey) -> dict[str, Any]:
    store = await Store.open(address, KEYS, lookup, UNHURRIED)
    found = {}
    async with store.look() as unit:
        for column in (*(column for column, _, _ in RECOMPUTED), *FOLLOWING, *DROPPED):
            found[str(column)] = sorted(str(row[0]) for row in await unit.conn.execute(select(column)))
    await store.close()
    return found


def test_every_keyed_hash_has_its_way():
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_hash")
    }
    assert {
        str(column) for column in (*(column for column, _, _ in RECOMPUTED), *FOLLOWING, *DROPPED)
    } == named


async def test_everybody_is_found_by_the_new_key_and_nothing_by_the_old(database_address: str):
    async with opened(database_address) as store:
        await life(store)
    before = await rows(database_address, LOOKUP)
    change = rehash(database_address)
    assert not await change.is_done()
    await change.begin()
    assert await change.finish(heard) == 4
    assert await change.is_done()
    with pytest.raises(StoreLocked, match="look-up key"):
        await Store.open(database_address, KEYS, LOOKUP)

    after = await rows(database_address, NEXT)
    for column, hashes in after.items():
        assert not set(hashes) & set(before[column]), column
    assert (len(after["shown_names.person_hash"]), after["activities.key_hash"]) == (1, [])
    store = await Store.open(database_address, KEYS, NEXT, UNHURRIED)
    async with store.work() as work:
        assert await work.members.find(JO.tenant_id, "JO-DIRECTORY") == JO
        assert await work.exclusions.around(JO.id) == {SAM.id}
        assert await work.exclusions.around(SAM.id) == {JO.id}
    async with store.look() as unit:
        hashes = (await unit.conn.exec_driver_sql("SELECT line_manager_hash FROM supporters")).all()
        assert hashes == [(unit.vault.person(SAM.tenant_id, "the-manager"),)]
    await store.close()


async def test_in_between_no_store_opens_and_a_run_cut_off_changes_nothing(database_address: str):
    async with opened(database_address) as store:
        await life(store)
        change = rehash(database_address)
        before = await rows(database_address, LOOKUP)
        await change.begin()
        store._proven = 0  # noqa: SLF001  a process that slept through it
        with pytest.raises(StoreLocked, match="being changed"):
            async with store.work():
                pass
        assert "keys rehash" in (await store.ready()).why
    for lookup in (LOOKUP, NEXT):
        with pytest.raises(StoreLocked, match="being changed"):
            await Store.open(database_address, KEYS, lookup)

    def cut(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await change.finish(cut)
    assert not await change.is_done()
    await change.give_up()
    assert await rows(database_address, LOOKUP) == before
    await change.begin()
    assert await change.finish(heard) == 4


async def test_while_a_process_serves_it_is_refused(database_address: str):
    async with opened(database_address) as store:
        await life(store)
        await store.beat("one")
        change = rehash(database_address)
        with pytest.raises(AlreadyServing, match="1 process serves"):
            await change.begin()
        async with store.work():
            pass
        await store.leave("one")
        await change.begin()
        await change.finish(heard)


async def test_a_hash_that_stands_beside_somebody_else_is_not_made_right(database_address: str):
    async with opened(database_address) as store:
        await life(store)
        async with store._engine.begin() as conn:  # noqa: SLF001  a hostile hand
            hashes = [
                row[0] for row in await conn.exec_driver_sql("SELECT person_hash FROM members ORDER BY 1")
            ]
            moved = update(members).where(members.c.person_hash == bindparam("old"))
            for old, new in ((hashes[0], "aside"), (hashes[1], hashes[0]), ("aside", hashes[1])):
                await conn.execute(moved.values(person_hash=new), {"old": old})
        for person in (JO, SAM):
            with pytest.raises(SealBroken, match="look-up hash"):
                async with store.work() as work:
                    await work.members.find(person.tenant_id, person.directory_id)
    change = rehash(database_address)
    await change.begin()
    with pytest.raises(StoreLocked, match="Nothing was changed"):
        await change.finish(heard)


async def test_another_key_than_the_databases_is_refused(database_address: str):
    async with opened(database_address):
        pass
    wrong = Rehash(database_address, KEYS, LookupKey.new(), NEXT)
    for step in (wrong.is_done, wrong.begin, wrong.give_up):
        with pytest.raises(StoreLocked):
            await step()
