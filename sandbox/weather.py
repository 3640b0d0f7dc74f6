"""What the local Teams is told to do wrong, for everyone or for one person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

LONGEST_SECONDS = 120
SERVER_FAULTS = (412, 500, 502, 503, 504)


class Kind(StrEnum):
    """What happens to a call of the bot."""

    FINE = "fine"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    FAULTY = "faulty"
    SLOW = "slow"
    SILENT = "silent"


class WeatherUnreadable(ValueError):
    """What was asked for isn't a weather."""


@dataclass(frozen=True, slots=True)
class Weather:
    """`seconds` is the Retry-After of a throttled call and the wait of a slow one. `status` is a faulty call's answer.

    `times` is how many calls it lasts for; None means until it is changed.
    """

    kind: Kind = Kind.FINE
    seconds: float = 2
    status: int = 503
    times: int | None = None

    @classmethod
    def read(cls, asked: dict[str, Any]) -> Weather:
        """Read what the page or a test asks for. Raises WeatherUnreadable."""
        try:
            kind = Kind(asked.get("kind", ""))
        except ValueError as fault:
            raise WeatherUnreadable(f"kind is one of {', '.join(Kind)}") from fault
        seconds, status, times = asked.get("seconds", 2), asked.get("status", 503), asked.get("times")
        if not _number(seconds) or not 0 <= seconds <= LONGEST_SECONDS:
            raise WeatherUnreadable(f"seconds is a number from 0 to {LONGEST_SECONDS}")
        if status not in SERVER_FAULTS:
            raise WeatherUnreadable(f"status is one of {', '.join(map(str, SERVER_FAULTS))}")
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise WeatherUnreadable("times is a whole number from 1, or left out")
        return cls(kind, float(seconds), status, times)

    def shown(self) -> dict[str, Any]:
        """As the page shows it."""
        return {"kind": str(self.kind), "seconds": self.seconds, "status": self.status, "times": self.times}


class Forecast:
    """The weather for everyone, and for each person who has one of their own, which then goes first."""

    def __init__(self) -> None:
        self._everyone = Weather()
        self._own: dict[str, Weather] = {}

    def set(self, weather: Weather, who: str | None) -> None:
        """From now on. Fine weather for one person means that they have no weather of their own any more."""
        if who is None:
            self._everyone = weather
        elif weather.kind is Kind.FINE:
            self._own.pop(who, None)
        else:
            self._own[who] = weather

    def clear(self) -> None:
        """Fine for everyone again."""
        self._everyone = Weather()
        self._own.clear()

    def take(self, who: str | None) -> Weather:
        """The weather that one call meets, counted down where it lasts for a number of calls."""
        own = who if who is not None and who in self._own else None
        weather = self._own[own] if own is not None else self._everyone
        if weather.times is not None:
            left = weather.times - 1
            self.set(replace(weather, times=left) if left else Weather(), own)
        return weather

    def shown(self) -> dict[str, Any]:
        """As the page shows it."""
        return {
            "everyone": self._everyone.shown(),
            "people": {who: weather.shown() for who, weather in self._own.items()},
        }


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
