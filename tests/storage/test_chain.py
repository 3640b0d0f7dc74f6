"""The audit's chain: every row gets its place once, and whatever is done to it afterwards is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError

from peer_support.audit import GENESIS, AuditRow, Sealed
from peer_support.ids import new_id
from storage import ChainBroken, KeyRing, Store, read_address
from storage.chain_check import ChainCheck, FaultKind, Printed, check_chain
from storage.engine import make_engine
from storage.lay_chain import lay_chain
from storage.locking import lay_check
from storage.mappers.audit import facts
from storage.migrate import config
from storage.sealing import Vault
from storage.tables import audit
from storage.unit import Unit
from tests.fakes.databases import KEYS, LOOKUP, AnyStore, opened
from tests.storage.world import HOUR, NOW

K = FaultKind


def row(at: datetime = NOW, action: str = "request.sent") -> AuditRow:
    return AuditRow(new_id(), at, "system", action, "about")


async def write(store: AnyStore, count: int = 1, at: datetime = NOW) -> None:
    async with store.work() as work:
        for number in range(count):
            await work.audit.add(row(at + timedelta(seconds=number)))


async def seal(store: AnyStore, most: int = 1000) -> Sealed:
    async with store.work() as work:
        sealed = await work.audit.seal(NOW, most)
    assert sealed is not None
    return sealed


async def look(store: Store, printed: Sealed | None = None) -> ChainCheck:
    async with store.look() as unit:
        return await check_chain(unit, given(printed), lambda _done, _total: None)


def given(sealed: Sealed | None) -> Printed | None:
    return Printed(sealed.place, sealed.seal) if sealed else None


@asynccontextmanager
async def raw(store: Store) -> AsyncIterator[Unit]:
    """Somebody with every right in the database, the triggers off, and no keys. Undone in the end."""
    async with store._engine.connect() as conn:  # noqa: SLF001  a hostile hand
        await switch_off(conn)
        yield Unit(conn, store._vault)  # noqa: SLF001
        await conn.rollback()


async def switch_off(conn: Any) -> None:
    if conn.dialect.name == "postgresql":
        await conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    names = await conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in names.all():
        await conn.exec_driver_sql(f"DROP TRIGGER {name}")


async def test_each_row_gets_one_place_and_nothing_waits_afterwards(store: AnyStore):
    assert await seal(store) == Sealed(0, 0, GENESIS)
    await write(store, 5)
    first = await seal(store, most=3)
    assert (first.count, first.place) == (3, 3)
    second = await seal(store, most=3)
    assert (second.count, second.place) == (2, 5)
    assert second.seal != first.seal
    again = await seal(store)
    assert (again.count, again.place, again.seal) == (0, 5, second.seal)


async def test_rows_go_when_their_time_is_over_and_the_rest_still_stands(store: AnyStore):
    await write(store, 4, NOW - 10 * HOUR)
    await write(store, 3, NOW)
    await seal(store)
    for most, gone in ((3, 3), (3, 1), (3, 0)):
        async with store.work() as work:
            assert await work.audit.purge(NOW - HOUR, NOW, most) == gone
    await write(store)
    assert (await seal(store)).place == 8


async def test_what_was_purged_leaves_a_signed_start_that_the_rest_is_told_by(database_address: str):
    async with opened(database_address) as store:
        await write(store, 4, NOW - 10 * HOUR)
        before = await seal(store)
        await write(store, 3)
        sealed = await seal(store)
        async with store.work() as work:
            assert await work.audit.purge(NOW - HOUR, NOW, 100) == 4
        found = await look(store, sealed)
        assert (found.purged, found.looked_at, found.fault_count) == (4, 3, 0)
        assert not (await look(store, before)).fault_count, "the last purged place is the start itself"
        assert (await look(store, Sealed(1, 2, before.seal))).too_old
        for table, kept in (("audit", 3), ("audit_seals", 3)):
            async with store._engine.connect() as conn:  # noqa: SLF001
                rows = await conn.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
                assert rows.scalar() == kept


PUT_IN = (
    "INSERT INTO audit (id, at, actor_id, action, subject_id, mark) "
    "SELECT 'new', at, actor_id, action, subject_id, mark FROM audit WHERE seq = {a}"
)
CASES: dict[str, tuple[tuple[str, ...], set[K]]] = {
    "an action was changed": (("UPDATE audit SET action = 'nothing' WHERE seq = {a}",), {K.CHANGED}),
    "a time was changed by a millionth": (("UPDATE audit SET at = {later} WHERE seq = {a}",), {K.CHANGED}),
    "who did it was changed": (("UPDATE audit SET actor_id = 'x' WHERE seq = {a}",), {K.CHANGED}),
    "what about was changed": (("UPDATE audit SET subject_id = 'x' WHERE seq = {a}",), {K.CHANGED}),
    "an id was changed": (("UPDATE audit SET id = 'x' WHERE seq = {a}",), {K.CHANGED}),
    "a mark was changed": (("UPDATE audit SET mark = NULL WHERE seq = {a}",), {K.CHANGED}),
    "a row was taken out": (("DELETE FROM audit WHERE seq = {a}",), {K.MISSING}),
    "a row and its seal were taken out": (
        ("DELETE FROM audit WHERE seq = {a}", "DELETE FROM audit_seals WHERE place = 4"),
        {K.MISSING},
    ),
    "two rows changed places": (
        ("UPDATE audit_seals SET seq = -1 WHERE place = 5",
         "UPDATE audit_seals SET seq = {b} WHERE place = 4",
         "UPDATE audit_seals SET seq = {a} WHERE place = 5"),
        {K.CHANGED},
    ),
    "two rows changed numbers": (
        ("UPDATE audit SET seq = -1 WHERE seq = {a}",
         "UPDATE audit SET seq = {a} WHERE seq = {b}",
         "UPDATE audit SET seq = {b} WHERE seq = -1"),
        {K.CHANGED},
    ),
    "a row was put in": (
        (PUT_IN,),
        {K.STRANGE},
    ),
    "a row was put in and sealed behind the end": (
        (PUT_IN, "INSERT INTO audit_seals SELECT 13, max(seq), 'ours', 'x' FROM audit"),
        {K.BEYOND},
    ),
    "a waiting row was taken out": (("DELETE FROM audit WHERE seq = {waiting}",), {K.TAKEN}),
    "a waiting row was kept out of the sealing": (("DELETE FROM audit_waiting",), {K.UNSEALED}),
    "a waiting row was changed": (("UPDATE audit SET action = 'x' WHERE seq = {waiting}",), {K.STRANGE}),
    "a verdict was changed": (("UPDATE audit_seals SET verdict = 'adopted' WHERE place = 4",), {K.CHANGED}),
    "the tail was cut, the end left": (("DELETE FROM audit_seals WHERE place > 9",), {K.MISSING, K.UNSEALED}),
    "the end was moved back": (
        ("UPDATE audit_ends SET place = 9, seal = (SELECT seal FROM audit_seals WHERE place = 9)",),
        {K.END},
    ),
    "the end is gone": (("DELETE FROM audit_ends",), {K.END}),
    "a start was made up": (
        ("DELETE FROM audit_seals WHERE place < 4",
         "INSERT INTO audit_ends SELECT 'start', 3, seal, 0, at, signature FROM audit_ends"),
        {K.START, K.MISSING},
    ),
}  # fmt: skip


async def test_every_tampering_is_found_and_told_for_what_it_is(database_address: str):
    async with opened(database_address) as store:
        for _ in range(3):
            await write(store, 4)
            sealed = await seal(store)
        await write(store)
        clean = await look(store, sealed)
        assert (clean.looked_at, clean.waiting, clean.fault_count) == (12, 1, 0)
        assert clean.end == Printed(12, sealed.seal)
        sqlite = database_address.startswith("sqlite")
        names = {
            "later": "strftime('%Y-%m-%d %H:%M:%f001', at)" if sqlite else "at + interval '1 microsecond'"
        }
        for what, (statements, kinds) in CASES.items():
            async with raw(store) as unit:
                seqs = (await unit.conn.exec_driver_sql("SELECT seq FROM audit_seals ORDER BY place")).all()
                waiting = (await unit.conn.exec_driver_sql("SELECT seq FROM audit_waiting")).scalar()
                given_names = names | {"a": seqs[3][0], "b": seqs[4][0], "waiting": waiting}
                for statement in statements:
                    await unit.conn.exec_driver_sql(
                        statement.format(**given_names).replace("%", "%" if sqlite else "%%")
                    )
                found = await check_chain(unit, None, lambda _done, _total: None)
                assert {fault.kind for fault in found.faults} >= kinds, what
                if kinds == {K.CHANGED} and "two" not in what and "verdict" not in what:
                    assert [(fault.place, fault.last) for fault in found.faults] == [(4, 4)], what
        assert not (await look(store, sealed)).fault_count


async def test_whoever_has_only_the_database_cant_write_the_chain_anew(database_address: str):
    """They know how the seals are made, and make them all again; only the signature they can't."""
    async with opened(database_address) as store:
        await write(store, 6)
        printed = await seal(store)
        async with raw(store) as unit:
            unit.vault = Vault(KeyRing.new(KEYS.keys[0].id), LOOKUP)  # a key of their own under the same name
            await unit.conn.exec_driver_sql("UPDATE audit SET action = 'nothing' WHERE seq = 2")
            await unit.conn.exec_driver_sql("DELETE FROM audit_seals")
            await unit.conn.exec_driver_sql("DELETE FROM audit_ends")
            await unit.conn.exec_driver_sql("INSERT INTO audit_waiting SELECT seq FROM audit")
            await lay_chain(unit)
            theirs = await check_chain(unit, None, lambda _done, _total: None)
            assert theirs.end is not None, "by their own key it would stand"
            unit.vault = store._vault  # noqa: SLF001
            ours = await check_chain(unit, None, lambda _done, _total: None)
            assert [fault.kind for fault in ours.faults][:1] == [K.END]
            known = await check_chain(unit, given(printed), lambda _done, _total: None)
            assert K.REWRITTEN in {fault.kind for fault in known.faults}


