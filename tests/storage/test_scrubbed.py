"""What was purged is gone from the very bytes: of SQLite's files, and of PostgreSQL's, planner's samples and all."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from peer_support.keeping import KEPT, Ends
from peer_support.keeping_ports import Old
from peer_support.offer import Contact, MatchState, OfferState, ProposalState
from peer_support.people import AboutMe, Address
from peer_support.ports import Work
from peer_support.request import CloseReason, How, RequestState, Wishes
from storage import Store
from storage.engine import reading
from storage.scrub import secrets
from storage.tables import metadata
from tests.fakes.databases import Server, opened
from tests.storage import world
from tests.storage.world import NOW

DAY = timedelta(days=1)
ADDRESS = Address("https://smba.example", "a:1", "tenant-1", "29:1", "28:bot")
SECRETS = tuple((table.name, column.name) for table, column in secrets())


@pytest.fixture(params=["sqlite", "postgresql"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Store, Path]]:
    """A store, and the folder in which its database has its files."""
    if request.param == "sqlite":
        async with opened(f"sqlite:///{tmp_path}/peer.db") as store:
            yield store, tmp_path
        return
    server: Server = request.getfixturevalue("postgresql")
    address = server.make_database(f"raw{new_id()}")
    with contextlib.closing(psycopg.connect(address, autocommit=True)) as conn:
        row = conn.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row is not None
    async with opened(address) as store:
        yield store, server.data / "base" / str(row[0])


async def held(store: Store) -> dict[tuple[str, str], set[bytes]]:
    """Every ciphertext and keyed hash that stands in the tables."""
    found = {}
    async with store._engine.connect() as plain:  # noqa: SLF001
        conn = await reading(plain)
        for table, column in secrets():
            values = (await conn.execute(select(column).where(column.is_not(None)))).scalars()
            found[table.name, column.name] = {value.encode() for value in values}
    return found


async def written(store: Store, folder: Path) -> bytes:
    """All bytes of the database's files, once the server has written what it holds."""
    if store.address.get_backend_name() == "postgresql":
        async with store._engine.connect() as conn:  # noqa: SLF001
            await conn.execute(text("CHECKPOINT"))
    return bytes_of(folder)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def somebody(work: Work, number: int, *, gone: bool) -> None:
    """A whole past: a person with a closed request, a draft, someone left out, a file, and a name shown."""
    then = NOW - (100 if gone else 10) * DAY
    jo = world.member(address=ADDRESS, about=AboutMe("constable"), seen_in=date(2020 if gone else 2026, 1, 1))
    sam = world.member(name=f"Sam {number}")
    for each in (jo, sam):
        await work.members.add(each)
    await work.supporters.put(world.supporter(sam.id, bio=f"Hello {number}", line_manager=f"boss {number}"))
    closed = {"state": RequestState.CLOSED, "close_reason": CloseReason.FINISHED, "closed_at": then}
    request = world.request(jo.id, wishes=Wishes(note=f"note {number}"), **closed)
    offer = world.offer(request.id, sam.id, state=OfferState.ACCEPTED)
    proposal = world.proposal(offer, state=ProposalState.INTRODUCED)
    contact = Contact(How.CALL, "07700 900123", voicemail_safe=True)
    match = world.match(proposal, jo.id, state=MatchState.CLOSED, closed_at=then, contact=contact)
    await work.requests.add(request)
    await work.offers.add(offer)
    await work.proposals.add(proposal)
    await work.matches.add(match)
    await work.drafts.put(Draft(jo.id, {"note": f"draft {number}"}, then))
    await work.exclusions.add(Exclusion(new_id(), jo.id, "tenant-1", f"abuser {number}"))
    await work.handovers.add(f"token {number}", jo.id, then)
    await work.erasing.name_was_shown("tenant-1", f"person {number}", then, then)
    await work.turns.first_time(f"key {number}", then)
    await work.notices.add(world.notice(jo.id, subject_id=f"s{number}", sent_at=then, activity_id="a"))


async def test_nothing_purged_is_left_in_the_files(kept: tuple[Store, Path]):
    store, folder = kept
    for number in range(24):
        async with store.work() as work:
            await somebody(work, number, gone=number % 3 == 0 or number > 20)  # some at the end of a page
    if store.address.get_backend_name() == "postgresql":
        async with store._engine.begin() as conn:  # noqa: SLF001
            await conn.execute(text("ANALYZE"))
    before = await held(store)
    assert {secret for secret in SECRETS if before[secret]} >= set(SECRETS) - {
        ("key_checks", "proof_sealed"),
        ("break_glass", "why_sealed"),
    }
    async with store.work() as work:
        ends = Ends(NOW - 90 * DAY)
        for each in await work.keeping.closed(ends, NOW, 100):
            await work.keeping.forget_request(each.request.id)
        for what in Old:
            await work.keeping.forget_old(what, ends, 100)
        assert await work.keeping.forget_quiet(Ends(NOW - 365 * DAY), NOW, 100) > 0
    after = await held(store)
    gone = {secret: before[secret] - after[secret] for secret in before}
    missing = {secret for secret in SECRETS if before[secret] and not gone[secret]}
    assert missing <= {("supporters", "profile_sealed"), ("supporters", "line_manager_hash")}
    for table in {table for table, _ in SECRETS} | {"notices"}:
        await store.scrub(table)
    raw = await written(store, folder)
    assert {secret: [each for each in values if each in raw] for secret, values in gone.items()} == {
        secret: [] for secret in gone
    }
    whole = [each for secret, values in after.items() for each in values if each not in raw]
    assert not whole, "what stays is where the test looks"


async def test_scrubbing_gives_its_connection_back_and_logs_no_fault(
    kept: tuple[Store, Path], caplog: pytest.LogCaptureFixture
):
    store, _ = kept
    await store.scrub("requests")
    assert [record.name for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_delete_alone_would_have_left_it(kept: tuple[Store, Path]):
    """The look into the files sees what isn't scrubbed, and so can fail."""
    store, folder = kept
    async with store.work() as work:
        await somebody(work, 1, gone=True)
    (note,) = (await held(store))["requests", "wishes_sealed"]
    async with store.work() as work:
        (found,) = await work.keeping.closed(Ends(NOW), NOW, 9)
        await work.keeping.forget_request(found.request.id)
    assert note in await written(store, folder)
    await store.scrub("requests")
    assert note not in await written(store, folder)


async def test_no_samples_are_taken_of_secrets(postgresql: Server):
    async with opened(postgresql.make_database(f"raw{new_id()}")) as store:
        async with store.work() as work:
            for number in range(9):
                await somebody(work, number, gone=False)
        async with store._engine.begin() as conn:  # noqa: SLF001
            await conn.execute(text("ANALYZE"))
            sampled = await conn.execute(text("SELECT tablename, attname FROM pg_stats"))
            assert not set(SECRETS) & {(row.tablename, row.attname) for row in sampled}


def test_every_column_of_the_store_has_an_end():
    columns = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    said = {where for kept in KEPT for where in kept.where}
    without = {name for name in columns if not {name, f"{name.partition('.')[0]}.*"} & said}
    assert not without
    assert {where for where in said if not where.endswith("*")} <= columns
    assert {where.partition(".")[0] for where in said} <= set(metadata.tables)
