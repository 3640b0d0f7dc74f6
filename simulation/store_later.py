"""The simulated service's notices and due rows; its audit is only counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from peer_support.audit import AuditRow, Sealed
from peer_support.due import Due, DueKind
from peer_support.notice import Notice, NoticeKind
from peer_support.sending import DeadLetter
from simulation.rows import Queued, Rows

# How long things are kept is another question than how people fare: nothing here outlives the run.
_OF_KEEPING = frozenset({DueKind.PURGE, DueKind.SCRUB})


class NoticesInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, notice: Notice) -> None:
        key = (notice.recipient_id, notice.kind, notice.subject_id, notice.occasion, notice.edits or "")
        stands = self._rows.notices.rows.get(key)
        if stands is not None and (not stands.dropped or stands.notice.sent_at is not None):
            return
        queued = replace(stands.notice, not_before=notice.not_before) if stands else notice
        self._rows.keys[queued.id] = key
        self._rows.notices.put(key, Queued(queued))
        self._rows.queued.append(queued)

    async def sent_cards(self, recipient_id: str, kind: NoticeKind, subject_id: str) -> Sequence[str]:
        found = [row.notice for row in self._about(subject_id)]
        return [
            each.activity_id
            for each in sorted(found, key=lambda each: (each.sent_at or each.not_before, each.id))
            if (each.recipient_id, each.kind, each.edits) == (recipient_id, kind, None) and each.activity_id
        ]

    async def told(self, kind: NoticeKind, subject_id: str) -> Collection[str]:
        found = (row.notice for row in self._about(subject_id))
        return {each.recipient_id for each in found if each.kind is kind and each.sent_at is not None}

    async def drop(self, subject_id: str, kinds: Collection[NoticeKind]) -> int:
        taken = 0
        for row in self._about(subject_id):
            if row.notice.kind in kinds and row.notice.sent_at is None and not row.dropped:
                self._rows.notices.put(self._rows.keys[row.notice.id], replace(row, dropped=True))
                taken += row.notice.edits is None
        return taken

    async def revive(self, recipient_id: str, now: datetime) -> None:
        """Nobody made up blocks the bot."""

    async def dead(self) -> Sequence[DeadLetter]:
        return ()

    async def replay(self, now: datetime, notice_id: str | None = None) -> Sequence[str]:  # noqa: ARG002 - the port's
        return ()

    async def let_go(self, notice_id: str) -> bool:  # noqa: ARG002 - the port's
        return False

    def _about(self, subject_id: str) -> list[Queued]:
        return [
            self._rows.notices.rows[self._rows.keys[id]] for id in self._rows.notices_about.of[subject_id]
        ]


class DuesInMemory:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, kind: DueKind, subject_id: str, at: datetime) -> None:
        if kind not in _OF_KEEPING:
            self._rows.dues.put((subject_id, kind), Due(f"{kind} {subject_id}", kind, subject_id, at))

    async def remove(self, kind: DueKind, subject_id: str) -> None:
        if (subject_id, kind) in self._rows.dues.rows:
            self._rows.dues.put((subject_id, kind), None)

    async def clear(self, subject_id: str) -> None:
        for kind in list(self._rows.dues_of.of[subject_id]):
            await self.remove(DueKind(kind), subject_id)

    async def of(self, subject_id: str) -> Sequence[Due]:
        kinds = self._rows.dues_of.of[subject_id]
        found = [self._rows.dues.rows[subject_id, DueKind(kind)] for kind in kinds]
        return sorted(found, key=lambda due: (due.at, due.id))

    async def next(self, now: datetime) -> Due | None:
        first = self._rows.first_due()
        return first if first is not None and first.at <= now else None

    async def take(self, due: Due) -> bool:
        stands = self._rows.dues.rows.get((due.subject_id, due.kind))
        if stands is None or stands.at != due.at:
            return False
        self._rows.dues.put((due.subject_id, due.kind), None)
        return True

    async def put_off(self, due: Due, until: datetime) -> None:
        if (due.subject_id, due.kind) in self._rows.dues.rows:
            later = replace(due, at=until, failures=due.failures + 1)
            self._rows.dues.put((due.subject_id, due.kind), later)


class CountedAudit:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, row: AuditRow) -> None:  # noqa: ARG002 - the port's
        self._rows.acts += 1

    async def seal(self, now: datetime, most: int) -> Sealed | None:  # noqa: ARG002 - the port's
        return None

    async def purge(self, before: datetime, now: datetime, most: int) -> int:  # noqa: ARG002 - the port's
        return 0


class EachTurnIsNew:
    """Nothing made up comes twice."""

    async def first_time(self, key: str, now: datetime) -> bool:  # noqa: ARG002 - the port's
        return True
