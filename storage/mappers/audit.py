"""The audit: rows are only ever added; the database itself refuses to change or delete one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from peer_support.audit import AuditRow
from storage.tables import audit
from storage.unit import Unit


class AuditStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._pending: list[dict[str, Any]] = []

    async def add(self, row: AuditRow) -> None:
        self._pending.append(
            {
                "id": row.id,
                "at": row.at,
                "actor_id": row.actor_id,
                "action": row.action,
                "subject_id": row.subject_id,
            }
        )

    async def flush(self) -> None:
        """Write what was gathered, in the order in which it happened."""
        rows, self._pending = self._pending, []
        await self._unit.each(insert(audit), rows)
