"""What two introduced people do with their match: say hello, tell how it goes, close, swap, hand back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from peer_support.access import Action, Standing
from peer_support.acting import By, allowed, arrive, mend_cards, note_act, tell
from peer_support.due import DueKind
from peer_support.life.asking import look_again, policy_of
from peer_support.life.ending import INTRODUCTION_CARDS, end_match, tell_match_ended
from peer_support.notice import NoticeKind
from peer_support.offer import HandBackReason, Match, MatchEnd, MatchState
from peer_support.ports import Desk, Work
from peer_support.reading import coordinators_of, request_view
from peer_support.refusals import NotFound, OutOfDate
from peer_support.request import CloseReason, Request, RequestState
from peer_support.views import CoordinatorContact, RequestView


async def _match_of(
    work: Work, desk: Desk, by: By, match_id: str, action: Action
) -> tuple[Standing, Match, Request]:
    standing = await arrive(work, desk, by)
    found = allowed(standing, action, await work.matches.get(match_id))
    request = await work.requests.get(found.request_id)
    match = await work.matches.get(match_id)
    if request is None or match is None:
        raise NotFound
    return standing, match, request


async def _side_of(
    work: Work, desk: Desk, by: By, match_id: str, *, look: bool = False, requester: bool = False
) -> tuple[Standing, Match, Request, bool]:
    """For what either side may do, or the requester alone: also whether the actor is the supporter."""
    standing = await arrive(work, desk, by)
    match = await work.matches.get(match_id)
    supporter = not requester and match is not None and match.supporter_id == standing.member.id
    action = Action.TEND_MATCH if supporter else Action.END_OWN_MATCH
    found = allowed(standing, action, match)
    request = await (work.requests.look if look else work.requests.get)(found.request_id)
    again = await work.matches.get(match_id)
    if request is None or again is None:
        raise NotFound
    return standing, again, request, supporter


@dataclass(frozen=True, slots=True)
class Side:
    """`supporter` says which side the actor is on, which decides the words."""

    supporter: bool
    match_id: str


async def see_side(by: By, desk: Desk, match_id: str, *, requester: bool = False) -> Side:
    """Which side of a live match the actor is on, or that they're its `requester`; OutOfDate where it has closed."""
    async with desk.open_work() as work:
        _standing, match, _request, supporter = await _side_of(
            work, desk, by, match_id, look=True, requester=requester
        )
        _still_live(match)
        return Side(supporter, match.id)


def _still_live(match: Match) -> None:
    if match.state is not MatchState.LIVE:
        raise OutOfDate


async def say_hello_was_said(by: By, desk: Desk, match_id: str) -> None:
    """The supporter has been in touch, so nobody needs reminding."""
    async with desk.open_work() as work:
        standing, match, _request = await _match_of(work, desk, by, match_id, Action.TEND_MATCH)
        _still_live(match)
        await _in_touch(work, match, by)
        await mend_cards(
            work,
            match.supporter_id,
            NoticeKind.INTRODUCTION,
            INTRODUCTION_CARDS,
            match.id,
            by.now,
            pressed=by.pressed,
        )
        await note_act(work, by.now, "match.hello", match.id, standing)


async def say_spoken(by: By, desk: Desk, match_id: str) -> None:
    """The requester says that they have spoken."""
    async with desk.open_work() as work:
        _standing, match, _request = await _match_of(work, desk, by, match_id, Action.END_OWN_MATCH)
        _still_live(match)
        await _in_touch(work, match, by)


async def _in_touch(work: Work, match: Match, by: By) -> None:
    if match.in_touch_at is None:
        await work.matches.save(replace(match, in_touch_at=by.now))
    await work.dues.remove(DueKind.FIRST_CONTACT, match.id)
    await work.dues.remove(DueKind.IN_TOUCH, match.id)


async def say_not_yet(by: By, desk: Desk, match_id: str) -> None:
    """The requester hasn't heard: the supporter is reminded once more, and the requester is asked again in a day."""
    async with desk.open_work() as work:
        _standing, match, request = await _match_of(work, desk, by, match_id, Action.END_OWN_MATCH)
        _still_live(match)
        policy = policy_of(desk, request.force_id)
        await tell(
            work,
            match.supporter_id,
            NoticeKind.FIRST_CONTACT,
            match.id,
            by.now,
            occasion=by.now.date().isoformat(),
        )
        again = policy.waking.next_open(by.now + timedelta(hours=policy.first_contact_hours_today))
        await work.dues.put(DueKind.IN_TOUCH, match.id, again)


