"""Break-glass. Why a name was asked for is sealed whole, with whom it was put to; the rest is opaque ids and times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, select, update

from peer_support.break_glass import STANDING, BreakGlass, GlassState, Risk
from peer_support.refusals import OutOfDate
from storage.sealing import Vault
from storage.tables import break_glass, requests
from storage.unit import Unit

_T = break_glass.c


class BreakGlassStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, ask_id: str) -> BreakGlass | None:
        row = await self._unit.first(select(break_glass).where(_T.id == ask_id))
        return _read(row, self._unit.vault) if row else None

    async def add(self, ask: BreakGlass) -> None:
        if not await self._unit.added(break_glass, _row(ask, self._unit.vault)):
            raise OutOfDate

    async def save(self, before: BreakGlass, after: BreakGlass) -> None:
        """What it was asked with is never written again."""
        statement = update(break_glass).where(_T.id == before.id, _T.state == before.state)
        written = {
            "state": after.state,
            "answered_by": after.answered_by,
            "answered_at": after.answered_at,
            "seen_at": after.seen_at,
        }
        if not await self._unit.changed(statement.values(**written)):
            raise OutOfDate

    async def standing_of(self, request_id: str, asked_by: str) -> BreakGlass | None:
        standing = _T.state.in_(sorted(STANDING))
        row = await self._unit.first(
            select(break_glass).where(_T.request_id == request_id, _T.asked_by == asked_by, standing)
        )
        return _read(row, self._unit.vault) if row else None

    async def about(self, member_id: str) -> Sequence[BreakGlass]:
        statement = (
            select(break_glass)
            .join(requests, requests.c.id == _T.request_id)
            .where(requests.c.requester_id == member_id)
            .order_by(_T.asked_at, _T.id)
        )
        return [_read(row, self._unit.vault) for row in await self._unit.all(statement)]


def _row(ask: BreakGlass, vault: Vault) -> dict[str, Any]:
    why = [ask.risk, ask.reason, sorted(ask.asked_of)]
    return {
        "id": ask.id,
        "request_id": ask.request_id,
        "force_id": ask.force_id,
        "asked_by": ask.asked_by,
        "why_sealed": vault.seal_json("break_glass", "why_sealed", ask.id, why),
        "asked_at": ask.asked_at,
        "state": ask.state,
        "answered_by": ask.answered_by,
        "answered_at": ask.answered_at,
        "seen_at": ask.seen_at,
    }


def _read(row: RowMapping, vault: Vault) -> BreakGlass:
    risk, reason, asked_of = vault.open_json("break_glass", "why_sealed", row[_T.id], row[_T.why_sealed])
    return BreakGlass(
        id=row[_T.id],
        request_id=row[_T.request_id],
        force_id=row[_T.force_id],
        asked_by=row[_T.asked_by],
        risk=Risk(risk),
        reason=reason,
        asked_of=frozenset(asked_of),
        asked_at=row[_T.asked_at],
        state=GlassState(row[_T.state]),
        answered_by=row[_T.answered_by],
        answered_at=row[_T.answered_at],
        seen_at=row[_T.seen_at],
    )
