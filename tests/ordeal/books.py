"""The database as anybody could read it from outside: plain SQL, whole tables, no line of the bot's own code."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = Mapping[str, Any]
_MOMENTS = frozenset(
    {
        "at",
        "created_at",
        "state_since",
        "sent_at",
        "answer_by",
        "answered_at",
        "made_at",
        "held_until",
        "ended_at",
    }
    | {"introduced_at", "closed_at", "not_before", "leased_until", "dead_at", "news_by"}
)
_TABLES = {
    "requests": "id, reference, requester_id, state, created_at, closed_at, news_by, coordinator_route",
    "offers": "id, request_id, supporter_id, state, sent_at, answered_at",
    "proposals": "id, request_id, offer_id, supporter_id, state, made_at, ended_at",
    "matches": "id, request_id, proposal_id, requester_id, supporter_id, state, introduced_at, closed_at",
    "dues": "kind, subject_id, at, failures",
    "notices": "id, recipient_id, kind, subject_id, occasion, edits, not_before, created_at, sent_at, activity_id,"
    " attempts, leased_until, dead_at, dead_why, dropped",
    "supporters": "id, max_active",
    "coordinators": "id, status",
}
_LATE_DUES = "SELECT count(*) AS n FROM dues WHERE at <= {now}"
_LATE_NOTICES = (
    "SELECT count(*) AS n FROM notices WHERE not_before <= {now} AND sent_at IS NULL AND dead_at IS NULL"
    " AND NOT dropped"
)


@dataclass(frozen=True, slots=True)
class Books:
    """Every table that the checks need, as it stood at one moment."""

    requests: Sequence[Row]
    offers: Sequence[Row]
    proposals: Sequence[Row]
    matches: Sequence[Row]
    dues: Sequence[Row]
    notices: Sequence[Row]
    supporters: Sequence[Row]
    coordinators: Sequence[Row]


class Reader:
    """Reads one database by its address, over a connection of its own, made anew where it was lost."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._line: psycopg.Connection[Row] | None = None
        self._file = address.removeprefix("sqlite:///") if address.startswith("sqlite") else None

    def books(self) -> Books:
        """All of it, at one moment."""
        named = {name: f"SELECT {columns} FROM {name}" for name, columns in _TABLES.items()}  # noqa: S608  our own names
        return Books(**dict(zip(named, self._all(list(named.values())), strict=True)))

    def late(self, now: datetime) -> int:
        """How much is overdue: steps of time, and messages. Raises where the database can't tell."""
        moment = f"'{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
        moment = moment if self._file else f"{moment}::timestamp AT TIME ZONE 'UTC'"
        found = self._all([query.format(now=moment) for query in (_LATE_DUES, _LATE_NOTICES)])
        return sum(int(rows[0]["n"]) for rows in found)

    def age_leases(self) -> None:
        """As if the senders' leases had run out. Only while nobody sends: whoever does would lose what is theirs."""
        for table in ("notices", "chats"):
            self._all([], change=f"UPDATE {table} SET leased_until = NULL WHERE leased_until IS NOT NULL")  # noqa: S608

    def _all(self, queries: Sequence[str], change: str = "") -> list[list[Row]]:
        if self._file:
            with closing(sqlite3.connect(self._file, timeout=30, isolation_level=None)) as conn:
                conn.row_factory = sqlite3.Row
                conn.execute("BEGIN IMMEDIATE" if change else "BEGIN")
                found = [[_mended(dict(row)) for row in conn.execute(query)] for query in queries]
                if change:
                    conn.execute(change)
                conn.execute("COMMIT")
                return found
        try:
            return self._asked(queries, change)
        except psycopg.OperationalError:  # the line is an old one, of before the fault
            self.close()
            return self._asked(queries, change)

    def _asked(self, queries: Sequence[str], change: str) -> list[list[Row]]:
        if self._line is None or self._line.closed:
            self._line = psycopg.connect(self._address, row_factory=dict_row, connect_timeout=5)
        with self._line.transaction():
            self._line.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = [list(self._line.execute(query.encode()).fetchall()) for query in queries]
            if change:
                self._line.execute(change.encode())
            return found

    def close(self) -> None:
        """Let the connection go."""
        if self._line is not None:
            self._line.close()


def _mended(row: dict[str, Any]) -> Row:
    """SQLite keeps moments as text, in UTC."""
    for name in _MOMENTS & row.keys():
        if row[name] is not None:
            row[name] = datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
    return row
