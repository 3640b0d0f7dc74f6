"""How well the ladder hears: `make ladder`. Both parts per category, as counts with Wilson intervals.

A hit is 1, 2, 3 or T; of somebody else T or 3, of the past 1 or 2, of danger 3 or T. A false alarm is any of the four
on a line that isn't a crisis. Of the held part nothing but counts is ever printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from peer_support.crisis.ladder import Tier, tier, version

DATA = Path(__file__).parent / "data"
PARTS = ("tune", "held")
_ANY = frozenset({Tier.PASSIVE, Tier.ACTIVE, Tier.DANGER, Tier.THIRD})
HITS: Mapping[str, frozenset[Tier]] = {
    "imminent": _ANY,
    "active": _ANY,
    "self_harm": _ANY,
    "passive": _ANY,
    "history": frozenset({Tier.PASSIVE, Tier.ACTIVE}),
    "third_party": frozenset({Tier.THIRD, Tier.DANGER}),
    "danger": frozenset({Tier.DANGER, Tier.THIRD}),
    "slips": _ANY,
    "job_slang": _ANY,
    "welsh": _ANY,
}
QUIET = ("deaths_at_work", "idiom", "admin", "ordinary_distress", "operational")
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a part, with the family of phrasings it belongs to."""

    category: str
    family: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Of `of` lines of a category, how many are told (rightly, or as a false alarm), and how many are soft."""

    category: str
    of: int
    told: int
    soft: int

    @property
    def share(self) -> float:
        return self.told / self.of if self.of else 0.0


def lines_of(part: str) -> list[Line]:
    return list(read((DATA / f"{part}.psv").read_text("utf-8")))


def read(text: str) -> Iterator[Line]:
    for row in text.splitlines():
        if row.strip() and not row.startswith("#"):
            category, family, words = row.split("|", 2)
            yield Line(category.strip(), family.strip(), words.strip())


def told(line: Line, found: Tier) -> bool:
    """Whether the tier counts: as a hit on a crisis, as a false alarm on anything else."""
    return found in HITS.get(line.category, _ANY)


def scores(lines: Iterable[Line]) -> list[Score]:
    """One per category, in the order of the tables above."""
    found: dict[str, list[tuple[bool, bool]]] = {}
    for line in lines:
        shown = tier(line.text)
        found.setdefault(line.category, []).append((told(line, shown), shown is Tier.SOFT))
    return [
        Score(category, len(rows), sum(hit for hit, _ in rows), sum(soft for _, soft in rows))
        for category in (*HITS, *QUIET)
        if (rows := found.get(category))
    ]


def together(category: str, each: Iterable[Score]) -> Score:
    rows = list(each)
    return Score(category, sum(s.of for s in rows), sum(s.told for s in rows), sum(s.soft for s in rows))


def wilson(score: Score) -> tuple[float, float]:
    """The 95% interval of a share; honest for few lines, and at 0 and 1."""
    if not score.of:
        return 0.0, 1.0
    n, p = score.of, score.share
    middle, spread = p + _Z**2 / (2 * n), _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + _Z**2 / n)), min(1.0, (middle + spread) / (1 + _Z**2 / n))


def table(part: str, rows: Iterable[Score]) -> str:
    """Markdown, so that it can stand in the documents as it is."""
    rows = list(rows)
    crisis = together("**all crisis: heard**", (s for s in rows if s.category in HITS))
    quiet = together("**all else: false alarms**", (s for s in rows if s.category in QUIET))
    made = [f"| {part} | lines | told | share | 95% interval | soft |", "|---|---|---|---|---|---|"]
    for score in (
        *(s for s in rows if s.category in HITS),
        crisis,
        *(s for s in rows if s.category in QUIET),
        quiet,
    ):
        low, high = wilson(score)
        counts = f"| {score.category} | {score.of} | {score.told} | {score.share:.2f} "
        made.append(f"{counts}| {low:.2f} to {high:.2f} | {score.soft} |")
    return "\n".join(made)


def misses(lines: Iterable[Line]) -> Iterator[str]:
    """What was heard wrongly, to learn from. Only ever asked of the part that is tuned on."""
    for line in lines:
        shown = tier(line.text)
        if told(line, shown) is not (line.category in HITS):
            yield f"{shown}\t{line.category}\t{line.family}\t{line.text}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--misses", action="store_true", help="list what the tuned part gets wrong")
    listed = asked.parse_args().misses
    out = sys.stdout.write
    out(f"The ladder, version {version()}\n")
    for part in PARTS:
        lines = lines_of(part)
        out(f"\n{table(part, scores(lines))}\n")
        if listed and part == "tune":
            out("".join(f"{row}\n" for row in misses(lines)))


if __name__ == "__main__":
    main()
