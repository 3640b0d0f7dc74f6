"""Keeping by the clock: what is scrubbed, what comes back, whose numbers hold, and what a count says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from peer_support.break_glass import TOLD_WITHIN
from peer_support.due import DueKind
from peer_support.force import Force
from peer_support.forces import Forces
from peer_support.keeping import (
    SCRUB,
    Ends,
    ends,
    identity_days,
    months_after,
    months_before,
    next_at,
    quarter_of,
    week_of,
)
from peer_support.keeping_ports import Closed
from peer_support.life.forgetting import count
from peer_support.offer import MatchState, OfferState, ProposalState
from peer_support.people import RosterStatus
from peer_support.policy import Policy
from peer_support.ports import Desk, PersonName
from peer_support.request import CloseReason, RequestState, Wishes
from peer_support.sweep import sweep
from tests.fakes.memory import MemoryStore
from tests.storage import world

NOW = datetime(2026, 11, 24, 3, 31, tzinfo=UTC)
DAY = timedelta(days=1)


class _Nobody:
    async def of(self, _address: object) -> PersonName | None:
        return None


class Files:
    """The database's files, which may be in use."""

    def __init__(self) -> None:
        self.busy = False
        self.scrubbed: list[str] = []

    async def scrub(self, table: str) -> None:
        if self.busy:
            raise OSError
        self.scrubbed.append(table)


def force(id: str, **numbers: int) -> Force:
    named = Force(id, id, frozenset({"E"}), "east", frozenset({f"tenant-{id}"}))
    return replace(named, policy=replace(Policy(), **numbers))


def desk(store: MemoryStore, files: Files, *forces: Force) -> Desk:
    return Desk(store.work, Forces(forces), _Nobody(), Random(1), scrub=files.scrub)


async def swept(at: Desk, now: datetime) -> list[DueKind]:
    failed: list[DueKind] = []
    await sweep(at, now, lambda kind, _fault: failed.append(kind))
    return failed


async def test_what_cant_be_scrubbed_now_is_scrubbed_later():
    store, files = MemoryStore(), Files()
    here = desk(store, files)
    async with store.work() as work:
        await work.dues.put(DueKind.SCRUB, "requests", NOW)
    files.busy = True
    assert await swept(here, NOW) == [DueKind.SCRUB]
    files.busy = False
    assert await swept(here, NOW + timedelta(minutes=59)) == []
    assert files.scrubbed == []
    assert await swept(here, NOW + timedelta(minutes=61)) == []
    assert files.scrubbed == ["requests"]
    assert store.rows.dues == {}


async def test_whoever_left_goes_once_no_request_names_them_and_whoever_came_back_stays():
    store, files = MemoryStore(), Files()
    here = desk(store, files)
    async with store.work() as work:
        made = await world.pair(work, state=RequestState.CLOSED, closed_at=NOW - DAY)
        offer = world.offer(made.asked.id, made.sam.id, state=OfferState.ACCEPTED)
        proposal = world.proposal(offer, state=ProposalState.INTRODUCED)
        await work.offers.add(offer)
        await work.proposals.add(proposal)
        await work.matches.add(
            world.match(proposal, made.jo.id, state=MatchState.CLOSED, closed_at=NOW - DAY)
        )
        await work.supporters.put(replace(made.sam, status=RosterStatus.LEFT))
        await work.dues.put(DueKind.ROSTER_GOES, made.sam.id, NOW)
        back = world.member(name="Pat Price")
        await work.members.add(back)
        await work.supporters.put(world.supporter(back.id))
        await work.dues.put(DueKind.ROSTER_GOES, back.id, NOW)
    assert await swept(here, NOW) == []
    assert set(store.rows.supporters) == {made.sam.id, back.id}
    async with store.work() as work:
        await work.keeping.forget_request(made.asked.id)
    assert await swept(here, NOW + 8 * DAY) == []
    assert set(store.rows.supporters) == {back.id}
    assert store.rows.members[made.sam.id].name is None
    assert store.rows.members[back.id].name == "Pat Price"


def test_each_force_has_its_own_ends_and_names_shown_are_never_forgotten_early():
    forces = Forces((force("north"), force("west", identity_kept_days=10, names_shown_days=40)))
    assert identity_days(forces.by_id["west"].policy) == 40
    found = ends(forces, lambda policy: NOW - timedelta(days=identity_days(policy)))
    assert found == Ends(NOW - 90 * DAY, {"west": NOW - 40 * DAY})


async def test_a_count_is_no_finer_than_a_week_and_joins_no_two_facts():
    store = MemoryStore()
    wishes = Wishes(("trauma_incident", "cumulative_trauma", "from an old form"))
    asked = datetime(2026, 11, 26, 22, 15, tzinfo=UTC)
    closed = world.request("jo", wishes=wishes, created_at=asked, state=RequestState.CLOSED)
    async with store.work() as work:
        await count(work, Closed(closed, asked + 12 * DAY, erased=False))
        await count(work, Closed(replace(closed, close_reason=CloseReason.UNANSWERED), None, erased=False))
        counts = await work.statistics.all()
    said = {(each.starts, each.measure.value, each.value): each.count for each in counts}
    monday, quarter = date(2026, 11, 23), date(2026, 10, 1)
    assert said == {
        (monday, "outcome", "introduced"): 1,
        (monday, "outcome", "unanswered"): 1,
        (quarter, "group", "work"): 2,
        (quarter, "waited", "2"): 1,
    }


def test_times_of_keeping():
    assert months_before(NOW, 24) == datetime(2024, 11, 1, tzinfo=UTC)
    assert months_before(NOW, 11) == datetime(2025, 12, 1, tzinfo=UTC)
    assert months_after(NOW, 6) == datetime(2027, 6, 1, tzinfo=UTC)
    assert next_at(SCRUB, NOW) == NOW + DAY - timedelta(minutes=1)
    assert next_at(SCRUB, datetime(2026, 6, 1, 2, 0, tzinfo=UTC)) == datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
    sunday_night = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)  # Monday in London
    assert week_of(sunday_night) == date(2026, 6, 8)
    assert quarter_of(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)) == date(2026, 4, 1)


def test_no_request_is_forgotten_before_its_person_could_be_told_that_their_name_was_opened():
    shortest = replace(Policy(), identity_kept_days=1, names_shown_days=1)
    assert identity_days(shortest) * DAY > TOLD_WITHIN
    assert identity_days(replace(shortest, names_shown_days=30)) == 30
