"""What the rule loses by asking for one request after the other, against the best that all at once could do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

# more than any score: as many as can be are placed first, and only then is the score looked at
_PLACED = 100_000

Points = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """How many of a batch found a supporter, and the points of their pairs together."""

    count: int = 0
    points: int = 0

    def __add__(self, other: Placed) -> Placed:
        return Placed(self.count + other.count, self.points + other.points)


@dataclass(frozen=True, slots=True)
class Loss:
    """Over several batches: the rule's one after the other, and the best of all at once."""

    batches: int
    asked: int
    ruled: Placed
    best: Placed

    @property
    def points_lost(self) -> float:
        """The points a pair that the rule's pairs lack. It says nothing where the best placed more."""
        return (self.best.points - self.ruled.points) / max(self.best.count, 1)

    @property
    def left_out(self) -> int:
        """How many the rule left without anybody, whom the best would have placed."""
        return self.best.count - self.ruled.count


def can_compare() -> bool:
    """Whether scipy, a development dependency, is installed here."""
    return find_spec("scipy") is not None


def compare(batches: Sequence[Sequence[Points]]) -> Loss | None:
    """Each batch is requests in the order they came, each with the points of those who could be asked, best first.

    None where scipy isn't here, or there is nothing to compare.
    """
    if not batches or not can_compare():
        return None
    ruled, best = Placed(), Placed()
    for batch in batches:
        ruled += one_by_one(batch)
        best += at_once(batch)
    return Loss(len(batches), sum(map(len, batches)), ruled, best)


def one_by_one(batch: Sequence[Points]) -> Placed:
    """Each takes the first by the rule whom none before has taken."""
    taken, points = set[str](), 0
    for wanted in batch:
        free = next((id for id in wanted if id not in taken), None)
        if free is not None:
            taken.add(free)
            points += wanted[free]
    return Placed(len(taken), points)


def at_once(batch: Sequence[Points]) -> Placed:
    """As many as can be, and of all ways to place those the one with the most points."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - only where it is installed

    people = sorted({id for wanted in batch for id in wanted})
    if not people:
        return Placed()
    worth = [[wanted[id] + _PLACED if id in wanted else 0 for id in people] for wanted in batch]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    found = [worth[row][column] for row, column in zip(rows, columns, strict=True)]
    kept = [value - _PLACED for value in found if value]
    return Placed(len(kept), sum(kept))
