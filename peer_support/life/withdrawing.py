"""A person's own request ends at once, whatever it waits for, and everyone who was asked is let go kindly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from peer_support.life.ending import end_match, release, take_back_offers, tell_match_ended
from peer_support.offer import MatchEnd, ProposalState
from peer_support.ports import Desk, Work
from peer_support.request import CloseReason, Request, RequestState


async def withdraw(work: Work, desk: Desk, request: Request, now: datetime) -> Request:
    """The request as it stands then, saved. It is locked by whoever calls."""
    await take_back_offers(work, desk, await work.offers.of_request(request.id), now)
    proposal = await work.proposals.asked_of(request.id)
    if proposal is not None:
        await release(work, desk, proposal, ProposalState.RELEASED, now)
    match = await work.matches.live_of_request(request.id)
    if match is not None:
        await end_match(work, match, MatchEnd.WITHDRAWN, now)
        await tell_match_ended(work, desk, match, now)
    ended = request.moved(RequestState.WITHDRAWN, now, CloseReason.WITHDRAWN)
    ended = replace(ended, wishes=replace(ended.wishes, note=None))
    await work.dues.clear(request.id)
    await work.requests.save(ended)
    return ended
