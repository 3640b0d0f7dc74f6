"""The twin's asks to see who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from peer_support.break_glass import STANDING, BreakGlass
from peer_support.refusals import OutOfDate
from tests.fakes.memory_rows import Rows, aware, refers


class MemoryBreakGlass:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, ask_id: str) -> BreakGlass | None:
        return self._rows.break_glass.get(ask_id)

    async def add(self, ask: BreakGlass) -> None:
        aware(ask)
        refers(self._rows.requests, ask.request_id)
        standing = ask.state in STANDING and await self.standing_of(ask.request_id, ask.asked_by)
        if standing or ask.id in self._rows.break_glass:
            raise OutOfDate
        self._rows.break_glass[ask.id] = ask

    async def save(self, before: BreakGlass, after: BreakGlass) -> None:
        aware(after)
        stands = self._rows.break_glass.get(before.id)
        if stands is None or stands.state is not before.state:
            raise OutOfDate
        self._rows.break_glass[before.id] = replace(
            stands,
            state=after.state,
            answered_by=after.answered_by,
            answered_at=after.answered_at,
            seen_at=after.seen_at,
        )

    async def standing_of(self, request_id: str, asked_by: str) -> BreakGlass | None:
        found = [row for row in self._rows.break_glass.values() if row.state in STANDING]
        return next((row for row in found if (row.request_id, row.asked_by) == (request_id, asked_by)), None)

    async def about(self, member_id: str) -> Sequence[BreakGlass]:
        own = {row.id for row in self._rows.requests.values() if row.requester_id == member_id}
        found = [row for row in self._rows.break_glass.values() if row.request_id in own]
        return sorted(found, key=lambda row: (row.asked_at, row.id))
