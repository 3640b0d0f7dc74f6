"""Supporters with the load they carry. All that describes one is sealed; states, dates and numbers are plain."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    RowMapping,
    ScalarSelect,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from peer_support.hours import WeeklyHours
from peer_support.matching.candidate import Candidate, Load
from peer_support.notice import NoticeKind
from peer_support.offer import MatchState, Offer, OfferState, ProposalState
from peer_support.people import Reach, RosterStatus, Supporter
from storage.columns import UtcDateTime
from storage.errors import StoreBusy
from storage.lots import rows_in_lots
from storage.mappers.exclusions import APART, read_apart
from storage.mappers.members import WHOLE, read_member
from storage.sealing import Vault
from storage.tables import matches, members, notices, offers, proposals, supporters
from storage.unit import Unit

_T = supporters.c
_WEEK = timedelta(days=7)


def _count(table: Table, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    count = select(func.count()).select_from(table).where(table.c.supporter_id == _T.id, *conditions)
    return count.correlate(supporters).scalar_subquery()


_SINCE: BindParameter[datetime] = bindparam("since")
_UNANSWERED = offers.c.state.in_([OfferState.SENT, OfferState.EXPIRED])
_LOADS = (
    # As a literal: only of one does SQLite know beforehand that the index of live matches holds them all.
    _count(matches, matches.c.state == literal_column(f"'{MatchState.LIVE}'")).label("active"),
    _count(matches, matches.c.introduced_at >= _SINCE).label("new_in_week"),
    _count(offers, _UNANSWERED, offers.c.sent_at >= _SINCE).label("unanswered_in_week"),
    _count(proposals, proposals.c.state == ProposalState.ASKED).label("holding"),
)
_ONE = WHOLE.add_columns(*_LOADS).where(_T.id == bindparam("own"))
# Of the people themselves only what tells one from another: nobody's name is read to choose among them.
_CANDIDATES = select(members.c.tenant_id, members.c.person_hash, members.c.reach, supporters, *_LOADS).join(
    supporters, _T.id == members.c.id
)
_NETWORK = _CANDIDATES.where(_T.force_id == bindparam("force")).order_by(_T.id)
_FREE = _CANDIDATES.where(
    _T.status == RosterStatus.ACTIVE,
    _T.paused.is_(False),
    _T.selected_on.is_not(None),
    _T.trained_on.is_not(None),
    _T.signed_off.is_(True),
).order_by(_T.id)
_FREE_IN = _FREE.where(_T.force_id.in_(bindparam("forces", expanding=True)))
_SHOWS_OFFER = select(func.aggregate_strings(notices.c.activity_id, "\n")).where(
    notices.c.recipient_id == bindparam("own"),
    notices.c.kind == NoticeKind.OFFER,
    notices.c.subject_id == bindparam("offer"),
    notices.c.edits == "",
    notices.c.sent_at.is_not(None),
)
# Both sides of an offer: whoever answers it with their load, and the requester as far as a rule may ask.
_ANSWERING = (
    WHOLE.add_columns(*_LOADS, APART, _SHOWS_OFFER.scalar_subquery().label("cards"))
    .where(members.c.id.in_([bindparam("own"), bindparam("asker")]))
    .order_by(members.c.id)
)
_carried = lru_cache(maxsize=256)(Load)  # many carry as much
_load = itemgetter("active", "new_in_week", "unanswered_in_week", "holding")
_person = itemgetter(members.c.tenant_id, members.c.person_hash, members.c.reach)
# Taken from a row at once: a look at each column by itself costs more than opening what is sealed in it.
_parts = itemgetter(
    *(_T.id, _T.force_id, _T.profile_sealed, _T.hours, _T.max_active, _T.selected_on, _T.trained_on),
    *(_T.refresher_due, _T.status, _T.paused, _T.listed, _T.last_offered_at),
)


_OFFERED = update(supporters).where(_T.id == bindparam("of")).values(last_offered_at=bindparam("at"))
_AS_SEEN = _T.last_offered_at.is_not_distinct_from(bindparam("seen", type_=UtcDateTime))
_OFFERED_AS_SEEN = _OFFERED.where(_AS_SEEN)
_LAST_OFFERED = _T.last_offered_at


class SupporterStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._offered: dict[str, datetime] = {}
        # When each was last offered something, as their load was read.
        self._seen: dict[str, datetime | None] = {}

    async def get(self, member_id: str) -> Supporter | None:
        known = self._unit.people.get(member_id)
        row = known or await self._unit.first(select(supporters).where(_T.id == member_id))
        return self._read(row) if row and row[_T.id] else None

    async def put(self, supporter: Supporter) -> None:
        self._unit.people.pop(supporter.id, None)
        tenant = await self._tenant(supporter.id) if supporter.line_manager else None
        await self._unit.put(supporters, supporter_row(supporter, tenant, self._unit.vault))

    async def set_paused(self, member_id: str, *, paused: bool) -> None:
        self._unit.people.pop(member_id, None)
        await self._unit.changed(update(supporters).where(_T.id == member_id).values(paused=paused))

    async def set_profile(self, member_id: str, *, bio: str, named: Collection[str], listed: bool) -> None:
        self._unit.people.pop(member_id, None)
        stored = (await held(self._unit, [member_id])).get(member_id)
        if stored is None:
            return
        saved = replace(stored, bio=bio, named=stored.experiences & frozenset(named), listed=listed)
        row = supporter_row(saved, None, self._unit.vault)
        written = {column: row[column] for column in ("profile_sealed", "listed")}
        await self._unit.changed(update(supporters).where(_T.id == member_id).values(**written))

    async def candidate(self, member_id: str, now: datetime) -> Candidate | None:
        row = await self._unit.first(_ONE, own=member_id, since=now - _WEEK)
        if row:
            self._unit.people[member_id] = row
        return self._candidate(row) if row else None

    async def answering(self, offer: Offer, requester_id: str, now: datetime) -> Candidate | None:
        own, unit = offer.supporter_id, self._unit
        given = {"own": own, "asker": requester_id, "offer": offer.id, "since": now - _WEEK}
        found = {row[members.c.id]: row for row in await unit.all(_ANSWERING, **given)}
        if own in found and requester_id in found:
            unit.people |= found
            unit.apart[requester_id] = read_apart(found[own]["apart"])
            cards = found[own]["cards"]
            unit.cards[own, NoticeKind.OFFER, offer.id] = cards.split("\n") if cards else []
        return self._candidate(found[own]) if own in found and found[own][_T.id] else None

    async def candidates(
        self, now: datetime, force_ids: Collection[str] | None = None
    ) -> AsyncGenerator[Sequence[Candidate], None]:
        since = now - _WEEK
        if force_ids is None:
            lots = rows_in_lots(self._unit, _FREE, since=since)
        else:
            lots = rows_in_lots(self._unit, _FREE_IN, since=since, forces=sorted(set(force_ids)))
        async with aclosing(lots):
            async for rows in lots:
                yield [self._candidate(row) for row in rows]

    async def network(self, force_id: str, now: datetime) -> Sequence[Candidate]:
        rows = await self._unit.all(_NETWORK, since=now - _WEEK, force=force_id)
        return [self._candidate(row) for row in rows]

    async def listed(self) -> Sequence[tuple[str, str, str]]:
        statement = (
            select(members, _T.force_id)
            .join(supporters, _T.id == members.c.id)
            .where(_T.listed.is_(True), _T.status == RosterStatus.ACTIVE)
            .order_by(_T.id)
        )
        found = [
            (read_member(row, self._unit.vault), row[_T.force_id]) for row in await self._unit.all(statement)
        ]
        return [(member.id, member.name, force_id) for member, force_id in found if member.name]

    async def offered(self, member_id: str, at: datetime) -> None:
        self._offered[member_id] = at

    async def flush(self) -> None:
        """Write who was offered something, in one order for all: the last locks that a unit takes of supporters.

        StoreBusy where another unit offered one of them something since their load was read: with both there might be
        one more than the rules allow. Begun again, this one sees the other's.
        """
        offered, self._offered = sorted(self._offered.items()), {}
        rows = [{"of": of, "at": at, "seen": self._seen.get(of)} for of, at in offered]
        known = [row for row in rows if row["of"] in self._seen]
        if await self._unit.each(_OFFERED_AS_SEEN, known) < len(known):
            raise StoreBusy(
                "Somebody else has offered the same supporter something.", cause="offered_meanwhile"
            )
        await self._unit.each(_OFFERED, [row for row in rows if row not in known])

    async def _tenant(self, member_id: str) -> str:
        known = self._unit.tenants.get(member_id)
        if known is None:
            row = await self._unit.first(select(members.c.tenant_id).where(members.c.id == member_id))
            known = row[members.c.tenant_id] if row else ""
        return known

    def _candidate(self, row: RowMapping) -> Candidate:
        supporter = self._read(row)
        self._seen[supporter.id] = row[_LAST_OFFERED]
        tenant_id, person, reach = _person(row)
        return Candidate(supporter, tenant_id, person, Reach(reach), _carried(*_load(row)))

    def _read(self, row: RowMapping) -> Supporter:
        supporter = read_supporter(row, self._unit.vault)
        offered = self._offered.get(supporter.id)
        return replace(supporter, last_offered_at=offered) if offered else supporter


async def held(unit: Unit, member_ids: Collection[str]) -> Mapping[str, Supporter]:
    """Supporters as they stand, locked in one order for all, for a change to one part of what is sealed together."""
    chosen = select(supporters).where(_T.id.in_(member_ids)).order_by(_T.id)
    rows = await unit.all(chosen.with_for_update(key_share=True))
    return {row[_T.id]: read_supporter(row, unit.vault) for row in rows}


def supporter_row(supporter: Supporter, tenant: str | None, vault: Vault) -> dict[str, Any]:
    """A supporter as a row. `tenant` is their own, in which their line manager is looked up."""
    profile = [
        supporter.grade,
        sorted(supporter.roles),
        sorted(supporter.experiences),
        sorted(supporter.cleared),
        sorted(supporter.named),
        sorted(supporter.languages),
        supporter.team,
        supporter.line_manager,
        supporter.bio,
        supporter.signed_off_by,
    ]
    manager = supporter.line_manager
    return {
        "id": supporter.id,
        "force_id": supporter.force_id,
        "profile_sealed": vault.seal_json("supporters", "profile_sealed", supporter.id, profile),
        "line_manager_hash": vault.person(tenant, manager) if tenant and manager else None,
        "hours": hours_text(supporter.hours),
        "max_active": supporter.max_active,
        "selected_on": supporter.selected_on,
        "trained_on": supporter.trained_on,
        "refresher_due": supporter.refresher_due,
        "signed_off": supporter.signed_off_by is not None,
        "status": supporter.status,
        "paused": supporter.paused,
        "listed": supporter.listed,
        "last_offered_at": supporter.last_offered_at,
    }


def read_supporter(row: RowMapping, vault: Vault) -> Supporter:
    """A supporter from a row that holds the supporters' columns."""
    id, force_id, sealed, hours, *rest = _parts(row)
    most, selected_on, trained_on, refresher_due, status, paused, listed, last_offered_at = rest
    profile = vault.open_json("supporters", "profile_sealed", id, sealed)
    grade, roles, experiences, cleared, named, languages, team, line_manager, bio, signed_off_by = profile
    return Supporter(
        id=id,
        force_id=force_id,
        grade=grade,
        roles=frozenset(roles),
        experiences=frozenset(experiences),
        cleared=frozenset(cleared),
        named=frozenset(named),
        languages=frozenset(languages),
        team=team,
        line_manager=line_manager,
        bio=bio,
        max_active=most,
        hours=read_hours(hours),
        selected_on=selected_on,
        trained_on=trained_on,
        refresher_due=refresher_due,
        signed_off_by=signed_off_by,
        status=RosterStatus(status),
        paused=paused,
        listed=listed,
        last_offered_at=last_offered_at,
    )


def hours_text(hours: WeeklyHours | None) -> str | None:
    """Weekly hours as their spans."""
    return None if hours is None else json.dumps(hours.spans, separators=(",", ":"))


@lru_cache(maxsize=1024)
def read_hours(text: str | None) -> WeeklyHours | None:
    """Weekly hours from their spans."""
    return (
        None
        if text is None
        else WeeklyHours(tuple((day, start, end) for day, start, end in json.loads(text)))
    )
