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
    ScalarSelect,
    Update,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
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
_BEFORE = tuple_(_EARLIER.c.not_before, _EARLIER.c.id) < tuple_(_T.not_before, _T.id)
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
    """As the index of what is due has it."""
    now = bindparam("now", type_=UtcDateTime)
    return _T.sent_at.is_(None), _T.dead_at.is_(None), _T.dropped.is_(False), _T.not_before <= now


def _waiting(of: FromClause) -> tuple[ColumnElement[bool], ...]:
    """The same whether due or not, for one person's: said so that the index of what is due doesn't fit it.

    Of a table that it has no statistics of, PostgreSQL takes whichever index fits: it would go through everybody's.
    """
    return (
        of.c.sent_at.is_(None),
        of.c.dead_at.is_(None),
        func.coalesce(of.c.dropped, of.c.dropped).is_(False),
    )


def _free(unit: Unit) -> ColumnElement[bool]:
    return or_(_T.leased_until.is_(None), _T.leased_until <= unit.clock())


def _one_of(table: FromClause, *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    """1 where there is such a row, for the notice at hand; NULL where there is none."""
    return select(literal(1)).select_from(table).where(*where).limit(1).correlate(notices).scalar_subquery()


def _taking(unit: Unit, lease: timedelta, pace: Pace) -> Any:
    """Each row is looked at by itself, in the order of waiting, until there are enough.

    Joined as a whole, thousands that wait would be compared with thousands whenever the planner's statistics are old.
    """
    now, too_long = bindparam("now", type_=UtcDateTime), bindparam("too_long", type_=UtcDateTime)
    held = and_(_C.held_until > now, _C.held_until <= too_long)
    clock = micros(unit)
    spent = [
        ~within(until, clock, rate.tolerance)
        for until, rate in zip((_C.short_until, _C.long_until), pace.chat, strict=True)
    ]
    somebodys = _one_of(
        chats, _C.member_id == _T.recipient_id, or_(_C.leased_until > unit.clock(), held, *spent)
    )
    crowded = select(budgets.c.tenant_id).where(~within(budgets.c.taken_until, clock, pace.ahead))
    tenant = select(members.c.tenant_id).where(members.c.id == _T.recipient_id).correlate(notices)
    theirs = _EARLIER.c.recipient_id == _T.recipient_id
    in_the_way = _one_of(_EARLIER, theirs, *_waiting(_EARLIER), _BEFORE)
    open_to = and_(somebodys.is_(None), in_the_way.is_(None))
    if pace.tenant.every:
        # First what leaves out thousands at once, and for those who are left what takes longer to look up.
        open_to = case((tenant.scalar_subquery().not_in(crowded), open_to), else_=false())
    first = (
        select(_T.recipient_id)
        .where(*_due(), _free(unit), open_to)
        .order_by(_T.not_before, _T.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=notices, skip_locked=True)
        .cte("first")
    )
    zero = literal(0, BigInteger)
    people = (
        select(members.c.id, members.c.tenant_id, literal(1, Integer), unit.clock(lease), zero, zero)
        .where(members.c.id.in_(select(first.c.recipient_id)))
        .order_by(members.c.id)
    )
    names = ["member_id", "tenant_id", "lease", "leased_until", "short_until", "long_until"]
    insert = unit.insert(chats).from_select(names, people)
    return insert.on_conflict_do_update(
        index_elements=[_C.member_id],
        set_={"lease": _C.lease + 1, "leased_until": insert.excluded.leased_until, "held_until": None},
        where=or_(_C.leased_until.is_(None), _C.leased_until <= unit.clock()),
    ).returning(chats, clock.label("clock"))


def _lending(unit: Unit, lease: timedelta) -> Any:
    mine = (
        select(_T.id)
        .where(_T.recipient_id.in_(bindparam("people", expanding=True)), *_waiting(notices))
        .where(_T.not_before <= bindparam("now", type_=UtcDateTime), _free(unit))
        .with_for_update(skip_locked=True)
        .cte("mine")
    )
    theirs = _EARLIER.c.recipient_id == _T.recipient_id
    in_the_way = exists().where(theirs, *_waiting(_EARLIER), _BEFORE, _EARLIER.c.id.not_in(select(mine.c.id)))
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
