"""Weekly hours hold across midnight, weekends and both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_support.hours import DAYS, LONDON, HoursUnreadable, WeeklyHours

moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
times = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
parts = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS), times, times).filter(
    lambda part: part[2] != part[3]
)
weeks = st.lists(parts, min_size=1, max_size=4).map(
    lambda chosen: WeeklyHours.parse(
        "; ".join(f"{one}-{other} {start}-{end}" for one, other, start, end in chosen)
    )
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        ("Mon-Fri 08:00-20:00; Sat 10:00-14:00", "2026-11-20T08:00", True),
        ("Mon-Fri 08:00-20:00; Sat 10:00-14:00", "2026-11-20T20:00", False),
        ("Mon-Fri 08:00-20:00; Sat 10:00-14:00", "2026-11-21T13:59", True),
        ("Mon-Fri 08:00-20:00; Sat 10:00-14:00", "2026-11-22T11:00", False),
        ("Sun 22:00-06:00", "2026-11-23T05:59", True),
        ("Sun 22:00-06:00", "2026-11-22T05:59", False),
        ("Fri-Mon 12:00-13:00", "2026-11-22T12:30", True),
        ("Fri-Mon 12:00-13:00", "2026-11-24T12:30", False),
        ("Mon, Wed 09:00-10:00", "2026-11-25T09:30", True),
        ("Mon-Sun 00:00-24:00", "2026-11-22T23:59", True),
        ("mon-fri 08:00-20:00", "2026-07-01T08:00", True),
    ],
)
def test_open_at(hours: str, moment: str, is_open: bool) -> None:
    assert WeeklyHours.parse(hours).open_at(london(moment)) is is_open


@pytest.mark.parametrize(
    "text",
    [
        *("", ";", "Mon", "08:00-20:00", "Mon 8-20", "Mon 08:00-25:00", "Mon 08:60-09:00", "Mon 09:00-09:00"),
        *("Moonday 08:00-09:00", "Mon-Tue-Wed 08:00-09:00", "Mon 24:00-24:00", "Mon 24:00-06:00", "all day"),
    ],
)
def test_unreadable_hours_say_so(text: str) -> None:
    with pytest.raises(HoursUnreadable, match=r"\w+"):
        WeeklyHours.parse(text)


def test_waking_hours_stay_local_through_both_clock_changes() -> None:
    waking = WeeklyHours.every_day("08:00", "22:00")
    assert waking.next_open(london("2026-03-29T03:12")) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert waking.next_open(london("2026-10-25T03:12")) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_in_the_hour_that_spring_leaves_out_the_earlier_opening_is_still_the_first() -> None:
    """01:30 by the wall is 02:30 of that night: after 02:00, which is 01:00 in UTC."""
    hours = WeeklyHours.parse("Sun 01:30-01:45; Sun 02:00-06:00")
    midnight = datetime(2026, 3, 29, tzinfo=UTC)
    assert hours.next_open(midnight) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert hours.add_open(midnight, timedelta(hours=3)) == datetime(2026, 3, 29, 4, tzinfo=UTC)


def test_four_waking_hours_run_on_the_next_morning() -> None:
    waking = WeeklyHours.every_day("08:00", "22:00")
    assert waking.add_open(london("2026-11-20T20:30"), timedelta(hours=4)) == london("2026-11-21T10:30")


def test_a_night_shift_across_the_spring_change_is_an_hour_shorter() -> None:
    nights = WeeklyHours.parse("Mon-Sun 22:00-06:00")
    assert nights.add_open(london("2026-03-28T22:00"), timedelta(hours=7)) == london("2026-03-29T06:00")


@given(hours=weeks)
def test_its_own_text_reads_back(hours: WeeklyHours) -> None:
    assert WeeklyHours.parse(hours.text()) == hours


@given(hours=weeks, moment=moments)
def test_the_next_opening_is_open_and_within_a_fortnight(hours: WeeklyHours, moment: datetime) -> None:
    opening = hours.next_open(moment)
    assert hours.open_at(opening)
    assert moment <= opening < moment + timedelta(days=15)


@given(hours=weeks, moment=moments, minutes=st.integers(1, 600))
def test_open_time_never_runs_faster_than_the_clock(
    hours: WeeklyHours, moment: datetime, minutes: int
) -> None:
    wait = timedelta(minutes=minutes)
    end = hours.add_open(moment, wait)
    assert end >= moment + wait
    assert hours.add_open(moment, wait + timedelta(minutes=1)) > end


def test_days_that_are_alike_are_told_as_one():
    assert WeeklyHours.parse("Mon-Sun 00:00-24:00").text() == "Mon-Sun 00:00-24:00"
    told = WeeklyHours.parse("Mon-Fri 08:00-12:00; Mon-Fri 13:00-17:00; Sun 10:00-14:00").text()
    assert told == "Mon-Fri 08:00-12:00; Mon-Fri 13:00-17:00; Sun 10:00-14:00"
