"""Time's way: what is due is taken row by row, each in its own transaction; a row that fails stops no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_support.break_glass import BreakGlass
from peer_support.due import Due, DueKind
from peer_support.falling_due import AFTERWARDS, WORKERS
from peer_support.offer import Match, Offer, Proposal
from peer_support.ports import Desk, Work

LONGEST_PUT_OFF = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows were worked, and the kinds of those that failed and were put off."""

    worked: int
    failed: tuple[DueKind, ...] = ()


async def sweep(
    desk: Desk, now: datetime, on_failure: Callable[[DueKind, Exception], None], most: int = 1000
) -> Swept:
    """Work what is due, the longest waiting first. `on_failure` hears of each row that failed; it is put off."""
    worked, failed = 0, list[DueKind]()
    while worked + len(failed) < most:
        due: Due | None = None
        try:
            async with desk.open_work() as work:
                due = await work.dues.next(now)
                if due is None:
                    break
                await _hold(work, due)
                if not await work.dues.take(due):
                    continue
                await WORKERS[due.kind](work, desk, due, now)
            if due.kind in AFTERWARDS:
                await AFTERWARDS[due.kind](desk, due)
            worked += 1
        except Exception as fault:
            if due is None:
                raise
            on_failure(due.kind, fault)
            failed.append(due.kind)
            async with desk.open_work() as work:
                await work.dues.put_off(due, now + put_off_for(due.failures))
    return Swept(worked, tuple(failed))


async def _hold(work: Work, due: Due) -> None:
    """Lock what a turn would lock before it moves this row, so that neither waits for the other in a ring."""
    if due.kind is DueKind.DRAFT_GOES:
        await work.drafts.get(due.subject_id)
    elif due.kind not in _OF_NO_REQUEST:
        about = await _OF_REQUEST[due.kind](work, due.subject_id) if due.kind in _OF_REQUEST else None
        await work.requests.get(about.request_id if about else due.subject_id)


_OF_NO_REQUEST = frozenset(
    {
        *(DueKind.DIGEST, DueKind.ROSTER_GOES, DueKind.PURGE, DueKind.SCRUB),
        *(DueKind.CONTACT_REMINDER, DueKind.CONTACT_UNANSWERED),
    }
)


async def _offer(work: Work, subject_id: str) -> Offer | None:
    return await work.offers.get(subject_id)


async def _proposal(work: Work, subject_id: str) -> Proposal | None:
    return await work.proposals.get(subject_id)


async def _match(work: Work, subject_id: str) -> Match | None:
    return await work.matches.get(subject_id)


async def _break_glass(work: Work, subject_id: str) -> BreakGlass | None:
    return await work.break_glass.get(subject_id)


_OF_REQUEST: Mapping[
    DueKind, Callable[[Work, str], Awaitable[Offer | Proposal | Match | BreakGlass | None]]
] = {
    DueKind.OFFER_EXPIRES: _offer,
    DueKind.PROPOSAL_REMINDER: _proposal,
    DueKind.PROPOSAL_SECOND_REMINDER: _proposal,
    DueKind.PROPOSAL_LAPSES: _proposal,
    DueKind.FIRST_CONTACT: _match,
    DueKind.IN_TOUCH: _match,
    DueKind.CHECK_IN: _match,
    DueKind.SECOND_YES_ENDS: _break_glass,
    DueKind.NAME_HIDES: _break_glass,
    DueKind.OPENING_TOLD: _break_glass,
}


def put_off_for(failures: int) -> timedelta:
    """A minute, doubled with every failure, an hour at most: put off, never dropped."""
    return min(timedelta(minutes=2 ** min(failures, 6)), LONGEST_PUT_OFF)
