"""The one transaction that the stores of a unit of work share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Delete, Executable, Interval, RowMapping, Table, Update, func, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from peer_support.offer import Offer
from storage.columns import UtcDateTime
from storage.sealing import Vault

Insert = sqlite.Insert | postgresql.Insert
ROWS_AT_ONCE = 200


@dataclass(slots=True)
class Unit:
    """`tenants` remembers the tenants of members seen in this unit, for the hashes that need one.

    `people` holds the rows of members as they were read, with what the roster says of them beside, so that one look
    answers who somebody is. Whoever changes a person's rows takes their entry out.

    `fresh` are the ids that this unit made: nothing but what it wrote itself can stand about them yet. `offers` holds
    those of a request as read since its row was locked, and as changed here since.

    `apart`, `coordinated` and `cards` hold what one look read beside something else, for whoever asks for it next:
    whom somebody is kept apart from, whether a force has a coordinator for somebody, and messages that were sent.
    """

    conn: AsyncConnection
    vault: Vault
    tenants: dict[str, str] = field(default_factory=dict)
    people: dict[str, RowMapping] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    offers: dict[str, list[Offer]] = field(default_factory=dict)
    apart: dict[str, frozenset[str]] = field(default_factory=dict)
    coordinated: dict[tuple[str, str], bool] = field(default_factory=dict)
    cards: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def insert(self, table: Table) -> Insert:
        """An insert that knows ON CONFLICT in the dialect spoken here."""
        return _insert(self.conn.dialect.name, table)

    def written(self, make: Callable[[Insert], Executable], table: Table) -> Executable:
        """What `make` makes of such an insert, made once for each dialect."""
        return _written(self.conn.dialect.name, make, table)

    def clock(self, ahead: timedelta = timedelta()) -> ColumnElement[datetime]:
        """The database's own clock, which every process shares, in the form of a stored moment."""
        if self.conn.dialect.name == "sqlite":
            later = f"{ahead.total_seconds():+.3f} seconds"
            return func.strftime("%Y-%m-%d %H:%M:%f000", "now", later, type_=UtcDateTime)
        return func.now() + literal(ahead, Interval)

    async def all(self, statement: Executable, **given: Any) -> Sequence[RowMapping]:
        """Every row."""
        return (await self.conn.execute(statement, given)).mappings().all()

    async def first(self, statement: Executable, **given: Any) -> RowMapping | None:
        """The first row, if there is one."""
        return (await self.conn.execute(statement, given)).mappings().first()

    async def changed(self, statement: Update | Delete, **given: Any) -> int:
        """How many rows a change touched: the answer of every conditional update."""
        return (await self.conn.execute(statement, given)).rowcount

    async def added(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Add a row; False where a unique rule stands against it. The transaction lives on either way."""
        return (await self.conn.execute(_adding(self.conn.dialect.name, table), row)).first() is not None

    async def put(self, table: Table, row: Mapping[str, Any]) -> None:
        """Add a row, or replace what stands under its primary key."""
        key = [column.name for column in table.primary_key.columns]
        rest = {name: value for name, value in row.items() if name not in key}
        await self.conn.execute(
            self.insert(table).values(**row).on_conflict_do_update(index_elements=key, set_=rest)
        )

    async def each(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        """One statement for many rows, a few at a time, since each wait is bounded. How many rows it touched."""
        touched = 0
        for some in _few(rows):
            touched += (await self.conn.execute(statement, some)).rowcount
        return touched

    async def put_all(
        self, table: Table, rows: Sequence[Mapping[str, Any]], but: Collection[str] = ()
    ) -> None:
        """Add rows, or replace what stands under their primary keys, but for some columns. All have the same."""
        if rows:
            key = [column.name for column in table.primary_key.columns]
            insert = self.insert(table)
            rest = {name: insert.excluded[name] for name in rows[0] if name not in key and name not in but}
            await self.each(insert.on_conflict_do_update(index_elements=key, set_=rest), rows)

    async def added_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Add rows; False where a unique rule stands against any of them."""
        statement = _adding(self.conn.dialect.name, table)
        added = 0
        for some in _few(rows):
            added += len((await self.conn.execute(statement, some)).all())
        return added == len(rows)


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _adding(dialect: str, table: Table) -> Executable:
    key = next(iter(table.primary_key.columns))
    return _insert(dialect, table).on_conflict_do_nothing().returning(key)


@cache
def _written(dialect: str, make: Callable[[Insert], Executable], table: Table) -> Executable:
    return make(_insert(dialect, table))


def _few(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    return (list(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE))
