"""A fresh copy of the prepared data for each round: a SQLite file, or a database of a PostgreSQL started here."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.fakes.databases import Server, installed

DURABLE = {"max_connections": "40"}
PREPARED = "prepared"


@dataclass(frozen=True, slots=True)
class Database:
    """One kind. `prepared` is filled once; `copy` gives the address of a fresh copy by name.

    `cpu_seconds` is what the server's own processes have used for the database of an address; nothing where the
    database is a part of the bot's process.
    """

    name: str
    version: str
    prepared: str
    copy: Callable[[str], str]
    cpu_seconds: Callable[[str], float] = lambda _address: 0.0


def sqlite(folder: Path) -> Database:
    """A file, copied while nothing has it open."""

    def copy(name: str) -> str:
        made = folder / f"{name}.sqlite3"
        shutil.copyfile(folder / f"{PREPARED}.sqlite3", made)
        return f"sqlite:///{made}"

    return Database("SQLite", sqlite3.sqlite_version, f"sqlite:///{folder}/{PREPARED}.sqlite3", copy)


@asynccontextmanager
async def postgresql(settings: Mapping[str, str] | None = None) -> AsyncIterator[Database | None]:
    """A server with its durable defaults and these settings, gone afterwards. None where there is no PostgreSQL."""
    binaries = installed()
    if binaries is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="peer-support-bench-"))
    server = Server(binaries, home, DURABLE | dict(settings or {}))
    try:
        await asyncio.to_thread(server.start)
        try:
            yield _database(server)
        finally:
            await asyncio.to_thread(server.stop)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _database(server: Server) -> Database:
    def copy(name: str) -> str:
        with closing(psycopg.connect(server.address("postgres"), autocommit=True)) as conn:
            made, of = sql.Identifier(name), sql.Identifier(PREPARED)
            conn.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(made, of))
        return server.address(name)

    prepared = server.make_database(PREPARED)
    with closing(psycopg.connect(prepared)) as conn:
        version = str(conn.info.server_version // 10000)
    return Database("PostgreSQL", version, prepared, copy, _backends)


def _backends(address: str) -> float:
    """CPU of the server's processes that serve this database, as the scheduler counts it."""
    named = f" {address.rpartition('/')[2]} "
    used = 0.0
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and named in (process / "cmdline").read_text("utf-8", "replace"):
                used += int((process / "schedstat").read_text("ascii").split()[0]) / 1e9
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return used
