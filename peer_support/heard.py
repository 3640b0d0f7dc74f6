"""The ladder's only log: how often, by week, tier and lexicon version, for the whole service. It knows nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peer_support.hours import LONDON


@dataclass(frozen=True, slots=True, order=True)
class Heard:
    """`week` is an ISO week such as 2026-W47."""

    week: str
    tier: str
    version: str


def week_of(moment: datetime) -> str:
    """The ISO week in London."""
    year, week, _ = moment.astimezone(LONDON).isocalendar()
    return f"{year}-W{week:02}"
