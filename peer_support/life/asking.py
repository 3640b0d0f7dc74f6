"""Asking the next supporters, and the promise of news that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from peer_support.acting import note_act, tell
from peer_support.due import DueKind
from peer_support.ids import new_id
from peer_support.matching.asking import answer_by, asking_starts, news_by, next_news
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.choose import choose
from peer_support.notice import NoticeKind
from peer_support.offer import Offer, OfferState
from peer_support.policy import Policy
from peer_support.ports import Desk, Work
from peer_support.request import ForceWish, Request, RequestState

RETRY_HOURS = 4


async def seeker_of(work: Work, request: Request) -> Seeker:
    """The asking side of a match, from what the requester gave and, where they are on the roster, what it says."""
    members = await work.members.many([request.requester_id])
    own = await work.supporters.get(request.requester_id)
    return Seeker(
        request_id=request.id,
        member=members[request.requester_id],
        force_id=request.force_id,
        wishes=request.wishes,
        excluded=await work.exclusions.around(request.requester_id),
        asked=frozenset(offer.supporter_id for offer in await work.offers.of_request(request.id)),
        team=own.team if own else None,
        line_manager=own.line_manager if own else None,
    )


def policy_of(desk: Desk, force_id: str) -> Policy:
    """A force's numbers; the defaults for a force that has since left the file."""
    force = desk.forces.by_id.get(force_id)
    return force.policy if force else Policy()


def scope(desk: Desk, request: Request) -> frozenset[str]:
    """The forces whose supporters the wish may reach."""
    everywhere = frozenset(desk.forces.by_id)
    if request.wishes.force_wish is ForceWish.OWN:
        return everywhere & {request.force_id}
    if request.wishes.force_wish is ForceWish.DIFFERENT:
        return everywhere - {request.force_id}
    return everywhere


async def ask_round(work: Work, desk: Desk, request: Request, now: datetime) -> Request:
    """Offer an open request to whoever should be asked next, and set what happens if nobody can be.

    After it the request has a promise of news and a next step: an offer that expires, or a time to try again.
    Where nobody can be found at all, the coordinators are told at once, by reference alone.
    """
    if request.state is not RequestState.OPEN:
        return request
    if request.coordinator_route:
        return await _promise(work, desk, request, now, ())
    seeker = await seeker_of(work, request)
    waiting = [o for o in await work.offers.of_request(request.id) if o.state is OfferState.SENT]
    candidates = await work.supporters.candidates(now, scope(desk, request))
    policies = {force_id: policy_of(desk, force_id) for force_id in desk.forces.by_id}
    chosen = choose(
        candidates, seeker, now, policies.__getitem__, live_offers={o.supporter_id for o in waiting}
    ).chosen
    offers = [await offer_to(work, desk, request, candidate, now) for candidate in chosen]
    if offers:
        first_after_a_wait = request.round == 0 and now - request.created_at > timedelta(hours=1)
        request = replace(request, round=request.round + 1, nobody_told=False)
        await work.dues.remove(DueKind.ROUND, request.id)
        if first_after_a_wait:
            await tell(work, request.requester_id, NoticeKind.ASKING_STARTED, request.id, now, occasion="1")
    elif not waiting:
        request = await _try_again(work, desk, request, seeker, candidates, now)
    return await _promise(work, desk, request, now, [*waiting, *offers])


async def offer_to(work: Work, desk: Desk, request: Request, candidate: Candidate, now: datetime) -> Offer:
    """One blind offer, with its expiry; the supporter is told through the outbox."""
    policy = policy_of(desk, candidate.supporter.force_id)
    offer = Offer(
        id=new_id(),
        request_id=request.id,
        supporter_id=candidate.supporter.id,
        round=request.round + 1,
        state=OfferState.SENT,
        sent_at=now,
        answer_by=answer_by(now, request.wishes.soon, policy),
    )
    await work.offers.add(offer)
    await work.supporters.offered(offer.supporter_id, now)
    await work.dues.put(DueKind.OFFER_EXPIRES, offer.id, offer.answer_by)
    await tell(work, offer.supporter_id, NoticeKind.OFFER, offer.id, now)
    await note_act(work, now, "offer.made", offer.id)
    return offer


async def _try_again(
    work: Work, desk: Desk, request: Request, seeker: Seeker, candidates: Sequence[Candidate], now: datetime
) -> Request:
    starts = asking_starts(candidates, seeker, now, lambda force_id: policy_of(desk, force_id))
    if starts is not None:
        await work.dues.put(DueKind.ROUND, request.id, max(starts, now + timedelta(minutes=1)))
        return request
    policy = policy_of(desk, request.force_id)
    again = policy.waking.next_open(now + timedelta(hours=RETRY_HOURS))
    await work.dues.put(DueKind.ROUND, request.id, again)
    if not request.nobody_told:
        await tell_coordinators(work, request, NoticeKind.NOBODY_FOUND, now)
    return replace(request, nobody_told=True)


async def tell_coordinators(work: Work, request: Request, kind: NoticeKind, now: datetime) -> None:
    """Tell the force's coordinators of a request, by reference alone. Never the requester, where they are one."""
    for coordinator in await work.coordinators.of_force(request.force_id):
        if coordinator.id != request.requester_id:
            await tell(work, coordinator.id, kind, request.id, now, occasion=now.date().isoformat())


async def look_again(work: Work, desk: Desk, request: Request, now: datetime) -> Request:
    """Back to looking after a pause, a swap or a hand-back: the next supporters are asked.

    Not where as many names as may be shown were shown: from there it is the coordinator's route, and both are told.
    """
    policy = policy_of(desk, request.force_id)
    looking = replace(request.moved(RequestState.OPEN, now), news_by=None)
    await work.dues.remove(DueKind.RESTING_REMINDER, request.id)
    await work.dues.remove(DueKind.RESTING_CLOSES, request.id)
    since = now - timedelta(days=policy.names_shown_days)
    if await work.proposals.shown_since(request.requester_id, since) >= policy.names_shown:
        looking = replace(looking, coordinator_route=True)
        await tell_coordinators(work, looking, NoticeKind.NOBODY_FOUND, now)
    else:
        told_at = policy.office.next_open(now + timedelta(hours=policy.unmatched_told_hours))
        await work.dues.put(DueKind.UNMATCHED, request.id, told_at)
    return await ask_round(work, desk, looking, now)


async def _promise(
    work: Work, desk: Desk, request: Request, now: datetime, waiting: Sequence[Offer]
) -> Request:
    """Keep the promise already made while it stands; make the next one once it has passed."""
    policy = policy_of(desk, request.force_id)
    if request.news_by is not None and request.news_by > now:
        return request
    if waiting:
        promised = news_by(max(offer.answer_by for offer in waiting), policy)
    else:
        tries = [due.at for due in await work.dues.of(request.id) if due.kind is DueKind.ROUND]
        starts = tries[0] if tries and not request.nobody_told else None
        promised = (
            news_by(answer_by(starts, request.wishes.soon, policy), policy)
            if starts
            else next_news(now, policy)
        )
    await work.dues.put(DueKind.NEWS, request.id, promised)
    return replace(request, news_by=promised)
