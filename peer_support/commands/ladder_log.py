"""Keeps and tells how often the ladder answered: counts for the whole service, of whole weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from peer_support.heard import Heard, week_of
from peer_support.numbers import rounded
from peer_support.ports import Desk


async def keep_heard(desk: Desk, counts: Mapping[Heard, int], now: datetime) -> None:
    """Add to the counts, and let go of those that are past their time."""
    months = max((force.policy.statistics_kept_months for force in desk.forces.all), default=24)
    oldest = now.replace(day=1, year=now.year - (months + 11) // 12)
    async with desk.open_work() as work:
        for heard, count in counts.items():
            await work.heard.add(heard, count)
        await work.heard.forget(week_of(oldest))


async def heard_by_week(desk: Desk, now: datetime) -> Sequence[tuple[str, str, int | None, tuple[str, ...]]]:
    """Week, tier, the count to the nearest 5 (None under 10) and the lexicon's versions. Only weeks that are over.

    No sum is told beside them, so that nothing hidden follows from what is shown.
    """
    found: dict[tuple[str, str], tuple[int, set[str]]] = {}
    async with desk.open_work() as work:
        for heard, count in await work.heard.all():
            sum_so_far, versions = found.get((heard.week, heard.tier), (0, set()))
            found[heard.week, heard.tier] = (sum_so_far + count, versions | {heard.version})
    return [
        (week, tier, rounded(count), tuple(sorted(versions)))
        for (week, tier), (count, versions) in sorted(found.items())
        if week < week_of(now)
    ]
