"""The roster as it is stored: everyone who is a supporter, a coordinator or both."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from peer_support.people import Coordinator, Member, Supporter
from storage.mappers.coordinators import read_coordinator
from storage.mappers.members import read_member
from storage.mappers.supporters import read_supporter
from storage.tables import coordinators, members, supporters
from storage.unit import Unit


class RosterStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def everyone(self) -> Sequence[tuple[Member, Supporter | None, Coordinator | None]]:
        statement = (
            select(members, supporters, coordinators)
            .outerjoin(supporters, supporters.c.id == members.c.id)
            .outerjoin(coordinators, coordinators.c.id == members.c.id)
            .where(or_(supporters.c.id.is_not(None), coordinators.c.id.is_not(None)))
            .order_by(members.c.id)
        )
        vault = self._unit.vault
        return [
            (
                read_member(row, vault),
                read_supporter(row, vault) if row[supporters.c.id] is not None else None,
                read_coordinator(row) if row[coordinators.c.id] is not None else None,
            )
            for row in await self._unit.all(statement)
        ]
