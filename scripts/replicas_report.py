"""What `scripts.replicas` found, as the page docs/replicas.md."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bench.pressure import percentile
from scripts.replicas_load import DONE, KINDLY, LATER, LOST, MISSED, PRESSED, TYPED, Rates, Try


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the trial: what was done to the replicas, and when that was over."""

    name: str
    began: float
    ended: float

    def holds(self, each: Try) -> bool:
        """Whether this try began in it."""
        return self.began <= each.began < self.ended


@dataclass(frozen=True, slots=True)
class Found:
    """All that is told of one trial. `notes` are its own sentences, each already in words."""

    phases: Sequence[Phase]
    tries: Sequence[Try]
    faults: Sequence[str]
    notes: Sequence[str]
    rates: Rates
    busy: float
    took: float

    @property
    def missed(self) -> int:
        """How often help now wasn't answered with the card."""
        return sum(each.end == MISSED for each in self.tries)

    @property
    def kept(self) -> bool:
        """Whether help now was never missed, and nothing else is wrong either."""
        return not self.missed and not self.faults


def page(found: Found) -> str:
    """The whole page."""
    asked = [each for each in found.tries if each.kind in {TYPED, PRESSED}]
    verdict = "All of it held." if found.kept else "Not all of it held."
    return "\n".join(
        [
            "# Two replicas behind a balancer",
            f"Written by `make replicas` on {date.today():%d %B %Y}; not by hand.",  # noqa: DTZ011 - the reader's day
            "",
            f"- **Machine**: {os.cpu_count()} cores, shared by two replicas, PostgreSQL, the balancer and the load.",
            f"  Load average {found.busy:.2f} at the start; it took {found.took:.0f} s. Where the load average stands",
            "  above the number of cores, the times say more of the machine than of the bot. That nothing is missed",
            "  must hold on any.",
            "- **The bot**: `python -m bot serve`, twice, signed in on both sides, on one PostgreSQL with durable",
            "  settings.",
            "- **The balancer**: looks at `/healthz` twice a second and routes on nothing else. Where a line breaks",
            "  before the answer it sends the activity to the other replica; in the end it tries one that looks ill.",
            f"- **Asked**: help now {found.rates.help_now:g} times a second, half typed and half pressed; typed, its",
            f"  time ends when the card is with the channel. Beside it {found.rates.journeys:g} people a second read",
            "  the limits, review a form and send it; what they are told to try again they do after 5 s, then later.",
            "",
            "## Help now",
            "| meanwhile | asked | times | answered with the card | missed | median ms | 99th ms | longest ms |",
            "|---|---|---|---|---|---|---|---|",
            *(row for phase in found.phases for row in _help_rows(phase, asked)),
            "",
            "## All other turns",
            "| meanwhile | turns | done | told kindly to try again | asked to send again (503) | not answered |",
            "|---|---|---|---|---|---|",
            *(_turn_row(phase, found.tries) for phase in found.phases),
            "",
            "## What else was seen",
            *(f"- {note}" for note in found.notes),
            *(f"- **Wrong**: {fault}" for fault in found.faults),
            "",
            f"Help now was asked {len(asked)} times and missed {found.missed} times. {verdict}",
            "",
        ]
    )


def _help_rows(phase: Phase, asked: Sequence[Try]) -> list[str]:
    rows = []
    for kind in (PRESSED, TYPED):
        tries = [each for each in asked if each.kind == kind and phase.holds(each)]
        if not tries:
            continue
        took = [each.ms for each in tries]
        good = sum(each.end == DONE for each in tries)
        times = f"{percentile(took, 0.5):.1f} | {percentile(took, 0.99):.0f} | {max(took):.0f}"
        rows.append(f"| {phase.name} | {kind} | {len(tries)} | {good} | {len(tries) - good} | {times} |")
    return rows


def _turn_row(phase: Phase, tries: Sequence[Try]) -> str:
    ends = Counter(each.end for each in tries if each.kind == "turn" and phase.holds(each))
    cells = " | ".join(str(ends[end]) for end in (DONE, KINDLY, LATER, LOST))
    return f"| {phase.name} | {ends.total()} | {cells} |"
