"""Migrations: from nothing to the very tables the code knows, once, however many start together."""

from __future__ import annotations

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from storage import Store
from storage.migrate import current, head
from storage.tables import metadata
from tests.fakes.databases import KEYS, LOOKUP, opened


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
