"""What goes when its time is up: a few rows at a time, passing over those that another transaction holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, or_, select, update

from peer_support.keeping import Ends
from peer_support.keeping_ports import Closed, Old
from peer_support.notice import NoticeKind
from peer_support.offer import MatchState
from peer_support.request import LIVE
from storage.mappers.requests import RequestStore
from storage.tables import (
    activities,
    break_glass,
    coordinators,
    drafts,
    dues,
    erasures,
    exclusions,
    feedback,
    handovers,
    matches,
    members,
    notices,
    offers,
    proposals,
    requests,
    shown_names,
    statistics,
    supporters,
)
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class _Aged:
    """A table whose rows go by age. `force` is the column that says by whose numbers; without one, by everybody's."""

    table: Table
    key: ColumnElement[Any]
    at: ColumnElement[Any]
    force: ColumnElement[Any] | None = None
    kind: type = datetime


_AGED: Mapping[Old, _Aged] = {
    Old.DRAFTS: _Aged(drafts, drafts.c.member_id, drafts.c.saved_at),
    Old.TURNS: _Aged(activities, activities.c.key_hash, activities.c.at),
    Old.NOTICES: _Aged(
        notices, notices.c.id, func.coalesce(notices.c.sent_at, notices.c.dead_at, notices.c.not_before)
    ),
    Old.FEEDBACK: _Aged(feedback, feedback.c.id, feedback.c.week, feedback.c.force_id, str),
    Old.HANDOVERS: _Aged(handovers, handovers.c.token_hash, handovers.c.until),
    Old.SHOWN_NAMES: _Aged(shown_names, shown_names.c.id, shown_names.c.until),
}


class KeepingStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._requests = RequestStore(unit)

    async def closed(self, ends: Ends, erased_before: datetime, most: int) -> list[Closed]:
        erased = erasures.c.at
        gone = or_(
            and_(erased.is_(None), _before(ends, requests.c.closed_at, requests.c.force_id)),
            erased < erased_before,
        )
        first = (
            select(requests.c.id, erased.label("erased"), _introduced_at().label("introduced"))
            .outerjoin(erasures, erasures.c.member_id == requests.c.requester_id)
            .where(requests.c.state.not_in(sorted(LIVE)), gone)
            .order_by(requests.c.closed_at, requests.c.id)
            .limit(most)
            .with_for_update(of=requests, skip_locked=True)
        )
        found = []
        for row in await self._unit.all(first):
            request = await self._requests.to_forget(row[requests.c.id])
            if request is not None:
                found.append(Closed(request, row["introduced"], row["erased"] is not None))
        return found

    async def forget_request(self, request_id: str) -> None:
        parts = [
            select(table.c.id).where(table.c.request_id == request_id)
            for table in (offers, proposals, matches, break_glass)
        ]
        ids = [row["id"] for part in parts for row in await self._unit.all(part)]
        about = [request_id, *ids]
        await self._unit.changed(delete(dues).where(dues.c.subject_id.in_(about)))
        await self._unit.changed(delete(notices).where(notices.c.subject_id.in_(about)))
        await self._unit.changed(delete(drafts).where(drafts.c.request_id == request_id))
        for table in (break_glass, matches, proposals, offers):
            await self._unit.changed(delete(table).where(table.c.request_id == request_id))
        await self._unit.changed(delete(requests).where(requests.c.id == request_id))

    async def forget_old(self, what: Old, ends: Ends, most: int) -> int:
        if what is Old.COUNTS:
            return await self._unit.changed(
                delete(statistics).where(_before(ends, statistics.c.starts, statistics.c.force_id, _day))
            )
        aged = _AGED[what]
        as_stored = _week if aged.kind is str else _moment
        first = select(aged.key).where(_before(ends, aged.at, aged.force, as_stored))
        if what is Old.NOTICES:
            first = first.where(*_settled())
        picked = first.order_by(aged.at).limit(most).with_for_update(skip_locked=True, of=aged.table)
        return await self._unit.changed(delete(aged.table).where(aged.key.in_(picked.scalar_subquery())))

    async def forget_quiet(self, ends: Ends, erased_before: datetime, most: int) -> int:
        ids = [row["id"] for row in await self._unit.all(_quiet(ends, erased_before, most))]
        for member_id in ids:
            await forget_member(self._unit, member_id)
        return len(ids)

    async def forget_addresses(self, told_since: datetime) -> int:
        waits = exists().where(notices.c.recipient_id == members.c.id, *_waiting())
        opened = (
            exists()
            .where(requests.c.requester_id == members.c.id)
            .where(break_glass.c.request_id == requests.c.id, break_glass.c.asked_at >= told_since)
        )
        erased = members.c.id.in_(select(erasures.c.member_id))
        chosen = update(members).where(erased, members.c.address_sealed.is_not(None), ~waits, ~opened)
        return await self._unit.changed(chosen.values(address_sealed=None))

    async def forget_supporter(self, member_id: str) -> bool:
        for table in (offers, proposals, matches):
            named = select(table.c.id).where(table.c.supporter_id == member_id).limit(1)
            if await self._unit.first(named) is not None:
                return False
        await self._unit.changed(delete(supporters).where(supporters.c.id == member_id))
        return True

    async def forget_coordinator(self, member_id: str) -> None:
        await self._unit.changed(delete(coordinators).where(coordinators.c.id == member_id))


