"""The application itself: local mode's refusals, the two looks from outside, the wrong questions, a graceful stop."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer, unused_port

from bot.lane import Lane, LaneFull
from bot.local import is_loopback
from bot.server import Readiness, make_app, serve
from dialogs.turn import Reply
from tests.bot.doorway import doorway, healthy, message

ELSEWHERE = [
    {"Host": "bot.police.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "evil.example:3978"},
    {"Host": "127.0.0.1@evil.example"},
    {"Host": "0.0.0.0"},  # noqa: S104 - refused
    {"Host": "169.254.1.1"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "localhost"},
    {"x-forwarded-anything": ""},
    {"Forwarded": "for=127.0.0.1"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_local_mode_is_for_this_machine_alone(headers):
    async with doorway() as door:
        jo = door.teams.person()
        status, answer = await door.teams.post(jo.activity(type="message", text="hi"), headers=headers)
        assert (status, list(answer), door.talk.came) == (403, ["error"], [])
        for path in ("/healthz", "/readyz"):
            assert (await door.client.get(path, headers=headers)).status == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:3978", "127.0.0.1:1", "[::1]:3978", "LOCALHOST"])
async def test_local_mode_knows_this_machine_by_all_its_names(host):
    async with doorway() as door:
        jo = door.teams.person()
        status, _ = await door.teams.post(jo.activity(type="message", text="hi"), headers={"Host": host})
        assert status == 200


async def test_a_signed_in_bot_stands_behind_a_proxy():
    async with doorway(signed=True) as door:
        jo = door.teams.person()
        headers = {"Host": "bot.police.example", "X-Forwarded-For": "1.2.3.4"}
        status, _ = await door.teams.post(jo.activity(type="message", text="hi"), headers=headers)
        assert status == 200


async def test_local_mode_looks_at_the_peer_itself(monkeypatch):
    async with doorway() as door:
        monkeypatch.setattr("aiohttp.web.BaseRequest.remote", property(lambda _: "10.0.0.7"))
        jo = door.teams.person()
        status, _ = await door.teams.post(jo.activity(type="message", text="hi"))
        assert (status, door.talk.came) == (403, [])


def test_loopback_names():
    hosts = [
        "localhost",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "[::1]",
        "0.0.0.0",  # noqa: S104 - refused
        "",
        None,
        "localhost.evil.example",
        "1",
    ]
    assert [is_loopback(host) for host in hosts] == [True] * 5 + [False] * 5


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_another_method_is_405(method):
    async with doorway() as door:
        response = await door.client.request(method, "/api/messages")
        assert response.status == 405
        assert response.headers["Allow"] == "POST"


async def test_a_web_socket_is_no_way_in():
    async with doorway() as door:
        headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        assert (await door.client.get("/api/messages", headers=headers)).status == 405


async def test_an_unknown_address_is_a_short_404():
    async with doorway() as door:
        response = await door.client.get("/admin")
        assert (response.status, await response.json()) == (404, {"error": "Not Found"})


async def test_health_is_for_traffic_and_readiness_for_people():
    async with doorway() as door:
        assert await (await door.client.get("/healthz")).json() == {"status": "serving"}
        response = await door.client.get("/readyz")
        assert response.status == 200
        assert await response.json() == {
            "ready": True,
            "database": "ok",
            "keys": "ok",
            "migrations": "ok",
            "scheduler": "ok",
            "warnings": ["contacts_overdue: 2"],
        }


async def raises() -> Readiness:
    raise ValueError("postgresql://user:secret@host")


async def unready() -> Readiness:
    return Readiness(False, "unreachable", "ok", "unknown", "ok")


@pytest.mark.parametrize("health", [raises, unready])
async def test_while_unready_help_is_still_served(health):
    async with doorway() as door:
        app = make_app(door.adapter, health)
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            response = await client.get("/readyz")
            assert response.status == 503
            assert "secret" not in await response.text()
            assert (await client.get("/healthz")).status == 200
            door.teams.meets(client)
            jo = door.teams.person()
            await jo.says("help now")
            assert "Samaritans" in jo.newest.words


async def test_an_unforeseen_fault_is_one_sentence(monkeypatch):
    async with doorway() as door:

        async def broken(_request):
            raise RuntimeError("Jo Evans")

        monkeypatch.setattr(door.adapter, "process", broken)
        status, answer = await door.teams.post({})
        assert status == 500
        assert "Jo" not in str(answer)


async def test_stopping_lets_what_is_being_sent_arrive():
    async with doorway() as door:
        released = asyncio.Event()

        async def sleep(_seconds: float) -> None:
            await released.wait()

        door.adapter._post._sleep = sleep  # noqa: SLF001 - the test's own clock
        jo = door.teams.person()
        door.teams.answers(429)
        door.talk.reply = Reply(messages=(message("at last"),))
        await jo.says("hi")
        assert jo.sees == []
        closing = asyncio.create_task(door.client.server.app.shutdown())
        await asyncio.wait({closing}, timeout=0.05)
        assert not closing.done()
        released.set()
        await closing
        assert "at last" in jo.newest.words


async def test_serving_until_told_to_stop():
    async with doorway() as door, ClientSession() as session:
        stop, port = asyncio.Event(), unused_port()
        serving = asyncio.create_task(serve(make_app(door.adapter, healthy), "127.0.0.1", port, stop))
        async with asyncio.timeout(5):
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                        assert response.status == 200
                        break
                except OSError:
                    assert not serving.done()
            with pytest.raises(OSError, match="address already in use"):
                await serve(make_app(door.adapter, healthy), "127.0.0.1", port, stop)
            stop.set()
            await serving


def test_a_lane_never_waits():
    lane = Lane(2)
    with lane.place(), lane.place():
        with pytest.raises(LaneFull), lane.place():
            pass
        assert lane.taken == 2
    with pytest.raises(KeyError), lane.place():
        raise KeyError
    assert lane.taken == 0
    with pytest.raises(ValueError, match="one place"):
        Lane(0)
