"""The in-memory twin of the store: the same ports, the same rules, the same units of work, held by the same tests.

store = MemoryStore()
async with store.work() as work: ...
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from peer_support.ports import Work
from peer_support.sending_ports import Outbox
from storage import Health
from tests.fakes.memory_asking import (
    MemoryMatches,
    MemoryOffers,
    MemoryProposals,
    MemoryRequests,
)
from tests.fakes.memory_break_glass import MemoryBreakGlass
from tests.fakes.memory_keeping import MemoryErasing, MemoryKeeping
from tests.fakes.memory_later import (
    MemoryAudit,
    MemoryDues,
    MemoryFeedback,
    MemoryHeard,
    MemoryNotices,
    MemoryOutbox,
    MemoryTurns,
)
from tests.fakes.memory_people import (
    MemoryCoordinators,
    MemoryDrafts,
    MemoryExclusions,
    MemoryMembers,
    MemoryRoster,
    MemorySupporters,
)
from tests.fakes.memory_records import MemoryHandovers, MemoryRecords, MemoryStatistics
from tests.fakes.memory_rows import Rows


class MemoryWork:
    """`peer_support.ports.Work` over plain dictionaries."""

    def __init__(self, rows: Rows) -> None:
        self.members = MemoryMembers(rows)
        self.supporters = MemorySupporters(rows)
        self.coordinators = MemoryCoordinators(rows)
        self.roster = MemoryRoster(rows)
        self.exclusions = MemoryExclusions(rows)
        self.drafts = MemoryDrafts(rows)
        self.requests = MemoryRequests(rows)
        self.offers = MemoryOffers(rows)
        self.proposals = MemoryProposals(rows)
        self.matches = MemoryMatches(rows)
        self.notices = MemoryNotices(rows)
        self.dues = MemoryDues(rows)
        self.audit = MemoryAudit(rows)
        self.turns = MemoryTurns(rows)
        self.feedback = MemoryFeedback(rows)
        self.keeping = MemoryKeeping(rows)
        self.erasing = MemoryErasing(rows)
        self.statistics = MemoryStatistics(rows)
        self.records = MemoryRecords(rows)
        self.handovers = MemoryHandovers(rows)
        self.heard = MemoryHeard(rows)
        self.break_glass = MemoryBreakGlass(rows)


class MemoryStore:
    """`rows` is open to tests that look at what was kept: audit rows, notices, due times.

    `clock` stands for the database's own clock, and may be set.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.rows = Rows()
        self.filled = asyncio.Event()
        self.outbox: Outbox = MemoryOutbox(self._transaction, self._now)
        self._lock = asyncio.Lock()
        self._within: set[asyncio.Task[Any] | None] = set()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One unit of work: kept when left without an exception, undone otherwise."""
        async with self._transaction() as rows:
            rows.noticed = False
            yield MemoryWork(rows)
            noticed = rows.noticed
        if noticed:
            self.filled.set()

    def _now(self) -> datetime:
        return self.clock()

    async def ready(self) -> Health:
        return Health(reachable=True, migrated=True, keys_fit=True)

    async def close(self) -> None:
        """Nothing to let go."""

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Rows]:
        task = asyncio.current_task()
        if task in self._within:
            raise RuntimeError("a unit of work is already open in this task")
        self._within.add(task)
        try:
            async with self._lock:
                before = self.rows.copy()
                try:
                    yield self.rows
                except BaseException:
                    self.rows.restore(before)
                    raise
        finally:
            self._within.discard(task)
