"""Turning the keys: every sealed text is sealed anew under the ring's first key, beside the turns, a few at a time.

Where it has got to stands in the rows themselves, since a key's id is in front of each text. So it may be stopped or
killed at any point and begun again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, func, select, update

from storage.columns import SEALED
from storage.ends import HEAD, START, End, locked_head, put_end, start_of
from storage.errors import SealBroken, StoreBusy, StoreError
from storage.locking import close_keys, free_keys, read_checks
from storage.mappers.audit import seal_waiting
from storage.presence import serving_now
from storage.tables import audit, audit_ends, audit_waiting, metadata
from storage.unit import Unit

AT_ONCE = 100
_AUDIT_AT_ONCE = 500
_PATIENCE = 20  # how often a row or an end that another holds is come back to
Transaction = Callable[[], AbstractAsyncContextManager[Unit]]


class Stopped(Exception):
    """Asked to stop. What was done is kept, and the next run goes on from there."""


@dataclass(frozen=True, slots=True)
class Place:
    """One sealed column; `key` is the row's id, to which its texts are bound."""

    table: Table
    key: Column[Any]
    column: Column[Any]

    def __str__(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    def not_under(self, key_id: str) -> tuple[ColumnElement[bool], ...]:
        """Rows whose text another key sealed."""
        return self.column.is_not(None), ~self.column.startswith(f"{key_id}:", autoescape=True)


def places() -> tuple[Place, ...]:
    """Every sealed column of every table."""
    found = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get(SEALED):
                (key,) = table.primary_key.columns
                found.append(Place(table, key, column))
    return tuple(found)


@dataclass(slots=True)
class Turned:
    """What a run came to. `needed` counts, for each old key, the rows that still need it; `free` need none."""

    newest: str
    sealed_anew: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    needed: Mapping[str, int] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    others: int = 0


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
            total = sum((await _count(unit, turned.newest)).values())
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
        await self._pass(turned, now, lambda: on_batch(turned.sealed_anew, max(total, turned.sealed_anew)))
        async with self._look() as unit:
            counted = await _count(unit, turned.newest)
        turned.needed = {key_id: counted.get(key_id, 0) for key_id in sorted(old | set(counted))}
        turned.free = tuple(key_id for key_id in sorted(old) if not turned.needed[key_id])
        async with self._transaction() as unit:
            await free_keys(unit.conn, turned.free)
        return turned

    async def counts(self) -> Mapping[str, int]:
        """How many rows need each key."""
        async with self._look() as unit:
            return await _count(unit, None)

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
                    text = unit.vault.open(*where, row["old"])
                except SealBroken:
                    broken += 1
                    continue
                anew.append({"of": row["id"], "old": row["old"], "new": unit.vault.seal(*where, text)})
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


async def _count(unit: Unit, without: str | None) -> dict[str, int]:
    """How many rows need each key but `without`: sealed texts, the audit's ends, and its marks that wait."""
    found: dict[str, int] = {}
    sources = [(place.column, select(place.column).where(place.column.is_not(None))) for place in places()]
    sources.append((audit_ends.c.signature, select(audit_ends.c.signature)))
    waiting = select(audit.c.mark).join(audit_waiting, audit_waiting.c.seq == audit.c.seq)
    sources.append((audit.c.mark, waiting.where(audit.c.mark.is_not(None))))
    for column, every in sources:
        if without is not None:
            every = every.where(~column.startswith(f"{without}:", autoescape=True))  # noqa: PLW2901
        key = _key_of(every.subquery().c[0], unit)
        for key_id, count in (await unit.conn.execute(select(key, func.count()).group_by(key))).all():
            found[key_id] = found.get(key_id, 0) + count
    return found


def _key_of(token: ColumnElement[str], unit: Unit) -> ColumnElement[str]:
    """What stands before the first colon."""
    if unit.conn.dialect.name == "sqlite":
        return func.substr(token, 1, func.instr(token, ":") - 1)
    return func.split_part(token, ":", 1)
