"""Coordinators: who runs which force's network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, exists, select, update

from peer_support.people import Coordinator, Reach, RosterStatus
from storage.mappers.members import WHOLE
from storage.mappers.supporters import hours_text, read_hours
from storage.tables import coordinators, members
from storage.unit import Unit

_T = coordinators.c

# Whether the force `:force` has a coordinator who can be reached for the requester `:asker`, who may be one themselves.
ANY_FOR = (
    exists()
    .where(
        _T.force_id == bindparam("force"),
        _T.status == RosterStatus.ACTIVE,
        _T.id != bindparam("asker"),
        members.c.id == _T.id,
        members.c.reach == Reach.REACHABLE,
    )
    .label("coordinated")
)
_ANY = select(ANY_FOR)


class CoordinatorStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, member_id: str) -> Coordinator | None:
        known = self._unit.people.get(member_id)
        row = known or await self._unit.first(select(coordinators).where(_T.id == member_id))
        return read_coordinator(row) if row and row[_T.id] else None

    async def put(self, coordinator: Coordinator) -> None:
        self._unit.people.pop(coordinator.id, None)
        await self._unit.put(coordinators, coordinator_row(coordinator))

    async def set_daily(self, member_id: str, *, daily: bool) -> None:
        self._unit.people.pop(member_id, None)
        await self._unit.changed(update(coordinators).where(_T.id == member_id).values(daily=daily))

    async def of_force(self, force_id: str) -> Sequence[Coordinator]:
        statement = WHOLE.where(_T.force_id == force_id, _T.status == RosterStatus.ACTIVE)
        rows = await self._unit.all(statement.order_by(_T.id))
        self._unit.people |= {row[_T.id]: row for row in rows}
        return [read_coordinator(row) for row in rows]

    async def any_for(self, force_id: str, requester_id: str) -> bool:
        known = self._unit.coordinated.get((force_id, requester_id))
        if known is not None:
            return known
        row = await self._unit.first(_ANY, force=force_id, asker=requester_id)
        return bool(row and row["coordinated"])


def coordinator_row(coordinator: Coordinator) -> dict[str, Any]:
    """A coordinator as a row."""
    return {
        "id": coordinator.id,
        "force_id": coordinator.force_id,
        "hours": hours_text(coordinator.hours),
        "status": coordinator.status,
        "daily": coordinator.daily,
    }


def read_coordinator(row: RowMapping) -> Coordinator:
    """A coordinator from a row that holds the coordinators' columns."""
    return Coordinator(
        id=row[_T.id],
        force_id=row[_T.force_id],
        hours=read_hours(row[_T.hours]),
        status=RosterStatus(row[_T.status]),
        daily=row[_T.daily],
    )
