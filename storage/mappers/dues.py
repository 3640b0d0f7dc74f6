"""Due rows. Sets and removals are gathered and written together when the unit ends, or before one is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, RowMapping, and_, delete, or_, select, update

from peer_support.due import Due, DueKind
from peer_support.ids import new_id
from storage.tables import dues
from storage.unit import ROWS_AT_ONCE, Insert, Unit

_T = dues.c


class DueStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._cleared: set[str] = set()
        self._set: dict[tuple[str, DueKind], datetime | None] = {}
        self._written: set[str] = set()

    async def put(self, kind: DueKind, subject_id: str, at: datetime) -> None:
        self._set[subject_id, kind] = at

    async def remove(self, kind: DueKind, subject_id: str) -> None:
        if self._unwritten(subject_id):
            self._set.pop((subject_id, kind), None)
        else:
            self._set[subject_id, kind] = None

    async def clear(self, subject_id: str) -> None:
        if not self._unwritten(subject_id):
            self._cleared.add(subject_id)
        self._set = {key: at for key, at in self._set.items() if key[0] != subject_id}

    async def of(self, subject_id: str) -> Sequence[Due]:
        if self._unwritten(subject_id):
            own = [(at, kind) for (of, kind), at in self._set.items() if of == subject_id and at is not None]
            return [Due(new_id(), kind, subject_id, at) for at, kind in sorted(own)]
        await self.flush()
        statement = select(dues).where(_T.subject_id == subject_id).order_by(_T.at, _T.id)
        return [_read(row) for row in await self._unit.all(statement)]

    async def next(self, now: datetime) -> Due | None:
        await self.flush()
        first = select(dues).where(_T.at <= now).order_by(_T.at, _T.id).limit(1)
        async with self._unit.conn.begin_nested() as only_to_see:
            row = await self._unit.first(first.with_for_update(skip_locked=True))
            await (
                only_to_see.rollback()
            )  # the lock goes: a request is locked before its due rows, never after
        return _read(row) if row else None

    def _unwritten(self, subject_id: str) -> bool:
        """Whether the table can hold nothing about it yet."""
        return subject_id in self._unit.fresh and subject_id not in self._written

    async def take(self, due: Due) -> bool:
        return await self._unit.changed(delete(dues).where(*_as_seen(due))) > 0

    async def put_off(self, due: Due, until: datetime) -> None:
        later = update(dues).where(*_as_seen(due)).values(at=until, failures=due.failures + 1)
        await self._unit.changed(later)

    async def flush(self) -> None:
        """Write what was gathered, in one order for all, so that two units never wait for each other in a ring."""
        if not (self._cleared or self._set):
            return
        cleared, self._cleared = sorted(self._cleared), set()
        chosen, self._set = sorted(self._set.items()), {}
        self._written.update(of for (of, _), _ in chosen)
        gone: list[ColumnElement[bool]] = [_T.subject_id.in_(cleared)] if cleared else []
        gone += [and_(_T.subject_id == of, _T.kind == kind) for (of, kind), at in chosen if at is None]
        for first in range(0, len(gone), ROWS_AT_ONCE):
            await self._unit.changed(delete(dues).where(or_(*gone[first : first + ROWS_AT_ONCE])))
        rows = [
            {"id": new_id(), "kind": kind, "subject_id": of, "at": at, "failures": 0}
            for (of, kind), at in chosen
            if at is not None
        ]
        await self._unit.each(self._unit.written(_moved, dues), rows)


def _moved(insert: Insert) -> Executable:
    set_to = {"at": insert.excluded.at, "failures": 0}
    return insert.on_conflict_do_update(index_elements=["subject_id", "kind"], set_=set_to)


def _as_seen(due: Due) -> tuple[ColumnElement[bool], ...]:
    return _T.id == due.id, _T.at == due.at


def _read(row: RowMapping) -> Due:
    return Due(row[_T.id], DueKind(row[_T.kind]), row[_T.subject_id], row[_T.at], row[_T.failures])
