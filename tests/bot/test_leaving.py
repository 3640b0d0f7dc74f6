"""Told to stop, the bot says so to balancers, answers whoever still comes, finishes what it began, and ends well."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGINT, SIGTERM

from peer_support.acting import tell
from peer_support.notice import NoticeKind
from peer_support.sending import TEAMS
from tests.bot.served import served
from tests.fakes.connector import FakeTeams
from tests.fakes.databases import KEYS, LOOKUP, opened

TENANT = "e7d5d5c5-3f4b-5bff-ab8e-56afc8972041"  # of the demo's forces


async def test_it_leaves_in_good_order(tmp_path: Path):
    async with (
        FakeTeams() as teams,
        served(tmp_path, LEAVE_SECONDS="300", DATABASE_PATIENCE="30") as bot,
        asyncio.timeout(100),
    ):
        teams.meets(bot.session)
        jo, bob = teams.person("Jo Evans", TENANT), teams.person("Bob Price", TENANT)
        await jo.installs()
        assert await bot.health() == (200, "serving")
        welcomed = len(jo.sees)
        with closing(sqlite3.connect(tmp_path / "peer.db", isolation_level=None)) as another:
            another.execute("BEGIN IMMEDIATE")
            turn = asyncio.create_task(jo.says("status"))  # it waits for the database
            await bob.says("help now")
            bot.told(SIGTERM)
            await bot.until(503)
            async with bot.session.get("/readyz") as ready:
                assert ready.status == 503
            await bob.says("help now")
            assert len(bob.sees) == 2, "whoever still comes is answered"
            assert "Samaritans" in bob.newest.words
            bot.told(SIGTERM)  # nobody wants to wait for the balancer any more
            await bot.until(0)
            assert bot.process.returncode is None, "the turn is still under way"
            another.execute("ROLLBACK")
        await turn
        assert jo.last_status == 200
        assert len(jo.sees) > welcomed
        assert await bot.process.wait() == 0
        said = bot.log.read_text()
    assert "leaving" in said
    assert "Traceback" not in said
    for private in (jo.name, jo.directory, jo.conversation_id, bob.name, bob.directory, bob.user_id):
        assert private not in said


async def test_the_outbox_gives_back_what_it_has_not_begun(tmp_path: Path):
    """Ctrl-C, for which no balancer is waited for: what was on its way arrives, and the rest is anybody's at once."""
    arrived = asyncio.Event()

    async def slowly(_act: str) -> None:
        await arrived.wait()

    given = {"KEYS": KEYS.text(), "LOOKUP_KEY": LOOKUP.text()}
    async with (
        FakeTeams() as teams,
        served(tmp_path, LEAVE_SECONDS="300", **given) as bot,
        asyncio.timeout(100),
    ):
        teams.meets(bot.session)
        jo = teams.person("Jo Evans", TENANT)
        await jo.installs()
        before = len(jo.sees)
        teams.meanwhile = slowly
        async with opened(f"sqlite:///{tmp_path}/peer.db") as store:
            now = datetime.now(UTC)
            async with store.work() as work:
                found = await work.members.find(jo.tenant, jo.directory)
                assert found is not None
                for seconds, subject in ((2, "one"), (1, "two")):
                    at = now - timedelta(seconds=seconds)
                    await tell(work, found.id, NoticeKind.MATCH_ENDED, subject, at)
            await teams.until(lambda: len(jo.sees) > before, 30)
            bot.told(SIGINT)
            await bot.until(0)
            arrived.set()
            assert await bot.process.wait() == 0
            assert len(jo.sees) == before + 1
            (claim,) = await store.outbox.claim(datetime.now(UTC), timedelta(minutes=1), 9, TEAMS)
    assert [notice.subject_id for notice in claim.notices] == ["two"]
