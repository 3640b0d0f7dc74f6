"""Who is let in, and where the keys come from. What isn't let in stands in `inbound_table.py`, row by row."""

from __future__ import annotations

import time

import aiohttp
import pytest

from bot.authentication import Authentication
from bot.connector import Connector
from bot.tokens import NoTokens
from bot.validator import Keys, KeysUnavailable, Unauthorised, Validator
from tests.bot.doorway import doorway
from tests.fakes.openid import APP_ID, FakeOpenId

HOUR = 3600


async def status_of(door, header, **more):
    jo = door.teams.person()
    headers = {"Authorization": header}
    status, answer = await door.teams.post(jo.activity(type="message", text="hi", **more), headers=headers)
    assert door.talk.came == []
    assert door.teams.calls == []
    assert set(answer) == {"error"}
    return status


async def test_a_good_token_is_let_in_and_the_answer_is_signed():
    async with doorway(signed=True) as door:
        jo = door.teams.person()
        await jo.says("hi")
        await jo.says("hi")
        assert (jo.last_status, len(jo.sees)) == (200, 2)
        assert [call.token for call in door.teams.calls] == ["t1", "t1"]
        assert (door.openid.key_fetches, door.openid.token_fetches) == (1, 1)
        assert door.openid.forms[0]["scope"] == "https://api.botframework.com/.default"


async def test_clocks_may_differ_by_five_minutes():
    now = int(time.time())
    async with doorway(signed=True) as door:
        for claims in ({"exp": now - 200}, {"nbf": now + 200}):
            door.teams.token_for = lambda url, claims=claims: door.openid.token(url, **claims)
            jo = door.teams.person()
            await jo.says("hi")
            assert len(jo.sees) == 1


async def test_no_header_at_all():
    async with doorway(signed=True) as door:
        door.teams.token_for = None
        jo = door.teams.person()
        await jo.says("help now")
        assert (jo.last_status, jo.sees) == (401, [])


@pytest.mark.parametrize("endorsements", [[], ["webchat"], "msteams"], ids=str)
async def test_a_key_that_is_not_endorsed_for_teams(endorsements):
    async with doorway(signed=True) as door:
        door.openid.rotate(endorsements=endorsements)
        assert await status_of(door, f"Bearer {door.openid.token(door.teams.service_url)}") == 401


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_keys_are_fetched_once_again_for_a_new_id_and_at_most_once_in_ten_seconds():
    clock = Clock()
    async with FakeOpenId() as openid, aiohttp.ClientSession() as session:
        keys = Keys(session, openid.metadata_url, clock)
        validator = Validator(keys, APP_ID)
        first = openid.token("https://s.example/")
        await validator.verify(f"Bearer {first}")
        openid.rotate(keep=True)
        second = openid.token("https://s.example/")
        with pytest.raises(Unauthorised):
            await validator.verify(f"Bearer {second}")
        clock.now += 10
        await validator.verify(f"Bearer {second}")
        for _ in range(5):
            assert await keys.find("nobody's") is None
        assert openid.key_fetches == 2
        clock.now += 11
        openid.rotate()
        with pytest.raises(Unauthorised):
            await validator.verify(f"Bearer {openid.token('https://s.example/', headers={'kid': 'x'})}")
        with pytest.raises(Unauthorised):
            await validator.verify(f"Bearer {first}")


@pytest.mark.parametrize("trouble", ["unwell", "no keys", "keys elsewhere", "gone"])
async def test_keys_are_kept_when_a_refresh_fails(trouble):
    clock = Clock()
    async with aiohttp.ClientSession() as session:
        async with FakeOpenId() as openid:
            keys = Keys(session, openid.metadata_url, clock)
            token = openid.token("https://s.example/")
            await Validator(keys, APP_ID).verify(f"Bearer {token}")
            clock.now += 25 * HOUR
            openid.unwell = trouble == "unwell"
            openid.keys_answer = {"keys": []} if trouble == "no keys" else None
            openid.keys_url = "http://keys.example/" if trouble == "keys elsewhere" else None
            if trouble != "gone":
                assert await keys.find("new") is None
                await Validator(keys, APP_ID).verify(f"Bearer {token}")
        if trouble == "gone":
            assert await keys.find("new") is None
            await Validator(keys, APP_ID).verify(f"Bearer {token}")


async def test_without_any_key_nobody_is_let_in_until_the_key_server_is_back():
    async with doorway(signed=True) as door:
        door.openid.unwell = True
        assert await status_of(door, f"Bearer {door.openid.token(door.teams.service_url)}") == 401
    async with FakeOpenId() as openid, aiohttp.ClientSession() as session:
        openid.unwell = True
        with pytest.raises(KeysUnavailable):
            await Keys(session, openid.metadata_url).find("any")


@pytest.mark.parametrize(
    "url",
    [
        "http://login.botframework.com/v1/x",
        "https://login.botframework.com.evil.example/",
        "https://login.botframework.com@evil.example/",
        "https://evil.example/",
        "https://127.0.0.1@evil.example/",
        "file:///etc/passwd",
        "",
        "https://[::1",
    ],
)
async def test_keys_come_from_microsoft_or_this_machine_alone(url):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ValueError, match="key server"):
            Keys(session, url)


async def test_an_empty_app_id_never_switches_the_check_off():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ValueError, match="app's id"):
            Validator(Keys(session), "")


async def test_the_sdks_own_way_in_is_as_strict():
    async with FakeOpenId() as openid, aiohttp.ClientSession() as session:
        connector = Connector(session, NoTokens())
        authentication = Authentication(Validator(Keys(session, openid.metadata_url), APP_ID), connector)
        from botbuilder.schema import Activity  # noqa: PLC0415 - only this test speaks to the SDK

        activity = Activity(channel_id="msteams", service_url="https://s.example/")
        good = f"Bearer {openid.token('https://s.example/')}"
        assert (await authentication.authenticate_request(activity, good)).connector_factory is not None
        with pytest.raises(PermissionError):
            await authentication.authenticate_request(activity, "")
        with pytest.raises(PermissionError):
            await authentication.authenticate_request(
                activity, f"Bearer {openid.token('https://t.example/')}"
            )
        with pytest.raises(PermissionError):
            await authentication.authenticate_streaming_request(good, "msteams")
