"""What goes at a person's own word, and what stands for them until nothing hangs on it any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, update

from peer_support.ids import new_id
from peer_support.notice import NoticeKind
from storage.mappers.dues import DueStore
from storage.mappers.keeping import forget_member
from storage.mappers.notices import NoticeStore
from storage.tables import drafts, erasures, exclusions, handovers, matches, notices, requests, shown_names
from storage.unit import Unit

_N = notices.c


class ErasingStore:
    """What waits to be written is written first, so that nothing follows that names a row which is gone."""

    def __init__(self, unit: Unit, gathered: NoticeStore, due: DueStore) -> None:
        self._unit, self._gathered, self._due = unit, gathered, due
        self.filled = False

    async def detach(
        self, member_id: str, nobody_id: str, kinds: Collection[NoticeKind], at: datetime
    ) -> None:
        """What is being sent this moment is dropped, so that it is mended as soon as it stands on a screen."""
        unit = self._unit
        await self._due.flush()
        self.filled = await self._gathered.flush() or self.filled
        await unit.conn.execute(insert(erasures).values(member_id=nobody_id, at=at))
        for table in (requests, matches):
            owned = update(table).where(table.c.requester_id == member_id)
            await unit.changed(owned.values(requester_id=nobody_id))
        theirs = (_N.recipient_id == member_id, _N.kind.in_(sorted(kinds)))
        waits = (*theirs, _N.sent_at.is_(None), _N.dead_at.is_(None))
        await unit.changed(update(notices).where(*waits, _N.edits == "").values(dropped=True))
        await unit.changed(update(notices).where(*waits).values(recipient_id=nobody_id))
        await unit.changed(delete(notices).where(*theirs))

    async def forget_member(self, member_id: str) -> None:
        await forget_member(self._unit, member_id)

    async def forget_own(self, member_id: str) -> None:
        self._unit.apart.clear()
        for column in (drafts.c.member_id, exclusions.c.owner_id, handovers.c.member_id):
            await self._unit.changed(delete(column.table).where(column == member_id))

    async def name_was_shown(self, tenant_id: str, directory_id: str, at: datetime, until: datetime) -> None:
        row = {
            "id": new_id(),
            "person_hash": self._unit.vault.person(tenant_id, directory_id),
            "shown_at": at,
            "until": until,
        }
        await self._unit.conn.execute(insert(shown_names).values(**row))
