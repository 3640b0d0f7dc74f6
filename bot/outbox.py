"""The outbox's sender: what one person's turn brought about for others is worded and sent here, and only here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from time import CLOCK_BOOTTIME, clock_gettime

import structlog

from bot.connector import Connector
from bot.sending.marks import Marks
from bot.sending.pacing import Further, LastSecond, TheirClock, Turn
from bot.sending.trying import LONGEST_TRY, Trial, Tried
from peer_support.ports import Desk
from peer_support.sending import TEAMS, Claim, Dealt, Ended, Fate, Pace, overtaken
from peer_support.sending_ports import Outbox
from storage.errors import StoreError

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
BATCH = 16
IDLE = 5.0
FIRST_NAP = 0.25
A_MOMENT = 0.02  # by which two clocks may differ
FOREVER = float("inf")
TIDY_EVERY = 600.0
THROTTLED_TOGETHER = 3  # chats of a tenant, one after the other: it is the tenant that is sent too much
LONGEST_STAND_BACK = 60.0
MARKS_FIRST = 3.0
STOP_GRACE = 6.0
MARKS_GRACE = 3.0


def _boot_time() -> float:
    return clock_gettime(CLOCK_BOOTTIME)  # goes on while the machine sleeps, as leases do


class Sender:
    """Sends what is due, several people at once, each person's in their order. A failure is put off, never lost.

    `pace` is how much the channel takes. `count` hears what became of each try, by a static name.
    """

    def __init__(  # noqa: PLR0913 - each is one thing that a test or the composition root chooses
        self,
        outbox: Outbox,
        desk: Desk,
        connector: Connector,
        clock: Callable[[], datetime],
        *,
        workers: int = 48,
        pace: Pace = TEAMS,
        count: Callable[[str], None] = lambda _outcome: None,
        chance: Random | None = None,
        timer: Callable[[], float] = _boot_time,
    ) -> None:
        self._outbox, self._clock, self._timer = outbox, clock, timer
        self._pace, self._workers, self._count = pace, workers, count
        self._trial = Trial(desk, connector, clock, chance or Random())  # noqa: S311 - jitter, not a secret
        self._marks, self._theirs = Marks(outbox), TheirClock()
        self._further = Further(outbox, pace, self._theirs, timer)
        self._under_way: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._stop, self._stopping = asyncio.Event(), False
        self._away, self._claim_from = False, 0.0
        self._throttled: Counter[str] = Counter()
        self._taken_until: dict[str, float] = {}
        self._last_second: dict[str, LastSecond] = {}
        self._look_at, self._tidied = FOREVER, timer()

    async def run(self, filled: asyncio.Event, stop: asyncio.Event) -> None:
        """Send as soon as something is committed; the idle look is only the net. What is under way is ended first."""
        nap, self._stop = FIRST_NAP, stop
        try:
            while not stop.is_set():
                filled.clear()
                self._look_at = FOREVER
                room, looked = min(self._workers - len(self._under_way), BATCH), self._timer()
                found = await self._look(room)
                nap = FIRST_NAP if found else min(nap * 2, IDLE)
                await self._until_room(stop)
                if found < room and (left := self._next_look(nap, looked) - self._timer()) > 0:
                    await _either(filled.wait(), stop.wait(), within=left)
                if filled.is_set():
                    nap = FIRST_NAP
        finally:
            self._stopping = True
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=STOP_GRACE)
            await self._marks.end(MARKS_GRACE)

    async def send_due(self) -> int:
        """One batch, to its end. How many notices were dealt with."""
        claims = await self._begin(BATCH)
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._marks.written()
        return sum(len(claim.notices) for claim in claims)

    async def _look(self, room: int) -> int:
        """Claim as many people as there is room for. How many there were.

        After the database was away leases have run out: every sender first writes down what it had sent by then.
        """
        try:
            if self._away or self._timer() - self._tidied > TIDY_EVERY:
                await self._outbox.tidy(self._clock())
                self._tidied = self._timer()
            if self._away:
                self._away, self._claim_from = False, self._timer() + MARKS_FIRST
            return len(await self._begin(room)) if self._timer() >= self._claim_from else 0
        except Exception as fault:  # noqa: BLE001 - the database may be away: look again in a while
            log.warning("outbox_unreadable", error=type(fault).__name__)
            self._away = True
            return 0

    async def _until_room(self, stop: asyncio.Event) -> None:
        """A claim is worth its statements once there is room for several."""
        several = max(self._workers // 4, 1)
        while self._workers - len(self._under_way) < several and not stop.is_set():
            self._room.clear()
            await _either(self._room.wait(), stop.wait(), within=IDLE)

    def _next_look(self, nap: float, looked: float) -> float:
        """After a nap; sooner where a tenant that was sent enough has room again since, or somebody's wait is over."""
        again = (until - self._pace.ahead + A_MOMENT for until in self._taken_until.values())
        return min(self._timer() + nap, self._look_at, *(moment for moment in again if moment > looked))

    async def _begin(self, most: int) -> Sequence[Claim]:
        asked = self._timer()
        claims = await self._outbox.claim(self._clock(), LEASE, most, self._pace)
        answered = self._timer()
        for claim in claims:
            places = self._theirs.here(claim.places, asked, answered) if claim.places.at else []
            self._takes(claim.tenant_id, *places)
            lease_ends = asked + LEASE.total_seconds()
            task = asyncio.create_task(self._person(claim, places, answered, lease_ends))
            self._under_way.add(task)
            task.add_done_callback(self._over)
        return claims

    def _over(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._room.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("sender_failed", error=type(fault).__name__)

    async def _person(self, claim: Claim, places: Sequence[float], since: float, lease_ends: float) -> None:
        """One after the other. Where one has to wait for the channel, whatever comes after it waits too."""
        tenant = claim.tenant_id
        last = self._last_second.setdefault(tenant, LastSecond(self._pace.most, self._timer))
        turn = Turn(claim, places, since, self._pace, lambda: self._another(tenant), last, self._timer)
        late, held = overtaken(claim.notices), None
        waiting = list(claim.notices)
        while waiting and held is None:
            notice = waiting[0]
            if notice.id in late:
                self._note(Tried(Dealt(notice, Fate.SENT, self._clock()), "overtaken"))
            elif self._stopping or self._stop.is_set() or self._timer() + LONGEST_TRY > lease_ends:
                break
            else:
                tried = await self._trial.of(notice, turn)
                self._note(tried)
                await self._heed(tenant, tried)
                held = tried.held_until
            waiting.pop(0)
        if held is not None:
            self._look_at = min(self._look_at, self._timer() + (held - self._clock()).total_seconds())
        left = [Dealt(notice, Fate.LEFT, self._clock()) for notice in waiting]
        self._marks.note(*left, Ended(claim, held, turn.spent()))

    async def _another(self, tenant_id: str) -> float:
        place = await self._further.one(tenant_id)
        self._takes(tenant_id, place)
        return place

    def _takes(self, tenant_id: str, *places: float) -> None:
        now = self._timer()
        self._taken_until = {of: until for of, until in self._taken_until.items() if until > now - IDLE}
        if places:
            last = max(places) + self._pace.tenant.every
            self._taken_until[tenant_id] = max(self._taken_until.get(tenant_id, 0.0), last)

    def _note(self, tried: Tried) -> None:
        self._count(tried.outcome)
        self._marks.note(tried.dealt)

    async def _heed(self, tenant_id: str, tried: Tried) -> None:
        """One chat that is throttled waits by itself; several in a row mean the tenant."""
        if not tried.asked_to_wait:
            self._throttled.pop(tenant_id, None)
            return
        self._throttled[tenant_id] += 1
        if self._throttled[tenant_id] < THROTTLED_TOGETHER or not self._pace.tenant.every:
            return
        self._throttled.pop(tenant_id)
        log.warning("tenant_throttled")
        try:
            await self._outbox.stand_back(tenant_id, min(tried.asked_to_wait, LONGEST_STAND_BACK))
        except StoreError as fault:
            log.warning("tenant_not_held", error=type(fault).__name__)


async def _either(*waits: Awaitable[object], within: float) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
