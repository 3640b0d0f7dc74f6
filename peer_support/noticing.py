"""What a notice's recipient may know at the moment it is sent. None where it isn't theirs, or isn't any more."""

from __future__ import annotations

from datetime import datetime

from peer_support.notice import NoticeKind
from peer_support.offer import MatchState, OfferState
from peer_support.people import RosterStatus
from peer_support.ports import Desk, NameUnknown
from peer_support.reading import (
    force_name,
    introduced_view,
    introduction_view,
    member_of,
    offer_view,
    request_view,
    shown_proposal,
)
from peer_support.views import (
    CoordinatorContact,
    IntroducedView,
    IntroductionView,
    OfferView,
    ProposalView,
    RequestView,
)


async def own_request_view(desk: Desk, request_id: str, member_id: str, now: datetime) -> RequestView | None:
    """A requester's own request."""
    async with desk.open_work() as work:
        request = await work.requests.look(request_id)
        if request is None or request.requester_id != member_id:
            return None
        return await request_view(work, desk, request, now)


async def proposal_of(desk: Desk, proposal_id: str, member_id: str, now: datetime) -> ProposalView | None:
    """A proposal for the requester who is asked."""
    async with desk.open_work() as work:
        proposal = await work.proposals.get(proposal_id)
        request = await work.requests.look(proposal.request_id) if proposal else None
        if proposal is None or request is None or request.requester_id != member_id:
            return None
        return await shown_proposal(work, desk, proposal, request, now)


async def introduced_of(desk: Desk, match_id: str, member_id: str, now: datetime) -> IntroducedView | None:
    """The requester's side of a match."""
    async with desk.open_work() as work:
        match = await work.matches.get(match_id)
        if match is None or match.requester_id != member_id:
            return None
        request = await work.requests.look(match.request_id)
        candidate = await work.supporters.candidate(match.supporter_id, now)
        if request is None or candidate is None:
            return None
        supporter = await member_of(work, candidate)
        return introduced_view(desk, match, request, supporter, candidate.supporter.force_id)


async def offer_of(desk: Desk, offer_id: str, member_id: str, now: datetime) -> OfferView | None:
    """An offer for the supporter who has it."""
    async with desk.open_work() as work:
        offer = await work.offers.get(offer_id)
        if offer is None or offer.supporter_id != member_id:
            return None
        request = await work.requests.look(offer.request_id)
        if request is None:
            return None
        supporter = await work.supporters.get(member_id)
        proposal = await work.proposals.of_offer(offer.id)
        return offer_view(desk, offer, request, proposal, now, supporter=supporter)


async def offer_was_seen(desk: Desk, offer_id: str, member_id: str) -> bool:
    """Whether there is anything to end: an offer that was taken back before it was sent is never spoken of."""
    async with desk.open_work() as work:
        offer = await work.offers.get(offer_id)
        if offer is None or offer.supporter_id != member_id:
            return False
        shown = await work.notices.sent_cards(member_id, NoticeKind.OFFER, offer_id)
        return offer.state is OfferState.ACCEPTED or bool(shown)


async def introduction_of(desk: Desk, match_id: str, member_id: str) -> IntroductionView | None:
    """The supporter's side of a match. With `my matches` the one place where a requester's name is asked for.

    NameUnknown where the channel can't tell it now: an introduction without a name would be none. The look-up takes
    its time, so whether the match lives is read again after it, and what is read then is what is said.
    """
    async with desk.open_work() as work:
        match = await work.matches.get(match_id)
        if match is None or match.supporter_id != member_id:
            return None
        request = await work.requests.look(match.request_id)
        requester = (await work.members.many([match.requester_id])).get(match.requester_id)
    if request is None or requester is None:
        return None
    address = requester.address if match.state is MatchState.LIVE else None
    name = await desk.names.of(address) if address else None
    async with desk.open_work() as work:
        match = await work.matches.get(match_id) or match
    if match.state is not MatchState.LIVE:
        return introduction_view(match, request, None)
    if name is None:
        raise NameUnknown
    return introduction_view(match, request, name)


async def contact_of(desk: Desk, coordinator_id: str) -> CoordinatorContact | None:
    """A coordinator's own details."""
    async with desk.open_work() as work:
        coordinator = await work.coordinators.get(coordinator_id)
        member = (await work.members.many([coordinator_id])).get(coordinator_id)
        if coordinator is None or member is None or coordinator.status is not RosterStatus.ACTIVE:
            return None
        return CoordinatorContact(member.name or "", member.email, force_name(desk, coordinator.force_id))
