"""Members: everyone who has written to the bot. Who they are is sealed; they are found by a keyed hash."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, replace
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, select, update

from peer_support.people import AboutMe, Address, Alike, Member, Reach
from peer_support.refusals import OutOfDate
from storage.errors import SealBroken
from storage.sealing import Vault
from storage.tables import coordinators, members, supporters
from storage.unit import Unit

_T = members.c
WHOLE = (
    select(members, supporters, coordinators)
    .outerjoin(supporters, supporters.c.id == _T.id)
    .outerjoin(coordinators, coordinators.c.id == _T.id)
)
_FOUND = WHOLE.where(_T.person_hash == bindparam("person"))
_GOT = WHOLE.where(_T.id == bindparam("of"))
_MANY = WHOLE.where(_T.id.in_(bindparam("ids", expanding=True)))
_NAMED = select(members).where(_T.id.in_(bindparam("ids", expanding=True)))
# Taken from a row at once: a look at each column by itself costs more than opening what is sealed in it.
_outside = itemgetter(
    *(_T.id, _T.tenant_id, _T.person_sealed, _T.force_id, _T.reach, _T.locale, _T.language),
    *(_T.welcomed_at, _T.limits_version, _T.limits_read_at, _T.seen_in),
)
_inside = itemgetter(_T.address_sealed, _T.about_sealed)
_HELD_IN = {
    "tenant_id": ("tenant_id", "person_hash"),
    "directory_id": ("person_hash", "person_sealed"),
    "name": ("person_sealed",),
    "email": ("person_sealed",),
    "address": ("address_sealed",),
    "about": ("about_sealed",),
}


class MemberStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, member_id: str) -> Member | None:
        row = await self._unit.first(_GOT, of=member_id)
        return self._kept(row, read_member(row, self._unit.vault)) if row else None

    async def find(self, tenant_id: str, directory_id: str) -> Member | None:
        person = self._unit.vault.person(tenant_id, directory_id)
        row = await self._unit.first(_FOUND, person=person)
        return self._read(row) if row else None

    def person(self, tenant_id: str, directory_id: str) -> str:
        return self._unit.vault.person(tenant_id, directory_id)

    async def many(self, member_ids: Collection[str]) -> dict[str, Member]:
        return {row[_T.id]: self._read(row) for row in await self._rows(member_ids, _MANY)}

    async def named(self, member_ids: Collection[str]) -> dict[str, Member]:
        found = await self._rows(member_ids, _NAMED)
        return {row[_T.id]: self._proved(row, _outside_of) for row in found}

    async def add(self, member: Member) -> None:
        """OutOfDate where the person has a row already: another first turn of theirs was quicker. Begin again."""
        if not await self._unit.added(members, member_row(member, self._unit.vault)):
            raise OutOfDate
        self._unit.tenants[member.id] = member.tenant_id

    async def save(self, before: Member, after: Member) -> None:
        self._unit.people.pop(after.id, None)
        differing = [
            part.name for part in fields(after) if getattr(before, part.name) != getattr(after, part.name)
        ]
        row = member_row(after, self._unit.vault)
        written = {column: row[column] for name in differing for column in _HELD_IN.get(name, (name,))}
        if written and not await self._unit.changed(
            update(members).where(_T.id == after.id).values(**written)
        ):
            raise OutOfDate

    async def _rows(self, member_ids: Collection[str], statement: Select[Any]) -> Sequence[RowMapping]:
        """Whoever was read before in this unit of work isn't asked for again."""
        known = {id: self._unit.people[id] for id in member_ids if id in self._unit.people}
        unknown = set(member_ids) - set(known)
        found = await self._unit.all(statement, ids=sorted(unknown)) if unknown else ()
        return (*known.values(), *found)

    def _proved(self, row: RowMapping, read: Callable[[RowMapping, Vault], Member]) -> Member:
        """SealBroken where the look-up hash, which the rules of matching go by, is another person's."""
        member = read(row, self._unit.vault)
        if self._unit.vault.person(member.tenant_id, member.directory_id) != row[_T.person_hash]:
            raise SealBroken("A member's look-up hash isn't that of who is sealed beside it.")
        return member

    def _read(self, row: RowMapping) -> Member:
        return self._kept(row, self._proved(row, read_member))

    def _kept(self, row: RowMapping, member: Member) -> Member:
        self._unit.tenants[member.id] = member.tenant_id
        self._unit.people[member.id] = row
        return member


def member_row(member: Member, vault: Vault) -> dict[str, Any]:
    """A member as a row."""

    def sealed(column: str, value: list[Any] | None) -> str | None:
        return None if value is None else vault.seal_json("members", column, member.id, value)

    address, about = member.address, member.about
    return {
        "id": member.id,
        "tenant_id": member.tenant_id,
        "person_hash": vault.person(member.tenant_id, member.directory_id),
        "person_sealed": sealed("person_sealed", [member.directory_id, member.name, member.email]),
        "address_sealed": sealed("address_sealed", address_parts(address) if address else None),
        "about_sealed": sealed("about_sealed", about_parts(about) if about else None),
        "force_id": member.force_id,
        "reach": member.reach,
        "locale": member.locale,
        "language": member.language,
        "welcomed_at": member.welcomed_at,
        "limits_version": member.limits_version,
        "limits_read_at": member.limits_read_at,
        "seen_in": member.seen_in,
    }


def read_member(row: RowMapping, vault: Vault) -> Member:
    """A member from a row that holds the members' columns."""
    member, (address, about) = _outside_of(row, vault), _inside(row)
    if address is None and about is None:
        return member
    addressed = vault.open_json("members", "address_sealed", member.id, address) if address else None
    told = vault.open_json("members", "about_sealed", member.id, about) if about else None
    return replace(
        member,
        address=Address(*addressed) if addressed else None,
        about=read_about(told) if told else None,
    )


def _outside_of(row: RowMapping, vault: Vault) -> Member:
    """The same without where they are written to and what they told about themselves, which stay sealed."""
    id, tenant_id, person, force_id, reach, *rest = _outside(row)
    locale, language, welcomed_at, limits_version, limits_read_at, seen_in = rest
    directory_id, name, email = vault.open_json("members", "person_sealed", id, person)
    return Member(
        id=id,
        tenant_id=tenant_id,
        directory_id=directory_id,
        force_id=force_id,
        name=name,
        email=email,
        reach=Reach(reach),
        locale=locale,
        language=language,
        welcomed_at=welcomed_at,
        limits_version=limits_version,
        limits_read_at=limits_read_at,
        seen_in=seen_in,
    )


def address_parts(address: Address) -> list[str]:
    """An address in the order that its constructor takes."""
    return [address.service_url, address.conversation_id, address.tenant_id, address.user_id, address.bot_id]


def about_parts(about: AboutMe) -> list[str | None]:
    """What someone told about themselves, in the order that `read_about` takes."""
    return [about.grade, about.work, about.language, about.alike]


def read_about(parts: list[Any]) -> AboutMe:
    """What someone told about themselves."""
    grade, work, language, alike = parts
    return AboutMe(grade, work, language, Alike(alike))
