"""The simulated service's people: members, supporters with their loads, coordinators, drafts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.matching.candidate import Candidate, Load
from peer_support.offer import MatchState, Offer, OfferState
from peer_support.people import Coordinator, Member, RosterStatus, Supporter
from peer_support.refusals import OutOfDate
from simulation.levels import plain
from simulation.rows import Rows
from simulation.shortlist import Shortlist

_WEEK = timedelta(days=7)
_UNANSWERED = frozenset({OfferState.SENT, OfferState.EXPIRED})


def candidate_of(rows: Rows, member_id: str, now: datetime) -> Candidate:
    """A supporter with the load they carry at `now`."""
    since = now - _WEEK
    matches = [rows.matches.rows[id] for id in rows.matches_with.of.get(member_id, ())]
    offers = [rows.offers.rows[id] for id in rows.offers_to.of.get(member_id, ())]
    load = Load(
        active=sum(match.state is MatchState.LIVE for match in matches),
        new_in_week=sum(match.introduced_at >= since for match in matches),
        unanswered_in_week=sum(offer.state in _UNANSWERED and offer.sent_at >= since for offer in offers),
        holding=len(rows.holding.of.get(member_id, ())),
    )
    return plain(rows, member_id, load)


class MembersInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Member | None:
        return self._rows.members.rows.get(member_id)

    async def find(self, tenant_id: str, directory_id: str) -> Member | None:
        id = self._rows.persons.get((tenant_id, directory_id))
        return self._rows.members.rows.get(id) if id else None

    def person(self, tenant_id: str, directory_id: str) -> str:
        return self._rows.persons.get((tenant_id, directory_id), directory_id)

    async def many(self, member_ids: Collection[str]) -> dict[str, Member]:
        found = self._rows.members.rows
        return {id: found[id] for id in member_ids if id in found}

    async def named(self, member_ids: Collection[str]) -> dict[str, Member]:
        return await self.many(member_ids)

    async def add(self, member: Member) -> None:
        if (member.tenant_id, member.directory_id) in self._rows.persons:
            raise OutOfDate
        self._rows.members.put(member.id, member)

    async def save(self, before: Member, after: Member) -> None:
        if before.id not in self._rows.members.rows:
            raise OutOfDate
        self._rows.members.put(after.id, after)


class SupportersInMemory:
    def __init__(self, rows: Rows, shortlist: Shortlist) -> None:
        self._rows, self._shortlist = rows, shortlist

    async def get(self, member_id: str) -> Supporter | None:
        return self._rows.supporters.rows.get(member_id)

    async def put(self, supporter: Supporter) -> None:
        self._rows.supporters.put(supporter.id, supporter)

    async def set_paused(self, member_id: str, *, paused: bool) -> None:
        stands = self._rows.supporters.rows.get(member_id)
        if stands is not None:
            await self.put(replace(stands, paused=paused))

    async def set_profile(self, member_id: str, *, bio: str, named: Collection[str], listed: bool) -> None:
        stands = self._rows.supporters.rows.get(member_id)
        if stands is not None:
            left = stands.experiences & frozenset(named)
            await self.put(replace(stands, bio=bio, named=left, listed=listed))

    async def candidate(self, member_id: str, now: datetime) -> Candidate | None:
        known = member_id in self._rows.supporters.rows
        return candidate_of(self._rows, member_id, now) if known else None

    async def answering(self, offer: Offer, requester_id: str, now: datetime) -> Candidate | None:  # noqa: ARG002
        return await self.candidate(offer.supporter_id, now)

    async def candidates(
        self, now: datetime, force_ids: Collection[str] | None = None
    ) -> AsyncGenerator[Sequence[Candidate], None]:
        """While a request is worked: those whom the rule could choose for it, which a test holds against all."""
        request = self._rows.requests.rows.get(self._rows.at_hand or "") or self._rows.begun
        if request is not None and force_ids is not None:
            yield self._shortlist.of(request, now, frozenset(force_ids))
        else:
            yield self._shortlist.everyone(now, force_ids)

    async def network(self, force_id: str, now: datetime) -> Sequence[Candidate]:
        found = self._rows.supporters.rows.values()
        return [candidate_of(self._rows, each.id, now) for each in found if each.force_id == force_id]

    async def listed(self) -> Sequence[tuple[str, str, str]]:
        found = self._rows.supporters.rows.values()
        return [
            (each.id, self._rows.members.rows[each.id].name or "", each.force_id)
            for each in found
            if each.listed and each.status is RosterStatus.ACTIVE
        ]

    async def offered(self, member_id: str, at: datetime) -> None:
        stands = self._rows.supporters.rows.get(member_id)
        if stands is not None:
            await self.put(replace(stands, last_offered_at=at))


class CoordinatorsInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Coordinator | None:
        return self._rows.coordinators.get(member_id)

    async def put(self, coordinator: Coordinator) -> None:
        self._rows.coordinators[coordinator.id] = coordinator

    async def set_daily(self, member_id: str, *, daily: bool) -> None:
        if member_id in self._rows.coordinators:
            await self.put(replace(self._rows.coordinators[member_id], daily=daily))

    async def of_force(self, force_id: str) -> Sequence[Coordinator]:
        return [each for each in self._rows.coordinators.values() if each.force_id == force_id]

    async def any_for(self, force_id: str, requester_id: str) -> bool:
        return any(each.id != requester_id for each in await self.of_force(force_id))


class NoExclusions:
    """Nobody made up leaves anybody out."""

    async def of(self, owner_id: str) -> Sequence[Exclusion]:  # noqa: ARG002 - the port's
        return ()

    async def add(self, exclusion: Exclusion) -> None:
        raise NotImplementedError(f"{exclusion.owner_id} leaves somebody out, which isn't simulated")

    async def remove(self, owner_id: str, exclusion_id: str) -> bool:  # noqa: ARG002 - the port's
        return False

    async def around(self, member_id: str) -> frozenset[str]:  # noqa: ARG002 - the port's
        return frozenset()


class DraftsInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, member_id: str) -> Draft | None:
        return self._rows.drafts.rows.get(member_id)

    async def take(self, member_id: str) -> Draft | None:
        self._rows.taken = self._rows.drafts.rows.get(member_id)
        await self.remove(member_id)
        return self._rows.taken

    async def put(self, draft: Draft) -> None:
        self._rows.drafts.put(draft.member_id, draft)

    async def remove(self, member_id: str) -> None:
        if member_id in self._rows.drafts.rows:
            self._rows.drafts.put(member_id, None)
