"""A supporter's answer to a blind offer: accept, decline, decline and pause me."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from peer_support import taxonomy
from peer_support.access import Action, Standing
from peer_support.acting import By, allowed, arrive, mend_cards, note_act, tell
from peer_support.due import DueKind
from peer_support.ids import new_id
from peer_support.life.asking import ask_round, policy_of, seeker_of
from peer_support.life.ending import OFFER_CARDS, take_back_offers, take_back_yes
from peer_support.life.letting_go import hold, let_go_of_offers
from peer_support.life.waiting import reminder_at
from peer_support.matching.eligible import Reason, Step, why_not
from peer_support.notice import NoticeKind
from peer_support.offer import NEVER_ANSWERED, Offer, OfferState, Proposal, ProposalState
from peer_support.people import Supporter
from peer_support.ports import Desk, Work
from peer_support.reading import offer_view
from peer_support.refusals import NotFound
from peer_support.request import HowSoon, Request, RequestState
from peer_support.views import OfferView


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """`apart` is the supporter's word that they have no part in what is being looked into."""

    by: By
    offer_id: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """`apart_needed`: nothing was done yet, that word is asked for first. `paused`: pressed while paused, nor here."""

    view: OfferView
    apart_needed: bool = False
    paused: bool = False


async def accept_offer(command: AcceptOffer, desk: Desk) -> OfferAnswered:
    """Say yes, blind. The first yes wins; the requester is then asked, and no name has been shown to anyone yet."""
    by = command.by
    async with desk.open_work() as work:
        standing, offer, request = await _offer_of(work, desk, by, command.offer_id, answers=True)
        if offer.state is not OfferState.SENT:
            proposal = await work.proposals.of_offer(offer.id)
            return await _ended(work, desk, offer, request, by, proposal, standing.supporter)
        scrutiny = any(taxonomy.is_scrutiny(topic) for topic in request.wishes.topics)
        stopped = await _recheck(work, desk, offer, request, by)
        if stopped is Reason.PAUSED:
            return OfferAnswered(offer_view(desk, offer, request, None, by.now), paused=True)
        if stopped is not None or request.state is not RequestState.OPEN:
            return await _moved_on(work, desk, offer, request, by)
        if scrutiny and not command.apart:
            return OfferAnswered(offer_view(desk, offer, request, None, by.now), apart_needed=True)
        if not await work.offers.end(offer.id, OfferState.ACCEPTED, by.now):
            return await _moved_on(work, desk, offer, request, by)
        proposal = await _propose(work, desk, offer, request, by)
        await mend_cards(
            work, standing.member.id, NoticeKind.OFFER, OFFER_CARDS, offer.id, by.now, pressed=by.pressed
        )
        await note_act(work, by.now, "offer.accepted", offer.id, standing)
        accepted = replace(offer, state=OfferState.ACCEPTED, answered_at=by.now)
        return OfferAnswered(
            offer_view(desk, accepted, request, proposal, by.now, supporter=standing.supporter)
        )


async def _offer_of(
    work: Work, desk: Desk, by: By, offer_id: str, *, with_others: bool = False, answers: bool = False
) -> tuple[Standing, Offer, Request]:
    """The supporter's own offer and its request, the request locked first so that accepts stand in one line.

    `with_others` locks the requests of their other offers too, where those are to be taken back in the same press.
    `answers`: with a yes, which is asked in one statement less. Either way another's offer locks nothing.
    """
    standing = await arrive(work, desk, by)
    if not answers:
        allowed(standing, Action.ANSWER_OFFER, await work.offers.get(offer_id))
    if with_others:
        await hold(work, [standing.member.id])
    request = await work.requests.of_offer(offer_id, standing.member.id, answers=answers)
    if request is None:
        raise NotFound
    own = [each for each in await work.offers.of_request(request.id) if each.id == offer_id]
    return standing, allowed(standing, Action.ANSWER_OFFER, own[0] if own else None), request


async def _recheck(work: Work, desk: Desk, offer: Offer, request: Request, by: By) -> Reason | None:
    candidate = await work.supporters.answering(offer, request.requester_id, by.now)
    if candidate is None:
        return Reason.NOT_ACTIVE
    policy = policy_of(desk, candidate.supporter.force_id)
    return why_not(candidate, await seeker_of(work, request), by.now, policy, step=Step.ACCEPT)


async def _ended(
    work: Work,
    desk: Desk,
    offer: Offer,
    request: Request,
    by: By,
    proposal: Proposal | None = None,
    supporter: Supporter | None = None,
) -> OfferAnswered:
    """It was answered, or had ended, before the press.

    An ending they hear now, in its one wording, and not a second time later; but what became of a yes only when its
    wait is over: until then a yes looks like one that stands.
    """
    if offer.state in NEVER_ANSWERED:
        ended = NoticeKind.OFFER_ENDED
        await work.notices.drop(offer.id, (ended,))
        await mend_cards(work, offer.supporter_id, ended, OFFER_CARDS, offer.id, by.now, pressed=by.pressed)
    view = offer_view(desk, offer, request, proposal, by.now, supporter=supporter)
    heard = offer.state is OfferState.ACCEPTED and await _heard(work, offer)
    return OfferAnswered(replace(view, ended=True) if heard else view)


