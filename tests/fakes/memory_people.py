"""The twin's people: members, supporters with their loads, coordinators, exclusions, drafts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta

from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.matching.candidate import Candidate, Load
from peer_support.offer import MatchState, Offer, OfferState, ProposalState
from peer_support.people import Coordinator, Member, Reach, RosterStatus, Supporter
from peer_support.refusals import OutOfDate
from tests.fakes.memory_rows import Rows, aware, refers

_WEEK = timedelta(days=7)
_UNANSWERED = (OfferState.SENT, OfferState.EXPIRED)


def _person(of: Member | Exclusion) -> tuple[str, str]:
    return of.tenant_id.casefold(), of.directory_id.strip().casefold()


def person_key(tenant_id: str, directory_id: str) -> str:
    """What only the same person has."""
    return f"{tenant_id.casefold()}:{directory_id.strip().casefold()}"


class MemoryMembers:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Member | None:
        return self._rows.members.get(member_id)

    async def find(self, tenant_id: str, directory_id: str) -> Member | None:
        person = (tenant_id.casefold(), directory_id.strip().casefold())
        return next((member for member in self._rows.members.values() if _person(member) == person), None)

    def person(self, tenant_id: str, directory_id: str) -> str:
        return person_key(tenant_id, directory_id)

    async def many(self, member_ids: Collection[str]) -> dict[str, Member]:
        return {id: self._rows.members[id] for id in member_ids if id in self._rows.members}

    async def named(self, member_ids: Collection[str]) -> dict[str, Member]:
        found = await self.many(member_ids)
        return {id: replace(member, address=None, about=None) for id, member in found.items()}

    async def add(self, member: Member) -> None:
        aware(member)
        if member.id in self._rows.members or await self.find(member.tenant_id, member.directory_id):
            raise OutOfDate
        self._rows.members[member.id] = member

    async def save(self, before: Member, after: Member) -> None:
        aware(after)
        if before == after:
            return
        if after.id not in self._rows.members:
            raise OutOfDate
        parts = {part.name: getattr(after, part.name) for part in fields(after)}
        changed = {name: value for name, value in parts.items() if value != getattr(before, name)}
        self._rows.members[after.id] = replace(self._rows.members[after.id], **changed)


class MemorySupporters:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Supporter | None:
        return self._rows.supporters.get(member_id)

    async def put(self, supporter: Supporter) -> None:
        aware(supporter)
        refers(self._rows.members, supporter.id)
        self._rows.supporters[supporter.id] = supporter

    async def set_paused(self, member_id: str, *, paused: bool) -> None:
        if member_id in self._rows.supporters:
            await self.put(replace(self._rows.supporters[member_id], paused=paused))

    async def set_profile(self, member_id: str, *, bio: str, named: Collection[str], listed: bool) -> None:
        stored = self._rows.supporters.get(member_id)
        if stored is not None:
            left = stored.experiences & frozenset(named)
            await self.put(replace(stored, bio=bio, named=left, listed=listed))

    async def candidate(self, member_id: str, now: datetime) -> Candidate | None:
        return self._candidate(member_id, now) if member_id in self._rows.supporters else None

    async def answering(self, offer: Offer, requester_id: str, now: datetime) -> Candidate | None:
        refers(self._rows.members, requester_id)
        return await self.candidate(offer.supporter_id, now)

    async def candidates(
        self, now: datetime, force_ids: Collection[str] | None = None
    ) -> AsyncGenerator[Sequence[Candidate], None]:
        for id, supporter in sorted(self._rows.supporters.items()):
            if _maybe_free(supporter) and (force_ids is None or supporter.force_id in force_ids):
                yield [self._candidate(id, now)]

    async def network(self, force_id: str, now: datetime) -> Sequence[Candidate]:
        found = sorted(self._rows.supporters.items())
        return [self._candidate(id, now) for id, supporter in found if supporter.force_id == force_id]

    async def listed(self) -> Sequence[tuple[str, str, str]]:
        found = []
        for id, supporter in sorted(self._rows.supporters.items()):
            name = self._rows.members[id].name
            if name and supporter.listed and supporter.status is RosterStatus.ACTIVE:
                found.append((id, name, supporter.force_id))
        return found

    async def offered(self, member_id: str, at: datetime) -> None:
        if member_id in self._rows.supporters:
            supporter = replace(self._rows.supporters[member_id], last_offered_at=at)
            await self.put(supporter)

    def _candidate(self, id: str, now: datetime) -> Candidate:
        since = now - _WEEK
        matches = [match for match in self._rows.matches.values() if match.supporter_id == id]
        offers = [offer for offer in self._rows.offers.values() if offer.supporter_id == id]
        proposals = [proposal for proposal in self._rows.proposals.values() if proposal.supporter_id == id]
        load = Load(
            active=sum(match.state is MatchState.LIVE for match in matches),
            new_in_week=sum(match.introduced_at >= since for match in matches),
            unanswered_in_week=sum(offer.state in _UNANSWERED and offer.sent_at >= since for offer in offers),
            holding=sum(proposal.state is ProposalState.ASKED for proposal in proposals),
        )
        return candidate(self._rows.members[id], self._rows.supporters[id], load)


def candidate(member: Member, supporter: Supporter, load: Load) -> Candidate:
    """As a store would read them. The keys are no secret here."""
    person = person_key(member.tenant_id, member.directory_id)
    return Candidate(supporter, member.tenant_id, person, member.reach, load)


def _maybe_free(supporter: Supporter) -> bool:
    ready = (supporter.selected_on, supporter.trained_on, supporter.signed_off_by)
    return supporter.status is RosterStatus.ACTIVE and not supporter.paused and None not in ready


class MemoryCoordinators:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Coordinator | None:
        return self._rows.coordinators.get(member_id)

    async def put(self, coordinator: Coordinator) -> None:
        refers(self._rows.members, coordinator.id)
        self._rows.coordinators[coordinator.id] = coordinator

    async def set_daily(self, member_id: str, *, daily: bool) -> None:
        if member_id in self._rows.coordinators:
            await self.put(replace(self._rows.coordinators[member_id], daily=daily))

    async def of_force(self, force_id: str) -> Sequence[Coordinator]:
        return [
            coordinator
            for _, coordinator in sorted(self._rows.coordinators.items())
            if coordinator.force_id == force_id and coordinator.status is RosterStatus.ACTIVE
        ]

    async def any_for(self, force_id: str, requester_id: str) -> bool:
        return any(
            self._rows.members[coordinator.id].reach is Reach.REACHABLE and coordinator.id != requester_id
            for coordinator in await self.of_force(force_id)
        )


class MemoryRoster:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def everyone(self) -> Sequence[tuple[Member, Supporter | None, Coordinator | None]]:
        rows = self._rows
        ids = sorted(rows.supporters.keys() | rows.coordinators.keys())
        return [(rows.members[id], rows.supporters.get(id), rows.coordinators.get(id)) for id in ids]

    async def known(self, people: Collection[tuple[str, str]]) -> Sequence[Member]:
        wanted = {(tenant.casefold(), directory.strip().casefold()) for tenant, directory in people}
        return [member for member in self._rows.members.values() if _person(member) in wanted]

    async def put(
        self,
        people: Sequence[tuple[Member, Supporter | None, Coordinator | None]],
        new: Collection[str],
    ) -> None:
        rows = self._rows
        for member, supporter, coordinator in people:
            aware(member)
            others = [each for each in rows.members.values() if _person(each) == _person(member)]
            if (member.id in new) == (member.id in rows.members) or others not in (
                [],
                [rows.members.get(member.id)],
            ):
                raise OutOfDate
            stands = rows.members.get(member.id, member)
            rows.members[member.id] = replace(
                stands, name=member.name, email=member.email, force_id=member.force_id
            )
            if supporter is not None:
                aware(supporter)
                rows.supporters[supporter.id] = _rostered(supporter, rows.supporters.get(supporter.id))
            if coordinator is not None:
                before = rows.coordinators.get(coordinator.id, coordinator)
                rows.coordinators[coordinator.id] = replace(coordinator, daily=before.daily)


def _rostered(after: Supporter, stands: Supporter | None) -> Supporter:
    if stands is None:
        return after
    return replace(
        after,
        named=stands.named & after.experiences,
        paused=stands.paused,
        listed=stands.listed,
        last_offered_at=stands.last_offered_at,
    )


class MemoryExclusions:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def of(self, owner_id: str) -> Sequence[Exclusion]:
        return [row for _, row in sorted(self._rows.exclusions.items()) if row.owner_id == owner_id]

    async def add(self, exclusion: Exclusion) -> None:
        refers(self._rows.members, exclusion.owner_id)
        if not any(_person(row) == _person(exclusion) for row in await self.of(exclusion.owner_id)):
            self._rows.exclusions[exclusion.id] = exclusion

    async def remove(self, owner_id: str, exclusion_id: str) -> bool:
        found = self._rows.exclusions.get(exclusion_id)
        if found is None or found.owner_id != owner_id:
            return False
        del self._rows.exclusions[exclusion_id]
        return True

    async def around(self, member_id: str) -> frozenset[str]:
        rows = self._rows
        me = rows.members.get(member_id)
        named = {_person(row) for row in rows.exclusions.values() if row.owner_id == member_id}
        named_by = {row.owner_id for row in rows.exclusions.values() if me and _person(row) == _person(me)}
        return frozenset(
            named_by | {member.id for member in rows.members.values() if _person(member) in named}
        )


class MemoryDrafts:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Draft | None:
        return self._rows.drafts.get(member_id)

    async def take(self, member_id: str) -> Draft | None:
        return self._rows.drafts.pop(member_id, None)

    async def put(self, draft: Draft) -> None:
        aware(draft)
        refers(self._rows.members, draft.member_id)
        self._rows.drafts[draft.member_id] = replace(draft, answers=dict(draft.answers))

    async def remove(self, member_id: str) -> None:
        self._rows.drafts.pop(member_id, None)
