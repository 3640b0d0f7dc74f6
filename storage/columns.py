"""Column types that repair what the databases get wrong: lost offsets, and text that one of them can't hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Dialect, ForeignKey, Integer, String, Text, text
from sqlalchemy.types import TypeDecorator

SEALED = "sealed"  # so marked, a column is sealed anew when the keys are turned


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite drops the offset and PostgreSQL takes naive times, so both are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError("a moment without an offset can't be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Plain(TypeDecorator[str]):
    """Text kept in clear: ids, states, kinds.

    What no database can hold (NUL, half a surrogate pair) is replaced, so that a hostile id is simply not found
    instead of breaking the statement.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text as `Plain` keeps it."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def plain(name: str, *, optional: bool = False) -> Column[Any]:
    """Text in clear."""
    return Column(name, Plain, nullable=optional)


def sealed(name: str, *, optional: bool = False) -> Column[Any]:
    """Ciphertext of `storage.sealing`, bound to the table, this column and the row's primary key."""
    return Column(name, Text, nullable=optional, info={SEALED: True})


def moment(name: str, *, optional: bool = False) -> Column[Any]:
    """A moment in UTC."""
    return Column(name, UtcDateTime, nullable=optional)


def number(name: str) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer, nullable=False)


def flag(name: str) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def own_id(*constraints: ForeignKey) -> Column[Any]:
    """The opaque id of the row itself, made by us before it is written."""
    return Column("id", Plain, *constraints, primary_key=True)


def id_of(name: str, target: str) -> Column[Any]:
    """The id of a row elsewhere."""
    return Column(name, Plain, ForeignKey(target), nullable=False)


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, in each database in the words that its statements come in."""
    return {
        "sqlite_where": text(condition.replace("IS FALSE", "IS 0")),
        "postgresql_where": text(condition),
    }
