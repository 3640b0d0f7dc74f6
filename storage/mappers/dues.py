"""Due rows. Sets and removals are gathered and written together when the unit ends, or before one is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, select

from peer_support.due import Due, DueKind
from peer_support.ids import new_id
from storage.tables import dues
from storage.unit import Unit

_T = dues.c


class DueStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._cleared: set[str] = set()
        self._set: dict[tuple[str, DueKind], datetime | None] = {}

    async def put(self, kind: DueKind, subject_id: str, at: datetime) -> None:
        self._set[subject_id, kind] = at

    async def remove(self, kind: DueKind, subject_id: str) -> None:
        self._set[subject_id, kind] = None

    async def clear(self, subject_id: str) -> None:
        self._cleared.add(subject_id)
        self._set = {key: at for key, at in self._set.items() if key[0] != subject_id}

    async def of(self, subject_id: str) -> Sequence[Due]:
        await self.flush()
        statement = select(dues).where(_T.subject_id == subject_id).order_by(_T.at, _T.id)
        return [_read(row) for row in await self._unit.all(statement)]

    async def take(self, now: datetime) -> Due | None:
        await self.flush()
        first = select(_T.id).where(_T.at <= now).order_by(_T.at, _T.id).limit(1)
        picked = first.with_for_update(skip_locked=True).cte("picked")
        row = await self._unit.first(delete(dues).where(_T.id.in_(select(picked.c.id))).returning(dues))
        return _read(row) if row else None

    async def put_off(self, due: Due, until: datetime) -> None:
        """Nothing happens where somebody has moved the row meanwhile: their time is the better one."""
        await self.flush()
        insert = self._unit.insert(dues).values(
            id=due.id, kind=due.kind, subject_id=due.subject_id, at=until, failures=due.failures + 1
        )
        await self._unit.conn.execute(
            insert.on_conflict_do_update(
                index_elements=["subject_id", "kind"],
                set_={"at": until, "failures": due.failures + 1},
                where=_T.at == due.at,
            )
        )

    async def flush(self) -> None:
        """Write what was gathered, in one order for all, so that two units never wait for each other in a ring."""
        cleared, self._cleared = sorted(self._cleared), set()
        chosen, self._set = sorted(self._set.items()), {}
        if cleared:
            await self._unit.changed(delete(dues).where(_T.subject_id.in_(cleared)))
        removed = delete(dues).where(_T.subject_id == bindparam("of"), _T.kind == bindparam("what"))
        await self._unit.each(removed, [{"of": of, "what": kind} for (of, kind), at in chosen if at is None])
        insert = self._unit.insert(dues)
        moved = insert.on_conflict_do_update(
            index_elements=["subject_id", "kind"], set_={"at": insert.excluded.at, "failures": 0}
        )
        rows = [
            {"id": new_id(), "kind": kind, "subject_id": of, "at": at, "failures": 0}
            for (of, kind), at in chosen
            if at is not None
        ]
        await self._unit.each(moved, rows)


def _read(row: RowMapping) -> Due:
    return Due(row[_T.id], DueKind(row[_T.kind]), row[_T.subject_id], row[_T.at], row[_T.failures])