async def say_still_talking(by: By, desk: Desk, match_id: str) -> bool:
    """It goes on: the next check-in is a while away. True for the supporter's side."""
    async with desk.open_work() as work:
        _standing, match, request, supporter = await _side_of(work, desk, by, match_id)
        _still_live(match)
        policy = policy_of(desk, request.force_id)
        later = policy.waking.next_open(by.now + timedelta(days=policy.check_in_again_days))
        await work.dues.put(DueKind.CHECK_IN, match.id, later)
        return supporter


@dataclass(frozen=True, slots=True)
class CloseMatch:
    by: By
    match_id: str


@dataclass(frozen=True, slots=True)
class MatchClosed:
    """`supporter` says which side closed it, which decides what is asked next."""

    supporter: bool
    match_id: str


async def close_match(command: CloseMatch, desk: Desk) -> MatchClosed:
    """Either side may end it at any time. The other is told kindly, and each is asked their own few questions."""
    by = command.by
    async with desk.open_work() as work:
        standing, match, request, supporter = await _side_of(work, desk, by, command.match_id)
        if match.state is MatchState.LIVE:
            await end_match(
                work, match, MatchEnd.FINISHED, by.now, pressed=by.pressed, by_supporter=supporter
            )
            closed = request.moved(RequestState.CLOSED, by.now, CloseReason.FINISHED)
            await work.dues.clear(request.id)
            await work.requests.save(closed)
            if supporter:
                await tell(work, match.requester_id, NoticeKind.CLOSED, match.id, by.now)
            else:
                await tell_match_ended(work, desk, match, by.now)
            await note_act(work, by.now, "match.closed", match.id, standing)
        return MatchClosed(supporter, match.id)


@dataclass(frozen=True, slots=True)
class Swap:
    by: By
    match_id: str


async def swap(command: Swap, desk: Desk) -> RequestView:
    """Someone else instead, without a reason. The supporter gets the one neutral ending."""
    by = command.by
    async with desk.open_work() as work:
        standing, match, request = await _match_of(work, desk, by, command.match_id, Action.END_OWN_MATCH)
        if match.end is MatchEnd.SWAPPED:
            return await request_view(work, desk, request, by.now)
        _still_live(match)
        await end_match(work, match, MatchEnd.SWAPPED, by.now, pressed=by.pressed)
        await tell_match_ended(work, desk, match, by.now)
        again = await look_again(work, desk, request, by.now)
        await note_act(work, by.now, "match.swapped", match.id, standing)
        return await request_view(work, desk, again, by.now)


@dataclass(frozen=True, slots=True)
class HandBack:
    """`reason` is one of HandBackReason; it is never passed on to the requester."""

    by: By
    match_id: str
    reason: str


async def hand_back(command: HandBack, desk: Desk) -> bool:
    """The supporter can't after all: the person is told that it isn't about them. False where no reason was picked."""
    by = command.by
    async with desk.open_work() as work:
        standing, match, request = await _match_of(work, desk, by, command.match_id, Action.TEND_MATCH)
        if match.end is MatchEnd.HANDED_BACK:
            return True
        _still_live(match)
        if command.reason not in set(HandBackReason):
            return False
        await end_match(work, match, MatchEnd.HANDED_BACK, by.now, pressed=by.pressed, by_supporter=True)
        await look_again(work, desk, request, by.now)
        await tell(work, match.requester_id, NoticeKind.HANDED_BACK, request.id, by.now, occasion=match.id)
        await note_act(work, by.now, "match.handed_back", match.id, standing)
        return True


async def see_own_coordinators(
    by: By, desk: Desk, match_id: str = ""
) -> tuple[tuple[CoordinatorContact, ...], str]:
    """A supporter's own coordinators, for when they're worried or would like a debrief; and the match, if it is theirs.

    Never themselves, nor the very person of this match of theirs.
    """
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        if standing.supporter is None:
            raise NotFound
        own = standing.member.id
        match = await work.matches.get(match_id) if match_id else None
        theirs = match if match is not None and match.supporter_id == own else None
        never = {own, theirs.requester_id} if theirs else {own}
        found = await coordinators_of(work, desk, standing.supporter.force_id, never)
        return found, theirs.id if theirs else ""
