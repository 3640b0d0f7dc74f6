"""Asking the next supporters, and the promise of news that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from peer_support.acting import note_act, tell
from peer_support.due import DueKind
from peer_support.ids import new_id
from peer_support.matching.asking import (
    answer_by,
    first_in_both,
    news_by,
    next_news,
    waits_long,
)
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.choose import choose_in_lots
from peer_support.matching.eligible import own_hours, within_wish
from peer_support.notice import NoticeKind
from peer_support.offer import Offer, OfferState
from peer_support.people import Coordinator, Reach
from peer_support.policy import Policy
from peer_support.ports import Desk, Work
from peer_support.request import Request, RequestState

RETRY_HOURS = 4
NEWS_EARLY = timedelta(minutes=5)


async def seeker_of(work: Work, request: Request) -> Seeker:
    """The asking side of a match, from what the requester gave and, where they are on the roster, what it says."""
    members = await work.members.many([request.requester_id])
    asks, own = members[request.requester_id], await work.supporters.get(request.requester_id)
    manager = own.line_manager if own else None
    return Seeker(
        request_id=request.id,
        member=asks,
        person=work.members.person(asks.tenant_id, asks.directory_id),
        force_id=request.force_id,
        wishes=request.wishes,
        excluded=await work.exclusions.around(request.requester_id),
        asked=frozenset(offer.supporter_id for offer in await work.offers.of_request(request.id)),
        team=own.team if own else None,
        manager=work.members.person(asks.tenant_id, manager) if manager else None,
    )


def policy_of(desk: Desk, force_id: str) -> Policy:
    """A force's numbers; the defaults for a force that has since left the file."""
    force = desk.forces.by_id.get(force_id)
    return force.policy if force else Policy()


def scope(desk: Desk, request: Request) -> frozenset[str]:
    """The forces whose supporters the wish may reach."""
    wishes, own = request.wishes, request.force_id
    return frozenset(force_id for force_id in desk.forces.by_id if within_wish(force_id, own, wishes))


async def names_run_out(work: Work, desk: Desk, request: Request, now: datetime) -> bool:
    """Whether the requester was shown as many names as may be, for this request and in these weeks together."""
    policy = policy_of(desk, request.force_id)
    since = min(now - timedelta(days=policy.names_shown_days), request.created_at)
    return await work.proposals.shown_since(request.requester_id, since) >= policy.names_shown


async def ask_round(work: Work, desk: Desk, request: Request, now: datetime, *, new: bool = False) -> Request:
    """Write a request down and offer it, if it is open, to whoever should be asked next; set what happens if nobody is.

    After it the request has a promise of news and a next step: an offer that expires, or a time to try again.
    Where nobody can be found at all, the coordinators are told at once, by reference alone.
    """
    keep = work.requests.add if new else work.requests.save
    if request.state is not RequestState.OPEN:
        await keep(request)
        return request
    waiting = [o for o in await work.offers.of_request(request.id) if o.state is OfferState.SENT]
    if request.coordinator_route:
        if not waiting:
            await tell_coordinators(work, request, NoticeKind.NOBODY_FOUND, now)
        request = await _promise(work, desk, request, now, waiting)
        await keep(request)
        return request
    seeker = await seeker_of(work, request)
    policies = {force_id: policy_of(desk, force_id) for force_id in desk.forces.by_id}
    live = {offer.supporter_id for offer in waiting}
    candidates = work.supporters.candidates(now, scope(desk, request))
    choice = await choose_in_lots(candidates, seeker, now, policies.__getitem__, live)
    chosen = choice.chosen
    offers = [_offer(desk, request, candidate, now) for candidate in chosen]
    if offers:
        own = policy_of(desk, request.force_id)
        first_after_a_wait = request.round == 0 and waits_long(now, request.created_at, own)
        request = replace(request, round=request.round + 1, nobody_told=False)
        await work.dues.remove(DueKind.ROUND, request.id)
        if first_after_a_wait:
            await tell(work, request.requester_id, NoticeKind.ASKING_STARTED, request.id, now, occasion="1")
    elif not waiting:
        request = await _try_again(work, desk, request, choice.starts, now)
    request = await _promise(work, desk, request, now, [*waiting, *offers])
    await keep(request)
    await _make(work, desk, offers, chosen, now)
    return request


async def offer_to(work: Work, desk: Desk, request: Request, candidate: Candidate, now: datetime) -> None:
    """One blind offer to somebody whom a coordinator chose."""
    await _make(work, desk, [_offer(desk, request, candidate, now)], [candidate], now)


def _starts(desk: Desk, candidate: Candidate, now: datetime) -> datetime:
    policy = policy_of(desk, candidate.supporter.force_id)
    return first_in_both(own_hours(candidate, policy), policy.waking, now) or now


