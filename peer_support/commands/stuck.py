"""A coordinator's help for a stuck request, by reference alone: look wider, offer it to one, send my details."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from peer_support.access import Action, Standing
from peer_support.acting import By, allowed, arrive, note_act, tell
from peer_support.commands.break_glass import may_be_opened
from peer_support.commands.people import find_by_name
from peer_support.life.asking import offer_to, policy_of, scope, seeker_of
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import eligible
from peer_support.notice import NoticeKind
from peer_support.people import RosterStatus
from peer_support.ports import Desk, Work
from peer_support.reading import force_name
from peer_support.refusals import CantBeOffered, NotACoordinator, NotFound, OutOfDate
from peer_support.request import ForceWish, HowSoon, Request, RequestState
from peer_support.views import ChooseView, Found, StuckView

_BANDS = ((72, "over_3d"), (24, "over_24h"), (12, "over_12h"))


def waiting_band(created_at: datetime, now: datetime) -> str:
    """How long a request has waited, as coarsely as a coordinator needs: never a clock time."""
    hours = (now - created_at) / timedelta(hours=1)
    return next((band for least, band in _BANDS if hours >= least), "under_12h")


async def stuck_view(work: Work, desk: Desk, request: Request, now: datetime) -> StuckView:
    """What a coordinator may know: reference, band, whether today was asked, offers made, how many can be offered."""
    able = await _able(work, desk, request, now)
    return StuckView(
        request_id=request.id,
        reference=request.reference,
        state=request.state,
        waiting=waiting_band(request.created_at, now),
        today=request.wishes.soon is HowSoon.TODAY,
        offers_made=len(await work.offers.of_request(request.id)),
        can_be_offered=len(able),
        may_ask_wider=request.wishes.force_wish is not ForceWish.ANYONE,
        may_open_name=await may_be_opened(work, desk, request),
    )


async def _able(work: Work, desk: Desk, request: Request, now: datetime) -> Sequence[Candidate]:
    seeker = await seeker_of(work, request)
    async with aclosing(work.supporters.candidates(now, scope(desk, request))) as lots:
        return [each async for some in lots for each in some if _fits(desk, each, seeker, now)]


def _fits(desk: Desk, candidate: Candidate, seeker: Seeker, now: datetime) -> bool:
    policy = policy_of(desk, candidate.supporter.force_id)
    return eligible(candidate, seeker, now, policy, in_hours=False)


async def _request_of(
    work: Work, desk: Desk, by: By, request_id: str, *, look: bool = False
) -> tuple[Standing, Request]:
    standing = await arrive(work, desk, by)
    request = allowed(standing, Action.HELP_STUCK_REQUEST, await work.requests.look(request_id))
    if request.requester_id == standing.member.id:
        raise NotFound
    if not look:
        request = allowed(standing, Action.HELP_STUCK_REQUEST, await work.requests.get(request.id))
    return standing, request


async def see_stuck(by: By, desk: Desk, request_id: str) -> StuckView:
    """One stuck request and what can be done for it."""
    async with desk.open_work() as work:
        _standing, request = await _request_of(work, desk, by, request_id, look=True)
        return await stuck_view(work, desk, request, by.now)


async def stuck_of(desk: Desk, request_id: str, coordinator_id: str, now: datetime) -> StuckView | None:
    """The same for a notice, where the recipient still runs this request's force; else None."""
    async with desk.open_work() as work:
        request = await work.requests.look(request_id)
        coordinator = await work.coordinators.get(coordinator_id)
        if request is None or coordinator is None or coordinator.force_id != request.force_id:
            return None
        if coordinator.status is not RosterStatus.ACTIVE or request.requester_id == coordinator_id:
            return None
        return await stuck_view(work, desk, request, now)


def _must_be_open(request: Request) -> None:
    if request.state is not RequestState.OPEN:
        raise OutOfDate


async def ask_to_look_wider(by: By, desk: Desk, request_id: str) -> StuckView:
    """Ask the person, through the bot, whether supporters of any force may be asked."""
    async with desk.open_work() as work:
        standing, request = await _request_of(work, desk, by, request_id)
        _must_be_open(request)
        day = by.now.date().isoformat()
        await tell(work, request.requester_id, NoticeKind.LOOK_WIDER, request.id, by.now, occasion=day)
        await note_act(work, by.now, "stuck.asked_wider", request.id, standing)
        return replace(await stuck_view(work, desk, request, by.now), said="asked_wider")


async def send_contact(by: By, desk: Desk, request_id: str) -> StuckView:
    """Send the person this coordinator's own details, through the bot. It is theirs to use or not."""
    async with desk.open_work() as work:
        standing, request = await _request_of(work, desk, by, request_id)
        if not request.live:
            raise OutOfDate
        await tell(
            work,
            request.requester_id,
            NoticeKind.COORDINATOR_CONTACT,
            standing.member.id,
            by.now,
            occasion=f"{request.id} {by.now.date().isoformat()}",
        )
        await note_act(work, by.now, "stuck.sent_contact", request.id, standing)
        return replace(await stuck_view(work, desk, request, by.now), said="sent_contact")


async def choose_supporter(by: By, desk: Desk, request_id: str, typed: str = "") -> ChooseView:
    """The coordinator's own supporters by typed name, ten at most. Nothing says who can or can't take this one."""
    async with desk.open_work() as work:
        standing, request = await _request_of(work, desk, by, request_id, look=True)
        _must_be_open(request)
        return await _choice(work, desk, standing, request, by, typed)


async def _choice(
    work: Work, desk: Desk, standing: Standing, request: Request, by: By, typed: str
) -> ChooseView:
    if standing.coordinator is None:
        raise NotACoordinator
    force_id = standing.coordinator.force_id
    network = await work.supporters.network(force_id, by.now)
    active = [each.supporter.id for each in network if each.supporter.status is RosterStatus.ACTIVE]
    members = await work.members.named(active)
    people = [(id, members[id].name or "", force_id) for id in active]
    found = find_by_name(typed, people) if typed.strip() else sorted(people, key=lambda row: row[1])[:10]
    shown = tuple(Found(member_id, name, force_name(desk, force)) for member_id, name, force in found)
    return ChooseView(request.id, request.reference, typed[:60], shown)


@dataclass(frozen=True, slots=True)
class OfferToChosen:
    by: By
    request_id: str
    supporter_id: str


async def offer_to_chosen(command: OfferToChosen, desk: Desk) -> StuckView:
    """Offer it to a supporter the coordinator chose. The rules still hold, hours apart; a "can't" gives no reason."""
    by = command.by
    async with desk.open_work() as work:
        standing, request = await _request_of(work, desk, by, command.request_id)
        _must_be_open(request)
        candidate = await work.supporters.candidate(command.supporter_id, by.now)
        own_force = standing.coordinator is not None and (
            candidate is not None and candidate.supporter.force_id == standing.coordinator.force_id
        )
        if (
            candidate is None
            or not own_force
            or not _fits(desk, candidate, await seeker_of(work, request), by.now)
        ):
            raise CantBeOffered
        await offer_to(work, desk, request, candidate, by.now)
        await work.requests.save(replace(request, round=request.round + 1, nobody_told=False))
        await note_act(work, by.now, "stuck.offered", request.id, standing)
        return replace(await stuck_view(work, desk, request, by.now), said="offered")
