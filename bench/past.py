"""A past, laid into a database at once: so many requests that were asked, answered, matched and closed long ago.

By bulk SQL that both databases read. Who they are and what they wrote is ciphertext of the right length that opens for
nobody: no turn of today reads it.
"""

# ruff: noqa: S608 - nothing in these statements comes from outside this module
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import psycopg

from bench.identity import MOMENT, TENANT

PEOPLE, SUPPORTERS = 24_000, 9_800  # beside those who are in the turns, and who have their part of the past
DAYS = 600
GROWN = frozenset({"requests", "offers", "proposals", "matches", "notices"})
_LATEST = timedelta(days=60)
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"
_ID = "'{kind}-' || CAST(1000000000 + i AS TEXT)"


@dataclass(frozen=True, slots=True)
class Fill:
    """One connection, and what differs in how the two databases are spoken to."""

    run: Any
    postgresql: bool

    def moment(self, days: int) -> Any:
        """So many days before the latest of the past, as this database keeps moments."""
        at = (MOMENT - _LATEST - timedelta(days=days)).astimezone(UTC)
        return at if self.postgresql else at.strftime("%Y-%m-%d %H:%M:%S.%f")

    def indexes(self) -> list[tuple[str, str]]:
        """Those that no constraint needs, of the tables that grow, each with how it is made."""
        asked = (
            "SELECT indexname, indexdef, tablename FROM pg_indexes WHERE schemaname = 'public'"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
            if self.postgresql
            else "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        return [(name, made) for name, made, table in self.run(asked).fetchall() if table in GROWN]

    def place(self) -> str:
        """How a value is given to a statement."""
        return "%s" if self.postgresql else "?"


def lay(address: str, count: int, *, people: int = PEOPLE, supporters: int = SUPPORTERS) -> None:
    """People and supporters of before, and `count` requests of theirs and of everybody who is there already."""
    with _opened(address) as fill:
        fill.run("CREATE TEMP TABLE days (d INTEGER PRIMARY KEY, at {})".format(_TYPE[fill.postgresql]))  # noqa: UP032
        for day in range(DAYS):
            fill.run(f"INSERT INTO days VALUES ({day}, {fill.place()})", (fill.moment(day),))
        for statement in _people(people, supporters):
            fill.run(statement)
        known = [fill.run(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("who", "whose")]
        indexes = fill.indexes()  # built afresh over the whole, it takes a fraction of the time
        for name, _ in indexes:
            fill.run(f"DROP INDEX {name}")
        for statement in (*_requests(count, known[0], known[1]), *(made for _, made in indexes)):
            fill.run(statement)


_TYPE = {True: "TIMESTAMPTZ", False: "TEXT"}


def _people(people: int, supporters: int) -> Iterator[str]:
    """As many people and supporters in either database, however long its past."""
    for kind, many in (("p", people), ("s", supporters)):
        yield f"""INSERT INTO members (id, tenant_id, person_hash, person_sealed, reach, locale)
            {_NUMBERS.format(count=many)}
            SELECT {_id(kind)}, '{TENANT}', {_id("h" + kind)}, (SELECT min(person_sealed) FROM members), 'reachable',
                'en-GB'
            FROM n"""
    yield f"""INSERT INTO supporters (id, force_id, profile_sealed, max_active, signed_off, status, paused, listed)
        {_NUMBERS.format(count=supporters)}
        SELECT {_id("s")}, 'southmoor', (SELECT min(profile_sealed) FROM supporters), 3, TRUE, 'active', FALSE, FALSE
        FROM n"""
    for table, source in (("who", "members"), ("whose", "supporters")):
        yield f"""CREATE TEMP TABLE {table} AS
            SELECT row_number() OVER (ORDER BY id) - 1 AS k, id AS own FROM {source}"""
        yield f"CREATE UNIQUE INDEX {table}_k ON {table} (k)"


def _requests(count: int, people: int, supporters: int) -> Iterator[str]:
    numbers, past = _NUMBERS.format(count=count), f"FROM n JOIN days ON d = i % {DAYS}"
    whom = f"JOIN who ON who.k = (CAST(i AS BIGINT) * 7919) % {people}"
    whose = f"JOIN whose ON whose.k = (CAST(i AS BIGINT) * 104729) % {supporters}"
    yield f"""INSERT INTO requests (id, reference, requester_id, force_id, wishes_sealed, state, created_at,
            state_since, round, news_sent, coordinator_route, nobody_told, close_reason, closed_at, version)
        {numbers} SELECT {_id("r")}, 'P' || CAST(i AS TEXT), who.own, 'northmoor',
            (SELECT min(wishes_sealed) FROM requests), 'closed', at, at, 1, 1, FALSE, FALSE, 'finished', at, 4
        {past} {whom}"""
    yield f"""INSERT INTO offers (id, request_id, supporter_id, round, state, sent_at, answer_by, answered_at)
        {numbers} SELECT {_id("o")}, {_id("r")}, whose.own, 1, 'accepted', at, at, at {past} {whose}"""
    yield f"""INSERT INTO proposals (id, request_id, offer_id, supporter_id, state, made_at, held_until, ended_at)
        {numbers} SELECT {_id("q")}, {_id("r")}, {_id("o")}, whose.own, 'introduced', at, at, at {past} {whose}"""
    yield f"""INSERT INTO matches (id, request_id, proposal_id, requester_id, supporter_id, state, contact_sealed,
            introduced_at, first_contact_by, in_touch_at, closed_at, "end")
        {numbers} SELECT {_id("m")}, {_id("r")}, {_id("q")}, who.own, whose.own, 'closed',
            (SELECT min(wishes_sealed) FROM requests WHERE state <> 'closed'), at, at, at, at, 'finished'
        {past} {whom} {whose}"""
    yield f"""INSERT INTO notices (id, recipient_id, kind, subject_id, occasion, edits, not_before, created_at,
            sent_at, activity_id, attempts, dropped)
        {numbers} SELECT {_id("n")}, whose.own, 'offer', {_id("o")}, '', '', at, at, at, '1:' || CAST(i AS TEXT),
            1, FALSE
        {past} {whose}"""


def _id(kind: str) -> str:
    return _ID.format(kind=kind)


@contextmanager
def _opened(address: str) -> Iterator[Fill]:
    """Quick rather than safe: what is laid here is laid once. Its last act is what an operator's autovacuum does."""
    if address.startswith("sqlite"):
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as file:
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY"):
                file.execute(f"PRAGMA {pragma}")
            yield Fill(file.execute, postgresql=False)
            file.commit()
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with closing(psycopg.connect(address, autocommit=True)) as server:
        for name, value in (("session_replication_role", "replica"), ("synchronous_commit", "off")):
            server.execute(f"SET {name} = {value}")
        server.execute("SET maintenance_work_mem = '256MB'")
        server.execute("SET work_mem = '128MB'")
        yield Fill(server.execute, postgresql=True)
        server.execute("VACUUM ANALYZE")
