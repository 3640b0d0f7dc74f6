"""What was sent is marked, whatever happens to the database meanwhile; what wasn't begun is given back at a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from bot.outbox import LEASE
from bot.sending.marks import Marks
from bot.sending.pacing import Further, NoPlace, TheirClock
from peer_support.notice import Notice, NoticeKind
from peer_support.sending import TEAMS, Dealt, Ended, Fate, Pace, Places
from peer_support.sending_ports import Outbox
from storage.errors import StoreRefused, StoreUnavailable
from tests.bot.test_pace import EPOCH, LATENCY, Office
from tests.fakes.timeless import Timeless, in_no_time


def dealt(id: str) -> Dealt:
    return Dealt(Notice(id, "sam", NoticeKind.OFFER, "subject", EPOCH), Fate.SENT, EPOCH, "1:a")


@dataclass(slots=True)
class Ledger:
    """Takes marks as the store does, but for what it refuses, and not while it is away."""

    away: int = 0
    refused: str = ""
    lots: list[list[str]] = field(default_factory=list)

    async def settle(self, dealt: Sequence[Dealt], ended: Sequence[Ended]) -> None:
        await asyncio.sleep(0.01)
        if self.away:
            self.away -= 1
            raise StoreUnavailable("away")
        ids = [each.notice.id for each in dealt]
        if self.refused in ids:
            raise StoreRefused("refused")
        self.lots.append(ids)


def test_marks_are_written_together_while_others_are_and_wait_for_a_database_that_is_away():
    async def away(_loop: Timeless) -> list[list[str]]:
        ledger = Ledger(away=3)
        marks = Marks(ledger)  # type: ignore[arg-type]
        marks.note(dealt("one"))
        await asyncio.sleep(0.005)
        marks.note(dealt("two"))
        marks.note(dealt("three"))
        await marks.written()
        marks.note(dealt("four"))
        await marks.written()
        return ledger.lots

    assert in_no_time(away) == [["one", "two", "three"], ["four"]]


def test_a_mark_that_cant_be_written_keeps_no_other_from_it():
    async def refused(_loop: Timeless) -> list[list[str]]:
        ledger = Ledger(refused="two")
        marks = Marks(ledger)  # type: ignore[arg-type]
        marks.note(dealt("one"), dealt("two"), dealt("three"))
        await marks.written()
        return ledger.lots

    assert in_no_time(refused) == [["one"], ["three"]]


class Away:
    """The real outbox, over a database that is away for a while."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.away = False

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def call(*given: object) -> object:
            if self.away:
                raise StoreUnavailable("away")
            return await getattr(self._outbox, name)(*given)

        return call


def test_a_database_that_is_away_after_the_send_makes_nobody_get_it_twice():
    async def away(loop: Timeless) -> Office:
        office = Office(loop)
        outbox = office.village.store.outbox = Away(office.village.store.outbox)  # type: ignore[assignment]
        await office.queue([f"p{number}" for number in range(60)])
        loop.call_later(0.55, setattr, outbox, "away", True)

        def back() -> None:
            """And a turn commits at this very moment."""
            outbox.away = False
            for each in office.filled:
                each.set()

        loop.call_later(0.55 + 1.5 * LEASE.total_seconds(), back)
        await office.sends(3, 60)
        return office

    office = in_no_time(away)
    assert len({address.user_id for _, address in office.channel.came}) == 60
    assert len(office.channel.came) == 60


def test_a_sender_that_is_stopped_ends_what_it_began_and_gives_back_the_rest():
    async def stopped(loop: Timeless) -> tuple[Office, float, int]:
        office = Office(loop)
        await office.queue(["p0", "p1", "p2", "p3"], each=4)
        stop, filled = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(office.sender().run(filled, stop))
        await asyncio.sleep(0.25)
        stop.set()
        began = loop.time()
        await running
        took, sent = loop.time() - began, len(office.channel.came)
        rows = office.village.store.rows
        assert all(chat.leased_until is None for chat in rows.chats.values())
        tries = [row.notice.attempts for row in rows.notices.values() if row.notice.sent_at is None]
        assert tries == [0] * (16 - sent)
        await office.sends(1, 16)
        return office, took, sent

    office, took, sent = in_no_time(stopped)
    assert took < LATENCY * 4
    assert 0 < sent < 16
    assert len(office.channel.came) == 16


def test_their_clock_is_known_by_the_quickest_answer_and_a_jump_makes_nobody_wait():
    theirs = TheirClock()
    ahead = 5000.0

    def asked(at: float, there: float, back: float, jump: float = 0.0) -> float:
        """A place a second from when the clock was read. Gives by how much we'd be off."""
        clock = at + there + ahead + jump
        (here,) = theirs.here(Places((clock + 1,), clock), at, at + there + back)
        return here - (at + there + 1)

    assert asked(10, 0.001, 0.001) == pytest.approx(0)
    assert asked(11, 0.001, 0.300) == pytest.approx(0, abs=0.002)
    assert asked(12, 0.300, 0.001) == pytest.approx(0, abs=0.002)
    assert asked(13, 0.004, 0.002, jump=-3600) == pytest.approx(0, abs=0.01)
    assert asked(14, 0.004, 0.002, jump=3600) == pytest.approx(0, abs=0.01)


@dataclass(slots=True)
class Counter:
    """Hands out places a second apart, each time after a while."""

    loop: Timeless
    away: bool = False
    asked_for: list[int] = field(default_factory=list)

    async def places(self, _tenant: str, count: int, _pace: Pace) -> Places:
        self.asked_for.append(count)
        await asyncio.sleep(0.01)
        if self.away:
            raise StoreUnavailable("away")
        now = self.loop.time()
        return Places(tuple(now + number for number in range(count)), now)


def test_whoever_waits_for_a_further_place_is_asked_for_together():
    async def together(loop: Timeless) -> None:
        counter = Counter(loop)
        further = Further(counter, TEAMS, TheirClock(), loop.time)  # type: ignore[arg-type]
        first = asyncio.create_task(further.one("t"))
        await asyncio.sleep(0.005)
        waiting = [asyncio.create_task(further.one("t")) for _ in range(4)]
        places = await asyncio.gather(first, *waiting)
        assert counter.asked_for == [1, 4]
        assert len(places) == 5
        many = await asyncio.gather(*(further.one("t") for _ in range(9)), return_exceptions=True)
        assert [isinstance(each, NoPlace) for each in many] == [False] * 6 + [True] * 3, "too far off"
        counter.away = True
        with pytest.raises(NoPlace):
            await further.one("t")

    in_no_time(together)
