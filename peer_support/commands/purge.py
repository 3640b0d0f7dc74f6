"""A whole purge by hand: the rounds that the nightly job would make, and the scrubbing after them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from peer_support.due import DueKind
from peer_support.life.forgetting import Purged, purge_some, scrub_soon
from peer_support.ports import Desk, Work

MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class PurgeDone:
    """What went, by kind; the tables that were scrubbed, and those that couldn't be now: the clock tries them again."""

    gone: Mapping[str, int]
    scrubbed: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()


class _OnlyCounted(Exception):
    """Nothing of it is kept."""

    def __init__(self, purged: Purged) -> None:
        self.purged = purged
        super().__init__()


async def purge(desk: Desk, now: datetime) -> PurgeDone:
    """Everything that is past its time, a few rows in a transaction. Doing it again finds nothing."""
    gone: Counter[str] = Counter()
    tables: set[str] = set()
    for _ in range(MOST_ROUNDS):
        async with desk.open_work() as work:
            purged = await purge_some(work, desk, now)
            await scrub_soon(work, purged.tables, now)
        gone.update(purged.gone)
        tables |= purged.tables
        if not purged.more:
            break
    scrubbed, put_off = [], []
    for table in sorted(tables):
        try:
            await desk.scrub(table)
        except Exception:  # noqa: BLE001 - its row stands, so it is done tonight
            put_off.append(table)
            continue
        scrubbed.append(table)
        async with desk.open_work() as work:
            await work.dues.remove(DueKind.SCRUB, table)
    return PurgeDone(dict(gone), tuple(scrubbed), tuple(put_off))


async def _try(work: Work, desk: Desk, now: datetime) -> None:
    raise _OnlyCounted(await purge_some(work, desk, now, most=MOST_ROUNDS))


async def count_purge(desk: Desk, now: datetime) -> Mapping[str, int]:
    """How many rows would go now, by kind. It is tried and undone, so nothing is changed."""
    try:
        async with desk.open_work() as work:
            await _try(work, desk, now)
    except _OnlyCounted as tried:
        return dict(tried.purged.gone)
    return {}
