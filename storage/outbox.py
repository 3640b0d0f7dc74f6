"""The sender's side of the notices. Each call is its own transaction.

A claim takes people, not rows: a row of `chats` says who holds a person, until when nobody may, and how much their chat
was sent just now. Of each person claimed every due notice comes along, so that no other sender has an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, tuple_, update

from peer_support.notice import Notice, mending
from peer_support.sending import (
    LONGEST_HOLD,
    MOST_EACH,
    Claim,
    Dealt,
    Ended,
    Fate,
    Pace,
    Places,
)
from storage.budgets import SECOND, stand_back, take_places, tidy
from storage.mappers.notices import notice_row, read_notice
from storage.outbox_statements import lending, letting_go, marking_sent, taking
from storage.tables import chats, notices
from storage.unit import Unit

_T = notices.c
_C = chats.c


class StoredOutbox:
    """`peer_support.sending_ports.Outbox`: whoever is claimed is nobody else's until the lease runs out."""

    def __init__(self, transaction: Callable[[], AbstractAsyncContextManager[Unit]]) -> None:
        self._transaction = transaction

    async def claim(self, now: datetime, lease: timedelta, most: int, pace: Pace) -> Sequence[Claim]:
        """Three statements for any number of people, and one more for each tenant beyond the first."""
        async with self._transaction() as unit:
            rows = await unit.all(taking(unit, lease, pace), now=now, too_long=now + LONGEST_HOLD, most=most)
            taken = {row[_C.member_id]: row for row in rows}
            if not taken:
                return []
            theirs = await _theirs(unit, now, lease, taken)
            if idle := sorted(taken.keys() - theirs.keys()):  # what they have is locked by a turn just now
                await unit.changed(update(chats).where(_C.member_id.in_(idle)).values(leased_until=None))
            claims = [_claim(taken[person], theirs[person]) for person in theirs]
            places = await _places(unit, claims, pace)
        return [_placed(claim, places) for claim in claims]

    async def settle(self, dealt: Sequence[Dealt], ended: Sequence[Ended]) -> None:
        """Two statements for any number of messages that were sent; what failed is rarer, and takes its own."""
        by_fate: dict[Fate, list[Dealt]] = {}
        for each in sorted(dealt, key=lambda each: each.notice.id):
            by_fate.setdefault(each.fate, []).append(each)
        async with self._transaction() as unit:
            await _sent(unit, by_fate.pop(Fate.SENT, []))
            for fate, some in by_fate.items():
                await _not_sent(unit, fate, some)
            await _let_go(unit, ended)

    async def places(self, tenant_id: str, count: int, pace: Pace) -> Places:
        async with self._transaction() as unit:
            return await take_places(unit, tenant_id, count, pace)

    async def stand_back(self, tenant_id: str, seconds: float) -> None:
        async with self._transaction() as unit:
            await stand_back(unit, tenant_id, seconds)

    async def tidy(self, now: datetime) -> None:
        async with self._transaction() as unit:
            await tidy(unit, now)


async def _theirs(
    unit: Unit, now: datetime, lease: timedelta, people: Collection[str]
) -> Mapping[str, tuple[Notice, ...]]:
    """The due notices of people who were taken, each person's in order, and who has waited longest first."""
    rows = await unit.all(lending(unit, lease), now=now, people=sorted(people))
    found = sorted(
        map(read_notice, rows), key=lambda notice: (notice.recipient_id, notice.not_before, notice.id)
    )
    lent = {person: tuple(some) for person, some in groupby(found, key=lambda notice: notice.recipient_id)}
    if over := [notice for some in lent.values() for notice in some[MOST_EACH:]]:
        await _unlend(unit, over, untried=True)
    return {
        person: some[:MOST_EACH]
        for person, some in sorted(lent.items(), key=lambda item: (item[1][0].not_before, item[1][0].id))
    }


def _claim(row: RowMapping, theirs: tuple[Notice, ...]) -> Claim:
    spent = ((row[_C.short_until] - row["clock"]) / SECOND, (row[_C.long_until] - row["clock"]) / SECOND)
    return Claim(row[_C.member_id], row[_C.tenant_id], row[_C.lease], theirs, spent=spent)


async def _places(unit: Unit, claims: Sequence[Claim], pace: Pace) -> Mapping[str, dict[str, Places]]:
    """By tenant and person: one each, in the order in which they were claimed.

    Whoever has more to be told needs the next once the channel has answered; one right after the first would be missed.
    """
    if not pace.tenant.every:
        return {}
    found: dict[str, dict[str, Places]] = {}
    for tenant_id in sorted({claim.tenant_id for claim in claims}):
        people = [claim.recipient_id for claim in claims if claim.tenant_id == tenant_id]
        places = await take_places(unit, tenant_id, len(people), pace)
        found[tenant_id] = {
            person: Places((at,), places.clock) for person, at in zip(people, places.at, strict=True)
        }
    return found


def _placed(claim: Claim, places: Mapping[str, dict[str, Places]]) -> Claim:
    of_tenant = places.get(claim.tenant_id)
    if of_tenant is None:
        return claim
    where = of_tenant[claim.recipient_id]
    return Claim(claim.recipient_id, claim.tenant_id, claim.lease, claim.notices, where, claim.spent)


async def _sent(unit: Unit, some: Sequence[Dealt]) -> None:
    """Where it was taken back meanwhile, what it left on a screen is edited next, to what is true by then."""
    if not some:
        return
    given: dict[str, Any] = {}
    for number, each in enumerate(some):
        given |= {f"id_{number}": each.notice.id, f"at_{number}": each.at}
        given[f"activity_{number}"] = each.activity_id
    at = {each.notice.id: each.at for each in some}
    for row in await unit.all(marking_sent(unit, len(some)), **given):
        stands = row[_T.activity_id] or row[_T.edits]
        if row[_T.dropped] and stands:
            edit = mending(read_notice(row), stands, at[row[_T.id]])
            await unit.added(notices, notice_row(edit))


async def _not_sent(unit: Unit, fate: Fate, some: Sequence[Dealt]) -> None:
    """Only where nobody else has claimed it since."""
    if fate in {Fate.TRIED, Fate.LEFT}:
        await _unlend(unit, [each.notice for each in some], untried=fate is Fate.LEFT)
        return
    for each in some:
        values = {"not_before": each.at} if fate is Fate.ASIDE else {"dead_at": each.at, "dead_why": each.why}
        await unit.changed(
            update(notices).where(_still_ours([each.notice])).values(leased_until=None, **values)
        )


async def _unlend(unit: Unit, some: Sequence[Notice], *, untried: bool) -> None:
    attempts = {"attempts": _T.attempts - 1} if untried else {}
    await unit.changed(update(notices).where(_still_ours(some)).values(leased_until=None, **attempts))


def _still_ours(some: Sequence[Notice]) -> ColumnElement[bool]:
    tries = [(notice.id, notice.attempts) for notice in some]
    return tuple_(_T.id, _T.attempts).in_(tries) & _T.sent_at.is_(None)


async def _let_go(unit: Unit, ended: Sequence[Ended]) -> None:
    rows = [
        {
            "person": each.claim.recipient_id,
            "of_lease": each.claim.lease,
            "held": each.held_until,
            "short": round(each.spent[0] * SECOND),
            "long": round(each.spent[1] * SECOND),
        }
        for each in sorted(ended, key=lambda each: each.claim.recipient_id)
    ]
    await unit.each(letting_go(unit), rows)
