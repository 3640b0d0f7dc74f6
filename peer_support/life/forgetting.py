"""What is past its time goes, a few rows in a unit of work; and what a closed request leaves behind is a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from peer_support import taxonomy
from peer_support.acting import note_act
from peer_support.break_glass import TOLD_WITHIN
from peer_support.due import PURGE, Due, DueKind
from peer_support.keeping import (
    ERASED_DAYS,
    NIGHT,
    SCRUB,
    TURN_DAYS,
    Ends,
    days_before,
    ends,
    identity_days,
    months_before,
    next_at,
    quarter_of,
    week_of,
)
from peer_support.keeping_ports import Closed, Count, Measure, Old
from peer_support.people import RosterStatus
from peer_support.policy import Policy
from peer_support.ports import Desk, Work
from peer_support.request import Request

FEW = 100
LOOK_AGAIN = timedelta(days=7)
_MOST_WEEKS = 3
# What loses sealed text every day without losing a row: a form that was sent, a note, a phone number.
_DAILY = ("drafts", "requests", "matches")
REQUESTS, PEOPLE, ADDRESSES = "requests", "members", "addresses"
_TABLES: Mapping[str, tuple[str, ...]] = {
    REQUESTS: ("requests", "offers", "proposals", "matches", "break_glass", "notices", "drafts"),
    PEOPLE: ("members", "exclusions", "drafts", "notices", "handovers"),
    ADDRESSES: ("members",),
    Old.DRAFTS: ("drafts",),
    Old.TURNS: ("activities",),
    Old.NOTICES: ("notices",),
    Old.HANDOVERS: ("handovers",),
    Old.SHOWN_NAMES: ("shown_names",),
}
ERASED_FROM = ("members", "exclusions", "drafts", "requests", "matches", "notices", "handovers")


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows went, by what they were. `more` says that others wait."""

    gone: Mapping[str, int] = field(default_factory=dict)
    more: bool = False

    @property
    def tables(self) -> frozenset[str]:
        """Where something went."""
        return frozenset(
            table for what, count in self.gone.items() if count for table in _TABLES.get(what, ())
        )


async def purge_some(work: Work, desk: Desk, now: datetime, most: int = FEW) -> Purged:
    """One round. Doing it twice, or in several places at once, takes nothing twice and counts nothing twice."""
    erased_before = days_before(now, ERASED_DAYS)
    closed = ends(desk.forces, lambda policy: days_before(now, identity_days(policy)))
    requests = await work.keeping.closed(closed, erased_before, most)
    for each in requests:
        if not each.erased:
            await count(work, each)
        await work.keeping.forget_request(each.request.id)
    gone = {REQUESTS: len(requests)}
    for what, end in _old(desk, now).items():
        gone[what] = await work.keeping.forget_old(what, end, most)
    quiet = ends(desk.forces, lambda policy: months_before(now, policy.member_kept_months))
    gone[PEOPLE] = await work.keeping.forget_quiet(quiet, erased_before, most)
    gone[ADDRESSES] = await work.keeping.forget_addresses(now - TOLD_WITHIN - timedelta(days=1))
    return Purged(gone, more=any(number >= most for number in gone.values()))


def _old(desk: Desk, now: datetime) -> Mapping[Old, Ends]:
    policies = [Policy(), *(force.policy for force in desk.forces.all)]
    statistics = ends(desk.forces, lambda policy: months_before(now, policy.statistics_kept_months))
    return {
        # a form goes by its own due row: this is the net below it, for the longest of all forces
        Old.DRAFTS: Ends(now - timedelta(hours=max(policy.draft_hours for policy in policies))),
        Old.TURNS: Ends(days_before(now, TURN_DAYS)),
        Old.NOTICES: Ends(days_before(now, max(map(identity_days, policies)))),
        Old.FEEDBACK: statistics,
        Old.COUNTS: statistics,
        Old.HANDOVERS: Ends(now),
        Old.SHOWN_NAMES: Ends(now),
    }


async def count(work: Work, closed: Closed) -> None:
    """What stays of a request: one more in each of a few counters, which no other counter can be joined to."""
    request = closed.request
    week, quarter = week_of(request.created_at), quarter_of(request.created_at)
    kinds = sorted({taxonomy.EXPERIENCES[topic].group for topic in _known(request)})
    counts = [Count(request.force_id, week, Measure.OUTCOME, _outcome(closed))]
    counts += [Count(request.force_id, quarter, Measure.GROUP, kind) for kind in kinds]
    if closed.introduced_at is not None:
        waited = min((week_of(closed.introduced_at) - week).days // 7, _MOST_WEEKS)
        counts.append(Count(request.force_id, quarter, Measure.WAITED, str(waited)))
    for each in counts:
        await work.statistics.add(each)


def _known(request: Request) -> list[str]:
    return [topic for topic in request.wishes.topics if topic in taxonomy.EXPERIENCES]


def _outcome(closed: Closed) -> str:
    if closed.introduced_at is not None:
        return "introduced"
    return closed.request.close_reason or closed.request.state


async def scrub_soon(work: Work, tables: frozenset[str], now: datetime) -> None:
    """Tonight, what was taken out of these tables goes from the database's files too."""
    for table in sorted(tables):
        await work.dues.put(DueKind.SCRUB, table, next_at(SCRUB, now))


async def purge_due(work: Work, desk: Desk, due: Due, now: datetime) -> None:
    """The swept job: a round now, another at once while there is more, and the next night's."""
    purged = await purge_some(work, desk, now)
    await work.dues.put(DueKind.PURGE, PURGE, now if purged.more else next_at(NIGHT, now))
    await scrub_soon(work, purged.tables | frozenset(_DAILY), now)
    if any(purged.gone.values()):
        await note_act(work, now, "kept.purged", due.id)


async def scrub_due(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    """The row comes back within the hour unless the scrubbing, which can only follow the commit, has been done."""
    await work.dues.put(DueKind.SCRUB, due.subject_id, now + timedelta(hours=1))


async def scrub_now(desk: Desk, due: Due) -> None:
    """Outside any transaction. One that was asked for meanwhile stays."""
    await desk.scrub(due.subject_id)
    async with desk.open_work() as work:
        again = [each for each in await work.dues.of(due.subject_id) if each.kind is DueKind.SCRUB]
        for each in again:
            await work.dues.take(each)


async def roster_goes(work: Work, _desk: Desk, due: Due, now: datetime) -> None:
    """Half a year after somebody left the roster, and once no request names them any more."""
    member_id = due.subject_id
    member = await work.members.get(member_id)
    supporter, coordinator = await work.supporters.get(member_id), await work.coordinators.get(member_id)
    if member is None:
        return
    if supporter is not None and supporter.status is RosterStatus.LEFT:
        if not await work.keeping.forget_supporter(member_id):
            await work.dues.put(DueKind.ROSTER_GOES, member_id, now + LOOK_AGAIN)
            return
        supporter = None
    if coordinator is not None and coordinator.status is RosterStatus.LEFT:
        await work.keeping.forget_coordinator(member_id)
        coordinator = None
    if supporter is None and coordinator is None:
        await work.members.save(member, replace(member, name=None, email=None))
    await scrub_soon(work, frozenset({"supporters", "members"}), now)
    await note_act(work, now, "roster.forgotten", member_id)