async def test_an_end_put_back_is_found_by_the_seal_that_was_printed(database_address: str):
    """An older end, with its true signature: the chain stands in itself, and the printed seal tells the rest."""
    async with opened(database_address) as store:
        await write(store, 3)
        early = await seal(store)
        async with store._engine.connect() as conn:  # noqa: SLF001
            old = (await conn.execute(text("SELECT * FROM audit_ends"))).mappings().one()
        await write(store, 3)
        late = await seal(store)
        async with raw(store) as unit:
            await unit.conn.execute(
                text("UPDATE audit_ends SET place = :place, seal = :seal, at = :at, signature = :signature"),
                dict(old),
            )
            await unit.conn.exec_driver_sql(
                "DELETE FROM audit WHERE seq IN (SELECT seq FROM audit_seals WHERE place > 3)"
            )
            await unit.conn.exec_driver_sql("DELETE FROM audit_seals WHERE place > 3")
            for printed, kinds in ((None, []), (early, []), (late, [K.CUT])):
                found = await check_chain(unit, given(printed), lambda _done, _total: None)
                assert [fault.kind for fault in found.faults] == kinds


async def test_what_somebody_put_in_is_told_ever_after_even_though_it_was_sealed(database_address: str):
    async with opened(database_address) as store:
        await write(store, 2)
        async with store._engine.begin() as conn:  # noqa: SLF001  a hostile hand, which needs no trigger off
            await conn.exec_driver_sql(
                "INSERT INTO audit (id, at, actor_id, action, subject_id, mark) "
                "SELECT 'new', at, actor_id, 'made.up', subject_id, mark FROM audit WHERE seq = 1"
            )
        await write(store, 1)
        await seal(store)
        found = await look(store)
        assert [(fault.kind, fault.place) for fault in found.faults] == [(K.STRANGE, 3)]
        async with store.work() as work:
            assert await work.audit.purge(NOW + HOUR, NOW, 100) == 4
        assert [(fault.kind, fault.place) for fault in (await look(store)).faults] == [(K.FLAWS, 1)]


