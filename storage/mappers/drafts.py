"""Answers in progress, sealed."""

from __future__ import annotations

from sqlalchemy import RowMapping, bindparam, delete, select

from peer_support.draft import Draft
from storage.tables import drafts
from storage.unit import Unit

_T = drafts.c
_OWN = _T.member_id == bindparam("of")
_LOCKED = select(drafts).where(_OWN).with_for_update()
_GONE = delete(drafts).where(_OWN)
_TAKEN = _GONE.returning(drafts)


class DraftStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, member_id: str) -> Draft | None:
        return self._read(await self._unit.first(_LOCKED, of=member_id))

    async def take(self, member_id: str) -> Draft | None:
        return self._read(await self._unit.first(_TAKEN, of=member_id))

    async def put(self, draft: Draft) -> None:
        row = {
            "member_id": draft.member_id,
            "answers_sealed": self._unit.vault.seal_json(
                "drafts", "answers_sealed", draft.member_id, dict(draft.answers)
            ),
            "saved_at": draft.saved_at,
            "request_id": draft.request_id,
        }
        await self._unit.put(drafts, row)

    async def remove(self, member_id: str) -> None:
        await self._unit.changed(_GONE, of=member_id)

    def _read(self, row: RowMapping | None) -> Draft | None:
        if row is None:
            return None
        id = row[_T.member_id]
        answers = self._unit.vault.open_json("drafts", "answers_sealed", id, row[_T.answers_sealed])
        return Draft(id, answers, row[_T.saved_at], row[_T.request_id])
