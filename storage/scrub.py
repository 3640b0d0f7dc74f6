"""What was deleted goes from the database's own files. A delete alone leaves it there to be read.

SQLite overwrites what it deletes, and the write-ahead log is emptied. PostgreSQL's VACUUM only marks the space as free:
the bytes stay until something is written over them, in the indexes too. So the table is written anew (VACUUM FULL).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.errors import StoreBusy
from storage.tables import metadata

LOCK_SECONDS, MOST_SECONDS = 2, 120
_SECRET = ("_sealed", "_hash")
_SAMPLED = text(
    "SELECT c.relname, a.attname, EXISTS (SELECT FROM pg_stats s WHERE s.schemaname = current_schema()"
    " AND s.tablename = c.relname AND s.attname = a.attname) AS held"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
    " AND a.attstattarget IS DISTINCT FROM 0"
)


async def empty_log(engine: AsyncEngine) -> None:
    """SQLite's log, down to nothing. StoreBusy where a reader stands in the way: tried again later."""
    async with asyncio.timeout(MOST_SECONDS), engine.connect() as conn:
        raw = await conn.get_raw_connection()  # in a transaction it can't be done
        driver = raw.driver_connection
        if driver is None:
            raise StoreBusy("The log can't be emptied now.")
        cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = (await cursor.fetchone())[0]
        await cursor.close()
    if busy:
        raise StoreBusy("The log can't be emptied while it is being read.")


async def write_anew(engine: AsyncEngine, table: str) -> None:
    """PostgreSQL's table without what was deleted from it. Nobody waits for it long: it gives up and is tried again."""
    name = metadata.tables[table].name  # one of ours, or a KeyError: never a name from elsewhere
    async with engine.connect() as plain:
        conn = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await conn.execute(text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
        await conn.execute(text(f"SET statement_timeout = '{MOST_SECONDS}s'"))
        await conn.execute(text(f'VACUUM (FULL) "{name}"'))


def keep_no_samples(connection: Connection) -> None:
    """The planner's statistics hold samples of each column, which outlive their rows. Of secrets there are none."""
    if connection.dialect.name != "postgresql":
        return
    sampled = {(row.relname, row.attname): row.held for row in connection.execute(_SAMPLED)}
    by_table: dict[str, list[str]] = {}
    for table, column in secrets():
        held = sampled.get((table.name, column.name))
        if held is not None:
            alter = f'ALTER COLUMN "{column.name}"'
            kind = column.type.compile(connection.dialect)
            anew = (
                [f"{alter} TYPE {kind}"] if held else []
            )  # a type set again lets go of the samples there are
            by_table.setdefault(table.name, []).extend([*anew, f"{alter} SET STATISTICS 0"])
    for name, changes in by_table.items():
        connection.execute(text(f'ALTER TABLE "{name}" {", ".join(changes)}'))


def secrets() -> Iterator[tuple[Table, Column[object]]]:
    """Every column that holds ciphertext or a keyed hash."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith(_SECRET):
                yield table, column
