"""How much each tenant may still be sent, shared by all senders: one row a tenant, by the database's own clock.

The row says until when the tenant's places are taken. Taking some moves that on in one statement: no two are the same.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    delete,
    literal,
    literal_column,
    or_,
    select,
)

from peer_support.sending import Pace, Places
from storage.tables import budgets, chats
from storage.unit import Unit

SECOND = 1_000_000
JUMPED = 120 * SECOND  # nothing is taken so far ahead: the clock was set back since
TIDIED_AT_ONCE = 1000
_B = budgets.c
_C = chats.c


def micros(unit: Unit) -> ColumnElement[int]:
    """The database's clock this very moment, in microseconds, whenever the transaction began."""
    if unit.conn.dialect.name == "sqlite":
        return literal_column("CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)", Integer)
    return literal_column("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint", BigInteger)


def within(taken_until: ColumnElement[int], clock: ColumnElement[int], seconds: float) -> ColumnElement[bool]:
    """Whether no more than so many seconds from now are taken."""
    return or_(
        taken_until.is_(None),
        taken_until <= clock + literal(round(seconds * SECOND), BigInteger),
        taken_until > clock + literal(round(seconds * SECOND) + JUMPED, BigInteger),
    )


async def take_places(unit: Unit, tenant_id: str, count: int, pace: Pace) -> Places:
    """The next places of a tenant: one after the other, the first no sooner than it can be worded."""
    every = pace.tenant.every * SECOND
    clock = micros(unit)
    soonest = clock + literal(round(pace.lead * SECOND), BigInteger)
    length = literal(round(count * every), BigInteger)
    stands = and_(_B.taken_until > soonest, _B.taken_until <= clock + JUMPED)
    insert = unit.insert(budgets).values(tenant_id=tenant_id, taken_until=soonest + length)
    statement = insert.on_conflict_do_update(
        index_elements=[_B.tenant_id],
        set_={"taken_until": case((stands, _B.taken_until), else_=soonest) + length},
    ).returning(_B.taken_until, clock.label("clock"))
    row = (await unit.conn.execute(statement)).one()
    first = row.taken_until - count * every
    return Places(tuple((first + number * every) / SECOND for number in range(count)), row.clock / SECOND)


async def stand_back(unit: Unit, tenant_id: str, seconds: float) -> None:
    """Nothing goes to this tenant for so long: the channel has asked for it."""
    until = micros(unit) + literal(round(seconds * SECOND), BigInteger)
    insert = unit.insert(budgets).values(tenant_id=tenant_id, taken_until=until)
    later = and_(_B.taken_until > until, _B.taken_until <= until + JUMPED)
    await unit.conn.execute(
        insert.on_conflict_do_update(
            index_elements=[_B.tenant_id],
            set_={"taken_until": case((later, _B.taken_until), else_=until)},
        )
    )


async def tidy(unit: Unit, now: datetime) -> None:
    """Let go of rows that say nothing any more, passing over those that a sender holds."""
    clock = micros(unit)
    free = (
        or_(_C.leased_until.is_(None), _C.leased_until <= unit.clock()),
        or_(_C.held_until.is_(None), _C.held_until <= now),
        _C.short_until <= clock,
        _C.long_until <= clock,
    )
    quiet = select(_C.member_id).where(*free).limit(TIDIED_AT_ONCE).with_for_update(skip_locked=True)
    await unit.changed(delete(chats).where(_C.member_id.in_(quiet.scalar_subquery())))
    idle = select(_B.tenant_id).where(_B.taken_until <= clock - JUMPED).with_for_update(skip_locked=True)
    await unit.changed(delete(budgets).where(_B.tenant_id.in_(idle.scalar_subquery())))
