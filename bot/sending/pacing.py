"""When a notice may go: by the places that all senders share, and by how much the chat itself was sent."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog

from peer_support.sending import Claim, Pace, Places
from peer_support.sending_ports import Outbox

log = structlog.get_logger()

Timer = Callable[[], float]

LATE = 0.1  # a place that was missed by more would crowd the next ones: it is let go, and another one taken
TOO_FAR = 5.0  # whoever would wait longer is let go, for whichever sender has room then
REMEMBERED = 16
A_SECOND = 1.005  # and a little, for what no answer tells
LONGEST_WAY = 0.08  # a channel whose answers take now shorter and now longer must not slow all that is sent
ANSWERS = 32


class TheirClock:
    """The database's clock by our own timer, as the quickest of its last answers told it."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)

    def here(self, places: Places, asked: float, answered: float) -> list[float]:
        """The same moments by our timer. `places.clock` was read there between these two moments here.

        Whatever was remembered, that bounds each: a clock that jumps makes nobody wait.
        """
        self._seen.append((answered - asked, (asked + answered) / 2 - places.clock))
        _, apart = min(self._seen)
        aheads = (at - places.clock for at in places.at)
        return [min(max(places.clock + ahead + apart, asked + ahead), answered + ahead) for ahead in aheads]


@dataclass(slots=True)
class Gone:
    """When one went by our timer, and for how much longer than others it may have been on its way."""

    at: float
    way: float = LONGEST_WAY  # until its answer tells


class LastSecond:
    """No more to a tenant in any one second than may be, whatever was late: places alone would let late ones crowd.

    A second as the channel sees it: what was held up on its way and came late is followed later by as much.

    Of one sender: several have their places in common, and late ones of each.
    """

    def __init__(self, most: int, timer: Timer) -> None:
        self._timer = timer
        self._gone: deque[Gone] = deque(maxlen=most)
        self._took: deque[float] = deque(maxlen=ANSWERS)

    async def room(self) -> Gone:
        """Until there is room for one more, which then goes at once."""
        while len(self._gone) == self._gone.maxlen and self._timer() < (until := self._first_is_past()):
            await sleep_until(until, self._timer)
        self._gone.append(gone := Gone(self._timer()))
        return gone

    def answered(self, gone: Gone) -> None:
        """Whatever it took beyond the quickest of late, it may have been on its way to the channel."""
        took = self._timer() - gone.at
        self._took.append(took)
        gone.way = min(took - min(self._took), LONGEST_WAY)

    def _first_is_past(self) -> float:
        return self._gone[0].at + self._gone[0].way + A_SECOND


class NoPlace(Exception):
    """The tenant is sent enough for the next while, or nobody can tell."""


class Turn:
    """One person's turn: the places they came with, and their chat's own rates."""

    def __init__(
        self,
        claim: Claim,
        places: Iterable[float],
        since: float,
        pace: Pace,
        ask: Callable[[], Awaitable[float]],
        last_second: LastSecond,
        timer: Timer,
    ) -> None:
        self._places, self._pace, self._ask, self._timer = list(places), pace, ask, timer
        self._last_second = last_second
        self._until = [since + spent for spent in claim.spent]
        self._gone: Gone | None = None

    async def place(self) -> float:
        """When the next may go. A place that can't be kept is let go, and another asked for; NoPlace without one."""
        while True:
            if not self._pace.tenant.every:
                return self._soonest()
            if self._places:
                place = self._places.pop(0)
            else:
                await sleep_until(self._soonest() - self._pace.lead, self._timer)
                place = await self._ask()
            if place + LATE >= max(self._soonest(), self._timer()):
                return place

    async def almost(self, place: float) -> None:
        """Until shortly before it: long enough to word what goes then."""
        await sleep_until(place - self._pace.lead, self._timer)

    async def come(self, place: float) -> None:
        """Until it may go: at this place, or where it was missed at the next one. It then goes at once."""
        await sleep_until(place, self._timer)
        while self._pace.tenant.every and self._timer() > place + LATE:
            place = await self.place()
            await sleep_until(place, self._timer)
        if self._pace.tenant.every:
            self._gone = await self._last_second.room()
        now = self._timer()
        self._until = [
            max(until, now) + rate.every for until, rate in zip(self._until, self._pace.chat, strict=True)
        ]

    def answered(self) -> None:
        """The channel has taken what went last."""
        if self._gone is not None:
            self._last_second.answered(self._gone)

    def spent(self) -> tuple[float, float]:
        """For how long from now the chat's rates are used up."""
        now = self._timer()
        short, long = (until - now for until in self._until)
        return short, long

    def _soonest(self) -> float:
        return max(until - rate.tolerance for until, rate in zip(self._until, self._pace.chat, strict=True))


async def sleep_until(moment: float, timer: Timer) -> None:
    """Until then by this timer; not at all where it is past."""
    if (left := moment - timer()) > 0:
        await asyncio.sleep(left)


class Further:
    """Places beyond those that came with the claims. One asks for all who wait for the same tenant's meanwhile."""

    def __init__(self, outbox: Outbox, pace: Pace, clock: TheirClock, timer: Timer) -> None:
        self._outbox, self._pace, self._clock, self._timer = outbox, pace, clock, timer
        self._waiting: dict[str, list[asyncio.Future[float]]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def one(self, tenant_id: str) -> float:
        """The next place of this tenant, by our timer. NoPlace where it is too far off, or nobody can tell."""
        found: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant_id, []).append(found)
        if tenant_id not in self._asking:
            self._asking[tenant_id] = asyncio.create_task(self._ask(tenant_id))
        place = await found
        if place > self._timer() + TOO_FAR:
            raise NoPlace
        return place

    async def _ask(self, tenant_id: str) -> None:
        try:
            while waiting := self._waiting.pop(tenant_id, []):
                asked = self._timer()
                try:
                    places = await self._outbox.places(tenant_id, len(waiting), self._pace)
                except Exception as fault:  # noqa: BLE001 - each of them is told, and tries again later
                    log.warning("no_places", error=type(fault).__name__)
                    here = [float("inf")] * len(waiting)
                else:
                    here = self._clock.here(places, asked, self._timer())
                for found, place in zip(waiting, here, strict=True):
                    if not found.done():
                        found.set_result(place)
        finally:
            del self._asking[tenant_id]
