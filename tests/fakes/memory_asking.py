"""The twin's requests, offers, proposals and matches, with the rules that unique indexes hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from peer_support.offer import Match, MatchState, Offer, OfferState, Proposal, ProposalState
from peer_support.refusals import AlreadyAsking, OutOfDate
from peer_support.request import Asker, Request
from tests.fakes.memory_rows import Rows, aware, refers


class MemoryRequests:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, request_id: str) -> Request | None:
        return self._rows.requests.get(request_id)

    async def look(self, request_id: str) -> Request | None:
        return await self.get(request_id)

    async def of_proposal(self, proposal_id: str) -> Request | None:
        proposal = self._rows.proposals.get(proposal_id)
        return await self.get(proposal.request_id) if proposal else None

    async def of_offer(self, offer_id: str, supporter_id: str, *, answers: bool = False) -> Request | None:
        offer = self._rows.offers.get(offer_id)
        return await self.get(offer.request_id) if offer and offer.supporter_id == supporter_id else None

    async def asker(self, member_id: str, reference: str, force_id: str, since: datetime) -> Asker:
        return Asker(
            asking=await self.live_of(member_id) is not None,
            reference_taken=await self.reference_taken(reference),
            names_shown=await MemoryProposals(self._rows).shown_since(member_id, since),
        )

    async def live_of(self, member_id: str) -> Request | None:
        return next((row for row in self._live() if row.requester_id == member_id), None)

    async def live_in(self, force_id: str) -> Sequence[Request]:
        found = [row for row in self._live() if row.force_id == force_id]
        return sorted(found, key=lambda row: (row.created_at, row.id))

    async def reference_taken(self, reference: str) -> bool:
        return any(row.reference == reference for row in self._live())

    def begin(self, request_id: str) -> None:
        assert request_id not in self._rows.requests

    async def add(self, request: Request) -> None:
        aware(request)
        refers(self._rows.members, request.requester_id)
        if request.live and await self.live_of(request.requester_id):
            raise AlreadyAsking
        if request.id in self._rows.requests or (
            request.live and await self.reference_taken(request.reference)
        ):
            raise OutOfDate
        self._rows.requests[request.id] = request

    async def save(self, request: Request) -> None:
        aware(request)
        stored = self._rows.requests.get(request.id)
        if stored is None or stored.version != request.version:
            raise OutOfDate
        self._rows.requests[request.id] = replace(request, version=request.version + 1)

    def _live(self) -> list[Request]:
        return [row for row in self._rows.requests.values() if row.live]


class MemoryOffers:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, offer_id: str) -> Offer | None:
        return self._rows.offers.get(offer_id)

    async def add(self, *offers: Offer) -> None:
        for offer in offers:
            aware(offer)
            refers(self._rows.requests, offer.request_id)
            refers(self._rows.supporters, offer.supporter_id)
            held = offer.state is OfferState.SENT and any(
                row.request_id == offer.request_id for row in await self.sent_to(offer.supporter_id)
            )
            if held or offer.id in self._rows.offers:
                raise OutOfDate
            self._rows.offers[offer.id] = offer

    async def end(self, offer_id: str, to: OfferState, now: datetime) -> bool:
        offer = self._rows.offers.get(offer_id)
        if offer is None or offer.state is not OfferState.SENT:
            return False
        self._rows.offers[offer_id] = replace(offer, state=to, answered_at=now)
        return True

    async def take_back(self, offer_id: str, now: datetime) -> bool:
        offer = self._rows.offers.get(offer_id)
        if offer is None or offer.state is not OfferState.ACCEPTED:
            return False
        self._rows.offers[offer_id] = replace(offer, state=OfferState.DECLINED, answered_at=now)
        return True

    async def of_request(self, request_id: str) -> Sequence[Offer]:
        return _oldest_first(row for row in self._rows.offers.values() if row.request_id == request_id)

    async def sent_to(self, supporter_id: str) -> Sequence[Offer]:
        return _oldest_first(
            row
            for row in self._rows.offers.values()
            if row.supporter_id == supporter_id and row.state is OfferState.SENT
        )


def _oldest_first(offers: Iterable[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda row: (row.sent_at, row.id))


class MemoryProposals:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, proposal_id: str) -> Proposal | None:
        return self._rows.proposals.get(proposal_id)

    async def of_offer(self, offer_id: str) -> Proposal | None:
        return next((row for row in self._rows.proposals.values() if row.offer_id == offer_id), None)

    async def add(self, proposal: Proposal) -> None:
        aware(proposal)
        refers(self._rows.requests, proposal.request_id)
        refers(self._rows.offers, proposal.offer_id)
        refers(self._rows.supporters, proposal.supporter_id)
        asked = proposal.state is ProposalState.ASKED and await self.asked_of(proposal.request_id)
        if asked or proposal.id in self._rows.proposals or await self.of_offer(proposal.offer_id):
            raise OutOfDate
        self._rows.proposals[proposal.id] = proposal

    async def end(self, proposal_id: str, to: ProposalState, now: datetime) -> bool:
        proposal = self._rows.proposals.get(proposal_id)
        if proposal is None or proposal.state is not ProposalState.ASKED:
            return False
        self._rows.proposals[proposal_id] = replace(proposal, state=to, ended_at=now)
        return True

    async def asked_of(self, request_id: str) -> Proposal | None:
        asked = (row for row in self._rows.proposals.values() if row.state is ProposalState.ASKED)
        return next((row for row in asked if row.request_id == request_id), None)

    async def shown_since(self, requester_id: str, since: datetime) -> int:
        theirs = {row.id for row in self._rows.requests.values() if row.requester_id == requester_id}
        shown = (row for row in self._rows.proposals.values() if row.request_id in theirs)
        own = self._rows.members.get(requester_id)
        person = (own.tenant_id.casefold(), own.directory_id.strip().casefold()) if own else None
        before = [at for whose, at, _ in self._rows.shown_names.values() if whose == person and at >= since]
        return len({row.supporter_id for row in shown if row.made_at >= since}) + len(before)


class MemoryMatches:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, match_id: str) -> Match | None:
        return self._rows.matches.get(match_id)

    async def add(self, match: Match) -> None:
        aware(match)
        refers(self._rows.requests, match.request_id)
        refers(self._rows.proposals, match.proposal_id)
        refers(self._rows.members, match.requester_id)
        refers(self._rows.supporters, match.supporter_id)
        live = match.state is MatchState.LIVE and await self.live_of_request(match.request_id)
        if live or match.id in self._rows.matches:
            raise OutOfDate
        self._rows.matches[match.id] = match

    async def save(self, match: Match) -> None:
        aware(match)
        stored = self._rows.matches.get(match.id)
        if stored is None or stored.state is not MatchState.LIVE:
            raise OutOfDate
        self._rows.matches[match.id] = match

    async def live_of_request(self, request_id: str) -> Match | None:
        return next((row for row in self._live() if row.request_id == request_id), None)

    async def live_of_supporter(self, supporter_id: str) -> Sequence[Match]:
        found = [row for row in self._live() if row.supporter_id == supporter_id]
        return sorted(found, key=lambda row: (row.introduced_at, row.id))

    def _live(self) -> list[Match]:
        return [row for row in self._rows.matches.values() if row.state is MatchState.LIVE]
