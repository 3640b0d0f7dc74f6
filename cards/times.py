"""Times as people say them, in London time: "18:00 today", "Thursday 18:00", "Thursday 3 December"."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cards.reader import Reader

LONDON = ZoneInfo("Europe/London")
_DAYS_BY_NAME = 6


def clock(at: datetime) -> str:
    """The time of day: 08:00."""
    return at.astimezone(LONDON).strftime("%H:%M")


def day(at: datetime, reader: Reader) -> str:
    """A day that can't be mistaken for another week's: Thursday 3 December."""
    local = at.astimezone(LONDON)
    weekday, month = reader.say(f"day.{local.isoweekday()}"), reader.say(f"month.{local.month}")
    return reader.say("time.date", weekday=weekday, day=local.day, month=month)


def moment(at: datetime, now: datetime, reader: Reader) -> str:
    """A day and a time, as briefly as is clear from `now`."""
    local = at.astimezone(LONDON)
    away = (local.date() - now.astimezone(LONDON).date()).days
    if away == 0:
        return reader.say("time.today", time=clock(at))
    if away == 1:
        return reader.say("time.tomorrow", time=clock(at))
    named_day = reader.say(f"day.{local.isoweekday()}") if 1 < away <= _DAYS_BY_NAME else day(at, reader)
    return reader.say("time.day", day=named_day, time=clock(at))
