"""Offers: one request put to one supporter, which ends once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update

from peer_support.offer import Offer, OfferState
from peer_support.refusals import OutOfDate
from storage.tables import offers
from storage.unit import Unit

_T = offers.c
_OF_REQUEST = select(offers).where(_T.request_id == bindparam("of")).order_by(_T.sent_at, _T.id)
_ENDED = (
    update(offers)
    .where(_T.id == bindparam("of"), _T.state == OfferState.SENT)
    .values(state=bindparam("to"), answered_at=bindparam("now"))
)


class OfferStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, offer_id: str) -> Offer | None:
        row = await self._unit.first(select(offers).where(_T.id == offer_id))
        return _read(row) if row else None

    async def add(self, *made: Offer) -> None:
        if not await self._unit.added_all(offers, [_row(offer) for offer in made]):
            raise OutOfDate
        for offer in made:
            self._unit.fresh.add(offer.id)
            if offer.request_id in self._unit.offers:
                self._unit.offers[offer.request_id].append(offer)

    async def end(self, offer_id: str, to: OfferState, now: datetime) -> bool:
        ended = await self._unit.changed(_ENDED, of=offer_id, to=to, now=now) == 1
        for known in self._unit.offers.values():
            known[:] = [_ended(each, offer_id, to, now) if ended else each for each in known]
        return ended

    async def take_back(self, offer_id: str, now: datetime) -> bool:
        statement = update(offers).where(_T.id == offer_id, _T.state == OfferState.ACCEPTED)
        return await self._unit.changed(statement.values(state=OfferState.DECLINED, answered_at=now)) == 1

    async def of_request(self, request_id: str) -> Sequence[Offer]:
        if request_id not in self._unit.offers:
            rows = await self._unit.all(_OF_REQUEST, of=request_id)
            self._unit.offers[request_id] = [_read(row) for row in rows]
        return list(self._unit.offers[request_id])

    async def sent_to(self, supporter_id: str) -> Sequence[Offer]:
        statement = select(offers).where(_T.supporter_id == supporter_id, _T.state == OfferState.SENT)
        return [_read(row) for row in await self._unit.all(statement.order_by(_T.sent_at, _T.id))]


def _row(offer: Offer) -> dict[str, Any]:
    return {
        "id": offer.id,
        "request_id": offer.request_id,
        "supporter_id": offer.supporter_id,
        "round": offer.round,
        "state": offer.state,
        "sent_at": offer.sent_at,
        "answer_by": offer.answer_by,
        "answered_at": offer.answered_at,
    }


def _ended(offer: Offer, offer_id: str, to: OfferState, now: datetime) -> Offer:
    return replace(offer, state=to, answered_at=now) if offer.id == offer_id else offer


def _read(row: RowMapping) -> Offer:
    return Offer(
        id=row[_T.id],
        request_id=row[_T.request_id],
        supporter_id=row[_T.supporter_id],
        round=row[_T.round],
        state=OfferState(row[_T.state]),
        sent_at=row[_T.sent_at],
        answer_by=row[_T.answer_by],
        answered_at=row[_T.answered_at],
    )
