"""Weekly hours in Europe/London, and arithmetic over them that is right across both clock changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTES_A_DAY = 24 * 60
_PART = re.compile(r"^(?P<days>[A-Za-z,\- ]+?)\s+(?P<start>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})$")


class HoursUnreadable(ValueError):
    """The text isn't hours like `Mon-Fri 08:00-20:00; Sat 10:00-14:00`."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Spans of local time as (weekday 0-6, start minute, end minute), each inside one day, end exclusive."""

    spans: tuple[tuple[int, int, int], ...]
    # Asked for with each of thousands of supporters.
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.spans))

    def __hash__(self) -> int:
        return self._hash

    @classmethod
    def every_day(cls, start: str, end: str) -> WeeklyHours:
        """The same hours on all seven days."""
        return cls.parse(f"Mon-Sun {start}-{end}")

    @classmethod
    def parse(cls, text: str) -> WeeklyHours:
        """Read `Mon-Fri 08:00-20:00; Sat 10:00-14:00`. A span past midnight (`22:00-06:00`) runs into the next day,
        and one that ends at midnight (`00:00` or `24:00`) is the rest of its own.

        Raises HoursUnreadable with what is wrong.
        """
        spans: list[tuple[int, int, int]] = []
        for part in filter(None, (piece.strip() for piece in text.split(";"))):
            found = _PART.match(part)
            if not found:
                raise HoursUnreadable(f"“{part}” is not like Mon-Fri 08:00-20:00")
            start, end = _minute(found["start"]), _minute(found["end"]) or _MINUTES_A_DAY
            if start in {end, _MINUTES_A_DAY}:
                raise HoursUnreadable(f"“{part}” starts where it ends; a whole day is 00:00-24:00")
            for day in _days(found["days"]):
                if end > start:
                    spans.append((day, start, end))
                else:
                    spans += [(day, start, _MINUTES_A_DAY), ((day + 1) % 7, 0, end)]
        if not spans:
            raise HoursUnreadable("no hours were given")
        return cls(_merged(spans))

    def text(self) -> str:
        """The same hours in a form that `parse` reads, with days that are alike told as one."""
        days: dict[int, list[tuple[int, int]]] = {}
        for day, start, end in self.spans:
            days.setdefault(day, []).append((start, end))
        runs: list[tuple[int, int, list[tuple[int, int]]]] = []
        for day, times in sorted(days.items()):
            if runs and runs[-1][1] == day - 1 and runs[-1][2] == times:
                runs[-1] = (runs[-1][0], day, times)
            else:
                runs.append((day, day, times))
        return "; ".join(
            f"{_day_names(first, last)} {_clock(start)}-{_clock(end)}"
            for first, last, times in runs
            for start, end in times
        )

    def open_at(self, moment: datetime) -> bool:
        """Whether `moment` falls inside these hours, London time."""
        local = moment.astimezone(LONDON)
        minute = local.hour * 60 + local.minute
        return any(d == local.weekday() and start <= minute < end for d, start, end in self.spans)

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself when open, else the next opening (UTC)."""
        if self.open_at(moment):
            return moment.astimezone(UTC)
        after = moment.astimezone(UTC)
        return next(start for start, end in self._spans_from(moment, days=15) if after < start < end)

    def add_open(self, moment: datetime, duration: timedelta) -> datetime:
        """The moment by which `duration` of open time has passed since `moment` (UTC)."""
        left, at = duration, moment.astimezone(UTC)
        while True:
            for start, end in self._spans_from(at, days=15):
                begin = max(start, at)
                if end <= begin:
                    continue
                if end - begin >= left:
                    return begin + left
                left -= end - begin
                at = end

    def _spans_from(self, moment: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """In their order, from the day before. Most are never asked for: the answer is in the first or second."""
        first = (moment.astimezone(LONDON) - timedelta(days=1)).date()
        for offset in range(days + 1):
            day = first + timedelta(days=offset)
            midnight = datetime.combine(day, time(), LONDON)
            yield from sorted(
                (_wall(midnight, start), _wall(midnight, end))
                for weekday, start, end in self.spans
                if weekday == day.weekday()
            )


def _day_names(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _wall(midnight: datetime, minutes: int) -> datetime:
    local = (midnight.replace(tzinfo=None) + timedelta(minutes=minutes)).replace(tzinfo=LONDON)
    return local.astimezone(UTC)


def _minute(text: str) -> int:
    hour, minute = (int(piece) for piece in text.split(":"))
    if hour == 24 and minute == 0:  # noqa: PLR2004
        return _MINUTES_A_DAY
    if hour > 23 or minute > 59:  # noqa: PLR2004
        raise HoursUnreadable(f"“{text}” is not a time")
    return hour * 60 + minute


def _days(text: str) -> list[int]:
    days: list[int] = []
    for piece in (part.strip() for part in text.split(",")):
        ends = [part.strip()[:3].title() for part in piece.split("-")]
        if len(ends) > 2 or any(end not in DAYS for end in ends):  # noqa: PLR2004
            raise HoursUnreadable(f"“{piece}” is not a day")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def _merged(spans: list[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    merged: list[tuple[int, int, int]] = []
    for day, start, end in sorted(set(spans)):
        if merged and merged[-1][0] == day and merged[-1][2] >= start:
            merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((day, start, end))
    return tuple(merged)
