"""Counting people, in one place: nothing under 10, the rest to the nearest 5, and nothing hidden can be worked out.

A sheet has two dimensions, places and values, and one fixed period. Everything that is ever printed of a period and a
measure is part of its one sheet, so that no two reports can be laid side by side to find what each of them hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LEAST, STEP = 10, 5
FORCES_IN_NATIONAL = 3
SETTLES = timedelta(days=182)
TOTAL, NATIONAL = "total", "all forces"

Cell = tuple[str, str]  # a place, a value
Counts = Mapping[Cell, int]
_PRIME = (1 << 61) - 1


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """The one kind of period. Quarters never overlap, so none can be taken from another."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """2026-Q3. ValueError for anything else: no week, no month, no range."""
        found = re.fullmatch(r"(20[0-9]{2})-[Qq]([1-4])", text.strip())
        if found is None:
            raise ValueError("a period is a quarter, such as 2026-Q3")
        return cls(int(found[1]), int(found[2]))

    @property
    def starts(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        """The first day after it."""
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)

    @property
    def settled_from(self) -> date:
        """From when it may be told: half a year on, when hardly a count of it is still to come."""
        return self.ends + SETTLES

    def settled(self, today: date) -> bool:
        """Whether it may be told by now."""
        return today >= self.settled_from

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.starts <= day < self.ends

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


@dataclass(frozen=True, slots=True)
class Places:
    """Each force's region; and the forces with too few supporters to stand alone, which count within theirs only."""

    regions: Mapping[str, str]
    small: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What may be printed: `cells` holds what is shown, rounded; what isn't in it is hidden, and why isn't told."""

    places: tuple[str, ...]
    values: tuple[str, ...]
    cells: Counts

    def shown(self, place: str, value: str) -> int | None:
        """A rounded count, or None where it is hidden."""
        return self.cells.get((place, value))


def rounded(count: int) -> int | None:
    """To the nearest 5; None under 10."""
    return None if count < LEAST else (count + STEP // 2) // STEP * STEP


def region_row(region: str) -> str:
    """A region's place on a sheet, which no force's id can be."""
    return f"region {region}"


def publish(counts: Counts, places: Places, values: Sequence[str]) -> Sheet:
    """The sheet of exact counts by force and value. A force that `places` doesn't know is left out everywhere."""
    grid = Grid(counts, places, values)
    shown = {cell: rounded(grid.truth[cell]) for cell in grid.visible()}
    forces = [force for force in sorted(places.regions) if force not in places.small]
    rows = (*forces, *map(region_row, sorted(set(places.regions.values()))), NATIONAL)
    return Sheet(rows, (*values, TOTAL), {cell: n for cell, n in shown.items() if n is not None})


class Grid:
    """Every cell and sum of a sheet, as the base cells (one force, one value) that it adds up: `parts` and `truth`.

    `lines` are a sum and what it is the sum of, in either direction.
    """

    def __init__(self, counts: Counts, places: Places, values: Sequence[str]) -> None:
        regions: dict[str, list[str]] = {}
        for force, region in sorted(places.regions.items()):
            regions.setdefault(region_row(region), []).append(force)
        within = {force: [force] for force in places.regions} | regions | {NATIONAL: list(places.regions)}
        spans = {value: [value] for value in values} | {TOTAL: list(values)}
        self.parts: dict[Cell, frozenset[Cell]] = {
            (place, value): frozenset((force, each) for force in forces for each in spanned)
            for place, forces in within.items()
            for value, spanned in spans.items()
        }
        self.truth = {
            cell: sum(max(counts.get(base, 0), 0) for base in parts) for cell, parts in self.parts.items()
        }
        self.lines = [((place, TOTAL), [(place, value) for value in values]) for place in within]
        for value in spans:
            self.lines += [
                ((row, value), [(force, value) for force in forces]) for row, forces in regions.items()
            ]
            self.lines.append(((NATIONAL, value), [(row, value) for row in regions]))
        self._protected = {
            cell for cell, count in self.truth.items() if count < LEAST or cell[0] in places.small
        }
        counted = [force for force in places.regions if self.truth.get((force, TOTAL), 0)]
        national = {cell for cell in self.parts if cell[0] == NATIONAL}
        self._left_out = national if len(counted) < FORCES_IN_NATIONAL else set[Cell]()

    def visible(self) -> frozenset[Cell]:
        """All that can be shown: more is hidden until no protected cell can be worked out from the rest."""
        seen = set(self.parts) - self._protected - self._left_out
        while True:
            hide = self._beside(seen) or self._worked_out(seen)
            if hide is None:
                return frozenset(seen)
            seen.discard(hide)

    def _beside(self, seen: set[Cell]) -> Cell | None:
        """In a line whose sum is shown, what is hidden together must itself be 10 or more, and not one alone."""
        for whole, parts in self.lines:
            hidden = [part for part in parts if part not in seen]
            if whole not in seen or not self._protected & set(hidden):
                continue
            if len(hidden) == 1 or sum(self.truth[part] for part in hidden) < LEAST:
                shown = [part for part in parts if part in seen]
                return min(shown, key=self._smallest) if shown else whole
        return None

    def _worked_out(self, seen: set[Cell]) -> Cell | None:
        """The next to hide where some protected cell follows from all that is shown, over however many lines."""
        known = _Span()
        for cell in sorted(seen, key=self._smallest):
            known.add(self.parts[cell])
        for cell in sorted(self._protected):
            if cell[0] != NATIONAL and known.holds(self.parts[cell]):
                about = [each for each in seen if self.parts[each] & self.parts[cell]]
                return min(about, key=self._smallest)
        return None

    def _smallest(self, cell: Cell) -> tuple[int, int, Cell]:
        return len(self.parts[cell]), self.truth[cell], cell


class _Span:
    """All that follows from some sums by adding and taking away: rows in echelon form, modulo a large prime."""

    def __init__(self) -> None:
        self._rows: dict[Cell, dict[Cell, int]] = {}

    def add(self, parts: Iterable[Cell]) -> None:
        """One more known sum."""
        left = self._reduced(parts)
        if left:
            first = min(left)
            inverse = pow(left[first], -1, _PRIME)
            self._rows[first] = {cell: factor * inverse % _PRIME for cell, factor in left.items()}

    def holds(self, parts: Iterable[Cell]) -> bool:
        """Whether this sum follows from those that are known."""
        return not self._reduced(parts)

    def _reduced(self, parts: Iterable[Cell]) -> dict[Cell, int]:
        left = dict.fromkeys(parts, 1)
        for cell in sorted(self._rows):
            factor = left.get(cell, 0)
            if factor:
                for each, own in self._rows[cell].items():
                    value = (left.get(each, 0) - factor * own) % _PRIME
                    left[each] = value
                    if not value:
                        del left[each]
        return left