async def test_nothing_is_sealed_onto_an_end_that_we_did_not_sign(database_address: str):
    async with opened(database_address) as store:
        await write(store, 2)
        await seal(store)
        async with store._engine.begin() as conn:  # noqa: SLF001
            await conn.exec_driver_sql("UPDATE audit_ends SET place = 9, seal = 'x'")
        await write(store)
        with pytest.raises(ChainBroken, match="audit verify"):
            await seal(store)
        assert (await look(store)).waiting == 1, "the act itself was kept all the same"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_seals SET seal = 'x'",
        "DELETE FROM audit_seals",
        "DELETE FROM audit_ends",
        "UPDATE audit_ends SET place = place - 1",
        "DELETE FROM audit",
        "UPDATE audit SET mark = 'x'",
    ],
)
async def test_the_database_itself_refuses_what_only_a_purge_may_do(database_address: str, statement: str):
    async with opened(database_address) as store:
        await write(store, 3, NOW - 10 * HOUR)
        await write(store, 3)
        await seal(store)
        async with store.work() as work:
            assert await work.audit.purge(NOW - HOUR, NOW, 100) == 3
        with pytest.raises(DBAPIError, match="only grows"):
            async with store._engine.begin() as conn:  # noqa: SLF001
                await conn.exec_driver_sql(statement)


