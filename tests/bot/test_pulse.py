"""The loop's pulse, under a clock that the test moves, and what it means for the lane."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from bot.lane import FEW, Lane, LaneFull
from bot.pulse import STALE, Pulse

LONGEST = 0.010


class Watch:
    """A clock that stands until work moves it."""

    now = 100.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


async def a_round() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def felt(seconds: float) -> tuple[Watch, Pulse]:
    """A pulse, after a round in which others worked so long."""
    watch = Watch()
    pulse = Pulse(LONGEST, watch)
    assert not pulse.late()
    asyncio.get_running_loop().call_soon(watch.work, seconds)
    await a_round()
    return watch, pulse


async def test_a_long_round_is_felt_and_a_short_one_is_not():
    _, slow = await felt(LONGEST * 2)
    _, quick = await felt(LONGEST / 2)
    assert slow.late()
    assert not quick.late()


async def test_work_that_became_ready_meanwhile_counts_too():
    watch = Watch()
    pulse = Pulse(LONGEST, watch)
    loop = asyncio.get_running_loop()
    pulse.late()
    loop.call_soon(watch.work, LONGEST * 0.6)
    loop.call_soon(watch.work, LONGEST * 0.6)
    await a_round()
    assert pulse.late()


async def test_it_recovers_with_the_first_short_round():
    _, pulse = await felt(LONGEST * 5)
    assert pulse.late()
    await a_round()
    assert not pulse.late()


async def test_what_was_felt_long_ago_says_nothing_of_now():
    watch, pulse = await felt(LONGEST * 5)
    watch.work(STALE)
    assert not pulse.late()


async def test_a_late_loop_lets_in_a_few_and_no_more():
    late = True
    lane = Lane(5, lambda: late)
    with ExitStack() as held:
        for _ in range(FEW):
            held.enter_context(lane.place())
        with pytest.raises(LaneFull), lane.place():
            pass
        late = False
        for _ in range(5 - FEW):
            held.enter_context(lane.place())
        with pytest.raises(LaneFull), lane.place():
            pass
    assert lane.taken == 0


async def test_a_lane_of_one_stays_one_however_late():
    lane = Lane(1, lambda: True)
    with lane.place(), pytest.raises(LaneFull), lane.place():
        pass
