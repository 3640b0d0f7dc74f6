"""The roster as it is stored: everyone who is a supporter, a coordinator or both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import or_, select

from peer_support.people import Coordinator, Member, Supporter
from peer_support.refusals import OutOfDate
from storage.mappers.coordinators import coordinator_row, read_coordinator
from storage.mappers.members import member_row, read_member
from storage.mappers.supporters import held, read_supporter, supporter_row
from storage.tables import coordinators, members, supporters
from storage.unit import Unit

_AT_ONCE = 500
_ROSTERS = ("person_sealed", "force_id")
_NOT_THE_ROSTERS = tuple(column.name for column in members.c if column.name not in _ROSTERS)
_OWN = ("paused", "listed", "last_offered_at")
_OWN_COORDINATOR = ("daily",)


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

    async def known(self, people: Collection[tuple[str, str]]) -> Sequence[Member]:
        vault = self._unit.vault
        hashes = sorted({vault.person(*person) for person in people})
        found: list[Member] = []
        for start in range(0, len(hashes), _AT_ONCE):
            some = select(members).where(members.c.person_hash.in_(hashes[start : start + _AT_ONCE]))
            found += [read_member(row, vault) for row in await self._unit.all(some)]
        return found

    async def put(
        self,
        people: Sequence[tuple[Member, Supporter | None, Coordinator | None]],
        new: Collection[str],
    ) -> None:
        vault = self._unit.vault
        people = sorted(people, key=lambda person: person[0].id)
        rows = [member_row(member, vault) for member, _, _ in people]
        if not await self._unit.added_all(members, [row for row in rows if row["id"] in new]):
            raise OutOfDate
        known = [row for row in rows if row["id"] not in new]
        self._unit.people.clear()
        await self._unit.put_all(members, known, but=_NOT_THE_ROSTERS)
        stand = await held(self._unit, [each.id for _, each, _ in people if each and each.id not in new])
        made = [
            supporter_row(_over(stand.get(each.id), each), member.tenant_id, vault)
            for member, each, _ in people
            if each
        ]
        await self._unit.put_all(supporters, made, but=_OWN)
        coordinating = [coordinator_row(each) for _, _, each in people if each]
        await self._unit.put_all(coordinators, coordinating, but=_OWN_COORDINATOR)


def _over(stands: Supporter | None, rostered: Supporter) -> Supporter:
    """What may be named is the supporter's own say, as it stands by now, of the experiences that are left."""
    return replace(rostered, named=stands.named & rostered.experiences) if stands else rostered
