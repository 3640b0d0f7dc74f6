"""Files that may be fetched once. Only a keyed hash of the token is kept, so the database opens nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert

from storage.tables import handovers
from storage.unit import Unit

_T = handovers.c


class HandoverStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def add(self, token: str, member_id: str, until: datetime) -> None:
        await self._unit.changed(delete(handovers).where(_T.member_id == member_id))
        row = {"token_hash": self._hash(token), "member_id": member_id, "until": until}
        await self._unit.conn.execute(insert(handovers).values(**row))

    async def take(self, token: str, now: datetime) -> str | None:
        """Gone, in time or not; the one whose delete found it has it."""
        taken = delete(handovers).where(_T.token_hash == self._hash(token))
        row = await self._unit.first(taken.returning(_T.member_id, _T.until))
        return row[_T.member_id] if row is not None and now < row[_T.until] else None

    def _hash(self, token: str) -> str:
        return self._unit.vault.hash("handover", token)
