"""The store: opened with its keys or not at all, and then the source of every unit of work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from peer_support.ports import Work
from peer_support.sending_ports import Outbox
from storage.engine import Patience, make_engine, read_address, reading
from storage.errors import StoreLocked, StoreUnavailable
from storage.faults import ours
from storage.health import Health
from storage.keys import KeyRing, LookupKey
from storage.lay_chain import lay_chain
from storage.locking import keys_fit, lay_check
from storage.migrate import current, fits, later, upgrade
from storage.outbox import StoredOutbox
from storage.presence import LEASE_SECONDS, beat, leave
from storage.rotation import Rotation
from storage.scrub import empty_log, write_anew
from storage.sealing import Vault
from storage.unit import Unit
from storage.waiting import Waiting, look
from storage.work import StoredWork

NOT_MIGRATED = "The database isn't at the newest migration: run migrate."
TOO_OLD = "A newer program has changed the database so that this one can't use it: start the newer one."
IN_USE = "A table is in use, by a backup perhaps. Nothing was changed: migrate again when it is quiet."
_WAITED = ("55P03", "40P01")  # PostgreSQL: a lock that wasn't to be had in time, a deadlock
_WITHOUT_A_CHAIN = (None, "0001")  # from these on, an audit without a signed end was tampered with


class Store:
    """`filled` is set after each commit that left something in the outbox: the sender waits for it and clears it."""

    def __init__(self, url: URL, vault: Vault, patience: Patience) -> None:
        self.address = url
        self._vault = vault
        self._patience = patience
        self._engine: AsyncEngine = make_engine(url, patience)
        self._writer = asyncio.Lock() if url.get_backend_name() == "sqlite" else None
        self._within: set[asyncio.Task[Any] | None] = set()
        self._unlocked = False
        self._proven = -LEASE_SECONDS
        self.outbox: Outbox = StoredOutbox(self._transaction)
        self.rotation = Rotation(self._transaction, self.look)
        self.filled = asyncio.Event()

    @classmethod
    async def open(
        cls, address: str, keys: KeyRing, lookup: LookupKey, patience: Patience | None = None
    ) -> Store:
        """StoreLocked where the keys don't fit what is stored, StoreUnavailable where the database can't be had.

        A database that was never migrated opens; `migrate` is then next.
        """
        store = cls(read_address(address), Vault(keys, lookup), patience or Patience())
        try:
            await store._unlock()
        except BaseException:
            await store.close()
            raise
        return store

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One unit of work: commits when left without an exception, rolls back otherwise."""
        filled = False
        async with self._transaction() as unit:
            work = StoredWork(unit)
            yield work
            filled = await work.flush()
        if filled:
            self.filled.set()

    async def migrate(self) -> None:
        """To the newest revision, and the keys' proof left in a new database. Nothing changes if the keys are wrong.

        StoreUnavailable where a table is in use for longer than turns may wait for it: begin again.
        """
        engine = make_engine(self.address, None)
        try:
            async with engine.begin() as conn:
                before = await conn.run_sync(current)
                if before is not None:
                    await keys_fit(conn, self._vault)
                if later(before) and not fits(before):
                    raise StoreLocked(TOO_OLD)
                await conn.run_sync(upgrade)
                await lay_check(conn, self._vault)
                if before in _WITHOUT_A_CHAIN:
                    await lay_chain(Unit(conn, self._vault))
        except SQLAlchemyError as error:
            fault = ours(error)
            raise (
                StoreUnavailable(IN_USE, cause=fault.cause) if fault.cause in _WAITED else fault
            ) from error
        finally:
            await engine.dispose()
        self._unlocked = True

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Unit]:
        """A long look at everything as it stands at one moment, beside the turns. No wait of it is bounded."""
        self._must_be_open()
        engine = make_engine(self.address, None)
        try:
            async with engine.connect() as plain:
                if engine.dialect.name == "postgresql":
                    await plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield Unit(await reading(plain), self._vault)
        except SQLAlchemyError as error:
            raise ours(error) from error
        finally:
            await engine.dispose()

    async def ready(self) -> Health:
        """Never raises: what is wrong is in the answer."""
        try:
            async with self._engine.connect() as plain:
                conn = await reading(plain)
                found = await conn.run_sync(current)
                if not fits(found):
                    return Health(reachable=True, why=TOO_OLD if later(found) else NOT_MIGRATED)
                await keys_fit(conn, self._vault)
        except StoreLocked as locked:
            return Health(reachable=True, migrated=True, why=str(locked))
        except (SQLAlchemyError, OSError):
            return Health(why="The database can't be reached.")
        return Health(reachable=True, migrated=True, keys_fit=True)

    async def scrub(self, table: str) -> None:
        """Take what was deleted from a table out of the database's files. StoreError: not now, but later."""
        try:
            if self._writer is not None:
                async with self._alone():
                    await empty_log(self._engine)
                return
            engine = make_engine(self.address, None)
            try:
                await write_anew(engine, table)
            finally:
                await engine.dispose()
        except SQLAlchemyError as error:
            raise ours(error) from error

    async def waiting(self, now: datetime) -> Waiting:
        """How long things have waited, for a monitor. StoreError where the database can't tell."""
        if not self._unlocked:
            raise StoreLocked("The store isn't open.")
        try:
            async with self._engine.connect() as plain:
                return await look(await reading(plain), now)
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable("The database can't be reached.") from error

    @property
    def unlocked(self) -> bool:
        """Whether the keys fit when that was last looked at."""
        return self._unlocked

    async def beat(self, process_id: str) -> None:
        """Say that this process serves. StoreLocked where its keys fit no more."""
        async with self._transaction() as unit:
            await beat(unit, process_id)

    async def leave(self, process_id: str) -> None:
        """Say that this process serves no more."""
        async with self._transaction() as unit:
            await leave(unit, process_id)

    async def close(self) -> None:
        """Let every connection go."""
        await self._engine.dispose()

    async def _unlock(self) -> None:
        health = await self.ready()
        if not health.reachable:
            raise StoreUnavailable(health.why)
        if not health.migrated:
            return
        if not health.keys_fit:
            raise StoreLocked(health.why)
        try:
            async with self._engine.begin() as conn:
                await lay_check(conn, self._vault)
        except SQLAlchemyError as error:
            raise ours(error) from error
        self._unlocked = True

    def _must_be_open(self) -> None:
        if not self._unlocked:
            raise StoreLocked("The store isn't open: the database was not migrated with these keys.")

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Unit]:
        self._must_be_open()
        task = asyncio.current_task()
        if task in self._within:
            raise RuntimeError("a unit of work is already open in this task")
        self._within.add(task)
        try:
            async with self._alone(), self._engine.begin() as conn:
                await self._prove(conn)
                yield Unit(conn, self._vault)
        except SQLAlchemyError as error:
            raise ours(error) from error
        finally:
            self._within.discard(task)

    async def _prove(self, conn: AsyncConnection) -> None:
        """Keys may be turned while this process sleeps, so they are proven again now and then, before anything else."""
        now = time.clock_gettime(time.CLOCK_BOOTTIME)  # goes on while the machine sleeps
        if now - self._proven < LEASE_SECONDS:
            return
        try:
            await keys_fit(conn, self._vault)
        except StoreLocked:
            self._unlocked = False
            raise
        self._proven = now

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """SQLite's one writer. PostgreSQL needs no such thing."""
        if self._writer is None:
            yield
            return
        try:
            async with asyncio.timeout(self._patience.busy_ms / 1000):
                await self._writer.acquire()
        except TimeoutError:
            raise StoreUnavailable("The database is too busy.", cause="writer_waits") from None
        try:
            yield
        finally:
            self._writer.release()
