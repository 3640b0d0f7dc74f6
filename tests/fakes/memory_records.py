"""The twin's counters, what it holds of one person, and files that may be fetched once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from peer_support.audit import AuditRow
from peer_support.keeping_ports import Count, Measure
from peer_support.offer import Match, Offer, Proposal
from peer_support.request import Request
from tests.fakes.memory_rows import Rows, refers


class MemoryStatistics:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, count: Count) -> None:
        key = (count.force_id, count.starts, count.measure, count.value)
        self._rows.statistics[key] = self._rows.statistics.get(key, 0) + count.count

    async def all(self) -> Sequence[Count]:
        found = sorted(self._rows.statistics.items())
        return [Count(force, day, Measure(what), value, n) for (force, day, what, value), n in found]


class MemoryRecords:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def requests_of(self, member_id: str) -> Sequence[Request]:
        own = [row for row in self._rows.requests.values() if row.requester_id == member_id]
        return sorted(own, key=lambda row: row.created_at)

    async def proposals_to(self, member_id: str) -> Sequence[Proposal]:
        own = {row.id for row in await self.requests_of(member_id)}
        found = [row for row in self._rows.proposals.values() if row.request_id in own]
        return sorted(found, key=lambda row: row.made_at)

    async def matches_of(self, member_id: str) -> Sequence[Match]:
        found = [row for row in self._rows.matches.values() if row.requester_id == member_id]
        return sorted(found, key=lambda row: row.introduced_at)

    async def offers_to(self, supporter_id: str) -> Sequence[Offer]:
        found = [row for row in self._rows.offers.values() if row.supporter_id == supporter_id]
        return sorted(found, key=lambda row: row.sent_at)

    async def matches_with(self, supporter_id: str) -> Sequence[Match]:
        found = [row for row in self._rows.matches.values() if row.supporter_id == supporter_id]
        return sorted(found, key=lambda row: row.introduced_at)

    async def acts_on(self, subject_ids: Collection[str]) -> Sequence[AuditRow]:
        return [row for row in self._rows.audit if row.subject_id in set(subject_ids)]

    async def messages_to(self, member_id: str) -> int:
        return sum(row.notice.recipient_id == member_id for row in self._rows.notices.values())


class MemoryHandovers:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, token: str, member_id: str, until: datetime) -> None:
        refers(self._rows.members, member_id)
        own = [key for key, (whose, _) in self._rows.handovers.items() if whose == member_id]
        for key in own:
            del self._rows.handovers[key]
        self._rows.handovers[token] = (member_id, until)

    async def take(self, token: str, now: datetime) -> str | None:
        whose, until = self._rows.handovers.pop(token, (None, now))
        return whose if now < until else None
