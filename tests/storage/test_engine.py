"""Addresses, SQLite's pragmas and single process, and PostgreSQL's bounds on every wait."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from storage import (
    AddressUnreadable,
    AlreadyServing,
    Patience,
    SingleProcess,
    Store,
    StoreRefused,
    StoreUnavailable,
    read_address,
)
from tests.fakes.databases import KEYS, LOOKUP, Server, opened
from tests.fakes.line import a_line
from tests.storage.world import NOW, member, notice

GIVES_UP_IN = 12.0  # five seconds by the rules; the driver alone would wait sixteen
HURRIED = Patience()


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("sqlite:///var/peer.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////srv/peer.db", "sqlite+aiosqlite"),
        ("postgresql://name@host/db", "postgresql+psycopg_async"),
        ("postgresql+psycopg://name@host/db", "postgresql+psycopg_async"),
    ],
)
def test_addresses_that_are_known(address, driver):
    assert read_address(address).drivername == driver


@pytest.mark.parametrize(
    "address",
    [
        "",
        "var/peer.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://a:secret@b/c",
        "postgresql://a:secret@b:port/c",
    ],
)
def test_addresses_that_are_not_are_refused_without_their_password(address):
    with pytest.raises(AddressUnreadable) as unreadable:
        read_address(address)
    assert "secret" not in str(unreadable.value)


async def test_sqlite_is_set_for_safety_and_readable_by_its_owner_alone(tmp_path: Path):
    path = tmp_path / "var" / "peer.db"
    async with opened(f"sqlite:///{path}", HURRIED) as store:
        async with store._engine.connect() as conn:  # noqa: SLF001  the settings as they are
            found = {
                name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "secure_delete", "foreign_keys", "busy_timeout", "synchronous")
            }
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert found == {
        "journal_mode": "wal",
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 3000,
        "synchronous": 2,
    }


async def test_readiness_waits_for_no_writer(sqlite_address: str):
    async with opened(sqlite_address) as store, store.work() as work:
        await work.members.add(member())
        assert (await store.ready()).ready


async def test_another_process_that_writes_too_long_is_not_waited_for_forever(sqlite_address: str):
    async with opened(sqlite_address, HURRIED) as store:
        other = await Store.open(sqlite_address, KEYS, LOOKUP)
        began = time.monotonic()
        async with other.work():
            with pytest.raises(StoreUnavailable):
                async with store.work():
                    pass
        assert time.monotonic() - began < GIVES_UP_IN
        await other.close()


@pytest.mark.parametrize("at", ["INSERT INTO activities", "FROM key_checks"])
async def test_whoever_is_given_up_halfway_keeps_neither_file_nor_log_from_anybody(tmp_path: Path, at: str):
    file = tmp_path / "peer.db"
    given_up: list[
        BaseException | bool
    ] = []  # as a log may hold on to them, and with them to what was under way

    async def turn(store: Store) -> bool:
        async with store.work() as work:
            return await work.turns.first_time("a press", NOW)

    async with opened(f"sqlite:///{file}", HURRIED) as store:

        @event.listens_for(Engine, "before_cursor_execute")
        def gives_up(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
            task = asyncio.current_task()
            if at in statement and task is not None and task.get_name() == "given up":
                task.cancel()

        async def looks() -> bool:
            return (await store.ready()).ready

        try:
            task = asyncio.create_task(turn(store) if "INSERT" in at else looks(), name="given up")
            given_up += await asyncio.gather(task, return_exceptions=True)
        finally:
            event.remove(Engine, "before_cursor_execute", gives_up)
        with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        assert await turn(store)
        await store.scrub("drafts")
    assert isinstance(given_up[0], asyncio.CancelledError)


def test_a_second_serving_process_is_refused(tmp_path: Path):
    address = f"sqlite:///{tmp_path}/peer.db"
    with SingleProcess(address):
        with pytest.raises(AlreadyServing, match=r"peer\.db"), SingleProcess(address):
            pass
        with SingleProcess(f"sqlite:///{tmp_path}/another.db"):
            pass
    with SingleProcess(address):
        pass


def test_postgresql_may_be_served_by_many():
    with SingleProcess("postgresql://host/db"), SingleProcess("postgresql://host/db"):
        pass


async def test_a_silent_server_is_given_up_in_time_and_found_again(postgresql: Server):
    postgresql.make_database("silent")
    async with (
        a_line(postgresql.port) as line,
        opened(postgresql.address("silent", line.port), HURRIED) as store,
    ):
        async with store.work() as work:
            await work.members.add(member(directory_id="before"))
        line.fall_silent()
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            async with store.work() as work:
                await work.members.find("tenant-1", "before")
        assert time.monotonic() - began < GIVES_UP_IN
        began = time.monotonic()
        assert not (await store.ready()).reachable
        assert time.monotonic() - began < GIVES_UP_IN
        line.mend()
        async with store.work() as work:
            assert await work.members.find("tenant-1", "before")


async def test_a_server_that_falls_silent_inside_a_unit_is_given_up_in_time(postgresql: Server):
    postgresql.make_database("halfway")
    async with (
        a_line(postgresql.port) as line,
        opened(postgresql.address("halfway", line.port), HURRIED) as store,
    ):
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):  # noqa: PT012  the line dies inside the unit
            async with store.work() as work:
                await work.members.add(member())
                line.fall_silent()
                await work.members.get("anyone")
        assert time.monotonic() - began < GIVES_UP_IN


async def test_a_server_that_is_not_there_is_said_at_once(postgresql: Server):
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await Store.open("postgresql://tests@127.0.0.1:1/nothing", KEYS, LOOKUP)
    assert time.monotonic() - began < GIVES_UP_IN


async def test_a_row_held_by_another_is_not_waited_for_forever(postgresql: Server):
    async with opened(postgresql.make_database("held"), HURRIED) as store:
        async with store.work() as work:
            await work.members.add(jo := member())
        holding, began = asyncio.Event(), time.monotonic()
        done = asyncio.Event()

        async def hold() -> None:
            async with store.work() as work:
                await work.members.save(jo, replace(jo, locale="cy"))
                holding.set()
                await done.wait()

        holder = asyncio.create_task(hold())
        await holding.wait()
        with pytest.raises(StoreUnavailable):
            async with store.work() as work:
                await work.members.save(jo, replace(jo, locale="cy"))
        done.set()
        await holder
        assert time.monotonic() - began < GIVES_UP_IN


async def test_audit_notices_and_due_times_cost_three_statements_however_many(sqlite_address: str):
    from sqlalchemy import event  # noqa: PLC0415  the count of statements is asked for here alone

    async with opened(sqlite_address) as store:
        async with store.work() as work:
            await work.members.add(jo := member())
        said: list[str] = []
        event.listen(
            store._engine.sync_engine,  # noqa: SLF001
            "before_cursor_execute",
            lambda _conn, _cursor, statement, *_rest: said.append(statement),
        )
        async with store.work() as work:
            for number in range(5):
                await work.notices.add(notice(jo.id, occasion=str(number)))
                await work.dues.put("news", f"r{number}", NOW)
    assert len([statement for statement in said if not statement.startswith("BEGIN")]) == 2


def test_every_wait_follows_from_the_patience():
    usual, long = Patience(), Patience(30)
    assert (usual.connect, usual.busy_ms, usual.lock_ms, usual.statement_ms) == (2, 3000, 2000, 2500)
    assert usual.answer + usual.connect <= 5
    assert (long.connect, long.busy_ms, long.lock_ms, long.statement_ms) == (20, 30_000, 20_000, 25_000)


async def test_a_refused_statement_says_the_databases_own_code_and_nothing_of_the_row(database_address: str):
    async with opened(database_address) as store:
        with pytest.raises(StoreRefused) as refused:
            async with store.work() as work:
                await work.notices.add(notice("secret-person-that-nobody-is"))
    assert refused.value.cause in {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
    assert "secret" not in f"{refused.value} {refused.value.cause}"
