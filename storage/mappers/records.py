"""All that is held of one person, for that person: found by their opaque id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, func, select

from peer_support.audit import AuditRow
from peer_support.offer import Match, Offer, Proposal
from peer_support.request import Request
from storage.mappers.matches import MatchStore
from storage.mappers.offers import OfferStore
from storage.mappers.proposals import ProposalStore
from storage.mappers.requests import RequestStore
from storage.tables import audit, matches, notices, offers, proposals, requests
from storage.unit import Unit

T_co = TypeVar("T_co", covariant=True)


class _Getter(Protocol[T_co]):
    async def __call__(self, id: str, /) -> T_co | None: ...


class RecordStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def requests_of(self, member_id: str) -> Sequence[Request]:
        own = select(requests.c.id).where(requests.c.requester_id == member_id)
        return await self._each(own.order_by(requests.c.created_at), RequestStore(self._unit).look)

    async def proposals_to(self, member_id: str) -> Sequence[Proposal]:
        own = select(proposals.c.id).join(requests, requests.c.id == proposals.c.request_id)
        own = own.where(requests.c.requester_id == member_id).order_by(proposals.c.made_at)
        return await self._each(own, ProposalStore(self._unit).get)

    async def matches_of(self, member_id: str) -> Sequence[Match]:
        own = select(matches.c.id).where(matches.c.requester_id == member_id)
        return await self._each(own.order_by(matches.c.introduced_at), MatchStore(self._unit).get)

    async def offers_to(self, supporter_id: str) -> Sequence[Offer]:
        own = select(offers.c.id).where(offers.c.supporter_id == supporter_id)
        return await self._each(own.order_by(offers.c.sent_at), OfferStore(self._unit).get)

    async def matches_with(self, supporter_id: str) -> Sequence[Match]:
        own = select(matches.c.id).where(matches.c.supporter_id == supporter_id)
        return await self._each(own.order_by(matches.c.introduced_at), MatchStore(self._unit).get)

    async def acts_on(self, subject_ids: Collection[str]) -> Sequence[AuditRow]:
        if not subject_ids:
            return []
        about = select(audit).where(audit.c.subject_id.in_(set(subject_ids))).order_by(audit.c.seq)
        found = []
        for row in await self._unit.all(about):
            parts = (row[audit.c[name]] for name in ("id", "at", "actor_id", "action", "subject_id"))
            found.append(AuditRow(*parts))
        return found

    async def messages_to(self, member_id: str) -> int:
        count = (
            select(func.count().label("n")).select_from(notices).where(notices.c.recipient_id == member_id)
        )
        row = await self._unit.first(count)
        return int(row["n"]) if row else 0

    async def _each(self, chosen: Select[Any], get: _Getter[T_co]) -> list[T_co]:
        ids = [row["id"] for row in await self._unit.all(chosen)]
        return [each for each in [await get(id) for id in ids] if each is not None]
