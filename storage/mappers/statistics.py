"""Counters that outlive a request. Adding is one statement, so that several processes may add at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from peer_support.keeping_ports import Count, Measure
from storage.tables import statistics
from storage.unit import Unit

_T = statistics.c
_KEY = ("force_id", "starts", "measure", "value")


class StatisticsStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def add(self, count: Count) -> None:
        row = {name: getattr(count, name) for name in (*_KEY, "count")}
        made = self._unit.insert(statistics).values(**row)
        more = {"count": _T.count + made.excluded.count}
        await self._unit.conn.execute(made.on_conflict_do_update(index_elements=_KEY, set_=more))

    async def all(self) -> Sequence[Count]:
        statement = select(statistics).order_by(_T.force_id, _T.starts, _T.measure, _T.value)
        return [
            Count(
                row[_T.force_id],
                row[_T.starts],
                Measure(row[_T.measure]),
                row[_T.value],
                row[statistics.c["count"]],
            )
            for row in await self._unit.all(statement)
        ]
