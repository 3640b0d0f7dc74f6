"""Answers in progress, sealed."""

from __future__ import annotations

from sqlalchemy import delete, select

from peer_support.draft import Draft
from storage.tables import drafts
from storage.unit import Unit

_T = drafts.c


class DraftStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, member_id: str) -> Draft | None:
        row = await self._unit.first(select(drafts).where(_T.member_id == member_id).with_for_update())
        if row is None:
            return None
        answers = self._unit.vault.open_json("drafts", "answers_sealed", member_id, row[_T.answers_sealed])
        return Draft(member_id, answers, row[_T.saved_at], row[_T.request_id])

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
        await self._unit.changed(delete(drafts).where(_T.member_id == member_id))
