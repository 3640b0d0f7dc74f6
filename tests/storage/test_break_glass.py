"""Asks to see who asked, over memory, SQLite and PostgreSQL: one standing a coordinator, answered once, sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from peer_support.break_glass import BreakGlass, GlassState, Risk
from peer_support.ids import new_id
from peer_support.ports import OpenWork
from peer_support.refusals import OutOfDate
from storage import Store
from tests.fakes.databases import opened
from tests.storage.world import HOUR, NOW, pair

REASON = "Her sister rang: she has left a letter on the table"


def ask(request_id: str, **parts: object) -> BreakGlass:
    plain: dict[str, object] = {
        "id": new_id(),
        "force_id": "northmoor",
        "asked_by": "ria",
        "risk": Risk.LIFE,
        "reason": REASON,
        "asked_of": frozenset({"una", "kit"}),
        "asked_at": NOW,
    }
    return BreakGlass(**({"request_id": request_id} | plain | parts))  # type: ignore[arg-type]


async def test_it_is_kept_whole_and_found_by_whom_it_is_about(open_work: OpenWork):
    async with open_work() as work:
        there = await pair(work)
        first, second = ask(there.asked.id), ask(there.asked.id, asked_by="una", asked_at=NOW + HOUR)
        await work.break_glass.add(second)
        await work.break_glass.add(first)
    async with open_work() as work:
        assert await work.break_glass.get(first.id) == first
        assert await work.break_glass.get("no-such-id") is None
        assert list(await work.break_glass.about(there.jo.id)) == [first, second]
        assert list(await work.break_glass.about(there.sam.id)) == []


async def test_one_stands_for_each_coordinator_and_an_ended_one_makes_room(open_work: OpenWork):
    async with open_work() as work:
        there = await pair(work)
        first = ask(there.asked.id)
        await work.break_glass.add(first)
        assert await work.break_glass.standing_of(there.asked.id, "ria") == first
        assert await work.break_glass.standing_of(there.asked.id, "una") is None
        with pytest.raises(OutOfDate):
            await work.break_glass.add(ask(there.asked.id))
        await work.break_glass.save(first, replace(first, state=GlassState.LAPSED))
        assert await work.break_glass.standing_of(there.asked.id, "ria") is None
        await work.break_glass.add(ask(there.asked.id))


async def test_it_is_answered_once_and_what_it_was_asked_with_stays(open_work: OpenWork):
    async with open_work() as work:
        there = await pair(work)
        first = ask(there.asked.id)
        await work.break_glass.add(first)
        yes = first.answered("una", NOW + timedelta(minutes=5), yes=True)
        await work.break_glass.save(first, replace(yes, reason="something else"))
        with pytest.raises(OutOfDate):
            await work.break_glass.save(first, first.answered("kit", NOW + timedelta(minutes=6), yes=False))
        await work.break_glass.save(yes, yes.seen(NOW + timedelta(minutes=7)))
    async with open_work() as work:
        kept = await work.break_glass.get(first.id)
        assert kept is not None
        assert kept.reason == REASON
        assert (kept.state, kept.answered_by, kept.seen_at) == (
            GlassState.AGREED,
            "una",
            NOW + timedelta(minutes=7),
        )
    async with open_work() as work:
        await work.break_glass.save(kept, replace(kept, state=GlassState.OVER))
        with pytest.raises(OutOfDate):
            await work.break_glass.save(kept, kept)


async def _rows(store: Store, statement: str) -> list[tuple[object, ...]]:
    async with store._engine.begin() as conn:  # noqa: SLF001  the rows as they lie
        found = await conn.exec_driver_sql(statement)
        return [tuple(row) for row in found] if found.returns_rows else []


async def test_why_is_sealed_and_all_of_it_goes_with_the_request(database_address: str):
    async with opened(database_address) as store:
        async with store.work() as work:
            there = await pair(work)
            await work.break_glass.add(ask(there.asked.id))
        (row,) = await _rows(store, "SELECT * FROM break_glass")
        for secret in (REASON, "life", "una", "kit"):
            assert secret not in str(row)
        await _rows(store, "DELETE FROM requests")
        assert await _rows(store, "SELECT * FROM break_glass") == []
