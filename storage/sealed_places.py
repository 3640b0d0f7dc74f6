"""Every place where something sealed or signed stands, and which keys those need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select

from storage.columns import SEALED
from storage.tables import audit, audit_ends, audit_waiting, metadata
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """One sealed column; `key` is the row's id, to which its texts are bound."""

    table: Table
    key: Column[Any]
    column: Column[Any]

    def __str__(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    def not_under(self, key_id: str) -> tuple[ColumnElement[bool], ...]:
        """Rows whose text another key sealed."""
        return self.column.is_not(None), ~self.column.startswith(f"{key_id}:", autoescape=True)


def places() -> tuple[Place, ...]:
    """Every sealed column of every table."""
    found = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get(SEALED):
                (key,) = table.primary_key.columns
                found.append(Place(table, key, column))
    return tuple(found)


async def count_by_key(unit: Unit, without: str | None) -> dict[str, int]:
    """How many rows need each key but `without`: sealed texts, the audit's ends, and its marks that wait."""
    found: dict[str, int] = {}
    sources = [(place.column, select(place.column).where(place.column.is_not(None))) for place in places()]
    sources.append((audit_ends.c.signature, select(audit_ends.c.signature)))
    waiting = select(audit.c.mark).join(audit_waiting, audit_waiting.c.seq == audit.c.seq)
    sources.append((audit.c.mark, waiting.where(audit.c.mark.is_not(None))))
    for column, every in sources:
        if without is not None:
            every = every.where(~column.startswith(f"{without}:", autoescape=True))  # noqa: PLW2901
        key = _key_of(every.subquery().c[0], unit)
        for key_id, count in (await unit.conn.execute(select(key, func.count()).group_by(key))).all():
            found[key_id] = found.get(key_id, 0) + count
    return found


def _key_of(token: ColumnElement[str], unit: Unit) -> ColumnElement[str]:
    """What stands before the first colon."""
    if unit.conn.dialect.name == "sqlite":
        return func.substr(token, 1, func.instr(token, ":") - 1)
    return func.split_part(token, ":", 1)
