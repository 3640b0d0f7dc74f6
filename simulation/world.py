"""The simulated clock: what people do and what falls due, one after the other, as fast as the rules can work."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from math import ceil
from typing import NoReturn

from peer_support.acting import By
from peer_support.due import DueKind
from peer_support.ids import ids_from
from peer_support.notice import Notice
from peer_support.people import Actor, Address, Member, Reach
from peer_support.policy import Policy
from peer_support.ports import Desk, PersonName
from peer_support.refusals import Refusal
from peer_support.sweep import sweep
from simulation.assumptions import Assumptions
from simulation.draws import READ, STARTS, Ask, Town, stream
from simulation.rows import Queued
from simulation.shifts import Habits, Shifts, seen_at
from simulation.store import SimulatedStore
from simulation.watch import LATE, Watch

Doing = Callable[[datetime], Awaitable[None]]
Progress = Callable[[float], None]
TICK_SECONDS = 5
# Nobody asks in the last days, so that whoever asked is followed for as long as the figures look.
FOLLOWED = timedelta(days=14)


class RuleFailed(Exception):
    """A rule raised while something due was worked. In a simulated year nothing may."""


class NoNames:
    """The channel's names aren't asked for: nothing is shown to anybody."""

    async def of(self, address: Address) -> PersonName | None:  # noqa: ARG002 - the port's
        return None


class World:
    """One simulated run. `reactions` say what people do about a notice they see; `too_late` counts refused presses."""

    def __init__(self, seed: int, town: Town, given: Assumptions, policy: Policy) -> None:
        self.seed, self.town, self.given, self.policy = seed, town, given, policy
        self.store = SimulatedStore(town.forces, self._kept)
        self.rows = self.store.rows
        self.watch = Watch(self.rows, policy)
        self.shifts: dict[str, Shifts] = dict(town.shifts)
        self.surge: set[str] = set()
        self.too_late: Counter[str] = Counter()
        self.now = STARTS
        self.desk = Desk(self.store.work, town.forces, NoNames(), stream(seed, "desk"), contacts=())
        self.reactions: Callable[[Notice], None] = lambda _notice: None
        self._supporters = Habits(
            given.seen_on_duty_minutes, given.seen_off_duty_minutes, given.looks_off_duty
        )
        self._requesters = replace(self._supporters, looks_off_duty=given.requester_looks_off_duty)
        self._heap: list[tuple[datetime, int, Doing]] = []
        self._count = count()
        self._settle()

    def _settle(self) -> None:
        rows = self.rows
        for member in self.town.members:
            rows.members.set(member.id, member)
        for supporter in self.town.supporters:
            rows.supporters.set(supporter.id, supporter)
            self.store.shortlist.add(supporter, STARTS)
        for coordinator in self.town.coordinators:
            rows.coordinators[coordinator.id] = coordinator

    def at(self, moment: datetime, doing: Doing) -> None:
        """Do this at a moment to come."""
        heapq.heappush(self._heap, (max(moment, self.now), next(self._count), doing))

    def by(self, member_id: str, now: datetime) -> By:
        """Somebody acts."""
        member = self.rows.members.rows[member_id]
        address = member.address or Address("simulated", member.id, member.tenant_id, member.id, "simulated")
        return By(Actor(member.tenant_id, member.directory_id, address), now)

    def seen(self, member_id: str, what: str, *, requester: bool = False) -> datetime:
        """When somebody sees what was sent to them just now."""
        habits = self._requesters if requester else self._supporters
        chance = stream(self.seed, "seen", member_id, what)
        return seen_at(self.now, self.shifts[member_id], habits, self.policy.waking, chance)

    async def press(self, what: str, command: Awaitable[object]) -> None:
        """A press. Where the truth has moved on it is refused, and they are shown how it stands."""
        try:
            await command
        except Refusal:
            self.too_late[what] += 1

    def meet(self, ask: Ask) -> Member:
        """Somebody who asks, on the day that they do."""
        tenant = f"tenant-{ask.force_id}"
        id = f"r-{ask.number:06}"
        from_here = Address("simulated", id, tenant, id, "simulated")
        self.shifts[id] = ask.shifts
        return Member(
            id, tenant, id, ask.force_id, address=from_here, reach=Reach.REACHABLE, limits_version=READ
        )

    async def run(self, until: datetime, progress: Progress) -> None:
        """To the last day, and on until whoever asked has been followed."""
        end, made, shown = until + FOLLOWED, stream(self.seed, "ids"), -1
        with ids_from(lambda: f"{made.getrandbits(128):032x}"):
            while (moment := self._next()) is not None and moment <= end:
                self.now = moment
                due = self.rows.first_due()
                if due is not None and due.at <= moment:
                    await sweep(self.desk, moment, _failed)
                else:
                    _, _, doing = heapq.heappop(self._heap)
                    await doing(moment)
                self._send()
                day = (moment - STARTS).days
                if day > shown:
                    shown = day
                    self.watch.judge_live()
                    progress(min((moment - STARTS) / (end - STARTS), 1.0))
        self.watch.judge_end(end)
        progress(1.0)

    def _next(self) -> datetime | None:
        doing = self._heap[0][0] if self._heap else None
        due = self.rows.first_due()
        if due is None:
            return doing
        since = (due.at - STARTS).total_seconds()
        tick = max(STARTS + timedelta(seconds=ceil(since / TICK_SECONDS) * TICK_SECONDS), self.now)
        return tick if doing is None else min(tick, doing)

    def _send(self) -> None:
        """The outbox: each notice goes when it may, unless it is taken back before."""
        queued, self.rows.queued = self.rows.queued, []
        for notice in queued:
            if notice.edits is None:
                self.at(notice.not_before, self._sends(notice))

    def _sends(self, notice: Notice) -> Doing:
        async def send(now: datetime) -> None:
            key = self.rows.keys[notice.id]
            row = self.rows.notices.rows[key]
            if row.dropped or row.notice.sent_at is not None or row.notice.not_before > now:
                return
            sent = replace(row.notice, sent_at=now, activity_id=notice.id)
            self.rows.notices.set(key, Queued(sent))
            self.watch.sent(sent, self.request_of(sent), now)
            self.reactions(sent)

        return send

    def request_of(self, notice: Notice) -> str | None:
        """The request that a notice is about."""
        rows, id = self.rows, notice.subject_id
        if id in rows.requests.rows:
            return id
        found = rows.proposals.rows.get(id) or rows.matches.rows.get(id) or rows.offers.rows.get(id)
        return found.request_id if found else None

    def _kept(self, saved: set[str]) -> None:
        """A promise that was just made is looked at again when its time has come."""
        for id in sorted(saved):
            by = self.watch.promise_of(self.rows.requests.rows[id])
            if by is not None:
                self.at(by + LATE, self._judges_news(id, self.now, by))

    def _judges_news(self, request_id: str, made: datetime, by: datetime) -> Doing:
        async def judge(_now: datetime) -> None:
            self.watch.judge_news(request_id, made, by)

        return judge


def _failed(kind: DueKind, fault: Exception) -> NoReturn:
    raise RuleFailed(f"{kind} failed") from fault
