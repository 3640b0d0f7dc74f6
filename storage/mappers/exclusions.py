"""Not these people: sealed, and hashed so that either direction is found in one query."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Label, bindparam, delete, func, select, union

from peer_support.exclusion import Exclusion
from storage.tables import exclusions, members
from storage.unit import Unit

_T = exclusions.c


def _apart() -> Label[str]:
    person = members.alias()
    named = (
        select(members.c.id.label("id"))
        .join(exclusions, _T.person_hash == members.c.person_hash)
        .where(_T.owner_id == bindparam("asker"))
    )
    named_by = (
        select(_T.owner_id.label("id"))
        .join(person, _T.person_hash == person.c.person_hash)
        .where(person.c.id == bindparam("asker"))
    )
    either = union(named, named_by).subquery()
    return select(func.aggregate_strings(either.c.id, ",")).scalar_subquery().label("apart")


# The ids of all whom `:asker` named, and of all who named them, as one text: so one look can tell more beside.
APART = _apart()
_AROUND = select(APART)


class ExclusionStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def of(self, owner_id: str) -> Sequence[Exclusion]:
        statement = select(exclusions).where(_T.owner_id == owner_id).order_by(_T.id)
        found = []
        for row in await self._unit.all(statement):
            tenant_id, directory_id = self._unit.vault.open_json(
                "exclusions", "person_sealed", row[_T.id], row[_T.person_sealed]
            )
            found.append(Exclusion(row[_T.id], row[_T.owner_id], tenant_id, directory_id))
        return found

    async def add(self, exclusion: Exclusion) -> None:
        """Nothing happens where this owner has named this person already."""
        vault = self._unit.vault
        person = [exclusion.tenant_id, exclusion.directory_id]
        row = {
            "id": exclusion.id,
            "owner_id": exclusion.owner_id,
            "person_hash": vault.person(exclusion.tenant_id, exclusion.directory_id),
            "person_sealed": vault.seal_json("exclusions", "person_sealed", exclusion.id, person),
        }
        await self._unit.added(exclusions, row)
        self._unit.apart.clear()

    async def remove(self, owner_id: str, exclusion_id: str) -> bool:
        self._unit.apart.clear()
        owned = delete(exclusions).where(_T.owner_id == owner_id, _T.id == exclusion_id)
        return await self._unit.changed(owned) == 1

    async def around(self, member_id: str) -> frozenset[str]:
        if member_id not in self._unit.apart:
            row = await self._unit.first(_AROUND, asker=member_id)
            self._unit.apart[member_id] = read_apart(row["apart"] if row else None)
        return self._unit.apart[member_id]


def read_apart(ids: str | None) -> frozenset[str]:
    """The ids that `APART` gathered."""
    return frozenset(ids.split(",")) if ids else frozenset()
