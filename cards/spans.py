"""How long something lasts, as people say it: 1 hour, 30 days, 6 months."""

from __future__ import annotations

from cards.reader import Reader


def hours(count: int, reader: Reader) -> str:
    """1 hour, 24 hours."""
    return reader.say("page.hours.one" if count == 1 else "page.hours.many", n=count)


def days(count: int, reader: Reader) -> str:
    """1 day, 30 days."""
    return reader.say("page.days.one" if count == 1 else "page.days.many", n=count)


def months(count: int, reader: Reader) -> str:
    """1 month, 24 months."""
    return reader.say("page.months.one" if count == 1 else "page.months.many", n=count)
