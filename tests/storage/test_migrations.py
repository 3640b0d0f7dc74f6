"""Migrations: from nothing to the very tables the code knows, once, however many start together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, UniqueConstraint, create_engine, inspect, text

from storage import Store
from storage.errors import StoreLocked, StoreUnavailable
from storage.migrate import config, current, head
from storage.store import TOO_OLD
from storage.tables import metadata
from tests.fakes.databases import KEYS, LOOKUP, Server, opened

ADDING_FROM = 4  # those before were made together, before anybody could have an older program


async def test_from_nothing_to_the_tables_the_code_knows(database_address: str):
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    def indexes(connection: Connection) -> dict[str, set[str | None]]:
        return {
            name: {index["name"] for index in inspect(connection).get_indexes(name)}
            for name in metadata.tables
        }

    async with opened(database_address) as store, store._engine.connect() as conn:  # noqa: SLF001
        assert await conn.run_sync(differences) == []
        assert await conn.run_sync(current) == head()
        found = await conn.run_sync(indexes)
    for table in metadata.tables.values():
        assert {index.name for index in table.indexes} <= found[table.name]


async def test_a_database_that_was_never_migrated_says_so(database_address: str):
    store = await Store.open(database_address, KEYS, LOOKUP)
    health = await store.ready()
    assert (health.reachable, health.migrated, health.ready) == (True, False, False)
    assert "migrate" in health.why
    await store.migrate()
    assert (await store.ready()).ready
    await store.migrate()
    await store.close()


async def test_replicas_that_migrate_together_wait_for_one_another(database_address: str):
    stores = [await Store.open(database_address, KEYS, LOOKUP) for _ in range(3)]
    await asyncio.gather(*(store.migrate() for store in stores))
    for store in stores:
        assert (await store.ready()).ready
        await store.close()


async def test_a_migration_that_finds_a_table_in_use_changes_nothing_and_can_be_run_again(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
):
    """A backup holds every table for minutes. Whoever waits for one has all turns wait behind it."""
    monkeypatch.setattr("storage.migrate.LONGEST_WAIT_MS", 50)
    address = postgresql.make_database("in_use")
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as conn:
        settings = config()
        settings.attributes["connection"] = conn
        command.upgrade(settings, "0007")
    store = await Store.open(address, KEYS, LOOKUP)
    with engine.begin() as reading:
        reading.execute(text("SELECT count(*) FROM notices"))
        with pytest.raises(StoreUnavailable, match="in use"):
            await store.migrate()
        assert current(reading) == "0007"
    await store.migrate()
    assert (await store.ready()).ready
    await store.close()
    engine.dispose()


async def test_a_program_serves_on_what_a_newer_one_has_added_to(database_address: str):
    """Replicas are replaced one by one, and may have to be put back: the tables then stay as they are."""
    async with opened(database_address) as store:
        await _stands_at(store, "9999")
    async with opened(
        database_address
    ) as store:  # which migrates as well, as a replica that was put back may
        assert (await store.ready()).ready
        assert await _revision(store) == "9999"
        await _stands_at(store, f"9999_from_{head()}")
        assert (await store.ready()).ready
        await _stands_at(store, "9999_from_9998")
        assert (await store.ready()).why == TOO_OLD
    store = await Store.open(database_address, KEYS, LOOKUP)
    with pytest.raises(StoreLocked):
        async with store.work():
            pass
    with pytest.raises(StoreLocked, match="newer program"):
        await store.migrate()
    await store.close()


async def _stands_at(store: Store, revision: str) -> None:
    async with store._engine.begin() as conn:  # noqa: SLF001
        await conn.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})


async def _revision(store: Store) -> str | None:
    async with store._engine.connect() as conn:  # noqa: SLF001
        return await conn.run_sync(current)


def test_a_new_migration_only_adds(tmp_path: Path):
    """Expand first; what is taken away goes in a later release, under a name that says which programs can't follow."""
    names = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
    oldest = 0
    with create_engine(f"sqlite:///{tmp_path}/peer.db").connect() as connection:
        before = _shape(connection, names[ADDING_FROM - 2])
        for name in names[ADDING_FROM - 1 :]:
            after = _shape(connection, name)
            number, _, said = name.partition("_from_")
            assert int(number) == names.index(name) + 1
            assert int(said or 0) >= oldest, f"{name} must say `_from_{oldest:04}`, or later"
            oldest = int(said or 0)
            if not said:
                assert _taken(before, after) == [], f"{name} takes from programs that still serve"
            before = after