async def test_rows_committed_late_or_never_break_nothing(postgresql):
    """A row with a lower number that commits after a higher one was sealed; and numbers that nobody ever gets."""
    address = await asyncio.to_thread(postgresql.make_database, "late")
    async with opened(address) as store, opened(address) as other:
        with pytest.raises(ZeroDivisionError):  # noqa: PT012  the unit is left by it
            async with store.work() as work:
                await work.audit.add(row())
                await work.audit.flush()
                raise ZeroDivisionError
        async with other.work() as slow:
            await slow.audit.add(row(action="slow"))
            await slow.audit.flush()
            await write(store, 3)
            assert (await seal(store)).count == 3
        assert (await seal(store)).count == 1
        found = await look(store)
        assert (found.looked_at, found.waiting, found.fault_count) == (4, 0, 0)


async def test_two_replicas_seal_at_once_and_the_chain_is_one(postgresql):
    address = await asyncio.to_thread(postgresql.make_database, "twins")
    async with opened(address) as store, opened(address) as other:
        async with store.work() as work:
            await work.audit.seal(NOW, 1)
            async with other.work() as second:
                await second.audit.add(row())
                assert await second.audit.seal(NOW, 1) is None, (
                    "one at a time: the other goes its way at once"
                )

        async def turns(mine: Store) -> int:
            done = 0
            for _ in range(15):
                await write(mine, 3)
                async with mine.work() as work:
                    sealed = await work.audit.seal(NOW, 4)
                done += sealed.count if sealed else 0
            return done

        counted = sum(await asyncio.gather(turns(store), turns(other)))
        while (rest := await seal(store)).count:
            counted += rest.count
        found = await look(store)
        assert (counted, found.looked_at, found.fault_count) == (91, 91, 0)


async def test_rows_from_before_the_chain_are_taken_into_it(database_address: str):
    def first_tables(connection: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")

    engine = make_engine(read_address(database_address), None)
    async with engine.begin() as conn:
        await conn.run_sync(first_tables)
        added = insert(audit).values(
            id="old", at=NOW, actor_id="system", action="request.sent", subject_id="r"
        )
        await conn.execute(added)
        await lay_check(conn, Vault(KEYS, LOOKUP))
    await engine.dispose()
    async with opened(database_address) as store:
        await write(store)
        await seal(store)
        found = await look(store)
        assert (found.looked_at, found.waiting, found.fault_count) == (2, 0, 0)
        await store.migrate()
        async with raw(store) as unit:
            await unit.conn.exec_driver_sql("UPDATE audit SET action = 'x' WHERE id = 'old'")
            changed = await check_chain(unit, None, lambda _done, _total: None)
            assert [(fault.kind, fault.place) for fault in changed.faults] == [(K.CHANGED, 1)]


def test_a_seal_covers_every_column_of_a_row():
    whole = {column: column.name for column in audit.c}
    assert list(facts(whole, 7)) == [7, "id", "at", "actor_id", "action", "subject_id", "mark"]


@pytest.mark.parametrize(
    "wrong", ["", "12", "12-", "12-abc", f"x-{'0' * 64}", f"1-{'g' * 64}", f"{'9' * 30}-{'0' * 64}"]
)
def test_what_is_no_seal_is_told_apart(wrong: str):
    assert Printed.parse(wrong) is None
    assert Printed.parse(f" 12-{'AB' * 32}\n") == Printed(12, "ab" * 32)
