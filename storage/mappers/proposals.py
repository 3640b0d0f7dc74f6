"""Proposals: a supporter said yes and the requester is asked, one at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Label, Select, bindparam, distinct, func, select, update

from peer_support.offer import Proposal, ProposalState
from peer_support.refusals import OutOfDate
from storage.tables import members, proposals, requests, shown_names
from storage.unit import Unit

_T = proposals.c


def _shown() -> Label[int]:
    named = (
        select(func.count(distinct(_T.supporter_id)))
        .join(requests, requests.c.id == _T.request_id)
        .where(requests.c.requester_id == bindparam("asker"), _T.made_at >= bindparam("since"))
    )
    before = (
        select(func.count())
        .select_from(shown_names)
        .join(members, members.c.person_hash == shown_names.c.person_hash)
        .where(members.c.id == bindparam("asker"), shown_names.c.shown_at >= bindparam("since"))
    )
    return (named.scalar_subquery() + before.scalar_subquery()).label("shown")


# How many supporters' names `:asker` was shown since `:since`, before a deletion of their data too.
SHOWN = _shown()
_SHOWN = select(SHOWN)


class ProposalStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, proposal_id: str) -> Proposal | None:
        return await self._one(select(proposals).where(_T.id == proposal_id))

    async def of_offer(self, offer_id: str) -> Proposal | None:
        return await self._one(select(proposals).where(_T.offer_id == offer_id))

    async def add(self, proposal: Proposal) -> None:
        """OutOfDate where the request has one being asked, or the offer has led to one."""
        row = {
            "id": proposal.id,
            "request_id": proposal.request_id,
            "offer_id": proposal.offer_id,
            "supporter_id": proposal.supporter_id,
            "state": proposal.state,
            "made_at": proposal.made_at,
            "held_until": proposal.held_until,
            "ended_at": proposal.ended_at,
        }
        if not await self._unit.added(proposals, row):
            raise OutOfDate
        self._unit.fresh.add(proposal.id)

    async def end(self, proposal_id: str, to: ProposalState, now: datetime) -> bool:
        statement = update(proposals).where(_T.id == proposal_id, _T.state == ProposalState.ASKED)
        return await self._unit.changed(statement.values(state=to, ended_at=now)) == 1

    async def asked_of(self, request_id: str) -> Proposal | None:
        asked = _T.state == ProposalState.ASKED
        return await self._one(select(proposals).where(_T.request_id == request_id, asked))

    async def shown_since(self, requester_id: str, since: datetime) -> int:
        row = await self._unit.first(_SHOWN, asker=requester_id, since=since)
        return int(row["shown"]) if row else 0

    async def _one(self, statement: Select[Any]) -> Proposal | None:
        row = await self._unit.first(statement)
        if row is None:
            return None
        return Proposal(
            id=row[_T.id],
            request_id=row[_T.request_id],
            offer_id=row[_T.offer_id],
            supporter_id=row[_T.supporter_id],
            state=ProposalState(row[_T.state]),
            made_at=row[_T.made_at],
            held_until=row[_T.held_until],
            ended_at=row[_T.ended_at],
        )
