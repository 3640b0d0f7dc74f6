"""Matches: one live one a request. How the requester wants to be reached is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, literal_column, select, update

from peer_support.offer import Contact, Match, MatchEnd, MatchState
from peer_support.refusals import OutOfDate
from peer_support.request import How
from storage.sealing import Vault
from storage.tables import matches
from storage.unit import Unit

_T = matches.c
# As a literal: only of one does SQLite know beforehand that the index of live matches holds them all.
_LIVE = _T.state == literal_column(f"'{MatchState.LIVE}'")


class MatchStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, match_id: str) -> Match | None:
        row = await self._unit.first(select(matches).where(_T.id == match_id))
        return _read(row, self._unit.vault) if row else None

    async def add(self, match: Match) -> None:
        if not await self._unit.added(matches, _row(match, self._unit.vault)):
            raise OutOfDate
        self._unit.fresh.add(match.id)

    async def save(self, match: Match) -> None:
        """Conditional: a closed match is never written again, so that no late save reopens it. Else OutOfDate."""
        statement = update(matches).where(_T.id == match.id, _LIVE).values(**_row(match, self._unit.vault))
        if not await self._unit.changed(statement):
            raise OutOfDate

    async def live_of_request(self, request_id: str) -> Match | None:
        row = await self._unit.first(select(matches).where(_T.request_id == request_id, _LIVE))
        return _read(row, self._unit.vault) if row else None

    async def live_of_supporter(self, supporter_id: str) -> Sequence[Match]:
        statement = select(matches).where(_T.supporter_id == supporter_id, _LIVE)
        rows = await self._unit.all(statement.order_by(_T.introduced_at, _T.id))
        return [_read(row, self._unit.vault) for row in rows]


def _row(match: Match, vault: Vault) -> dict[str, Any]:
    contact = [match.contact.how, match.contact.phone, match.contact.voicemail_safe]
    return {
        "id": match.id,
        "request_id": match.request_id,
        "proposal_id": match.proposal_id,
        "requester_id": match.requester_id,
        "supporter_id": match.supporter_id,
        "state": match.state,
        "contact_sealed": vault.seal_json("matches", "contact_sealed", match.id, contact),
        "introduced_at": match.introduced_at,
        "first_contact_by": match.first_contact_by,
        "in_touch_at": match.in_touch_at,
        "closed_at": match.closed_at,
        "end": match.end,
    }


def _read(row: RowMapping, vault: Vault) -> Match:
    how, phone, voicemail_safe = vault.open_json(
        "matches", "contact_sealed", row[_T.id], row[_T.contact_sealed]
    )
    return Match(
        id=row[_T.id],
        request_id=row[_T.request_id],
        proposal_id=row[_T.proposal_id],
        requester_id=row[_T.requester_id],
        supporter_id=row[_T.supporter_id],
        state=MatchState(row[_T.state]),
        contact=Contact(How(how), phone, voicemail_safe),
        introduced_at=row[_T.introduced_at],
        first_contact_by=row[_T.first_contact_by],
        in_touch_at=row[_T.in_touch_at],
        closed_at=row[_T.closed_at],
        end=MatchEnd(row[_T.end]) if row[_T.end] else None,
    )
