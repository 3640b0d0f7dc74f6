"""When somebody is on duty, and so when they are likely to see a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from peer_support.hours import LONDON, WeeklyHours

# hours of duty by the day of a shift worker's cycle, counted from that day's midnight: earlies, lates, nights, off
_CYCLE = ((7, 17), (7, 17), (14, 24), (14, 24), (21, 31), (21, 31), None, None, None, None)
_OFFICE = (8, 17)
_SATURDAY = 5
_FIRST_DAY = date(2020, 1, 6)
_LONGEST_OFF = 7


@dataclass(frozen=True, slots=True)
class Shifts:
    """`phase` is the day of the cycle that a shift worker is on; None for somebody who works Monday to Friday."""

    phase: int | None = None

    def duty_of(self, day: date) -> tuple[datetime, datetime] | None:
        """The duty that begins on a day, London time; None on a day off."""
        if self.phase is None:
            hours = _OFFICE if day.weekday() < _SATURDAY else None
        else:
            hours = _CYCLE[((day - _FIRST_DAY).days + self.phase) % len(_CYCLE)]
        if hours is None:
            return None
        midnight = datetime.combine(day, time(), LONDON)
        start, end = (
            (midnight.replace(tzinfo=None) + timedelta(hours=hour)).replace(tzinfo=LONDON) for hour in hours
        )
        return start.astimezone(UTC), end.astimezone(UTC)

    def next_duty(self, moment: datetime) -> tuple[datetime, datetime]:
        """The duty that is on at `moment`, or the next."""
        day = moment.astimezone(LONDON).date() - timedelta(days=1)
        for later in range(_LONGEST_OFF + 2):
            duty = self.duty_of(day + timedelta(days=later))
            if duty is not None and duty[1] > moment:
                return duty
        raise AssertionError("nobody is off for longer than a week")


@dataclass(frozen=True, slots=True)
class Habits:
    """How soon somebody sees a message. Waits are drawn around these means."""

    on_duty_minutes: float
    off_duty_minutes: float
    looks_off_duty: float


def seen_at(
    moment: datetime, shifts: Shifts, habits: Habits, waking: WeeklyHours, chance: Random
) -> datetime:
    """When a message that came at `moment` is seen: on duty soon; off duty by some, while awake; else on next duty."""
    wait = chance.expovariate(1 / habits.on_duty_minutes)
    off = chance.expovariate(1 / habits.off_duty_minutes)
    looks = chance.random() < habits.looks_off_duty
    start, end = shifts.next_duty(moment)
    if start <= moment and moment + timedelta(minutes=wait) < end:
        return moment + timedelta(minutes=wait)
    after = end if start <= moment else moment
    start, _ = shifts.next_duty(after)
    at_work = start + timedelta(minutes=wait)
    if looks:
        return min(waking.add_open(after, timedelta(minutes=off)), at_work)
    return at_work