def _offer(desk: Desk, request: Request, candidate: Candidate, now: datetime) -> Offer:
    policy = policy_of(desk, candidate.supporter.force_id)
    starts = _starts(desk, candidate, now)
    return Offer(
        id=new_id(),
        request_id=request.id,
        supporter_id=candidate.supporter.id,
        round=request.round + 1,
        state=OfferState.SENT,
        sent_at=now,
        answer_by=answer_by(starts, request.wishes.soon, policy),
    )


async def _make(
    work: Work, desk: Desk, offers: Sequence[Offer], chosen: Sequence[Candidate], now: datetime
) -> None:
    """Write offers down, each with its expiry; each supporter is told through the outbox, in their hours."""
    if offers:
        await work.offers.add(*offers)
    for offer, candidate in zip(offers, chosen, strict=True):
        await work.supporters.offered(offer.supporter_id, now)
        await work.dues.put(DueKind.OFFER_EXPIRES, offer.id, offer.answer_by)
        starts = _starts(desk, candidate, now)
        await tell(work, offer.supporter_id, NoticeKind.OFFER, offer.id, now, not_before=starts)
        await note_act(work, now, "offer.made", offer.id)


async def _try_again(
    work: Work, desk: Desk, request: Request, starts: datetime | None, now: datetime
) -> Request:
    """When somebody can be asked at the soonest, or in a few hours where that can't be told."""
    if starts is not None:
        await work.dues.put(DueKind.ROUND, request.id, max(starts, now + timedelta(minutes=1)))
        return request
    policy = policy_of(desk, request.force_id)
    again = policy.waking.next_open(now + timedelta(hours=RETRY_HOURS))
    await work.dues.put(DueKind.ROUND, request.id, again)
    if not request.nobody_told:
        await tell_coordinators(work, request, NoticeKind.NOBODY_FOUND, now)
    return replace(request, nobody_told=True)


async def coordinators_for(work: Work, request: Request) -> Sequence[Coordinator]:
    """Whom a request can be told to: its force's coordinators who can be reached, never the requester as one."""
    coordinators = await work.coordinators.of_force(request.force_id)
    members = await work.members.many([coordinator.id for coordinator in coordinators])
    return [
        coordinator
        for coordinator in coordinators
        if coordinator.id != request.requester_id and members[coordinator.id].reach is Reach.REACHABLE
    ]


async def tell_coordinators(
    work: Work, request: Request, kind: NoticeKind, now: datetime, *, in_hours: bool = False
) -> None:
    """Tell the force's coordinators of a request, by reference alone: at once, or in each one's own hours.

    Once a round: nobody is told twice of the same standstill, and everybody is told of the next.
    """
    for coordinator in await coordinators_for(work, request):
        wait = coordinator.hours if in_hours else None
        at = wait.next_open(now) if wait else now
        await tell(
            work, coordinator.id, kind, request.id, now, occasion=f"round {request.round}", not_before=at
        )


async def take_coordinator_route(work: Work, request: Request, now: datetime) -> Request:
    """No more names: only the coordinator moves it on from here, and is told at once."""
    await tell_coordinators(work, request, NoticeKind.NOBODY_FOUND, now)
    return replace(request, coordinator_route=True)


async def look_again(work: Work, desk: Desk, request: Request, now: datetime) -> Request:
    """Back to looking after a pause, a swap or a hand-back, written down: the next supporters are asked.

    Not where as many names as may be shown were shown: from there it is the coordinator's route, and both are told.
    """
    policy = policy_of(desk, request.force_id)
    looking = replace(request.moved(RequestState.OPEN, now), news_by=None)
    await work.dues.remove(DueKind.RESTING_REMINDER, request.id)
    await work.dues.remove(DueKind.RESTING_CLOSES, request.id)
    if await names_run_out(work, desk, looking, now):
        looking = await take_coordinator_route(work, looking, now)
    else:
        told_at = policy.office.next_open(now + timedelta(hours=policy.unmatched_told_hours))
        await work.dues.put(DueKind.UNMATCHED, request.id, told_at)
    return await ask_round(work, desk, looking, now)


async def _promise(
    work: Work, desk: Desk, request: Request, now: datetime, waiting: Sequence[Offer]
) -> Request:
    """A promise that was made stands until its news has been given, late or not; only then is the next one made."""
    if request.news_by is not None:
        return request
    policy = policy_of(desk, request.force_id)
    if waiting:
        promised = news_by(max(now, *(offer.answer_by for offer in waiting)), policy)
    else:
        tries = [due.at for due in await work.dues.of(request.id) if due.kind is DueKind.ROUND]
        starts = tries[0] if tries and not request.nobody_told else None
        promised = (
            news_by(answer_by(starts, request.wishes.soon, policy), policy)
            if starts
            else next_news(now, policy)
        )
    early = promised - NEWS_EARLY
    due = early if early > now and policy.waking.open_at(early) else promised
    await work.dues.put(DueKind.NEWS, request.id, due)
    return replace(request, news_by=promised)
