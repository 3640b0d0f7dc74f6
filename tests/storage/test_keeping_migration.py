"""A database that was in use before: its people's time runs from now on, and the first purge is due."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, select, text

from peer_support.due import PURGE, DueKind
from storage import Store
from storage.engine import make_engine, read_address
from storage.migrate import config
from storage.tables import dues, members
from tests.fakes.databases import KEYS, LOOKUP


def _to(connection: Connection, revision: str) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


async def test_who_was_known_before_has_an_end_from_now_on(database_address: str):
    engine = make_engine(read_address(database_address), None)
    old = {"tenant_id": "t", "person_sealed": "x", "reach": "reachable", "locale": "en-GB"}
    people = [{"id": name, "person_hash": name} | old for name in ("wrote", "left", "never")]
    written = [column for column in members.columns if column.name in {*old, "id", "person_hash"}]
    try:
        async with engine.begin() as conn:
            await conn.run_sync(_to, "0002")
            for person in people:
                named = ", ".join(column.name for column in written)
                values = ", ".join(f":{column.name}" for column in written)
                await conn.execute(text(f"INSERT INTO members ({named}) VALUES ({values})"), person)  # noqa: S608
            await conn.execute(text("UPDATE members SET address_sealed = 'x' WHERE id = 'wrote'"))
            await conn.execute(
                text(
                    "INSERT INTO coordinators (id, force_id, status, daily)"
                    " VALUES ('left', 'northmoor', 'left', :daily)"
                ),
                {"daily": False},
            )
            await conn.run_sync(_to, "0003")
            seen = dict((await conn.execute(select(members.c.id, members.c.seen_in))).all())
            due = (await conn.execute(select(dues.c.kind, dues.c.subject_id, dues.c.at))).all()
    finally:
        await engine.dispose()
    today = datetime.now(UTC)
    assert seen == {"wrote": today.date().replace(day=1), "left": None, "never": None}
    at = {(kind, subject): moment for kind, subject, moment in due}
    assert set(at) == {(DueKind.PURGE, PURGE), (DueKind.ROSTER_GOES, "left")}
    assert at[DueKind.PURGE, PURGE] <= today
    assert 150 < (at[DueKind.ROSTER_GOES, "left"] - today).days < 220


async def test_a_new_database_has_nothing_due(database_address: str):
    store = await Store.open(database_address, KEYS, LOOKUP)
    await store.migrate()
    async with store.work() as work:
        assert await work.dues.next(datetime.now(UTC)) is None
    await store.close()
