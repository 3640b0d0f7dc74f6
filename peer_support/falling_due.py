"""What each kind of due row comes to, when its moment is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from peer_support.acting import note_act, tell
from peer_support.commands.digest import next_digest
from peer_support.due import Due, DueKind
from peer_support.life.asking import ask_round, policy_of, tell_coordinators
from peer_support.life.contact_asks import end as end_contact_ask
from peer_support.life.contact_asks import is_open, remind_them
from peer_support.life.ending import OFFER_CARDS, end_neutrally, release, rest
from peer_support.life.forgetting import purge_due, roster_goes, scrub_due, scrub_now
from peer_support.life.opening_a_name import run_out, tell_opened
from peer_support.life.waiting import reminder_at
from peer_support.notice import NoticeKind
from peer_support.offer import MatchState, OfferState, ProposalState
from peer_support.people import RosterStatus
from peer_support.ports import Desk, Work
from peer_support.request import CloseReason, RequestState

Worker = Callable[[Work, Desk, Due, datetime], Awaitable[None]]
LATE = timedelta(minutes=30)


async def _round(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    request = await work.requests.get(due.subject_id)
    if request is not None and request.state is RequestState.OPEN:
        await ask_round(work, desk, request, now)


async def _offer_expires(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    offer = await work.offers.get(due.subject_id)
    request = await work.requests.get(offer.request_id) if offer else None
    if offer is None or request is None or not await work.offers.end(offer.id, OfferState.EXPIRED, now):
        return
    await work.notices.drop(offer.id, OFFER_CARDS)
    await end_neutrally(work, desk, offer.id, offer.supporter_id, now)
    await note_act(work, now, "offer.expired", offer.id)
    await ask_round(work, desk, request, now)


async def _news(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    """Keep the promise: say how it's going, with the next promise in the same breath."""
    request = await work.requests.get(due.subject_id)
    if request is None or request.state is not RequestState.OPEN:
        return
    told = replace(request, news_by=None, news_sent=request.news_sent + 1)
    await ask_round(work, desk, told, now)
    await tell(
        work, request.requester_id, NoticeKind.REQUEST, request.id, now, occasion=f"news {now.isoformat()}"
    )


