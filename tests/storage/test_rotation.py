"""Turning the keys: all that is sealed is sealed anew, stopped anywhere and gone on with, beside turns that write."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from peer_support.audit import AuditRow
from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from peer_support.people import AboutMe, Address
from storage import KeyRing, Store, StoreLocked, rotation
from storage.chain_check import Printed, check_chain
from storage.rotation import Stopped, Turned
from storage.sealed_places import places
from storage.tables import metadata
from tests.fakes.databases import KEYS, LOOKUP, UNHURRIED, opened
from tests.storage.test_break_glass import ask
from tests.storage.world import NOW, match, member, offer, pair, proposal

OLD, NEW = KEYS.keys[0], KeyRing.new("new").keys[0]
BOTH, OLD_FIRST, ONLY_NEW = KeyRing((NEW, OLD)), KeyRing((OLD, NEW)), KeyRing((NEW,))


async def life(store: Store, people: int = 8) -> None:
    """Something in every sealed column."""
    async with store.work() as work:
        there = await pair(work)
        await work.break_glass.add(ask(there.asked.id))
        offered = offer(there.asked.id, there.sam.id)
        await work.offers.add(offered)
        said_yes = proposal(offered)
        await work.proposals.add(said_yes)
        await work.matches.add(match(said_yes, there.jo.id))
        for number in range(people):
            address = Address("https://smba.example", f"a:{number}", "tenant-1", "u", "b")
            jo = member(name=f"Jo {number}", address=address, about=AboutMe(grade="sergeant"))
            await work.members.add(jo)
            await work.drafts.put(Draft(jo.id, {"note": f"half typed {number}"}, NOW))
            await work.exclusions.add(Exclusion(new_id(), jo.id, "tenant-1", f"left out {number}"))
            await work.audit.add(AuditRow(new_id(), NOW, jo.id, "request.sent", "r"))


async def contents(store: Store) -> Mapping[tuple[str, str], str]:
    """Every sealed text as it opens."""
    found = {}
    async with store.look() as unit:
        for place in places():
            names = (place.table.name, place.column.name)
            for row in await unit.all(place.table.select().where(place.column.is_not(None))):
                found[str(place), row[place.key]] = unit.vault.open(*names, row[place.key], row[place.column])
    return found


async def nobody_waits() -> None:
    """What the command waits out, a test needn't."""


def goes_on(_done: int, _total: int) -> None:
    """Nothing stops it."""


async def turn(store: Store, on_batch: Any = goes_on, wait: Any = nobody_waits) -> Turned:
    return await store.rotation.run(lambda: NOW, on_batch, wait)


def opening(address: str, ring: KeyRing) -> Any:
    return Store.open(address, ring, LOOKUP, UNHURRIED)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 3)


def test_every_sealed_column_is_known_by_its_mark():
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert {str(place) for place in places()} == named


async def test_all_is_sealed_anew_and_then_the_old_key_may_go(database_address: str):
    async with opened(database_address) as store:
        await life(store)
        before = await contents(store)
        assert {place for place, _ in before} == {str(place) for place in places()}, "each column has a row"
        async with store.work() as work:
            printed = await work.audit.seal(NOW, 3)
    assert printed is not None
    store = await opening(database_address, BOTH)
    told: list[tuple[int, int]] = []
    turned = await turn(store, lambda done, total: told.append((done, total)))
    assert (turned.newest, turned.free, turned.broken, turned.others) == ("new", ("t1",), {}, 0)
    assert turned.sealed_anew == len(before) == told[-1][0]
    assert told == sorted(told)
    again = await turn(store)
    assert (again.sealed_anew, again.free, again.needed) == (0, (), {})
    await store.close()

    alone = await opening(database_address, ONLY_NEW)
    assert await contents(alone) == before
    async with alone.look() as unit:
        found = await check_chain(unit, Printed(printed.place, printed.seal), goes_on)
        assert (found.fault_count, found.waiting) == (0, 0), (
            "the chain bears the same seals, signed by the new key"
        )
    await alone.close()
    with pytest.raises(StoreLocked, match="seals no more"):
        await opening(database_address, OLD_FIRST)
    with pytest.raises(StoreLocked):
        await opening(database_address, KEYS)