async def _heard(work: Work, offer: Offer) -> bool:
    """Whether the neutral ending has reached them."""
    return bool(await work.notices.sent_cards(offer.supporter_id, NoticeKind.OFFER_ENDED, offer.id))


async def _moved_on(work: Work, desk: Desk, offer: Offer, request: Request, by: By) -> OfferAnswered:
    """A rule stands between by now: the offer is taken back, and the next supporter is asked at once."""
    await take_back_offers(work, desk, [offer], by.now, quietly=True)
    await ask_round(work, desk, request, by.now)
    return await _ended(work, desk, replace(offer, state=OfferState.WITHDRAWN), request, by)


async def _propose(work: Work, desk: Desk, offer: Offer, request: Request, by: By) -> Proposal:
    """Ask the requester about this supporter, let the others go, and start consent's clock."""
    policy = policy_of(desk, request.force_id)
    today = request.wishes.soon is HowSoon.TODAY
    held = policy.proposal_held_hours_today if today else policy.proposal_held_hours
    proposal = Proposal(
        id=new_id(),
        request_id=request.id,
        offer_id=offer.id,
        supporter_id=offer.supporter_id,
        state=ProposalState.ASKED,
        made_at=by.now,
        held_until=by.now + timedelta(hours=held),
    )
    await work.proposals.add(proposal)
    await work.requests.save(request.moved(RequestState.PROPOSED, by.now))
    others = [o for o in await work.offers.of_request(request.id) if o.id != offer.id]
    await take_back_offers(work, desk, others, by.now)
    await work.dues.clear(offer.id)
    await work.dues.remove(DueKind.ROUND, request.id)
    await work.dues.remove(DueKind.NEWS, request.id)
    first_from = by.now + timedelta(hours=policy.proposal_reminder_hours)
    first = reminder_at(first_from, request.wishes.when, policy)
    if first >= proposal.held_until:
        first = policy.waking.next_open(first_from)
    second_from = by.now + timedelta(hours=policy.proposal_second_reminder_hours)
    second = reminder_at(second_from, request.wishes.when, policy)
    if first < proposal.held_until:
        await work.dues.put(DueKind.PROPOSAL_REMINDER, proposal.id, first)
    if first < second < proposal.held_until:
        await work.dues.put(DueKind.PROPOSAL_SECOND_REMINDER, proposal.id, second)
    await work.dues.put(DueKind.PROPOSAL_LAPSES, proposal.id, proposal.held_until)
    await tell(work, request.requester_id, NoticeKind.PROPOSAL, proposal.id, by.now)
    return proposal


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    by: By
    offer_id: str
    pause: bool = False


async def decline_offer(command: DeclineOffer, desk: Desk) -> OfferAnswered:
    """Say no, without a reason; the next supporter is asked at once. May pause the supporter in the same press."""
    by = command.by
    async with desk.open_work() as work:
        standing, offer, request = await _offer_of(
            work, desk, by, command.offer_id, with_others=command.pause
        )
        proposal = await work.proposals.of_offer(offer.id)
        if await _takes_back(work, desk, offer, proposal, request, by):
            offer, proposal = replace(offer, state=OfferState.DECLINED), None
            own = standing.member.id
            await mend_cards(work, own, NoticeKind.OFFER, OFFER_CARDS, offer.id, by.now, pressed=by.pressed)
            await note_act(work, by.now, "offer.taken_back", offer.id, standing)
        ended = await work.offers.end(offer.id, OfferState.DECLINED, by.now)
        supporter = standing.supporter
        if command.pause and supporter is not None and not supporter.paused:
            supporter = replace(supporter, paused=True)
            await work.supporters.set_paused(supporter.id, paused=True)
            await let_go_of_offers(work, desk, supporter.id, by.now)
            await note_act(work, by.now, "supporter.paused", supporter.id, standing)
        paused = supporter is not None and supporter.paused
        if not ended and offer.state is not OfferState.DECLINED:
            answered = await _ended(work, desk, offer, request, by, proposal, supporter)
            return replace(answered, paused=paused)
        if ended:
            await work.dues.clear(offer.id)
            await mend_cards(
                work, standing.member.id, NoticeKind.OFFER, OFFER_CARDS, offer.id, by.now, pressed=by.pressed
            )
            await ask_round(work, desk, request, by.now)
            await note_act(work, by.now, "offer.declined", offer.id, standing)
        declined = replace(offer, state=OfferState.DECLINED)
        view = offer_view(desk, declined, request, None, by.now, supporter=supporter)
        return OfferAnswered(view, paused=paused)


async def _takes_back(
    work: Work, desk: Desk, offer: Offer, proposal: Proposal | None, request: Request, by: By
) -> bool:
    """Whoever said yes can't after all. Where the person had said no meanwhile, it is taken with the same thanks,
    and the ending that waited is never told: pressing it can't be a way to learn that it had ended.
    """
    if proposal is None or proposal.state is ProposalState.INTRODUCED or await _heard(work, offer):
        return False
    if not await work.offers.take_back(offer.id, by.now):
        return False
    if proposal.state is ProposalState.ASKED:
        await take_back_yes(work, desk, proposal, request, by.now)
    await work.notices.drop(offer.id, (NoticeKind.OFFER_ENDED,))
    return True
