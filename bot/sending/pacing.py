"""When a notice may go: by the places that all senders share, and by how much the chat itself was sent."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

import structlog

from peer_support.sending import Claim, Pace, Places
from peer_support.sending_ports import Outbox

log = structlog.get_logger()

Timer = Callable[[], float]

LATE = 0.1  # a place that was missed by more would crowd the next ones: it is let go, and another one taken
TOO_FAR = 5.0  # whoever would wait longer is let go, for whichever sender has room then
REMEMBERED = 16
A_SECOND = 1.03  # a little more, for some take less time on their way than others


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


class LastSecond:
    """No more to a tenant in any one second than may be, whatever was late: places alone would let late ones crowd.

    Of one sender: several have their places in common, and late ones of each.
    """

    def __init__(self, most: int, timer: Timer) -> None:
        self._timer = timer
        self._went: deque[float] = deque(maxlen=most)

    async def room(self) -> None:
        """Until there is room for one more, which then goes at once."""
        while len(self._went) == self._went.maxlen and self._timer() < self._went[0] + A_SECOND:
            await sleep_until(self._went[0] + A_SECOND, self._timer)
        self._went.append(self._timer())


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
            await self._last_second.room()
        now = self._timer()
        self._until = [
            max(until, now) + rate.every for until, rate in zip(self._until, self._pace.chat, strict=True)
        ]

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
