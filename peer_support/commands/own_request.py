"""What a requester does with their own request: see it, withdraw it, look wider, keep looking."""

from __future__ import annotations

from dataclasses import dataclass, replace

from peer_support.access import Action, Standing
from peer_support.acting import By, allowed, arrive, note_act, remember_card, tell
from peer_support.ids import new_id
from peer_support.life.asking import ask_round, look_again
from peer_support.life.withdrawing import withdraw
from peer_support.notice import NoticeKind
from peer_support.ports import Desk, Work
from peer_support.reading import introduced_view, member_of, request_view, shown_proposal
from peer_support.refusals import OutOfDate
from peer_support.request import ForceWish, Request, RequestState
from peer_support.views import IntroducedView, ProposalView, RequestView


@dataclass(frozen=True, slots=True)
class Status:
    """How the latest request stands. `proposal` or `match` where that is what it waits on. All None: no request."""

    request: RequestView | None = None
    proposal: ProposalView | None = None
    match: IntroducedView | None = None


async def see_status(by: By, desk: Desk) -> Status:
    """The present truth about one's own request."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        live = await work.requests.live_of(standing.member.id)
        if live is None:
            return Status()
        return await status_of(work, desk, live, by)


async def keep_status_true(by: By, desk: Desk, found: Status, occasion: str, pressed: str | None) -> None:
    """A card with a supporter's name in the chat is a notice, as `my matches` is: mended once it has ended.

    Typed, it comes as a message of its own, once for each activity (`occasion`). Pressed, the pressed card shows it.
    """
    async with desk.open_work() as work:
        own_id = (await arrive(work, desk, by)).member.id
        if found.proposal is not None:
            kind, subject = NoticeKind.PROPOSAL, found.proposal.id
        elif found.match is not None:
            kind, subject = NoticeKind.INTRODUCED, found.match.match_id
        else:
            return
        if pressed:
            await remember_card(work, own_id, kind, subject, by.now, pressed)
        occasion = f"status {occasion or new_id()}"
        await tell(work, own_id, kind, subject, by.now, occasion=occasion, edits=pressed)


async def status_of(work: Work, desk: Desk, request: Request, by: By) -> Status:
    """A request's truth as its requester may see it."""
    view = await request_view(work, desk, request, by.now)
    if request.state is RequestState.PROPOSED:
        proposal = await work.proposals.asked_of(request.id)
        if proposal is not None:
            return Status(view, proposal=await shown_proposal(work, desk, proposal, request, by.now))
    if request.state is RequestState.MATCHED:
        match = await work.matches.live_of_request(request.id)
        candidate = await work.supporters.candidate(match.supporter_id, by.now) if match else None
        if match is not None and candidate is not None:
            supporter = await member_of(work, candidate)
            shown = introduced_view(desk, match, request, supporter, candidate.supporter.force_id)
            return Status(view, match=shown)
    return Status(view)


async def own(work: Work, standing: Standing, action: Action, request_id: str) -> Request:
    """The named request, or the live one where a typed word named none. NotFound unless it is theirs."""
    read = work.requests.look(request_id) if request_id else work.requests.live_of(standing.member.id)
    found = allowed(standing, action, await read)
    return allowed(standing, action, await work.requests.get(found.id))


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    by: By
    request_id: str


async def withdraw_request(command: WithdrawRequest, desk: Desk) -> RequestView:
    """End one's own request at any time, without a reason. Everyone who was asked is let go kindly."""
    by = command.by
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        request = await own(work, standing, Action.CHANGE_REQUEST, command.request_id)
        if request.state is RequestState.WITHDRAWN:
            return await request_view(work, desk, request, by.now)
        ended = await withdraw(work, desk, request, by.now)
        await note_act(work, by.now, "request.withdrawn", request.id, standing)
        return await request_view(work, desk, ended, by.now)


@dataclass(frozen=True, slots=True)
class LookWider:
    by: By
    request_id: str


async def look_wider(command: LookWider, desk: Desk) -> RequestView:
    """The requester says yes to supporters of any force, and the next are asked."""
    by = command.by
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        request = await own(work, standing, Action.CHANGE_REQUEST, command.request_id)
        if request.state is not RequestState.OPEN:
            raise OutOfDate
        wider = replace(request, wishes=replace(request.wishes, force_wish=ForceWish.ANYONE))
        asked = await ask_round(work, desk, wider, by.now)
        await note_act(work, by.now, "request.widened", request.id, standing)
        return await request_view(work, desk, asked, by.now)


@dataclass(frozen=True, slots=True)
class KeepLooking:
    by: By
    request_id: str


async def keep_looking(command: KeepLooking, desk: Desk) -> RequestView:
    """A resting request is looked for again."""
    by = command.by
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        request = await own(work, standing, Action.CHANGE_REQUEST, command.request_id)
        if request.state is RequestState.OPEN:
            return await request_view(work, desk, request, by.now)
        if request.state is not RequestState.RESTING:
            raise OutOfDate
        reopened = await look_again(work, desk, request, by.now)
        await note_act(work, by.now, "request.looking_again", request.id, standing)
        return await request_view(work, desk, reopened, by.now)