async def test_stopped_after_every_batch_and_cut_off_anywhere_it_goes_on(database_address: str):
    async with opened(database_address) as store:
        await life(store)
        before = await contents(store)
    chance, runs, ended = random.Random(7), 0, None
    while not isinstance(ended, Turned):
        runs += 1
        store = await opening(database_address, BOTH)
        cut = runs % 2 == 0
        run = asyncio.create_task(turn(store, goes_on if cut else _after(chance.randrange(1, 4))))
        if cut:
            await asyncio.wait({run}, timeout=chance.uniform(0, 0.03))
            run.cancel()
        (ended,) = await asyncio.gather(run, return_exceptions=True)
        assert isinstance(ended, Turned | Stopped | asyncio.CancelledError), ended
        assert await contents(store) == before, "nothing is lost, wherever it ended"
        await store.close()
        assert runs < 200
    assert runs > 3
    alone = await opening(database_address, ONLY_NEW)
    assert await contents(alone) == before
    await alone.close()


def _after(batches: int) -> Any:
    heard = iter(range(batches + 1))

    def on_batch(_done: int, _total: int) -> None:
        if next(heard, None) is None:
            raise Stopped

    return on_batch


async def test_turns_go_on_writing_and_nothing_they_wrote_is_undone(database_address: str):
    async with opened(database_address) as store:
        await life(store, 12)
    serving, store = await opening(database_address, BOTH), await opening(database_address, BOTH)
    async with serving.look() as unit:
        ids = [row[0] for row in await unit.conn.exec_driver_sql("SELECT member_id FROM drafts ORDER BY 1")]
    last: dict[str, str] = {}

    async def turns() -> None:
        chance = random.Random(3)
        for number in range(60):
            who, words = chance.choice(ids), f"typed in turn {number}"
            async with serving.work() as work:
                jo = await work.members.get(who)
                assert jo is not None
                await work.members.save(jo, replace(jo, name=words))
                await work.drafts.put(Draft(who, {"note": words}, NOW))
                await work.audit.add(AuditRow(new_id(), NOW, who, "draft.kept", who))
            last[who] = words

    turned, _ = await asyncio.gather(turn(store), turns())
    turned = await turn(store) if not turned.free else turned
    assert turned.free == ("t1",)
    await serving.close()
    await store.close()
    alone = await opening(database_address, ONLY_NEW)
    async with alone.work() as work:
        for who, words in last.items():
            jo, draft = await work.members.get(who), await work.drafts.get(who)
            assert jo is not None
            assert draft is not None
            assert (jo.name, draft.answers["note"]) == (words, words)
    async with alone.look() as unit:
        assert not (await check_chain(unit, None, goes_on)).fault_count
    await alone.close()


async def test_while_a_process_seals_with_the_old_key_nothing_is_turned_nor_claimed(database_address: str):
    async with opened(database_address) as store:
        await life(store, 2)
    late, store = await opening(database_address, OLD_FIRST), await opening(database_address, BOTH)
    await late.beat("late")
    turned = await turn(store)
    assert (turned.others, turned.sealed_anew, turned.free) == (1, 0, ())
    await late.leave("late")
    assert (await turn(store)).free == ("t1",)
    await late.close()
    await store.close()


async def test_a_command_that_still_writes_with_the_old_key_is_waited_for_and_then_refused(
    database_address: str,
):
    async with opened(database_address) as store:
        await life(store, 2)
    late, store = await opening(database_address, OLD_FIRST), await opening(database_address, BOTH)
    jo = member(name="Jo of the last minute")
    async with late.work():
        pass

    async def meanwhile() -> None:
        async with late.work() as work:
            await work.members.add(jo)
        late._proven = 0  # noqa: SLF001  the lease of its proof runs out

    turned = await turn(store, wait=meanwhile)
    assert turned.free == ("t1",)
    with pytest.raises(StoreLocked, match="seals no more"):
        async with late.work() as work:
            await work.members.add(member())
    assert not late.unlocked
    await late.close()
    await store.close()
    alone = await opening(database_address, ONLY_NEW)
    async with alone.work() as work:
        assert await work.members.get(jo.id) == jo
    await alone.close()


async def test_a_text_that_does_not_open_stays_and_its_key_is_not_let_go(database_address: str):
    async with opened(database_address) as store:
        await life(store, 4)
        swapped = "UPDATE members SET about_sealed = address_sealed WHERE about_sealed IS NOT NULL"
        async with store._engine.begin() as conn:  # noqa: SLF001  a hostile hand
            await conn.exec_driver_sql(swapped)
    store = await opening(database_address, BOTH)
    turned = await turn(store)
    assert turned.broken == {"members.about_sealed": 4}
    assert (dict(turned.needed), turned.free) == ({"t1": 4}, ())
    await store.close()
    with pytest.raises(StoreLocked, match="isn't in the ring"):
        await opening(database_address, ONLY_NEW)
    store = await opening(database_address, BOTH)
    async with store._engine.begin() as conn:  # noqa: SLF001  mended by hand
        await conn.exec_driver_sql("UPDATE members SET about_sealed = NULL")
    assert (await turn(store)).free == ("t1",)
    await store.close()
