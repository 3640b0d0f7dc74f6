"""How long things have waited, for whoever keeps the service running: times and one count, and nothing of any row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from peer_support.request import RequestState
from storage.tables import dues, notices, requests

_N = notices.c
# As the partial index has it, or SQLite wouldn't use that index.
_OPEN: ColumnElement[str] = literal_column(f"'{RequestState.OPEN}'")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when the oldest of each has waited; None where nothing does. `dead` notices won't be tried again."""

    notice: datetime | None = None
    unmatched: datetime | None = None
    due: datetime | None = None
    dead: int = 0


async def look(conn: AsyncConnection, now: datetime) -> Waiting:
    """One statement, answered from indexes."""
    unsent = (_N.sent_at.is_(None), _N.dropped.is_(False))
    notice = select(func.min(_N.not_before)).where(*unsent, _N.dead_at.is_(None), _N.not_before <= now)
    unmatched = select(func.min(requests.c.created_at)).where(requests.c.state == _OPEN)
    due = select(func.min(dues.c.at)).where(dues.c.at <= now)
    dead = select(func.count()).select_from(notices).where(_N.dead_at.is_not(None), *unsent)
    found = await conn.execute(
        select(
            notice.scalar_subquery().label("notice"),
            unmatched.scalar_subquery().label("unmatched"),
            due.scalar_subquery().label("due"),
            dead.scalar_subquery().label("dead"),
        )
    )
    row = found.one()
    return Waiting(row.notice, row.unmatched, row.due, row.dead)
