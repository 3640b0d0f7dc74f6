"""A quarter's numbers from the store's counts: what is asked for too early, of a small force, or about few people."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from peer_support.commands.numbers import TooEarly, see_numbers
from peer_support.feedback import Answer, Feedback
from peer_support.keeping_ports import Count, Measure
from peer_support.numbers import NATIONAL, TOTAL, Quarter, region_row
from tests.peer_support.village import NORTHMOOR, WESTVALE, Village

THIRD = Quarter(2026, 3)
SETTLED = datetime(2027, 4, 2, 9, 0, tzinfo=UTC)
NORTH, WEST = region_row("yorkshire_humber"), region_row("south_west")


async def counted(*, supporters: int = 12) -> Village:
    """Both forces, with counts and answers of the third quarter, and a few of the next."""
    v = Village()
    for number in range(supporters):
        for force in (NORTHMOOR, WESTVALE):
            await v.supporter(f"{force}-{number}", force)
    july, october = date(2026, 7, 6), date(2026, 10, 5)
    async with v.store.work() as work:
        for force, scale in ((NORTHMOOR, 1), (WESTVALE, 2)):
            for count in (
                Count(force, july, Measure.OUTCOME, "introduced", 32 * scale),
                Count(force, july, Measure.OUTCOME, "withdrawn", 14 * scale),
                Count(force, july, Measure.OUTCOME, "unanswered", 13 * scale),
                Count(force, october, Measure.OUTCOME, "withdrawn", 500),
                Count(force, date(2026, 7, 1), Measure.WAITED, "0", 32 * scale),
                Count(force, date(2026, 7, 1), Measure.GROUP, "work", 41 * scale),
                Count(force, date(2026, 7, 1), Measure.GROUP, "home", 12 * scale),
                Count(force, date(2026, 7, 1), Measure.GROUP, "feeling", 22 * scale),
            ):
                await work.statistics.add(count)
        for number in range(9):
            await work.feedback.add(Feedback(f"few-{number}", NORTHMOOR, "2026-W30", Answer.YES, None, None))
        for number in range(23):
            await work.feedback.add(
                Feedback(f"more-{number}", WESTVALE, "2026-W31", Answer.YES, Answer.NO, None)
            )
        await work.feedback.add(Feedback("next", WESTVALE, "2026-W41", Answer.YES, None, None))
    return v


async def test_the_sheets_of_a_settled_quarter():
    v = await counted()
    found = await see_numbers(v.desk, THIRD, SETTLED)
    outcomes = found.outcomes
    assert outcomes.shown(NORTHMOOR, "introduced in 0 weeks") == 30
    assert outcomes.shown(WESTVALE, "withdrawn") == 30
    assert outcomes.shown(NORTHMOOR, TOTAL) == 60
    assert outcomes.shown(NATIONAL, TOTAL) is None  # two forces are no nation
    assert found.kinds.shown(WESTVALE, "work") == 80
    assert found.kinds.shown(WESTVALE, "home") is None  # with it, that nobody picked the rest would be known


async def test_feedback_is_shown_with_nine_or_more_others_alone():
    v = await counted()
    listened = (await see_numbers(v.desk, THIRD, SETTLED)).feedback["listened"]
    assert listened.shown(NORTHMOOR, "yes") is None
    assert listened.shown(NORTHMOOR, TOTAL) is None
    assert listened.shown(WESTVALE, TOTAL) == 25
    assert (await see_numbers(v.desk, THIRD, SETTLED)).feedback["otherwise"].cells == {}


async def test_a_force_with_under_ten_supporters_stands_in_its_region_alone():
    v = await counted(supporters=9)
    found = await see_numbers(v.desk, THIRD, SETTLED)
    assert NORTHMOOR not in found.outcomes.places
    assert found.outcomes.cells == {}  # each region here is one force


async def test_nothing_is_told_until_hardly_a_count_is_to_come():
    v = await counted()
    with pytest.raises(TooEarly):
        await see_numbers(v.desk, THIRD, datetime(2027, 3, 31, 9, 0, tzinfo=UTC))
    assert THIRD.settled_from == date(2027, 4, 1)