async def _unmatched(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    request = await work.requests.get(due.subject_id)
    if request is None:
        return
    if request.state is RequestState.OPEN:
        await tell_coordinators(work, request, NoticeKind.UNMATCHED, now, in_hours=True)
    elif request.state is RequestState.PROPOSED:
        policy = policy_of(desk, request.force_id)
        again = policy.office.next_open(now + timedelta(hours=policy.unmatched_told_hours))
        await work.dues.put(DueKind.UNMATCHED, request.id, again)


async def _proposal_reminder(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    proposal = await work.proposals.get(due.subject_id)
    request = await work.requests.get(proposal.request_id) if proposal else None
    if proposal is None or request is None or proposal.state is not ProposalState.ASKED:
        return
    policy = policy_of(desk, request.force_id)
    late = now - due.at > LATE
    fits = reminder_at(now, request.wishes.when, policy) if late else now
    if now < fits < proposal.held_until:
        await work.dues.put(due.kind, proposal.id, fits)
        return
    if now < proposal.held_until:
        kind = NoticeKind.PROPOSAL_REMINDER
        await tell(work, request.requester_id, kind, proposal.id, now, occasion=due.kind.value)


async def _proposal_lapses(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    """No answer: the supporter is let go, and the request rests."""
    proposal = await work.proposals.get(due.subject_id)
    request = await work.requests.get(proposal.request_id) if proposal else None
    if proposal is None or request is None or request.state is not RequestState.PROPOSED:
        return
    if not await release(work, desk, proposal, ProposalState.RELEASED, now):
        return
    await work.requests.save(await rest(work, desk, request, now))
    await tell(work, request.requester_id, NoticeKind.RESTING, request.id, now, occasion=proposal.id)
    await note_act(work, now, "proposal.lapsed", proposal.id)


async def _resting_reminder(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    request = await work.requests.get(due.subject_id)
    if request is not None and request.state is RequestState.RESTING:
        when = request.state_since.isoformat()
        await tell(work, request.requester_id, NoticeKind.RESTING_REMINDER, request.id, now, occasion=when)


async def _resting_closes(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    request = await work.requests.get(due.subject_id)
    if request is None or request.state is not RequestState.RESTING:
        return
    closed = request.moved(RequestState.CLOSED, now, CloseReason.UNANSWERED)
    await work.dues.clear(request.id)
    await work.requests.save(replace(closed, wishes=replace(closed.wishes, note=None)))
    await tell(work, request.requester_id, NoticeKind.RESTING_CLOSED, request.id, now)
    await note_act(work, now, "request.closed_unanswered", request.id)


async def _first_contact(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    """Nobody has said that they spoke: the supporter is reminded, and in a day the requester is asked."""
    match = await work.matches.get(due.subject_id)
    request = await work.requests.get(match.request_id) if match else None
    if (
        match is None
        or request is None
        or match.state is not MatchState.LIVE
        or match.in_touch_at is not None
    ):
        return
    policy = policy_of(desk, request.force_id)
    await tell(work, match.supporter_id, NoticeKind.FIRST_CONTACT, match.id, now, occasion="1")
    asked = policy.waking.next_open(now + timedelta(hours=policy.first_contact_hours_today))
    await work.dues.put(DueKind.IN_TOUCH, match.id, asked)


async def _in_touch(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    match = await work.matches.get(due.subject_id)
    if match is not None and match.state is MatchState.LIVE and match.in_touch_at is None:
        day = now.date().isoformat()
        await tell(work, match.requester_id, NoticeKind.IN_TOUCH, match.id, now, occasion=day)


async def _check_in(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    match = await work.matches.get(due.subject_id)
    request = await work.requests.get(match.request_id) if match else None
    if match is None or request is None or match.state is not MatchState.LIVE:
        return
    policy = policy_of(desk, request.force_id)
    day = now.date().isoformat()
    await tell(work, match.requester_id, NoticeKind.CHECK_IN, match.id, now, occasion=day)
    await tell(work, match.supporter_id, NoticeKind.SUPPORTER_CHECK_IN, match.id, now, occasion=day)
    again = policy.waking.next_open(now + timedelta(days=policy.check_in_again_days))
    await work.dues.put(DueKind.CHECK_IN, match.id, again)


async def _digest(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    """Queue this coordinator's digest for today, and set the next. A missed day is not sent twice over."""
    coordinator = await work.coordinators.get(due.subject_id)
    if coordinator is None or coordinator.status is not RosterStatus.ACTIVE:
        return
    policy = policy_of(desk, coordinator.force_id)
    await work.dues.put(DueKind.DIGEST, coordinator.id, next_digest(coordinator, policy, now))
    day = now.date().isoformat()
    await tell(work, coordinator.id, NoticeKind.DIGEST, coordinator.id, now, occasion=day)


async def _contact_reminder(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    member = (await work.members.many([due.subject_id])).get(due.subject_id)
    if member is not None and await is_open(work, member.id):
        await remind_them(work, desk, member, now)


async def _contact_unanswered(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    """Nobody has said that they've been in touch: it ends here, and the person is told whom else they could ask."""
    member = (await work.members.many([due.subject_id])).get(due.subject_id)
    if member is not None:
        await end_contact_ask(work, member, now)
        kind = NoticeKind.CONTACT_UNANSWERED
        await tell(work, member.id, kind, member.id, now, occasion=due.at.isoformat())
        await note_act(work, now, "contact.unanswered", member.id)


async def _draft_goes(work: Work, _desk: Desk, due: Due, _now: datetime) -> None:
    await work.drafts.remove(due.subject_id)


async def _note_goes(work: Work, _desk: Desk, due: Due, _now: datetime) -> None:
    request = await work.requests.get(due.subject_id)
    if request is not None and request.wishes.note is not None:
        await work.requests.save(replace(request, wishes=replace(request.wishes, note=None)))


async def _name_ask_runs_out(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    ask = await work.break_glass.get(due.subject_id)
    if ask is not None:
        await run_out(work, ask, now)


async def _opening_told(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    ask = await work.break_glass.get(due.subject_id)
    request = await work.requests.get(ask.request_id) if ask else None
    if ask is not None and request is not None:
        await tell_opened(work, ask, request, now)


WORKERS: Mapping[DueKind, Worker] = {
    DueKind.ROUND: _round,
    DueKind.NEWS: _news,
    DueKind.UNMATCHED: _unmatched,
    DueKind.OFFER_EXPIRES: _offer_expires,
    DueKind.PROPOSAL_REMINDER: _proposal_reminder,
    DueKind.PROPOSAL_SECOND_REMINDER: _proposal_reminder,
    DueKind.PROPOSAL_LAPSES: _proposal_lapses,
    DueKind.RESTING_REMINDER: _resting_reminder,
    DueKind.RESTING_CLOSES: _resting_closes,
    DueKind.FIRST_CONTACT: _first_contact,
    DueKind.IN_TOUCH: _in_touch,
    DueKind.CHECK_IN: _check_in,
    DueKind.DIGEST: _digest,
    DueKind.DRAFT_GOES: _draft_goes,
    DueKind.CONTACT_REMINDER: _contact_reminder,
    DueKind.CONTACT_UNANSWERED: _contact_unanswered,
    DueKind.NOTE_GOES: _note_goes,
    DueKind.ROSTER_GOES: roster_goes,
    DueKind.PURGE: purge_due,
    DueKind.SCRUB: scrub_due,
    DueKind.SECOND_YES_ENDS: _name_ask_runs_out,
    DueKind.NAME_HIDES: _name_ask_runs_out,
    DueKind.OPENING_TOLD: _opening_told,
}
# What can only be done once the transaction that took the row is over.
AFTERWARDS: Mapping[DueKind, Callable[[Desk, Due], Awaitable[None]]] = {DueKind.SCRUB: scrub_now}
