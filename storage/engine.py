"""The engines: SQLite with its pragmas and one writer, PostgreSQL with a bound on every wait."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakSet

import psycopg
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import AddressUnreadable

_READING = "reading"

_SQLITE = ("sqlite", "sqlite+aiosqlite")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg_async")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer of the database is waited for, in seconds; every other wait follows from it.

    With a new connection after a lost answer, a turn waits less than twice as long in all.
    """

    answer: float = 3.0

    @property
    def busy_ms(self) -> int:
        """SQLite's wait for another process, and ours for the one writer's lock."""
        return int(self.answer * 1000)

    @property
    def connect(self) -> int:
        """Whole seconds, as psycopg wants them; it takes two at the least."""
        return max(2, int(self.answer * 2 / 3))

    @property
    def pool(self) -> float:
        """The wait for a connection that another turn holds."""
        return self.answer / 3

    @property
    def statement_ms(self) -> int:
        """The server gives a statement up a little before we would hang up on it."""
        return int(self.answer * 1000 * 5 / 6)

    @property
    def lock_ms(self) -> int:
        """The wait for a row that another holds."""
        return int(self.answer * 1000 * 2 / 3)


class BoundedConnection(psycopg.AsyncConnection[Any]):
    """A connection that hangs up where the server says nothing: TCP time-outs don't see a server that only listens."""

    patience: ClassVar[Patience] = Patience()

    async def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        watch = asyncio.get_running_loop().call_later(self.patience.answer, self._hang_up)
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


class ClosedForGood(sqlite3.Connection):
    """A connection that gives up all that it had begun before it is closed.

    SQLite keeps a closed connection for as long as one of its statements is under way, and Python keeps that statement
    for as long as anything refers to its cursor: the traceback of a turn that was given up, for instance. Meanwhile its
    transaction would live on and nobody else could write, or what it was reading would keep the log from being emptied.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._cursors = WeakSet[sqlite3.Cursor]()

    def cursor(self, *given: Any, **named: Any) -> Any:
        """As ever, and remembered for as long as somebody has it."""
        self._cursors.add(made := super().cursor(*given, **named))
        return made

    def close(self) -> None:
        """Once more does nothing."""
        for cursor in list(self._cursors):
            with suppress(sqlite3.Error):
                cursor.close()
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


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


def make_engine(url: URL, patience: Patience | None) -> AsyncEngine:
    """The engine for serving; without a patience the one for migrations, which may rightly take long."""
    return _sqlite(url, patience) if url.get_backend_name() == "sqlite" else _postgresql(url, patience)


def reading(connection: AsyncConnection) -> Any:
    """The same connection for reads alone: in SQLite it then waits for no writer."""
    return connection.execution_options(**{_READING: True})


def _sqlite(url: URL, patience: Patience | None) -> AsyncEngine:
    busy_ms = (patience or Patience()).busy_ms
    path = sqlite_file(url)
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=2,
        max_overflow=0,
        pool_timeout=busy_ms / 1000,
        connect_args={"factory": ClosedForGood},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={busy_ms}",
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


def _postgresql(url: URL, patience: Patience | None) -> AsyncEngine:
    waits = patience or Patience()
    options = "-c timezone=UTC"
    if patience:
        options += (
            f" -c statement_timeout={waits.statement_ms} -c lock_timeout={waits.lock_ms}"
            " -c idle_in_transaction_session_timeout=60000"
        )
    theirs = url.query.get("options", "")
    connect: dict[str, Any] = {
        "options": f"{theirs if isinstance(theirs, str) else ' '.join(theirs)} {options}".strip(),
        "connect_timeout": waits.connect,
        "tcp_user_timeout": int(waits.answer * 1000),
        "keepalives": 1,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 2,
        "application_name": "peer-support",
    }
    if patience:

        class Bounded(BoundedConnection):
            patience = waits

        connect["async_creator_fn"] = Bounded.connect
    return create_async_engine(
        url.difference_update_query(["options"]),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=4,
        pool_timeout=waits.pool,
        pool_recycle=1800,
        connect_args=connect,
    )
