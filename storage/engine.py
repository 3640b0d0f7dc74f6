"""The engines: SQLite with its pragmas and one writer, PostgreSQL with a bound on every wait."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import AddressUnreadable

BUSY_SECONDS = 3  # SQLite's wait for another process, and ours for the one writer's lock
CONNECT_SECONDS = 2  # psycopg's least
ANSWER_SECONDS = 3.0  # no round trip to PostgreSQL lasts longer; with a new connection after it, five in all
_LOCK_MS = 2000
_STATEMENT_MS = 2500
_READING = "reading"

_SQLITE = ("sqlite", "sqlite+aiosqlite")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg_async")


class BoundedConnection(psycopg.AsyncConnection[Any]):
    """A connection that hangs up where the server says nothing: TCP time-outs don't see a server that only listens."""

    async def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        watch = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._hang_up)
        try:
            return await super().wait(gen, interval, timeout)
        finally:
            watch.cancel()

    async def cancel_safe(self, *, timeout: float = 1.0) -> None:  # noqa: ASYNC109
        """Ask the server to stop, but not for long: it may be the very one that doesn't answer."""
        await super().cancel_safe(timeout=min(timeout, 1.0))

    def _hang_up(self) -> None:
        if not self.closed:
            with socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)


def read_address(address: str) -> URL:
    """The database's address as SQLAlchemy's. AddressUnreadable in a sentence that doesn't repeat it."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise AddressUnreadable(
            "The database address should look like sqlite:///var/peer.db or postgresql://name@host/database."
        ) from None
    if url.drivername in _SQLITE:
        if not url.database or url.database == ":memory:":
            raise AddressUnreadable("SQLite needs a file, like sqlite:///var/peer.db.")
        return url.set(drivername="sqlite+aiosqlite")
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg_async")
    raise AddressUnreadable(
        "Only SQLite (sqlite:///file) and PostgreSQL (postgresql://host/database) are known."
    )


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite address; None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def make_engine(url: URL, *, bounded: bool = True) -> AsyncEngine:
    """The engine for serving; unbounded for migrations, which may rightly take long."""
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url, bounded=bounded)


def reading(connection: AsyncConnection) -> Any:
    """The same connection for reads alone: in SQLite it then waits for no writer."""
    return connection.execution_options(**{_READING: True})


def _sqlite(url: URL) -> AsyncEngine:
    path = sqlite_file(url)
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    engine = create_async_engine(
        url, hide_parameters=True, pool_size=2, max_overflow=0, pool_timeout=BUSY_SECONDS
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, *, bounded: bool) -> AsyncEngine:
    options = "-c timezone=UTC"
    if bounded:
        options += (
            f" -c statement_timeout={_STATEMENT_MS} -c lock_timeout={_LOCK_MS}"
            " -c idle_in_transaction_session_timeout=60000"
        )
    theirs = url.query.get("options", "")
    connect: dict[str, Any] = {
        "options": f"{theirs if isinstance(theirs, str) else ' '.join(theirs)} {options}".strip(),
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": int(ANSWER_SECONDS * 1000),
        "keepalives": 1,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 2,
        "application_name": "peer-support",
    }
    if bounded:
        connect["async_creator_fn"] = BoundedConnection.connect
    return create_async_engine(
        url.difference_update_query(["options"]),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=4,
        pool_timeout=1,
        pool_recycle=1800,
        connect_args=connect,
    )
