"""Times are said in London time, as briefly as is clear."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.reader import Reader
from cards.times import clock, day, moment

NOW = datetime(2026, 11, 19, 3, 12, tzinfo=UTC)  # a Thursday
SUMMER = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 on a Wednesday in London


@pytest.mark.parametrize(
    ("now", "at", "said"),
    [
        (NOW, NOW.replace(hour=13, minute=0), "13:00 today"),
        (NOW, datetime(2026, 11, 20, 8, 0, tzinfo=UTC), "08:00 tomorrow"),
        (NOW, datetime(2026, 11, 25, 18, 0, tzinfo=UTC), "Wednesday 18:00"),
        (NOW, datetime(2026, 11, 26, 18, 0, tzinfo=UTC), "Thursday 26 November 18:00"),
        (NOW, datetime(2026, 11, 18, 18, 0, tzinfo=UTC), "Wednesday 18 November 18:00"),
        (SUMMER, SUMMER + timedelta(minutes=20), "23:50 today"),
        (SUMMER, SUMMER + timedelta(minutes=40), "00:10 tomorrow"),
    ],
)
def test_moment(now: datetime, at: datetime, said: str):
    assert moment(at, now, Reader()) == said


def test_day_and_clock():
    assert day(SUMMER, Reader()) == "Wednesday 1 July"
    assert clock(SUMMER) == "23:30"


@given(st.integers(0, 4 * 365 * 24 * 60), st.integers(0, 60 * 24 * 6))
def test_two_moments_within_six_days_are_never_said_alike(since: int, minutes: int):
    now = NOW + timedelta(minutes=since)
    later = now + timedelta(minutes=minutes)
    other = later + timedelta(hours=24)
    assert moment(later, now, Reader()) != moment(other, now, Reader())
