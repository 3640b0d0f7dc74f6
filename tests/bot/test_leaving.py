"""Told to stop, the bot says so to balancers, answers whoever still comes, finishes what it began, and ends well."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from signal import SIGINT, SIGTERM

from tests.bot.served import served
from tests.fakes.connector import FakeTeams


async def test_it_leaves_in_good_order(tmp_path: Path):
    async with (
        FakeTeams() as teams,
        served(tmp_path, LEAVE_SECONDS="300", DATABASE_PATIENCE="30") as bot,
        asyncio.timeout(60),
    ):
        teams.meets(bot.session)
        jo, bob = teams.person("Jo Evans"), teams.person("Bob Price")
        await jo.installs()
        assert await bot.health() == (200, "serving")
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
        assert await bot.process.wait() == 0
        said = bot.log.read_text()
    assert "leaving" in said
    assert "Traceback" not in said
    for private in (jo.name, jo.directory, jo.conversation_id, bob.name, bob.directory, bob.user_id):
        assert private not in said


async def test_ctrl_c_waits_for_no_balancer(tmp_path: Path):
    async with served(tmp_path, LEAVE_SECONDS="300") as bot, asyncio.timeout(60):
        bot.told(SIGINT)
        assert await bot.process.wait() == 0
