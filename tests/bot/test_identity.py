"""From settings to who the bot is: signed in on both sides, local on both sides, or not at all."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.identity import IdentityMissing, identity, new_session
from bot.settings import Settings
from bot.validator import Unauthorised
from dialogs.turn import Message
from peer_support.people import Address
from tests.fakes.connector import FakeTeams
from tests.fakes.openid import APP_ID, FakeOpenId


def signed(openid: FakeOpenId, **other) -> Settings:
    given = {
        "app_id": APP_ID,
        "app_password": SecretStr("pw"),
        "app_tenant_id": "home",
        "openid_metadata_url": openid.metadata_url,
        "token_url": openid.token_url,
    }
    return Settings(**(given | other))


async def test_signed_in_on_both_sides():
    async with FakeOpenId() as openid, FakeTeams() as teams, new_session() as session:
        connector, authentication = identity(signed(openid), session)
        assert not authentication.local
        proof = await authentication.verify(f"Bearer {openid.token('https://s.example/')}")
        proof.bind({"channelId": "msteams", "serviceUrl": "https://s.example/"})
        with pytest.raises(Unauthorised):
            await authentication.verify(None)
        jo = teams.person()
        await connector.send(
            Address(teams.service_url, jo.conversation_id, jo.tenant, jo.user_id, "b"), Message({}, "hi", "")
        )
        assert teams.calls[0].token == "t1"


async def test_local_on_both_sides():
    async with new_session() as session:
        connector, authentication = identity(Settings(local=True), session)
        assert authentication.local
        assert connector.accepts("http://127.0.0.1:1/")
        assert not connector.accepts("https://smba.trafficmanager.net/uk/")


async def test_microsofts_keys_mean_https_alone():
    async with FakeOpenId() as openid, new_session() as session:
        settings = signed(openid, openid_metadata_url=Settings().openid_metadata_url)
        connector, _ = identity(settings, session)
        assert connector.accepts("https://smba.trafficmanager.net/uk/")
        assert not connector.accepts("http://127.0.0.1:1/")


@pytest.mark.parametrize("missing", ["app_id", "app_password", "app_tenant_id"])
async def test_half_an_identity_is_none(missing):
    async with FakeOpenId() as openid, new_session() as session:
        empty = SecretStr("") if missing == "app_password" else ""
        with pytest.raises(IdentityMissing, match=missing.upper()):
            identity(signed(openid, **{missing: empty}), session)
