"""Keys: read strictly, never shown, made only beside a new database; and a store that stays shut to wrong ones."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from storage import KeyRing, KeysUnreadable, LookupKey, Store, StoreLocked, local_keys
from tests.fakes.databases import KEYS, LOOKUP, opened
from tests.storage.world import member

A = base64.b64encode(b"a" * 32).decode()
B = base64.b64encode(b"\xff" * 32).decode()
SHORT = base64.b64encode(b"a" * 31).decode()


def test_the_first_key_seals_and_the_text_reads_back():
    ring = KeyRing.parse(f"new:{A}, old:{B}")
    assert [key.id for key in ring.keys] == ["new", "old"]
    assert KeyRing.parse(ring.text()) == ring
    assert KeyRing.parse(f"old:{B.replace('/', '_')}").keys[0].key == b"\xff" * 32
    assert LookupKey.parse(LookupKey.parse(A).text()) == LookupKey.parse(A)


@pytest.mark.parametrize(
    "text", ["", A, f"k1:{A},", f"k1:{SHORT}", f"k1:{A[:-1]}", "k1:!!", f"k 1:{A}", f"k1:{A},k1:{B}", f":{A}"]
)
def test_an_unreadable_ring_is_one_clear_sentence_without_the_key(text):
    with pytest.raises(KeysUnreadable) as unreadable:
        KeyRing.parse(text)
    said = str(unreadable.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert A[:12] not in said
    assert SHORT[:12] not in said


@pytest.mark.parametrize("text", ["", SHORT, "!!", A + A])
def test_an_unreadable_lookup_key_is_refused(text):
    with pytest.raises(KeysUnreadable, match="look-up key"):
        LookupKey.parse(text)


def test_keys_are_never_printed():
    ring, lookup = KeyRing.parse(f"k1:{A}"), LookupKey.parse(B)
    shown = f"{ring!r} {lookup!r} {ring} {lookup}"
    for secret in (A, B, "aaaa", "\\xff"):
        assert secret not in shown


def test_local_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path):
    database = tmp_path / "var" / "peer.db"
    made = local_keys(database)
    assert local_keys(database) == made
    assert stat.S_IMODE((tmp_path / "var" / "peer.db.keys").stat().st_mode) == 0o600


async def test_local_keys_are_never_made_where_rows_exist(tmp_path: Path):
    database = tmp_path / "peer.db"
    async with opened(f"sqlite:///{database}"):
        pass
    with pytest.raises(KeysUnreadable, match=r"peer\.db\.keys is missing"):
        local_keys(database)
    assert not (tmp_path / "peer.db.keys").exists()


@pytest.mark.parametrize(
    "text", ["", "KEYS=k1:AAAA\n", "no lines at all", f"KEYS=k1:{SHORT}\nLOOKUP_KEY={A}\n"]
)
def test_a_key_file_that_is_not_whole_is_refused(tmp_path: Path, text):
    (tmp_path / "peer.db.keys").write_text(text)
    with pytest.raises(KeysUnreadable):
        local_keys(tmp_path / "peer.db")


WRONG = {
    "another key under the same id": (KeyRing.new(KEYS.keys[0].id), LOOKUP),
    "another ring": (KeyRing.new("other"), LOOKUP),
    "another look-up key": (KEYS, LookupKey.new()),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_wrong_keys_open_nothing_and_write_nothing(database_address: str, wrong):
    async with opened(database_address) as store, store.work() as work:
        await work.members.add(member())
    before = await _rows(database_address)
    with pytest.raises(StoreLocked):
        await Store.open(database_address, *wrong)
    assert await _rows(database_address) == before


async def test_wrong_keys_are_refused_by_a_migration_too(database_address: str):
    unmigrated = await Store.open(database_address, KeyRing.new("other"), LookupKey.new())
    async with opened(database_address) as store, store.work() as work:
        await work.members.add(member())
    before = await _rows(database_address)
    with pytest.raises(StoreLocked):
        await unmigrated.migrate()
    with pytest.raises(StoreLocked):
        async with unmigrated.work():
            pass
    assert not (await unmigrated.ready()).ready
    await unmigrated.close()
    assert await _rows(database_address) == before


async def test_a_new_first_key_joins_and_the_old_one_must_stay(database_address: str):
    old, new = KEYS.keys[0], KeyRing.new("new").keys[0]
    jo = member(name="Jo")
    async with opened(database_address) as store, store.work() as work:
        await work.members.add(jo)
    both = await Store.open(database_address, KeyRing((new, old)), LOOKUP)
    async with both.work() as work:
        assert await work.members.get(jo.id) == jo
        await work.members.add(member())
    await both.close()
    for ring in (KeyRing((new,)), KeyRing((old,))):
        with pytest.raises(StoreLocked):
            await Store.open(database_address, ring, LOOKUP)


async def test_rows_without_a_check_are_never_trusted_to_fit(database_address: str):
    async with opened(database_address) as store:
        async with store.work() as work:
            await work.members.add(member())
        async with store._engine.begin() as conn:  # noqa: SLF001  a damaged database
            await conn.exec_driver_sql("DELETE FROM key_checks")
    with pytest.raises(StoreLocked):
        await Store.open(database_address, KEYS, LOOKUP)


async def _rows(address: str) -> list[list[tuple[object, ...]]]:
    async with opened(address) as store, store._engine.connect() as conn:  # noqa: SLF001  the rows as they lie
        found = []
        for table in ("key_checks", "members"):
            rows = await conn.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  our own names
            found.append([tuple(row) for row in rows])
        return found
