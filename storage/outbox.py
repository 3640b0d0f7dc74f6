"""The sender's side of the notices. Each call is its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from peer_support.notice import Notice, mending
from storage.mappers.notices import notice_row, read_notice
from storage.tables import notices
from storage.unit import Unit

_T = notices.c


class StoredOutbox:
    """`peer_support.ports.Outbox`: a claimed notice is nobody else's until its lease runs out."""

    def __init__(self, transaction: Callable[[], AbstractAsyncContextManager[Unit]]) -> None:
        self._transaction = transaction

    async def claim(self, now: datetime, lease: timedelta, most: int) -> Sequence[Notice]:
        """Those due longest, first. `attempts` counts the claims, this one included, so that a crash counts too."""
        waiting = (
            _T.sent_at.is_(None),
            _T.dead_at.is_(None),
            _T.dropped.is_(False),
            _T.not_before <= now,
        )
        async with self._transaction() as unit:
            free = or_(_T.leased_until.is_(None), _T.leased_until <= unit.clock())
            first = select(_T.id).where(*waiting, free).order_by(_T.not_before, _T.id).limit(most)
            picked = first.with_for_update(skip_locked=True).cte("picked")
            statement = (
                update(notices)
                .where(_T.id.in_(select(picked.c.id)))
                .values(leased_until=unit.clock(lease), attempts=_T.attempts + 1)
                .returning(notices)
            )
            claimed = [read_notice(row) for row in await unit.all(statement)]
        return sorted(claimed, key=lambda notice: (notice.not_before, notice.id))

    async def sent(self, notice_id: str, now: datetime, activity_id: str | None) -> None:
        """Where it was taken back meanwhile, what it left on a screen is edited next, to what is true by then."""
        statement = (
            update(notices)
            .where(_T.id == notice_id, _T.sent_at.is_(None))
            .values(leased_until=None, sent_at=now, activity_id=activity_id)
            .returning(notices)
        )
        async with self._transaction() as unit:
            row = await unit.first(statement)
            stands = None if row is None else (row[_T.activity_id] or row[_T.edits])
            if row is not None and row[_T.dropped] and stands:
                await unit.added(notices, notice_row(mending(read_notice(row), stands, now)))

    async def put_off(self, notice_id: str, until: datetime) -> None:
        await self._set(notice_id, not_before=until)

    async def dead(self, notice_id: str, now: datetime, why: str) -> None:
        """`why` is a static name, never a person's words."""
        await self._set(notice_id, dead_at=now, dead_why=why)

    async def _set(self, notice_id: str, **values: Any) -> None:
        statement = update(notices).where(_T.id == notice_id, _T.sent_at.is_(None))
        async with self._transaction() as unit:
            await unit.changed(statement.values(leased_until=None, **values))
