"""The simulated service's requests, offers, proposals and matches, with the rules that unique indexes hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from peer_support.form import read
from peer_support.offer import Match, MatchState, Offer, OfferState, Proposal, ProposalState
from peer_support.refusals import AlreadyAsking, OutOfDate
from peer_support.request import Asker, Request, RequestState
from simulation.rows import Rows


class RequestsInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, request_id: str) -> Request | None:
        return self._rows.requests.rows.get(request_id)

    async def look(self, request_id: str) -> Request | None:
        return self._rows.requests.rows.get(request_id)

    async def of_proposal(self, proposal_id: str) -> Request | None:
        proposal = self._rows.proposals.rows.get(proposal_id)
        return self._rows.requests.rows.get(proposal.request_id) if proposal else None

    async def of_offer(self, offer_id: str, supporter_id: str, *, answers: bool = False) -> Request | None:  # noqa: ARG002
        offer = self._rows.offers.rows.get(offer_id)
        own = offer is not None and offer.supporter_id == supporter_id
        return self._rows.requests.rows.get(offer.request_id) if offer and own else None

    async def asker(self, member_id: str, reference: str, force_id: str, since: datetime) -> Asker:  # noqa: ARG002
        return Asker(await self.live_of(member_id) is not None, reference_taken=False, names_shown=0)

    def begin(self, request_id: str) -> None:
        """A request to come, as the answers say that were just taken: it is asked for before it is kept."""
        draft = self._rows.taken
        wishes = read(draft.answers).wishes if draft else None
        if draft is None or wishes is None:
            return
        member, now = self._rows.members.rows[draft.member_id], draft.saved_at
        self._rows.begun = Request(
            request_id, "", member.id, member.force_id or "", wishes, RequestState.OPEN, now, now
        )

    async def live_of(self, member_id: str) -> Request | None:
        return next((self._rows.requests.rows[id] for id in self._rows.live_requests.of[member_id]), None)

    async def live_in(self, force_id: str) -> Sequence[Request]:
        return [row for row in self._rows.requests.rows.values() if row.live and row.force_id == force_id]

    async def reference_taken(self, reference: str) -> bool:  # noqa: ARG002 - the port's
        """Nobody made up reads one out, and a year has more of them than there are."""
        return False

    async def add(self, request: Request) -> None:
        if self._rows.live_requests.of[request.requester_id]:
            raise AlreadyAsking
        self._rows.requests.put(request.id, request)

    async def save(self, request: Request) -> None:
        stored = self._rows.requests.rows.get(request.id)
        if stored is None or stored.version != request.version:
            raise OutOfDate
        self._rows.requests.put(request.id, replace(request, version=request.version + 1))


class OffersInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, offer_id: str) -> Offer | None:
        return self._rows.offers.rows.get(offer_id)

    async def add(self, *offers: Offer) -> None:
        for offer in offers:
            if any(each.request_id == offer.request_id for each in await self.sent_to(offer.supporter_id)):
                raise OutOfDate
            self._rows.offers.put(offer.id, offer)

    async def end(self, offer_id: str, to: OfferState, now: datetime) -> bool:
        return self._move(offer_id, OfferState.SENT, to, now)

    async def take_back(self, offer_id: str, now: datetime) -> bool:
        return self._move(offer_id, OfferState.ACCEPTED, OfferState.DECLINED, now)

    async def of_request(self, request_id: str) -> Sequence[Offer]:
        """Whoever is listed next is listed for this request."""
        self._rows.at_hand = request_id
        return self._all(self._rows.offers_of_request.of[request_id])

    async def sent_to(self, supporter_id: str) -> Sequence[Offer]:
        return self._all(self._rows.sent_to.of[supporter_id])

    def _move(self, offer_id: str, before: OfferState, after: OfferState, now: datetime) -> bool:
        offer = self._rows.offers.rows.get(offer_id)
        if offer is None or offer.state is not before:
            return False
        self._rows.offers.put(offer_id, replace(offer, state=after, answered_at=now))
        return True

    def _all(self, ids: Iterable[str]) -> list[Offer]:
        return sorted((self._rows.offers.rows[id] for id in ids), key=lambda row: (row.sent_at, row.id))


class ProposalsInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, proposal_id: str) -> Proposal | None:
        return self._rows.proposals.rows.get(proposal_id)

    async def of_offer(self, offer_id: str) -> Proposal | None:
        return next((self._rows.proposals.rows[id] for id in self._rows.proposed.of[offer_id]), None)

    async def add(self, proposal: Proposal) -> None:
        if await self.asked_of(proposal.request_id) or await self.of_offer(proposal.offer_id):
            raise OutOfDate
        self._rows.proposals.put(proposal.id, proposal)

    async def end(self, proposal_id: str, to: ProposalState, now: datetime) -> bool:
        proposal = self._rows.proposals.rows.get(proposal_id)
        if proposal is None or proposal.state is not ProposalState.ASKED:
            return False
        self._rows.proposals.put(proposal_id, replace(proposal, state=to, ended_at=now))
        return True

    async def asked_of(self, request_id: str) -> Proposal | None:
        found = (self._rows.proposals.rows[id] for id in self._rows.proposals_of_request.of[request_id])
        return next((row for row in found if row.state is ProposalState.ASKED), None)

    async def shown_since(self, requester_id: str, since: datetime) -> int:
        """Everybody made up asks once, so their live request has all the names that they were shown."""
        requests = self._rows.live_requests.of[requester_id]
        found = (
            self._rows.proposals.rows[id]
            for each in requests
            for id in self._rows.proposals_of_request.of[each]
        )
        return len({row.supporter_id for row in found if row.made_at >= since})


class MatchesInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, match_id: str) -> Match | None:
        return self._rows.matches.rows.get(match_id)

    async def add(self, match: Match) -> None:
        if self._rows.live_matches.of[match.request_id]:
            raise OutOfDate
        self._rows.matches.put(match.id, match)

    async def save(self, match: Match) -> None:
        stored = self._rows.matches.rows.get(match.id)
        if stored is None or stored.state is not MatchState.LIVE:
            raise OutOfDate
        self._rows.matches.put(match.id, match)

    async def live_of_request(self, request_id: str) -> Match | None:
        return next((self._rows.matches.rows[id] for id in self._rows.live_matches.of[request_id]), None)

    async def live_of_supporter(self, supporter_id: str) -> Sequence[Match]:
        found = [self._rows.matches.rows[id] for id in self._rows.matches_with.of[supporter_id]]
        return [row for row in found if row.state is MatchState.LIVE]