ADDED = {
    "ALTER TABLE members ADD COLUMN must TEXT NOT NULL DEFAULT ''": [],
    "ALTER TABLE members ADD COLUMN may TEXT": [],
    "CREATE INDEX some ON members (locale)": [],
    "CREATE TABLE goes (id TEXT REFERENCES members (id) ON DELETE CASCADE)": [],
    "CREATE UNIQUE INDEX one ON members (locale)": ["members: one"],
    "CREATE TRIGGER no BEFORE DELETE ON heard BEGIN SELECT RAISE(ABORT, 'no'); END": ["heard: no"],
    "CREATE TABLE holds (id TEXT REFERENCES members (id))": ["members: holds"],
    "ALTER TABLE members RENAME COLUMN language TO tongue": ["members.language"],
    "ALTER TABLE handovers DROP COLUMN until": ["handovers.until"],
    "DROP TABLE heard": ["heard"],
}


def test_what_only_adding_means(tmp_path: Path):
    with create_engine(f"sqlite:///{tmp_path}/peer.db").connect() as connection:
        before = _shape(connection, "head")
        found = {}
        for statement in ADDED:
            connection.execute(text(statement))
            after = _look(connection)
            found[statement], before = _taken(before, after), after
    assert found == ADDED


Shape = Mapping[str, Mapping[str, object]]


def _shape(connection: Connection, revision: str) -> Shape:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)
    return _look(connection)


def _look(connection: Connection) -> Shape:
    """Each table's columns as (type, may be left out), and what may refuse a row: by name."""
    found = inspect(connection)
    shape: dict[str, dict[str, object]] = {}
    for table in found.get_table_names():
        columns = {
            f".{each['name']}": (str(each["type"]), each["nullable"] or each["default"] is not None)
            for each in found.get_columns(table)
        }
        unique = [each["name"] for each in found.get_indexes(table) if each["unique"]]
        unique += [each["name"] for each in found.get_unique_constraints(table)]
        shape.setdefault(table, {}).update(columns | {f": {name}": "refuses" for name in unique})
        for key in connection.execute(text(f"PRAGMA foreign_key_list({table})")).mappings():
            if key["on_delete"] == "NO ACTION":
                shape.setdefault(key["table"], {})[f": {table}"] = "refuses"
    triggers = text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    for name, table in connection.execute(triggers):
        shape[table][f": {name}"] = "refuses"
    return shape


def _taken(before: Shape, after: Shape) -> list[str]:
    """What an older program would miss, or be refused by."""
    taken = []
    for table, parts in before.items():
        if table not in after:
            taken.append(table)
            continue
        now = after[table]
        taken += [table + name for name, part in parts.items() if part != "refuses" and now.get(name) != part]
        for name in now.keys() - parts.keys():
            must = now[name] == "refuses" or (isinstance(now[name], tuple) and not now[name][1])
            taken += [table + name] if must else []
    return taken


def test_who_refers_to_a_row_is_found_by_an_index():
    """Or each row that is purged has its database look through everything that might refer to it."""
    unfound = []
    for table in metadata.sorted_tables:
        whole = [
            each.columns for each in table.indexes if each.dialect_options["sqlite"].get("where") is None
        ]
        named = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
        first = {
            next(iter(columns)).name for columns in (table.primary_key.columns, *whole, *named) if columns
        }
        unfound += [
            f"{table.name}.{key.parent.name}" for key in table.foreign_keys if key.parent.name not in first
        ]
    assert unfound == []
