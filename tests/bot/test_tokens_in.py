"""Who is let in. Every bad token is a 401, whatever is wrong with it, and nothing is read before it is checked."""

from __future__ import annotations

import base64
import json
import time

import aiohttp
import jwt
import pytest

from bot.authentication import Authentication
from bot.connector import Connector
from bot.tokens import NoTokens
from bot.validator import Keys, KeysUnavailable, Unauthorised, Validator
from tests.bot.doorway import doorway
from tests.fakes.openid import APP_ID, FakeOpenId

NOW = int(time.time())
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


WRONG = [
    {"exp": NOW - HOUR},
    {"exp": None},
    {"exp": "soon"},
    {"nbf": None},
    {"nbf": NOW + HOUR},
    {"iat": NOW + HOUR},
    {"aud": "another-app"},
    {"aud": [APP_ID]},
    {"aud": [APP_ID, "another"]},
    {"aud": None},
    {"aud": ""},
    {"iss": "https://sts.windows.net/x/"},
    {"iss": None},
    {"serviceurl": None},
    {"serviceurl": 5},
    {"serviceurl": "https://smba.trafficmanager.net/uk/"},
]


@pytest.mark.parametrize(
    "claims", WRONG, ids=[f"{place}-{next(iter(each))}" for place, each in enumerate(WRONG)]
)
async def test_a_token_with_a_wrong_claim(claims):
    async with doorway(signed=True) as door:
        made = {"service_url": door.teams.service_url} | claims
        token = door.openid.token(**made)
        assert await status_of(door, f"Bearer {token}") == 401


async def test_clocks_may_differ_by_five_minutes():
    now = int(time.time())
    async with doorway(signed=True) as door:
        for claims in ({"exp": now - 200}, {"nbf": now + 200}):
            door.teams.token_for = lambda url, claims=claims: door.openid.token(url, **claims)
            jo = door.teams.person()
            await jo.says("hi")
            assert len(jo.sees) == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Basic YTpi",
        "bearer  ",
        "Bearer " + "A" * 4000,
        "\u00e9",
    ],
    ids=str,
)
async def test_a_header_that_is_no_token(header):
    async with doorway(signed=True) as door:
        assert await status_of(door, header) == 401


async def test_no_header_at_all():
    async with doorway(signed=True) as door:
        door.teams.token_for = None
        jo = door.teams.person()
        await jo.says("help now")
        assert (jo.last_status, jo.sees) == (401, [])


async def test_tokens_signed_by_others_or_not_at_all():
    async with doorway(signed=True) as door, FakeOpenId() as stranger:
        url = door.teams.service_url
        claims = jwt.decode(door.openid.token(url), options={"verify_signature": False})
        kid = {"kid": door.openid.newest}
        public = b"a public key used as a shared secret, long enough"
        none = base64.urlsafe_b64encode(json.dumps({"alg": "none", **kid}).encode()).rstrip(b"=").decode()
        body = door.openid.token(url).split(".")[1]
        tokens = [
            stranger.token(url),
            stranger.token(url, headers=kid),
            stranger.token(url, headers={"kid": "../../etc"}),
            stranger.token(url, headers={"jku": "https://evil.example/keys"}),
            jwt.encode(claims, public, "HS256", kid),
            f"{none}.{body}.",
            jwt.encode(claims, door.openid.keys[door.openid.newest][0], "RS512", kid),
            jwt.encode(claims, door.openid.keys[door.openid.newest][0], "RS256"),
            door.openid.token(url)[:-8] + "AAAAAAAA",
        ]
        assert [await status_of(door, f"Bearer {token}") for token in tokens] == [401] * len(tokens)


@pytest.mark.parametrize("endorsements", [[], ["webchat"], "msteams"], ids=str)
async def test_a_key_that_is_not_endorsed_for_teams(endorsements):
    async with doorway(signed=True) as door:
        door.openid.rotate(endorsements=endorsements)
        assert await status_of(door, f"Bearer {door.openid.token(door.teams.service_url)}") == 401


@pytest.mark.parametrize(
    "part",
    [
        {"channelId": "emulator"},
        {"channelId": None},
        {"serviceUrl": None},
        {"serviceUrl": "https://smba.trafficmanager.net/uk/"},
        {"serviceUrl": {"$ne": ""}},
    ],
    ids=str,
)
async def test_a_good_token_for_another_activity(part):
    async with doorway(signed=True) as door:
        token = door.openid.token(door.teams.service_url)
        assert await status_of(door, f"Bearer {token}", **part) == 401


async def test_the_bots_own_token_lets_nobody_in():
    async with doorway(signed=True) as door:
        jo = door.teams.person()
        await jo.says("hi")
        own = door.openid.token(door.teams.service_url, iss="https://login.microsoftonline.com/t/v2.0")
        door.talk.came.clear()
        door.teams.calls.clear()
        assert await status_of(door, f"Bearer {own}") == 401


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
