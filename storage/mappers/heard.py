"""How often the ladder answered, in counts alone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from peer_support.heard import Heard
from storage.tables import heard as counts
from storage.unit import Unit

_T = counts.c


class HeardStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def add(self, heard: Heard, count: int) -> None:
        row = {"week": heard.week, "tier": heard.tier, "version": heard.version, "count": count}
        added = self._unit.insert(counts).values(**row)
        key = [_T.week, _T.tier, _T.version]
        more = added.on_conflict_do_update(index_elements=key, set_={"count": _T.count + count})
        await self._unit.conn.execute(more)

    async def all(self) -> Sequence[tuple[Heard, int]]:
        rows = await self._unit.all(select(counts).order_by(_T.week, _T.tier, _T.version))
        return [(Heard(row[_T.week], row[_T.tier], row[_T.version]), row[_T.count]) for row in rows]

    async def forget(self, before: str) -> None:
        await self._unit.changed(delete(counts).where(_T.week < before))
