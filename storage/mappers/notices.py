"""The outbox from the side that fills it. Notices are gathered and written together when the unit ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, RowMapping, select, update

from peer_support.notice import OUT_OF_REACH, Notice, NoticeKind
from peer_support.sending import DeadLetter
from storage.tables import notices
from storage.unit import Insert, Unit

_T = notices.c
_UNIQUE = ("recipient_id", "kind", "subject_id", "occasion", "edits")
_GIVEN_UP = (_T.dead_at.is_not(None), _T.sent_at.is_(None), _T.dropped.is_(False))


class NoticeStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._pending: dict[tuple[str, ...], dict[str, Any]] = {}
        self._revived = False

    async def add(self, notice: Notice) -> None:
        row = notice_row(notice)
        self._pending.setdefault(tuple(row[name] for name in _UNIQUE), row)

    async def sent_cards(self, recipient_id: str, kind: NoticeKind, subject_id: str) -> Sequence[str]:
        at_hand = self._unit.cards.pop((recipient_id, kind, subject_id), None)
        if at_hand is not None:
            return at_hand
        statement = select(_T.activity_id).where(
            _T.recipient_id == recipient_id,
            _T.kind == kind,
            _T.subject_id == subject_id,
            _T.edits == "",
            _T.sent_at.is_not(None),
            _T.activity_id.is_not(None),
        )
        return [row[_T.activity_id] for row in await self._unit.all(statement.order_by(_T.sent_at, _T.id))]

    async def told(self, kind: NoticeKind, subject_id: str) -> Collection[str]:
        statement = select(_T.recipient_id).where(
            _T.kind == kind,
            _T.subject_id == subject_id,
            _T.edits == "",
            _T.sent_at.is_not(None),
            _T.activity_id.is_not(None),
        )
        return {row[_T.recipient_id] for row in await self._unit.all(statement)}

    async def drop(self, subject_id: str, kinds: Collection[NoticeKind]) -> int:
        """What is being sent this moment may still go: it is then edited (`StoredOutbox.sent`), not tried again."""
        chosen = set(kinds)
        self._unit.cards.clear()  # one that was being sent may stand by now
        pending = len([row for row in self._pending.values() if not row["edits"]])
        self._pending = {
            key: row
            for key, row in self._pending.items()
            if row["subject_id"] != subject_id or row["kind"] not in chosen
        }
        waiting = (
            _T.subject_id == subject_id,
            _T.kind.in_(chosen),
            _T.sent_at.is_(None),
            _T.dead_at.is_(None),
        )
        taken = await self._unit.all(
            update(notices).where(*waiting, _T.dropped.is_(False)).values(dropped=True).returning(_T.edits)
        )
        pending -= len([row for row in self._pending.values() if not row["edits"]])
        return pending + len([row for row in taken if not row[_T.edits]])

    async def revive(self, recipient_id: str, now: datetime) -> None:
        """An edit that couldn't reach them is due again. New messages of that time are not: they'd be old news."""
        unreached = (
            _T.recipient_id == recipient_id,
            _T.edits != "",
            _T.dead_why.in_(OUT_OF_REACH),
            _T.dropped.is_(False),
        )
        again = (
            update(notices).where(*unreached).values(dead_at=None, dead_why=None, not_before=now, attempts=0)
        )
        self._revived = bool(await self._unit.changed(again)) or self._revived

    async def dead(self) -> Sequence[DeadLetter]:
        statement = select(notices).where(*_GIVEN_UP).order_by(_T.dead_at, _T.id)
        return [
            DeadLetter(
                id=row[_T.id],
                kind=NoticeKind(row[_T.kind]),
                edit=bool(row[_T.edits]),
                since=row[_T.dead_at],
                why=row[_T.dead_why] or "",
                tries=row[_T.attempts],
            )
            for row in await self._unit.all(statement)
        ]

    async def replay(self, now: datetime, notice_id: str | None = None) -> Sequence[str]:
        chosen = _GIVEN_UP if notice_id is None else (*_GIVEN_UP, _T.id == notice_id)
        again = update(notices).where(*chosen).values(dead_at=None, dead_why=None, not_before=now, attempts=0)
        found = [row[_T.id] for row in await self._unit.all(again.returning(_T.id))]
        self._revived = bool(found) or self._revived
        return sorted(found)

    async def let_go(self, notice_id: str) -> bool:
        chosen = update(notices).where(_T.id == notice_id, *_GIVEN_UP).values(dropped=True)
        return bool(await self._unit.changed(chosen))

    async def flush(self) -> bool:
        """Write what was gathered; True where there was anything. One that was dropped is revived."""
        if not self._pending:
            return self._revived
        rows = [self._pending[key] for key in sorted(self._pending)]
        await self._unit.each(self._unit.written(_revived, notices), rows)
        self._pending = {}
        return True


def _revived(insert: Insert) -> Executable:
    return insert.on_conflict_do_update(
        index_elements=_UNIQUE,
        set_={"dropped": False, "not_before": insert.excluded.not_before},
        where=_T.dropped.is_(True) & _T.sent_at.is_(None),
    )


def notice_row(notice: Notice) -> dict[str, Any]:
    """The row of a notice that waits."""
    return {
        "id": notice.id,
        "recipient_id": notice.recipient_id,
        "kind": notice.kind,
        "subject_id": notice.subject_id,
        "occasion": notice.occasion,
        "edits": notice.edits or "",
        "not_before": notice.not_before,
        "created_at": notice.created_at,
        "sent_at": notice.sent_at,
        "activity_id": notice.activity_id,
        "attempts": notice.attempts,
        "dropped": False,
    }


def read_notice(row: RowMapping) -> Notice:
    """A notice from its row."""
    return Notice(
        id=row[_T.id],
        recipient_id=row[_T.recipient_id],
        kind=NoticeKind(row[_T.kind]),
        subject_id=row[_T.subject_id],
        not_before=row[_T.not_before],
        occasion=row[_T.occasion],
        edits=row[_T.edits] or None,
        created_at=row[_T.created_at],
        sent_at=row[_T.sent_at],
        activity_id=row[_T.activity_id],
        attempts=row[_T.attempts],
    )
