"""The figures of a run: waits in waking hours, and how evenly the load lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from peer_support.hours import LONDON, WeeklyHours


def waking_hours(hours: WeeklyHours, start: datetime, end: datetime) -> float:
    """How much of the time from `start` to `end` lies in these hours."""
    total = timedelta()
    day = start.astimezone(LONDON).date()
    while day <= end.astimezone(LONDON).date():
        midnight = datetime.combine(day, time())
        for weekday, first, last in hours.spans:
            if weekday == day.weekday():
                opens, closes = (
                    (midnight + timedelta(minutes=minute)).replace(tzinfo=LONDON).astimezone(UTC)
                    for minute in (first, last)
                )
                total += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return total / timedelta(hours=1)


def share_within(waits: Iterable[float | None], hours: float) -> float:
    """The share of all, those who never came included, that came within so many hours."""
    found = list(waits)
    return sum(wait is not None and wait <= hours for wait in found) / len(found) if found else 0.0


def middle(waits: Iterable[float]) -> float | None:
    """The wait that half of them stay under."""
    ordered = sorted(waits)
    return ordered[len(ordered) // 2] if ordered else None


def gini(loads: Sequence[int]) -> float:
    """How unevenly something lies: 0 where all carry the same, near 1 where one carries everything."""
    ordered, total = sorted(loads), sum(loads)
    if not total:
        return 0.0
    weighted = sum(place * load for place, load in enumerate(ordered, start=1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def most_even(total: int, people: int) -> list[int]:
    """So much over so many people as evenly as whole numbers go."""
    each, left = divmod(total, people)
    return [each + 1] * left + [each] * (people - left)
