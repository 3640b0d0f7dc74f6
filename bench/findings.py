"""What a part of the bench found: its tables, and each promise beside what was measured."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One table."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised, what was found, and whether the one is within the other."""

    target: str
    found: str
    kept: bool

    @property
    def sentence(self) -> str:
        """The two beside each other."""
        return f"{self.target}: {self.found}. {'Kept' if self.kept else 'Missed'}."


@dataclass(frozen=True, slots=True)
class Taken:
    """How the figures came about: on which day and machine, in how many rounds, how busy it was, how long it took."""

    day: str
    rounds: int
    seconds: float
    busy: float
    how: str

    @classmethod
    def today(cls, rounds: int, seconds: float, busy: float, how: str) -> Taken:
        """The day as the reader's calendar has it."""
        return cls(f"{date.today():%d %B %Y}", rounds, seconds, busy, how)  # noqa: DTZ011 - as said

    @property
    def sentence(self) -> str:
        """One line under the heading."""
        rounds = f"{self.rounds} rounds" if self.rounds > 1 else "taken once"
        return (
            f"*`{self.how}` on {self.day}: {rounds}, {self.seconds:.0f} s; load average {self.busy:.2f} "
            f"before, on {os.cpu_count()} cores.*"
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `said` is what a reader must know to judge the figures."""

    name: str
    title: str
    said: Sequence[str]
    tables: Sequence[Part]
    promises: Sequence[Promise]
    taken: Taken

    @property
    def kept(self) -> bool:
        """Whether every promise is."""
        return all(promise.kept for promise in self.promises)


def keep(sections: Sequence[Section], file: Path) -> None:
    """The figures as data, from which the page is made."""
    file.write_text(
        json.dumps([asdict(each) for each in sections], indent=1, ensure_ascii=False) + "\n", "utf-8"
    )


def kept_in(file: Path) -> list[Section]:
    """What was measured before; nothing where there is no such file."""
    if not file.exists():
        return []
    return [_read(each) for each in json.loads(file.read_text("utf-8"))]


def _read(found: dict[str, Any]) -> Section:
    tables = [Part(each["title"], tuple(each["head"]), each["rows"]) for each in found["tables"]]
    promises = [Promise(**each) for each in found["promises"]]
    return Section(found["name"], found["title"], found["said"], tables, promises, Taken(**found["taken"]))


def spread(values: Sequence[float]) -> str:
    """The median, and the range about it."""
    return f"{short(median(values))} ({short(min(values))} to {short(max(values))})"


def short(value: float) -> str:
    """Three figures."""
    if value >= 100:  # noqa: PLR2004
        return f"{value:.0f}"
    return f"{value:.3g}"


def times(values: Sequence[float], words: str, most: float) -> Promise:
    """At most so many times something, round by round, by the median."""
    return Promise(f"{words}: at most {most:g} x", f"{spread(values)} x", median(values) <= most)
