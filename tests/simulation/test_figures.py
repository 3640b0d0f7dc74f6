"""The figures are those that the words say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_support.hours import WeeklyHours
from simulation.figures import gini, middle, most_even, share_within, waking_hours
from simulation.optimum import Placed, at_once, compare, one_by_one

HOURS = WeeklyHours.parse("Mon-Fri 08:00-22:00; Sat 22:00-06:00")


@pytest.mark.parametrize(
    ("loads", "expected"),
    [
        ([1, 1, 1, 1], 0.0),
        ([0, 0, 0, 4], 0.75),
        ([0, 1], 0.5),
        ([1, 2, 3, 4], 0.25),
        ([4, 1, 3, 2], 0.25),
        ([0, 0], 0.0),
        ([], 0.0),
    ],
)
def test_gini_of_known_loads(loads: list[int], expected: float):
    assert gini(loads) == pytest.approx(expected)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_nothing_lies_more_evenly_than_what_is_dealt_out_one_to_each(loads: list[int]):
    dealt = most_even(sum(loads), len(loads))
    assert sum(dealt) == sum(loads)
    assert len(dealt) == len(loads)
    assert -1e-9 <= gini(dealt) <= gini(loads) + 1e-9 < 1 + 1e-9


@settings(max_examples=25)
@given(st.integers(0, 270 * 24 * 60), st.floats(0.1, 80))
def test_waking_hours_are_counted_as_the_rules_add_them(minute: int, hours: float):
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
    end = HOURS.add_open(start, timedelta(hours=hours))
    assert waking_hours(HOURS, start, end) == pytest.approx(hours, abs=1e-6)


def test_those_who_never_came_count_among_all():
    assert share_within([1.0, 12.0, 13.0, None], 12) == 0.5
    assert share_within([], 12) == 0
    assert middle([5.0, 1.0, 9.0]) == 5.0
    assert middle([]) is None


def test_the_best_is_the_best_of_all_ways_and_the_rule_is_one_of_them():
    batch = [{"a": 50, "b": 48}, {"a": 40}, {"a": 45, "b": 10, "c": 9}]
    assert one_by_one(batch) == Placed(2, 60)
    assert at_once(batch) == Placed(3, 48 + 40 + 9)
    ways = [
        sum(wanted[id] for wanted, id in zip(batch, way, strict=True))
        for way in permutations("abc")
        if all(id in wanted for wanted, id in zip(batch, way, strict=True))
    ]
    assert max(ways) == 97
    loss = compare([batch, [{"a": 10}, {"b": 7}]])
    assert loss is not None
    assert (loss.batches, loss.asked, loss.left_out) == (2, 5, 1)
    assert compare([]) is None
    assert at_once([{}]) == one_by_one([{}]) == Placed()


def test_what_is_lost_is_told_a_pair():
    loss = compare([[{"a": 50, "b": 48}, {"a": 45, "b": 20}]])
    assert loss is not None
    assert (loss.ruled, loss.best) == (Placed(2, 70), Placed(2, 93))
    assert loss.points_lost == 11.5
