"""How fast the outbox goes: as fast as the channel takes it, and no faster, however many senders there are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, repeat
from random import Random
from typing import Any

from bot.connector import Throttled
from bot.outbox import Sender
from dialogs.turn import Message
from peer_support.acting import tell
from peer_support.notice import NoticeKind
from peer_support.people import Address
from peer_support.ports import Work
from peer_support.sending import TEAMS, Claim
from tests.fakes.timeless import Timeless, in_no_time
from tests.peer_support.village import NORTHMOOR, TENANTS, WESTVALE, Village

EPOCH = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATENCY = 0.1


@dataclass(slots=True)
class Channel:
    """A channel that answers each message after a while, and remembers when each came."""

    loop: Timeless
    came: list[tuple[float, Address]] = field(default_factory=list)
    wanted: int = 0
    all_came: asyncio.Event = field(default_factory=asyncio.Event)
    meanwhile: Callable[[], None] = lambda: None
    answers: Callable[[Address], Awaitable[None]] | None = None
    token_takes: float = 0.0
    ways: Iterator[float] = field(default_factory=lambda: repeat(0.0))
    takes: Iterator[float] = field(default_factory=lambda: repeat(LATENCY))
    _token_at: float | None = None

    async def ready(self) -> None:
        """The first who asks has it fetched, and all wait for it."""
        if self._token_at is None:
            self._token_at = self.loop.time() + self.token_takes
        await asyncio.sleep(max(0.0, self._token_at - self.loop.time()))

    async def send(self, address: Address, _message: Message) -> str:
        await self.ready()
        await asyncio.sleep(next(self.ways))
        self.came.append((self.loop.time(), address))
        if len(self.came) == self.wanted:
            self.all_came.set()
        self.meanwhile()
        await asyncio.sleep(next(self.takes))
        if self.answers is not None:
            await self.answers(address)
        return f"1:{len(self.came)}"

    def times(self, tenant: str = TENANTS[NORTHMOOR]) -> list[float]:
        return [at for at, address in self.came if address.tenant_id == tenant]


@dataclass(slots=True)
class Office:
    """A village that lives by the loop's time, and any number of senders."""

    loop: Timeless
    village: Village = field(default_factory=Village)
    channel: Channel = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    filled: list[asyncio.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channel = Channel(self.loop)
        self.village.store.clock = self.clock

    def clock(self) -> datetime:
        return EPOCH + timedelta(seconds=self.loop.time())

    def sender(self) -> Sender:
        return Sender(
            self.village.store.outbox,
            self.village.desk,
            self.channel,  # type: ignore[arg-type]
            self.clock,
            count=lambda outcome: self.counts.update([outcome]),
            chance=Random(1),
            timer=self.loop.time,
        )

    async def queue(self, people: Sequence[str], each: int = 1, force: str = NORTHMOOR) -> None:
        """So many notices for each of these people, who are made on the way."""
        for id in people:
            await self.village.person(id, force_id=force)
        async with self.village.store.work() as work:
            for id in people:
                for number in range(each):
                    at = self.clock() + number * timedelta(milliseconds=1)
                    await tell(work, id, NoticeKind.MATCH_ENDED, f"{id}-{number}", at)

    async def sends(self, senders: int, many: int) -> None:
        """Until so many have come."""
        stop = asyncio.Event()
        self.filled = [asyncio.Event() for _ in range(senders)]
        running = [asyncio.create_task(self.sender().run(each, stop)) for each in self.filled]
        self.channel.wanted = many
        await self.channel.all_came.wait()
        await asyncio.sleep(1)
        stop.set()
        await asyncio.gather(*running)
        assert self.village.waiting() == [], "each is marked"


def fullest(times: Sequence[float], window: float) -> int:
    """The most that came within any stretch of so many seconds."""
    return max(sum(1 for other in times if at <= other < at + window) for at in times)


def rate(times: Sequence[float]) -> float:
    return (len(times) - 1) / (times[-1] - times[0])


def test_two_senders_reach_the_rate_and_never_pass_it():
    async def fan_out(loop: Timeless) -> Office:
        office = Office(loop)
        await office.queue([f"p{number}" for number in range(240)])
        await office.sends(2, 240)
        return office

    office = in_no_time(fan_out)
    times = office.channel.times()
    assert len({address.user_id for _, address in office.channel.came}) == len(times) == 240
    assert rate(times) >= 0.95 * 35
    assert fullest(times, 1) <= 35
    assert office.counts == {"sent": 240}


def test_a_stalled_machine_never_makes_up_for_lost_time_in_a_burst():
    async def stalls(loop: Timeless) -> Office:
        office = Office(loop)
        await office.queue([f"p{number}" for number in range(160)])
        pauses = iter([0.08] * 12 + [0.3, 0.3, 0.09])
        office.channel.meanwhile = lambda: (
            loop.stall(next(pauses, 0.0)) if len(office.channel.came) % 8 == 0 else None
        )
        await office.sends(2, 160)
        return office

    office = in_no_time(stalls)
    assert len(office.channel.came) == 160
    assert fullest(office.channel.times(), 1) <= 38


def test_people_who_have_much_to_be_told_take_nobodys_place_and_crowd_nobody():
    async def some_have_much(loop: Timeless) -> Office:
        office = Office(loop)
        await office.queue([f"much{number}" for number in range(10)], each=6)
        await office.queue([f"p{number}" for number in range(240)])
        await office.sends(1, 300)
        return office

    channel = in_no_time(some_have_much).channel
    times = channel.times()
    others = max(place for place, (_, to) in enumerate(channel.came, 1) if "much" not in to.user_id)
    assert rate(times[:others]) >= 0.95 * 35  # after them there are only those whose own chat takes no more
    assert fullest(times, 1) <= 35


def test_one_sender_never_passes_the_limit_however_late_some_go():
    async def stalls(loop: Timeless) -> Office:
        office = Office(loop)
        await office.queue([f"p{number}" for number in range(200)])
        pauses = iter([0.095, 0.0, 0.05, 0.02] * 20)
        office.channel.meanwhile = lambda: (
            loop.stall(next(pauses, 0.0)) if len(office.channel.came) % 5 == 0 else None
        )
        await office.sends(1, 200)
        return office

    times = in_no_time(stalls).channel.times()
    assert len(times) == 200
    assert fullest(times, 1) <= 35


def test_what_comes_sooner_than_what_went_before_it_crowds_no_second():
    async def uneven_ways(loop: Timeless) -> Office:
        office = Office(loop)
        office.channel.ways = cycle([0.028] * 45 + [0.0] * 45)
        pauses = iter([0.095, 0.0, 0.05, 0.02] * 60)
        office.channel.meanwhile = lambda: (
            loop.stall(next(pauses, 0.0)) if len(office.channel.came) % 5 == 0 else None
        )
        await office.queue([f"p{number}" for number in range(500)])
        await office.sends(1, 500)
        return office

    times = in_no_time(uneven_ways).channel.times()
    assert len(times) == 500
    assert fullest(times, 1) <= 35


def test_a_channel_that_answers_now_sooner_and_now_later_is_sent_as_much():
    async def uneven(loop: Timeless) -> Office:
        office, chance = Office(loop), Random(3)
        office.channel.takes = iter(lambda: chance.choice((0.05, 0.1, 0.1, 0.15, 0.3)), None)
        await office.queue([f"p{number}" for number in range(300)])
        await office.sends(1, 300)
        return office

    times = in_no_time(uneven).channel.times()
    assert fullest(times, 1) <= 35
    assert rate(times) >= 0.95 * 35


def test_what_takes_long_to_word_now_and_then_loses_no_place():
    async def slow_words(loop: Timeless) -> Office:
        office = Office(loop)
        works, takes = office.village.desk.open_work, cycle([0.01] * 20 + [0.23])

        @asynccontextmanager
        async def slowly() -> AsyncIterator[Work]:
            await asyncio.sleep(next(takes))
            async with works() as work:
                yield work

        office.village.desk = replace(office.village.desk, open_work=slowly)
        await office.queue([f"p{number}" for number in range(240)])
        await office.sends(1, 240)
        return office

    times = in_no_time(slow_words).channel.times()
    assert rate(times) >= 0.95 * 35
    assert fullest(times, 1) <= 35


def test_a_database_and_a_channel_that_take_their_time_cost_no_place():
    async def slow_both(loop: Timeless) -> Office:
        office = Office(loop)
        claims = office.village.store.outbox.claim

        async def slowly(*given: Any) -> Sequence[Claim]:
            await asyncio.sleep(0.15)
            found = await claims(*given)
            await asyncio.sleep(0.05)
            return found

        office.village.store.outbox.claim = slowly  # type: ignore[method-assign]
        office.channel.takes = repeat(0.55)
        await office.queue([f"p{number}" for number in range(300)])
        await office.sends(1, 300)
        return office

    times = in_no_time(slow_both).channel.times()
    assert rate(times) >= 0.95 * 35
    assert fullest(times, 1) <= 35


def test_whoever_waits_for_the_first_token_has_not_gone_yet():
    async def slow_to_sign_in(loop: Timeless) -> Office:
        office = Office(loop)
        office.channel.token_takes = 0.25
        await office.queue([f"p{number}" for number in range(120)])
        await office.sends(1, 120)
        return office

    times = in_no_time(slow_to_sign_in).channel.times()
    assert len(times) == 120
    assert fullest(times, 0.1) <= 8  # as many as a tenth of a second holds, and as were a tenth late
    assert fullest(times, 1) <= 35


def test_one_chat_is_sent_what_it_takes_in_order_whoever_sends():
    async def much(loop: Timeless) -> Office:
        office = Office(loop)
        await office.queue(["sam"], each=40)
        await office.sends(2, 40)
        return office

    office = in_no_time(much)
    times = office.channel.times()
    assert fullest(times, 1) <= 7
    assert fullest(times, 2) <= 8
    assert times[-1] - times[0] < 40
    rows = sorted(
        (row.notice for row in office.village.store.rows.notices.values()), key=lambda row: row.sent_at
    )
    assert [row.subject_id for row in rows] == [f"sam-{number}" for number in range(40)]


def test_the_limits_of_an_hour_hold_too():
    long, short = TEAMS.chat[1], TEAMS.chat[0]
    for window, most in ((1, 7), (2, 8), (30, 60), (3600, 1800)):
        through = min(rate.burst + int(window / rate.every) for rate in (short, long))
        assert through <= most


def test_one_tenants_fan_out_keeps_no_other_tenant_waiting():
    async def two_tenants(loop: Timeless) -> tuple[Office, float]:
        office = Office(loop)
        await office.queue([f"p{number}" for number in range(100)])
        began = loop.time()
        await office.queue(["sam"], force=WESTVALE)
        await office.sends(1, 101)
        return office, began

    office, began = in_no_time(two_tenants)
    (came,) = office.channel.times(TENANTS[WESTVALE])
    assert came - began < 1.5


def test_several_chats_throttled_in_a_row_make_the_whole_tenant_stand_back_and_one_does_not():
    async def last(loop: Timeless, chats: int) -> float:
        """How long it took until everybody else had theirs."""
        office = Office(loop)
        await office.queue([f"p{number}" for number in range(60)])
        refused: set[str] = set()

        async def answers(address: Address) -> None:
            if len(refused) < chats and address.user_id not in refused:
                refused.add(address.user_id)
                raise Throttled(20.0)

        office.channel.answers = answers
        await office.sends(1, 60 + chats)
        assert office.counts == {"sent": 60, "throttled": chats}
        others = [at for at, address in office.channel.came if address.user_id not in refused]
        return others[-1] - others[0]

    assert in_no_time(lambda loop: last(loop, 1)) < 3
    assert in_no_time(lambda loop: last(loop, 3)) > 18


def test_what_is_committed_while_its_person_is_being_sent_to_goes_soon_after():
    async def meanwhile(loop: Timeless) -> list[float]:
        office = Office(loop)
        await office.queue(["sam"])
        stop, filled = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(office.sender().run(filled, stop))
        await asyncio.sleep(LATENCY * 1.5)
        async with office.village.store.work() as work:
            await tell(work, "sam", NoticeKind.MATCH_ENDED, "another", office.clock())
        filled.set()
        await asyncio.sleep(2)
        stop.set()
        await running
        return office.channel.times()

    first, second = in_no_time(meanwhile)
    assert second - first < 1.5
