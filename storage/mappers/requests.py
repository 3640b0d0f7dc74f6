"""Requests. What is wished for is sealed whole: topics beside an opaque id already say too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, exists, literal_column, select, update

from peer_support.refusals import AlreadyAsking, OutOfDate
from peer_support.request import (
    Asker,
    CloseReason,
    ForceWish,
    How,
    HowSoon,
    Request,
    RequestState,
    When,
    Wishes,
)
from storage.errors import SealBroken
from storage.mappers.coordinators import ANY_FOR
from storage.mappers.exclusions import APART, read_apart
from storage.mappers.members import about_parts, read_about
from storage.mappers.proposals import SHOWN
from storage.sealing import Vault
from storage.tables import LIVE_STATES, offers, proposals, requests, supporters
from storage.unit import Unit

_T = requests.c
# Spelt as in the indexes of live requests, which are of use only so: past ones, without number, are never walked.
_LIVE = _T.state.in_([literal_column(f"'{state}'") for state in LIVE_STATES])
_TAKEN = exists().where(_T.reference == bindparam("reference"), _LIVE)
_ASKER = select(
    exists().where(_T.requester_id == bindparam("asker"), _LIVE).label("asking"),
    _TAKEN.label("taken"),
    SHOWN,
    APART,
    ANY_FOR,
)
_OWN_OFFER = offers.c.id == bindparam("offer"), offers.c.supporter_id == bindparam("supporter")
_ABOUT_OFFER = select(requests).where(
    _T.id == select(offers.c.request_id).where(*_OWN_OFFER).scalar_subquery()
)
_OF_OFFER = _ABOUT_OFFER.with_for_update()
_OF_OFFER_AND_SUPPORTER = _ABOUT_OFFER.join(
    supporters, supporters.c.id == bindparam("supporter")
).with_for_update(of=[requests, supporters], key_share=True)
_LOOKED_AT = select(requests).where(_T.id == bindparam("of"))
_LOCKED = _LOOKED_AT.with_for_update()
# Without the id: were it written, even unchanged, SQLite would look through every past match for one of this request.
_SAVED = (
    update(requests)
    .where(_T.id == bindparam("of"), _T.version == bindparam("read"))
    .values({column.name: bindparam(column.name) for column in _T if column is not _T.id})
)


class RequestStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, request_id: str) -> Request | None:
        if request_id not in self._unit.fresh:
            self._unit.offers.pop(request_id, None)
        return await self._one(_LOCKED, of=request_id)

    async def look(self, request_id: str) -> Request | None:
        return await self._one(_LOOKED_AT, of=request_id)

    async def to_forget(self, request_id: str) -> Request | None:
        """Where what it was about doesn't open any more, without that: one such row keeps nothing else from going."""
        row = await self._unit.first(select(requests).where(_T.id == request_id))
        if row is None:
            return None
        try:
            return _read(row, self._unit.vault)
        except SealBroken:
            return _request(row, Wishes())

    async def of_proposal(self, proposal_id: str) -> Request | None:
        about = select(proposals.c.request_id).where(proposals.c.id == proposal_id).scalar_subquery()
        return await self._one(select(requests).where(_T.id == about))

    async def of_offer(self, offer_id: str, supporter_id: str, *, answers: bool = False) -> Request | None:
        locked = _OF_OFFER_AND_SUPPORTER if answers else _OF_OFFER
        request = await self._one(locked, offer=offer_id, supporter=supporter_id)
        if request is not None:
            self._unit.offers.pop(request.id, None)
        return request

    async def live_of(self, member_id: str) -> Request | None:
        return await self._one(select(requests).where(_T.requester_id == member_id, _LIVE))

    async def live_in(self, force_id: str) -> Sequence[Request]:
        statement = select(requests).where(_T.force_id == force_id, _LIVE).order_by(_T.created_at, _T.id)
        return [_read(row, self._unit.vault) for row in await self._unit.all(statement)]

    async def reference_taken(self, reference: str) -> bool:
        row = await self._unit.first(select(_TAKEN.label("taken")), reference=reference)
        return bool(row and row["taken"])

    async def asker(self, member_id: str, reference: str, force_id: str, since: datetime) -> Asker:
        row = await self._unit.first(
            _ASKER, asker=member_id, reference=reference, force=force_id, since=since
        )
        if row is None:
            raise OutOfDate
        self._unit.apart[member_id] = read_apart(row["apart"])
        self._unit.coordinated[force_id, member_id] = bool(row["coordinated"])
        return Asker(bool(row["asking"]), bool(row["taken"]), int(row["shown"]))

    def begin(self, request_id: str) -> None:
        self._unit.fresh.add(request_id)
        self._unit.offers.setdefault(request_id, [])

    async def add(self, request: Request) -> None:
        """AlreadyAsking where the person has a live one; OutOfDate where a live one bears this reference."""
        if not await self._unit.added(requests, _row(request, self._unit.vault)):
            raise AlreadyAsking if await self.live_of(request.requester_id) else OutOfDate
        self.begin(request.id)

    async def save(self, request: Request) -> None:
        row = _row(request, self._unit.vault) | {"version": request.version + 1}
        del row["id"]
        if not await self._unit.changed(_SAVED, of=request.id, read=request.version, **row):
            raise OutOfDate

    async def _one(self, statement: Select[Any], **given: Any) -> Request | None:
        row = await self._unit.first(statement, **given)
        return _read(row, self._unit.vault) if row else None