async def forget_member(unit: Unit, member_id: str) -> None:
    """The row, and what hangs on it alone."""
    for column in (
        drafts.c.member_id,
        exclusions.c.owner_id,
        handovers.c.member_id,
        erasures.c.member_id,
        notices.c.recipient_id,
    ):
        await unit.changed(delete(column.table).where(column == member_id))
    await unit.changed(delete(dues).where(dues.c.subject_id == member_id))
    await unit.changed(delete(members).where(members.c.id == member_id))


def _waiting() -> tuple[ColumnElement[bool], ...]:
    """A message that is still to be sent."""
    return notices.c.sent_at.is_(None), notices.c.dead_at.is_(None), notices.c.dropped.is_(False)


def _settled() -> tuple[ColumnElement[bool], ...]:
    """Neither waiting, nor about a request that stands (it goes with that), nor a card that shows a live match."""
    subject = notices.c.subject_id
    parts = (requests, offers, proposals, matches, break_glass)
    stands = [exists().where(table.c.id == subject) for table in parts]
    showing = exists().where(
        matches.c.supporter_id == notices.c.recipient_id, matches.c.state == MatchState.LIVE
    )
    named = and_(notices.c.kind == NoticeKind.MATCHES, showing)
    return (~and_(*_waiting()), *(~each for each in stands), ~named)


def _quiet(ends: Ends, erased_before: datetime, most: int) -> Select[Any]:
    own = members.c.id
    named = [
        exists().where(column == own)
        for column in (supporters.c.id, coordinators.c.id, requests.c.requester_id, matches.c.requester_id)
    ]
    waits = exists().where(notices.c.recipient_id == own, *_waiting())
    seen = members.c.seen_in
    quiet = or_(seen.is_(None), _before(ends, seen, members.c.force_id, _day))
    gone = or_(and_(erasures.c.member_id.is_(None), quiet), erasures.c.at < erased_before)
    return (
        select(own)
        .outerjoin(erasures, erasures.c.member_id == own)
        .where(gone, ~waits, *(~each for each in named))
        .order_by(own)
        .limit(most)
        .with_for_update(of=members, skip_locked=True)
    )


def _introduced_at() -> Any:
    first = select(func.min(matches.c.introduced_at)).where(matches.c.request_id == requests.c.id)
    return first.correlate(requests).scalar_subquery()


def _moment(at: datetime) -> Any:
    return at


def _day(at: datetime) -> Any:
    return at.astimezone(UTC).date()


def _week(at: datetime) -> Any:
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def _before(
    ends: Ends, at: ColumnElement[Any], force: ColumnElement[Any] | None, as_stored: Any = _moment
) -> ColumnElement[bool]:
    """Whether a row's time is up by its own force's numbers."""
    if force is None or not ends.by_force:
        whole: ColumnElement[bool] = at < as_stored(ends.otherwise)
        return whole
    known: ColumnElement[str] = func.coalesce(force, "")
    own = [and_(known == force_id, at < as_stored(end)) for force_id, end in sorted(ends.by_force.items())]
    return or_(and_(known.not_in(sorted(ends.by_force)), at < as_stored(ends.otherwise)), *own)
