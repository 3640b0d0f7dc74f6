"""The keys are there before the first message: a key server that goes away meanwhile silences nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.service import Service, make_service, working
from bot.settings import Settings
from bot.validator import UNKNOWN_KEY_PAUSE, Keys, KeysUnavailable
from tests.bot.test_tokens_in import Clock
from tests.fakes.connector import FakeTeams
from tests.fakes.openid import APP_ID, FakeOpenId
from tests.fakes.person import Seen


@asynccontextmanager
async def serving(openid: FakeOpenId, teams: FakeTeams, folder: Path) -> AsyncIterator[Service]:
    """The bot as it is served, signed in on both sides and without a store: help is answered all the same."""
    settings = Settings(
        app_id=APP_ID,
        app_password=SecretStr("pw"),
        app_tenant_id="home",
        openid_metadata_url=openid.metadata_url,
        token_url=openid.token_url,
        database_url=SecretStr(f"sqlite:///{folder}/none.db"),
    )
    async with (
        make_service(settings) as service,
        working(service),
        TestClient(TestServer(service.app, host="127.0.0.1")) as client,
    ):
        teams.meets(client, openid.token)
        yield service


HELP = {"action": {"type": "Action.Execute", "verb": "help_now", "data": {"v": 1}}}


async def test_a_key_server_that_goes_away_after_the_start_silences_nobody(tmp_path: Path):
    async with FakeTeams() as teams, FakeOpenId() as openid, serving(openid, teams, tmp_path):
        await openid.asked.wait()
        openid.unwell = True
        jo = teams.person()
        await jo.sends(
            jo.activity(type="invoke", name="adaptiveCard/action", value=HELP),
            pressed=Seen("1", None, "", ""),
        )
        assert jo.last_status == 200
        assert "999" in str(jo.last_answer)
        assert openid.key_fetches == 1


async def test_a_key_server_that_is_away_at_the_start_is_asked_again_later():
    clock = Clock()
    async with FakeOpenId() as openid, aiohttp.ClientSession() as session:
        keys = Keys(session, openid.metadata_url, clock)
        openid.unwell = True
        keys.prepare()
        with pytest.raises(KeysUnavailable):
            await keys.find(openid.newest)
        openid.unwell = False
        keys.prepare()  # too soon
        clock.now += UNKNOWN_KEY_PAUSE
        keys.prepare()
        assert await keys.find(openid.newest) is not None
        keys.prepare()
        assert openid.key_fetches == 1
