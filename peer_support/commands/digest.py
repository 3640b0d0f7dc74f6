"""A coordinator's digest: their own network, exact, and never who asked or what about."""

from __future__ import annotations

from datetime import datetime, timedelta

from peer_support.access import Action, may
from peer_support.acting import By, arrive
from peer_support.commands.stuck import stuck_view, waiting_band
from peer_support.hours import LONDON
from peer_support.life.asking import policy_of
from peer_support.matching.candidate import Candidate
from peer_support.people import Coordinator, Reach, RosterStatus
from peer_support.policy import Policy
from peer_support.ports import Desk, Work
from peer_support.reading import force_name
from peer_support.refusals import NotACoordinator
from peer_support.request import RequestState
from peer_support.views import DigestView

REFRESHER_NOTICE = timedelta(days=30)
STUCK_SHOWN = 10


async def see_digest(by: By, desk: Desk, *, helplines_to_check: int = 0) -> DigestView:
    """The digest now, when a coordinator types for it."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.SEE_DIGEST)
        if standing.coordinator is None:
            raise NotACoordinator
        return await digest_view(
            work, desk, standing.coordinator, by.now, helplines_to_check=helplines_to_check
        )


async def digest_of(
    desk: Desk, coordinator_id: str, now: datetime, *, helplines_to_check: int
) -> DigestView | None:
    """The digest for a notice; None where the recipient no longer runs a network."""
    async with desk.open_work() as work:
        coordinator = await work.coordinators.get(coordinator_id)
        if coordinator is None or coordinator.status is not RosterStatus.ACTIVE:
            return None
        return await digest_view(work, desk, coordinator, now, helplines_to_check=helplines_to_check)


async def set_daily(by: By, desk: Desk, *, daily: bool) -> None:
    """Whether the digest comes every working day, or only when something needs doing."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.SEE_DIGEST)
        if standing.coordinator is None:
            raise NotACoordinator
        await work.coordinators.set_daily(standing.coordinator.id, daily=daily)


async def digest_view(
    work: Work, desk: Desk, coordinator: Coordinator, now: datetime, *, helplines_to_check: int = 0
) -> DigestView:
    """One force's stuck requests by reference, and its supporters' load."""
    force_id = coordinator.force_id
    policy = policy_of(desk, force_id)
    network = [
        each
        for each in await work.supporters.network(force_id, now)
        if each.supporter.status is RosterStatus.ACTIVE
    ]
    waiting = [
        request
        for request in await work.requests.live_in(force_id)
        if request.state is RequestState.OPEN
        and request.requester_id != coordinator.id
        and (
            request.coordinator_route
            or request.nobody_told
            or waiting_band(request.created_at, now) != "under_12h"
        )
    ]
    waiting.sort(key=lambda request: request.created_at)
    stuck = [await stuck_view(work, desk, request, now) for request in waiting[:STUCK_SHOWN]]
    states = [supporter_state(candidate, policy) for candidate in network]
    soon = (now + REFRESHER_NOTICE).astimezone(LONDON).date()
    refresher_due = [
        each.supporter.id
        for each in network
        if each.supporter.refresher_due is not None and each.supporter.refresher_due <= soon
    ]
    named = await work.members.named(refresher_due)
    return DigestView(
        force=force_name(desk, force_id),
        stuck=tuple(stuck),
        supporters=len(network),
        available=states.count("available"),
        full=states.count("full"),
        paused=states.count("paused"),
        not_answering=states.count("not_answering"),
        never_opened=states.count("never_opened"),
        refresher_due=tuple(sorted(named[id].name or "" for id in refresher_due)),
        helplines_to_check=helplines_to_check,
        daily=coordinator.daily,
    )


def supporter_state(candidate: Candidate, policy: Policy) -> str:
    """The one state a supporter counts under: paused, never opened, not answering, full, or available."""
    if candidate.supporter.paused:
        return "paused"
    if candidate.reach is not Reach.REACHABLE:
        return "never_opened" if candidate.reach is Reach.NEVER_OPENED else "not_answering"
    if candidate.load.unanswered_in_week >= policy.unanswered_offers_in_week:
        return "not_answering"
    most = min(policy.max_active, candidate.supporter.max_active)
    return "full" if candidate.load.active + candidate.load.holding >= most else "available"


def next_digest(coordinator: Coordinator, policy: Policy, now: datetime) -> datetime:
    """The next of this coordinator's weekdays at the digest's time, Europe/London."""
    hour, minute = (int(part) for part in policy.digest_at.split(":"))
    days = {day for day, _, _ in coordinator.hours.spans} if coordinator.hours else set(range(5))
    local = now.astimezone(LONDON)
    for ahead in range(15):
        day = local + timedelta(days=ahead)
        at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if at.weekday() in days and at > local:
            return at
    raise ValueError("a coordinator's hours have no day")
