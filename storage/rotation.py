"""Turning the keys: every sealed text is sealed anew under the ring's first key, beside the turns, a few at a time.

Where it has got to stands in the rows themselves, since a key's id is in front of each text. So it may be stopped or
killed at any point and begun again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, select, text, update

from storage.ends import HEAD, START, End, locked_head, put_end, start_of
from storage.errors import SealBroken, StoreBusy, StoreError
from storage.locking import close_keys, free_keys, read_checks
from storage.mappers.audit import seal_waiting
from storage.presence import serving_now
from storage.sealed_places import Place, count_by_key, places
from storage.unit import Unit

AT_ONCE = 100
_AUDIT_AT_ONCE = 500
_PATIENCE = 20  # how often a row or an end that another holds is come back to
_TRANSACTIONS_END_WITHIN = 120  # seconds
_XIDS = "SELECT pg_snapshot_{0}(pg_current_snapshot())::text"
Transaction = Callable[[], AbstractAsyncContextManager[Unit]]


class Stopped(Exception):
    """Asked to stop. What was done is kept, and the next run goes on from there."""


@dataclass(slots=True)
class Turned:
    """What a run came to. `needed` counts, for each old key, the rows that still need it; `free` need none."""

    newest: str
    sealed_anew: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    needed: Mapping[str, int] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """`needed` are the keys that the ring may not do without, `counts` their rows, `serving` what processes use."""

    seals_with: str
    in_ring: frozenset[str]
    needed: frozenset[str]
    closed: frozenset[str]
    counts: Mapping[str, int]
    serving: Sequence[str]


class Rotation:
    """`wait` is done after the old keys were closed, until no process can still be sealing with them."""

    def __init__(self, transaction: Transaction, look: Transaction) -> None:
        self._transaction, self._look = transaction, look

    async def run(
        self,
        now: Callable[[], datetime],
        on_batch: Callable[[int, int], None],
        wait: Callable[[], Awaitable[None]],
    ) -> Turned:
        """Turn everything. `on_batch` hears how many rows are done, of how many, and may raise Stopped."""
        async with self._look() as unit:
            turned = Turned(unit.vault.seals_with)
            total = sum((await count_by_key(unit, turned.newest)).values())
            turned.others = await _others(unit)
        if turned.others:
            return turned
        on_batch(0, total)
        await self._pass(turned, now, lambda: on_batch(turned.sealed_anew, max(total, turned.sealed_anew)))
        async with self._transaction() as unit:
            turned.others = await _others(unit)
            old = set((await read_checks(unit.conn)).proofs) - {turned.newest}
            if turned.others or not old:
                return turned
            await close_keys(unit.conn, old)
        await wait()
        await self._settle()
        await self._pass(turned, now, lambda: on_batch(turned.sealed_anew, max(total, turned.sealed_anew)))
        async with self._look() as unit:
            counted = await count_by_key(unit, turned.newest)
        turned.needed = {key_id: counted.get(key_id, 0) for key_id in sorted(old | set(counted))}
        turned.free = tuple(key_id for key_id in sorted(old) if not turned.needed[key_id])
        async with self._transaction() as unit:
            await free_keys(unit.conn, turned.free)
        return turned

    async def standing(self) -> Standing:
        """How it stands with the keys."""
        async with self._look() as unit:
            checks = await read_checks(unit.conn)
            return Standing(
                seals_with=unit.vault.seals_with,
                in_ring=unit.vault.opens_with,
                needed=frozenset(checks.proofs),
                closed=checks.closed,
                counts=await count_by_key(unit, None),
                serving=await serving_now(unit),
            )

    async def _settle(self) -> None:
        """PostgreSQL: wait until every transaction that was under way has ended. SQLite's one writer is us by then."""
        async with self._transaction() as unit:
            if unit.conn.dialect.name == "sqlite":
                return
            newest = (await unit.conn.execute(text(_XIDS.format("xmax")))).scalar_one()
        for _ in range(_TRANSACTIONS_END_WITHIN):
            async with self._transaction() as unit:
                if int((await unit.conn.execute(text(_XIDS.format("xmin")))).scalar_one()) >= int(newest):
                    return
            await asyncio.sleep(1)
        raise StoreError("A transaction has been under way for minutes. Nothing is lost: run it again later.")

    async def _pass(self, turned: Turned, now: Callable[[], datetime], on_batch: Callable[[], None]) -> None:
        """Through every column. What another held was skipped, and is come back to."""
        turned.broken = {}
        await self._audit(now())
        left = places()
        for _ in range(_PATIENCE):
            broken = {place: await self._column(place, turned, on_batch) for place in left}
            turned.broken |= {str(place): count for place, count in broken.items() if count}
            async with self._look() as unit:
                left = tuple([p for p in left if await _left(unit, p, turned.newest) > broken[p]])
            if not left:
                return
            await asyncio.sleep(0.1)

    async def _column(self, place: Place, turned: Turned, on_batch: Callable[[], None]) -> int:
        """In the order of the rows' ids. How many don't open."""
        last, broken = "", 0
        while batch := await _patiently(partial(self._batch, place, last)):
            last, done, faults = batch
            turned.sealed_anew += done
            broken += faults
            on_batch()
        return broken

    async def _batch(self, place: Place, after: str) -> tuple[str, int, int] | None:
        """The next few rows. Each is written only where its text still is what was read."""
        async with self._transaction() as unit:
            few = (
                select(place.key.label("id"), place.column.label("old"))
                .where(place.key > after, *place.not_under(unit.vault.seals_with))
                .order_by(place.key)
                .limit(AT_ONCE)
                .with_for_update(key_share=True, skip_locked=True)
            )
            rows = await unit.all(few)
            if not rows:
                return None
            anew, broken = [], 0
            for row in rows:
                where = (place.table.name, place.column.name, row["id"])
                try:
                    opened = unit.vault.open(*where, row["old"])
                except SealBroken:
                    broken += 1
                    continue
                anew.append({"of": row["id"], "old": row["old"], "new": unit.vault.seal(*where, opened)})
            if anew:
                same = (place.key == bindparam("of"), place.column == bindparam("old"))
                written = update(place.table).where(*same).values({place.column: bindparam("new")})
                await unit.each(written, anew)
            return rows[-1]["id"], len(anew), broken

    async def _audit(self, now: datetime) -> None:
        """Seal what waits, since its marks were made with an old key, and sign the chain's ends with the newest."""
        for _ in range(_PATIENCE):
            sealed = await _patiently(partial(self._audit_batch, now))
            if sealed == 0:
                return
            if sealed is None:
                await asyncio.sleep(0.1)

    async def _audit_batch(self, now: datetime) -> int | None:
        async with self._transaction() as unit:
            head = await locked_head(unit)
            if head is None:
                return None
            sealed = await seal_waiting(unit, head, now, _AUDIT_AT_ONCE)
            await put_end(unit, HEAD, End(sealed.place, sealed.seal, head.flaws), now)
            start = await start_of(unit)
            if start.place:
                await put_end(unit, START, start, now)
            return sealed.count


async def _patiently(step: Callable[[], Awaitable[Any]]) -> Any:
    """A batch that a turn got in the way of is done again."""
    for _ in range(_PATIENCE):
        try:
            return await step()
        except StoreBusy:
            await asyncio.sleep(0.05)
    raise StoreError("The database is too busy to turn the keys now. Nothing is lost: run it again later.")


async def _others(unit: Unit) -> int:
    return sum(key_id != unit.vault.seals_with for key_id in await serving_now(unit))


async def _left(unit: Unit, place: Place, newest: str) -> int:
    count = select(func.count()).select_from(place.table).where(*place.not_under(newest))
    return int((await unit.conn.execute(count)).scalar_one())
