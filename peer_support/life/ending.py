"""Letting people go: the one neutral ending, the resting place, and the ends of a match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from peer_support.acting import mend_cards, note_act, tell
from peer_support.due import DueKind
from peer_support.life.asking import look_again, policy_of
from peer_support.life.waiting import ending_at
from peer_support.notice import NoticeKind
from peer_support.offer import (
    Contact,
    Match,
    MatchEnd,
    MatchState,
    Offer,
    OfferState,
    Proposal,
    ProposalState,
)
from peer_support.ports import Desk, Work
from peer_support.request import Request, RequestState

OFFER_CARDS = (NoticeKind.OFFER,)
PROPOSAL_CARDS = (NoticeKind.PROPOSAL, NoticeKind.PROPOSAL_REMINDER)
INTRODUCTION_CARDS = (NoticeKind.INTRODUCTION, NoticeKind.FIRST_CONTACT, NoticeKind.SUPPORTER_CHECK_IN)
INTRODUCED_CARDS = (NoticeKind.INTRODUCED, NoticeKind.IN_TOUCH, NoticeKind.CHECK_IN)


async def end_neutrally(work: Work, desk: Desk, offer_id: str, supporter_id: str, now: datetime) -> None:
    """The one neutral ending for a supporter, after its random wait: a line, and the old card edited to match."""
    supporter = await work.supporters.get(supporter_id)
    policy = policy_of(desk, supporter.force_id if supporter else "")
    at = ending_at(now, supporter, policy, desk.chance)
    await tell(work, supporter_id, NoticeKind.OFFER_ENDED, offer_id, now, not_before=at)
    await mend_cards(work, supporter_id, NoticeKind.OFFER_ENDED, OFFER_CARDS, offer_id, now, not_before=at)


async def take_back_offers(
    work: Work, desk: Desk, offers: Iterable[Offer], now: datetime, *, quietly: bool = False
) -> None:
    """Withdraw the offers that still wait for an answer. They count for nothing against the supporter.

    `quietly` where the supporter themselves made it so (they paused, or left) and needs no telling.
    """
    for offer in offers:
        if offer.state is OfferState.SENT and await work.offers.end(offer.id, OfferState.WITHDRAWN, now):
            await work.dues.clear(offer.id)
            await work.notices.drop(offer.id, OFFER_CARDS)
            if quietly:
                shown = NoticeKind.OFFER_ENDED
                await mend_cards(work, offer.supporter_id, shown, OFFER_CARDS, offer.id, now)
            else:
                await end_neutrally(work, desk, offer.id, offer.supporter_id, now)


async def take_back_yes(work: Work, desk: Desk, proposal: Proposal, request: Request, now: datetime) -> None:
    """The supporter, who said yes, can't after all. They know, so no ending comes; the requester is told kindly."""
    await work.proposals.end(proposal.id, ProposalState.TAKEN_BACK, now)
    await work.dues.clear(proposal.id)
    await work.notices.drop(proposal.id, PROPOSAL_CARDS)
    await mend_cards(work, request.requester_id, NoticeKind.PROPOSAL, PROPOSAL_CARDS, proposal.id, now)
    await look_again(work, desk, request, now)
    await tell(work, request.requester_id, NoticeKind.TAKEN_BACK, request.id, now, occasion=proposal.id)


async def release(
    work: Work, desk: Desk, proposal: Proposal, to: ProposalState, now: datetime, pressed: str | None = None
) -> bool:
    """Let the supporter who said yes go, whatever the reason; False where the proposal had ended already."""
    if not await work.proposals.end(proposal.id, to, now):
        return False
    await work.dues.clear(proposal.id)
    await work.notices.drop(proposal.id, PROPOSAL_CARDS)
    await end_neutrally(work, desk, proposal.offer_id, proposal.supporter_id, now)
    request = await work.requests.get(proposal.request_id)
    if request is not None:
        await mend_cards(
            work,
            request.requester_id,
            NoticeKind.PROPOSAL,
            PROPOSAL_CARDS,
            proposal.id,
            now,
            pressed=pressed,
        )
    return True


async def rest(work: Work, desk: Desk, request: Request, now: datetime) -> Request:
    """Keep the person's place: nobody is asked, and it closes in a fortnight unless they say to keep looking."""
    policy = policy_of(desk, request.force_id)
    resting = request.moved(RequestState.RESTING, now)
    await work.dues.clear(request.id)
    await work.dues.put(
        DueKind.NOTE_GOES, request.id, request.created_at + timedelta(days=policy.note_kept_days)
    )
    await work.dues.put(DueKind.RESTING_REMINDER, request.id, resting_reminder_at(request, desk, now))
    await work.dues.put(DueKind.RESTING_CLOSES, request.id, closes_at(request, desk, now))
    return resting


def resting_reminder_at(request: Request, desk: Desk, since: datetime) -> datetime:
    """When a resting request's one reminder is sent."""
    policy = policy_of(desk, request.force_id)
    return policy.waking.next_open(since + timedelta(days=policy.resting_reminder_days))


def closes_at(request: Request, desk: Desk, since: datetime) -> datetime:
    """When a resting request closes. Said beforehand."""
    policy = policy_of(desk, request.force_id)
    return policy.waking.next_open(since + timedelta(days=policy.resting_close_days))


async def tell_match_ended(work: Work, desk: Desk, match: Match, now: datetime) -> None:
    """The one ending after an introduction: the same words after the same random wait, whoever ended it and how."""
    supporter = await work.supporters.get(match.supporter_id)
    policy = policy_of(desk, supporter.force_id if supporter else "")
    at = ending_at(now, supporter, policy, desk.chance)
    await tell(work, match.supporter_id, NoticeKind.MATCH_ENDED, match.id, now, not_before=at)


async def end_match(
    work: Work,
    match: Match,
    end: MatchEnd,
    now: datetime,
    *,
    pressed: str | None = None,
    by_supporter: bool = False,
) -> Match:
    """Close a match: the phone number goes, and every card of it is edited to one without a name.

    `pressed` is the message on which it was ended, by the supporter or by the requester.
    """
    ended = replace(
        match,
        state=MatchState.CLOSED,
        end=end,
        closed_at=now,
        contact=Contact(how=match.contact.how, phone=None, voicemail_safe=False),
    )
    await work.matches.save(ended)
    await work.dues.clear(match.id)
    await work.notices.drop(match.id, (*INTRODUCTION_CARDS, *INTRODUCED_CARDS))
    supporter, requester = match.supporter_id, match.requester_id
    theirs, own = (pressed, None) if by_supporter else (None, pressed)
    if await work.notices.drop(supporter, (NoticeKind.MATCHES,)):
        await tell(work, supporter, NoticeKind.MATCHES, supporter, now, occasion=f"after {match.id}")
    await mend_cards(work, supporter, NoticeKind.MATCHES, (NoticeKind.MATCHES,), supporter, now)
    await mend_cards(
        work, supporter, NoticeKind.INTRODUCTION, INTRODUCTION_CARDS, match.id, now, pressed=theirs
    )
    await mend_cards(work, requester, NoticeKind.INTRODUCED, INTRODUCED_CARDS, match.id, now, pressed=own)
    await note_act(work, now, f"match.{end.value}", match.id)
    return ended
