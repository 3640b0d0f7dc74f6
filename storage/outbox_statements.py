"""The statements that hand out and take back notices, each built once: building one takes longer than running it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Update,
    and_,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)

from peer_support.sending import Pace
from storage.budgets import micros, within
from storage.columns import Plain, UtcDateTime
from storage.tables import budgets, chats, members, notices
from storage.unit import Unit

_T = notices.c
_C = chats.c
_EARLIER = notices.alias("earlier")
_BUILT: dict[tuple[object, ...], Any] = {}


def taking(unit: Unit, lease: timedelta, pace: Pace) -> Any:
    """Hold the people whose due notices have waited longest. Another sender's are passed over, not waited for."""
    return _once(unit, ("taking", lease, pace), lambda: _taking(unit, lease, pace))


def lending(unit: Unit, lease: timedelta) -> Any:
    """Their due notices, up to one that a turn holds or another sender still has: order before speed."""
    return _once(unit, ("lending", lease), lambda: _lending(unit, lease))


def marking_sent(unit: Unit, count: int) -> Any:
    """So many notices are there."""
    return _once(unit, ("sent", count), lambda: _marking_sent(count))


def letting_go(unit: Unit) -> Any:
    """Nobody holds a person any more. Until `held` nobody may."""
    return _once(unit, ("letting go",), lambda: _letting_go(unit))


def _once(unit: Unit, key: tuple[object, ...], build: Callable[[], Any]) -> Any:
    whole = (unit.conn.dialect.name, *key)
    if whole not in _BUILT:
        _BUILT[whole] = build()
    return _BUILT[whole]


def _due() -> tuple[ColumnElement[bool], ...]:
    now = bindparam("now", type_=UtcDateTime)
    return _T.sent_at.is_(None), _T.dead_at.is_(None), _T.dropped.is_(False), _T.not_before <= now


def _free(unit: Unit) -> ColumnElement[bool]:
    return or_(_T.leased_until.is_(None), _T.leased_until <= unit.clock())


def _comes_before(earlier: FromClause) -> ColumnElement[bool]:
    """Another one that waits for the same person, and has its turn before this one."""
    return and_(
        earlier.c.recipient_id == _T.recipient_id,
        earlier.c.sent_at.is_(None),
        earlier.c.dead_at.is_(None),
        earlier.c.dropped.is_(False),
        tuple_(earlier.c.not_before, earlier.c.id) < tuple_(_T.not_before, _T.id),
    )


def _taking(unit: Unit, lease: timedelta, pace: Pace) -> Any:
    clock = micros(unit)
    now, too_long = bindparam("now", type_=UtcDateTime), bindparam("too_long", type_=UtcDateTime)
    nobodys = or_(_C.leased_until.is_(None), _C.leased_until <= unit.clock())
    unheld = or_(_C.held_until.is_(None), _C.held_until <= now, _C.held_until > too_long)
    short, long = pace.chat
    first = (
        select(_T.recipient_id, members.c.tenant_id)
        .join(members, members.c.id == _T.recipient_id)
        .outerjoin(chats, _C.member_id == _T.recipient_id)
        .outerjoin(budgets, budgets.c.tenant_id == members.c.tenant_id)
        .where(*_due(), _free(unit), ~exists().where(_comes_before(_EARLIER)), nobodys, unheld)
        .where(within(_C.short_until, clock, short.tolerance), within(_C.long_until, clock, long.tolerance))
        .where(within(budgets.c.taken_until, clock, pace.ahead) if pace.tenant.every else true())
        .order_by(_T.not_before, _T.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=notices, skip_locked=True)
        .cte("first")
    )
    zero = literal(0, BigInteger)
    people = (
        select(first.c.recipient_id, first.c.tenant_id, literal(1, Integer), unit.clock(lease), zero, zero)
        .where(true())
        .distinct()
        .order_by(first.c.recipient_id)
    )
    names = ["member_id", "tenant_id", "lease", "leased_until", "short_until", "long_until"]
    insert = unit.insert(chats).from_select(names, people)
    return insert.on_conflict_do_update(
        index_elements=[_C.member_id],
        set_={"lease": _C.lease + 1, "leased_until": insert.excluded.leased_until, "held_until": None},
        where=nobodys,
    ).returning(chats, clock.label("clock"))


def _lending(unit: Unit, lease: timedelta) -> Any:
    mine = (
        select(_T.id)
        .where(_T.recipient_id.in_(bindparam("people", expanding=True)), *_due(), _free(unit))
        .with_for_update(skip_locked=True)
        .cte("mine")
    )
    in_the_way = exists().where(_comes_before(_EARLIER), _EARLIER.c.id.not_in(select(mine.c.id)))
    return (
        update(notices)
        .where(_T.id.in_(select(mine.c.id)), ~in_the_way)
        .values(leased_until=unit.clock(lease), attempts=_T.attempts + 1)
        .returning(notices)
    )


def _marking_sent(count: int) -> Any:
    ids = [bindparam(f"id_{number}", type_=Plain) for number in range(count)]

    def each(name: str, kind: Any) -> ColumnElement[Any]:
        return case(
            *((_T.id == id, bindparam(f"{name}_{number}", type_=kind)) for number, id in enumerate(ids))
        )

    return (
        update(notices)
        .where(_T.id.in_(ids), _T.sent_at.is_(None))
        .values(leased_until=None, sent_at=each("at", UtcDateTime), activity_id=each("activity", Plain))
        .returning(notices)
    )


def _letting_go(unit: Unit) -> Update:
    clock = micros(unit)
    return (
        update(chats)
        .where(_C.member_id == bindparam("person"), _C.lease == bindparam("of_lease"))
        .values(
            leased_until=None,
            held_until=bindparam("held", type_=UtcDateTime),
            short_until=clock + bindparam("short", type_=BigInteger),
            long_until=clock + bindparam("long", type_=BigInteger),
        )
    )