def _row(request: Request, vault: Vault) -> dict[str, Any]:
    wishes = request.wishes
    sealed = {
        "topics": wishes.topics,
        "force": wishes.force_wish,
        "how": wishes.how,
        "when": sorted(wishes.when),
        "soon": wishes.soon,
        "note": wishes.note,
        "about": about_parts(wishes.about),
    }
    return {
        "id": request.id,
        "reference": request.reference,
        "requester_id": request.requester_id,
        "force_id": request.force_id,
        "wishes_sealed": vault.seal_json("requests", "wishes_sealed", request.id, sealed),
        "state": request.state,
        "created_at": request.created_at,
        "state_since": request.state_since,
        "round": request.round,
        "news_by": request.news_by,
        "news_sent": request.news_sent,
        "coordinator_route": request.coordinator_route,
        "nobody_told": request.nobody_told,
        "close_reason": request.close_reason,
        "closed_at": request.closed_at,
        "version": request.version,
    }


def _read(row: RowMapping, vault: Vault) -> Request:
    return _request(row, _wishes(row, vault))


def _wishes(row: RowMapping, vault: Vault) -> Wishes:
    sealed = vault.open_json("requests", "wishes_sealed", row[_T.id], row[_T.wishes_sealed])
    return Wishes(
        topics=tuple(sealed["topics"]),
        force_wish=ForceWish(sealed["force"]),
        how=How(sealed["how"]),
        when=frozenset(When(part) for part in sealed["when"]),
        soon=HowSoon(sealed["soon"]),
        note=sealed["note"],
        about=read_about(sealed["about"]),
    )


def _request(row: RowMapping, wishes: Wishes) -> Request:
    return Request(
        id=row[_T.id],
        reference=row[_T.reference],
        requester_id=row[_T.requester_id],
        force_id=row[_T.force_id],
        wishes=wishes,
        state=RequestState(row[_T.state]),
        created_at=row[_T.created_at],
        state_since=row[_T.state_since],
        round=row[_T.round],
        news_by=row[_T.news_by],
        news_sent=row[_T.news_sent],
        coordinator_route=row[_T.coordinator_route],
        nobody_told=row[_T.nobody_told],
        close_reason=CloseReason(row[_T.close_reason]) if row[_T.close_reason] else None,
        closed_at=row[_T.closed_at],
        version=row[_T.version],
    )
