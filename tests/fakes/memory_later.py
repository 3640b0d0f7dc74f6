"""The twin's later things: notices and their outbox, due rows, the audit, worked activities, feedback."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from peer_support.audit import GENESIS, AuditRow, Sealed, Verdict, link
from peer_support.due import Due, DueKind
from peer_support.feedback import Feedback
from peer_support.heard import Heard
from peer_support.ids import new_id
from peer_support.notice import UNREACHABLE, Notice, NoticeKind, mending
from tests.fakes.memory_rows import Queued, Rows, aware, refers


def _key(notice: Notice) -> tuple[str, ...]:
    return (notice.recipient_id, notice.kind, notice.subject_id, notice.occasion, notice.edits or "")


class MemoryNotices:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, notice: Notice) -> None:
        aware(notice)
        refers(self._rows.members, notice.recipient_id)
        self._rows.noticed = True
        stands = next((row for row in self._rows.notices.values() if _key(row.notice) == _key(notice)), None)
        if stands is None:
            self._rows.notices[notice.id] = Queued(replace(notice, edits=notice.edits or None))
        elif stands.dropped and stands.notice.sent_at is None:
            again = replace(stands.notice, not_before=notice.not_before)
            self._rows.notices[stands.notice.id] = replace(stands, notice=again, dropped=False)

    async def sent_cards(self, recipient_id: str, kind: NoticeKind, subject_id: str) -> Sequence[str]:
        found = [
            (row.notice.sent_at, row.notice.id, row.notice.activity_id)
            for row in self._rows.notices.values()
            if _key(row.notice)[:3] == (recipient_id, kind, subject_id)
            and row.notice.edits is None
            and row.notice.sent_at is not None
        ]
        return [activity_id for _, _, activity_id in sorted(found) if activity_id is not None]

    async def told(self, kind: NoticeKind, subject_id: str) -> Collection[str]:
        return {
            row.notice.recipient_id
            for row in self._rows.notices.values()
            if (row.notice.kind, row.notice.subject_id, row.notice.edits) == (kind, subject_id, None)
            and row.notice.sent_at is not None
            and row.notice.activity_id is not None
        }

    async def drop(self, subject_id: str, kinds: Collection[NoticeKind]) -> int:
        taken = 0
        for id, row in list(self._rows.notices.items()):
            about = row.notice.subject_id == subject_id and row.notice.kind in kinds
            if about and row.notice.sent_at is None and row.dead_at is None and not row.dropped:
                self._rows.notices[id] = replace(row, dropped=True)
                taken += row.notice.edits is None
        return taken

    async def revive(self, recipient_id: str, now: datetime) -> None:
        for id, row in list(self._rows.notices.items()):
            theirs = row.notice.recipient_id == recipient_id and row.notice.edits is not None
            if theirs and row.dead_why == UNREACHABLE and not row.dropped:
                again = replace(row.notice, not_before=now, attempts=0)
                self._rows.notices[id] = replace(row, notice=again, dead_at=None, dead_why=None)
                self._rows.noticed = True


class MemoryOutbox:
    def __init__(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[Rows]],
        clock: Callable[[], datetime],
    ) -> None:
        self._transaction, self._clock = transaction, clock

    async def claim(self, now: datetime, lease: timedelta, most: int) -> Sequence[Notice]:
        async with self._transaction() as rows:
            clock = self._clock()
            waiting = [row for row in rows.notices.values() if _claimable(row, now, clock)]
            waiting.sort(key=lambda row: (row.notice.not_before, row.notice.id))
            claimed = [replace(row.notice, attempts=row.notice.attempts + 1) for row in waiting[:most]]
            for notice in claimed:
                rows.notices[notice.id] = replace(
                    rows.notices[notice.id], notice=notice, leased_until=clock + lease
                )
            return claimed

    async def sent(self, notice_id: str, now: datetime, activity_id: str | None) -> None:
        async with self._transaction() as rows:
            row = rows.notices.get(notice_id)
            if row and row.notice.sent_at is None:
                sent = replace(row.notice, sent_at=now, activity_id=activity_id)
                rows.notices[notice_id] = replace(row, notice=sent, leased_until=None)
                stands = activity_id or row.notice.edits
                if row.dropped and stands:
                    edit = mending(row.notice, stands, now)
                    rows.notices[edit.id] = Queued(edit)

    async def put_off(self, notice_id: str, until: datetime) -> None:
        async with self._transaction() as rows:
            row = rows.notices.get(notice_id)
            if row and row.notice.sent_at is None:
                later = replace(row.notice, not_before=until)
                rows.notices[notice_id] = replace(row, notice=later, leased_until=None)

    async def dead(self, notice_id: str, now: datetime, why: str) -> None:
        async with self._transaction() as rows:
            row = rows.notices.get(notice_id)
            if row and row.notice.sent_at is None:
                rows.notices[notice_id] = replace(row, dead_at=now, dead_why=why, leased_until=None)


def _claimable(row: Queued, now: datetime, clock: datetime) -> bool:
    waits = row.notice.sent_at is None and row.dead_at is None and not row.dropped
    return waits and row.notice.not_before <= now and (row.leased_until is None or row.leased_until <= clock)


class MemoryDues:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, kind: DueKind, subject_id: str, at: datetime) -> None:
        stands = self._rows.dues.get((subject_id, kind))
        due = Due(stands.id if stands else new_id(), kind, subject_id, at)
        aware(due)
        self._rows.dues[subject_id, kind] = due

    async def remove(self, kind: DueKind, subject_id: str) -> None:
        self._rows.dues.pop((subject_id, kind), None)

    async def clear(self, subject_id: str) -> None:
        for key in [key for key in self._rows.dues if key[0] == subject_id]:
            del self._rows.dues[key]

    async def of(self, subject_id: str) -> Sequence[Due]:
        found = [due for due in self._rows.dues.values() if due.subject_id == subject_id]
        return sorted(found, key=lambda due: (due.at, due.id))

    async def next(self, now: datetime) -> Due | None:
        ready = [due for due in self._rows.dues.values() if due.at <= now]
        return min(ready, key=lambda due: (due.at, due.id), default=None)

    async def take(self, due: Due) -> bool:
        if not self._stands(due):
            return False
        del self._rows.dues[due.subject_id, due.kind]
        return True

    async def put_off(self, due: Due, until: datetime) -> None:
        if self._stands(due):
            later = replace(due, at=until, failures=due.failures + 1)
            self._rows.dues[due.subject_id, due.kind] = later

    def _stands(self, due: Due) -> bool:
        stands = self._rows.dues.get((due.subject_id, due.kind))
        return stands is not None and (stands.id, stands.at) == (due.id, due.at)


class MemoryAudit:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, row: AuditRow) -> None:
        aware(row)
        self._rows.audit.append(row)

    async def seal(self, now: datetime, most: int) -> Sealed | None:
        """The same chain, of rows that nobody but ourselves can have written."""
        chain = self._rows.chain
        done = {row.id for row, _ in chain}
        waiting = [row for row in self._rows.audit if row.id not in done][:most]
        for row in waiting:
            facts = (row.id, row.at, row.actor_id, row.action, row.subject_id)
            chain.append((row, link(chain[-1][1] if chain else GENESIS, len(chain) + 1, Verdict.OURS, facts)))
        return Sealed(len(waiting), len(chain), chain[-1][1] if chain else GENESIS)

    async def purge(self, before: datetime, now: datetime, most: int) -> int:
        """What is old goes from the rows; the chain's places stay counted."""
        stand = {row.id for row in self._rows.audit}
        sealed = [row for row, _ in self._rows.chain if row.id in stand][:most]
        old = {row.id for row in takewhile(lambda row: row.at < before, sealed)}
        self._rows.audit = [row for row in self._rows.audit if row.id not in old]
        return len(old)


class MemoryTurns:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def first_time(self, key: str, now: datetime) -> bool:
        first = key not in self._rows.activities
        self._rows.activities.setdefault(key, now)
        return first


class MemoryHeard:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, heard: Heard, count: int) -> None:
        self._rows.heard[heard] = self._rows.heard.get(heard, 0) + count

    async def all(self) -> Sequence[tuple[Heard, int]]:
        return sorted(self._rows.heard.items())

    async def forget(self, before: str) -> None:
        self._rows.heard = {heard: n for heard, n in self._rows.heard.items() if heard.week >= before}


class MemoryFeedback:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, feedback: Feedback) -> None:
        self._rows.feedback[feedback.id] = feedback

    async def all(self) -> Sequence[Feedback]:
        return [self._rows.feedback[id] for id in sorted(self._rows.feedback)]
