"""Teams can be told to have a bad day, for everyone or for one person."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientTimeout

from tests.sandbox.scripted_bot import Town

JO, SAM = "officer-jo", "supporter-sam"
HELLO = {"type": "message", "text": "Hello"}


async def weather(town: Town, kind: str, **more: Any) -> None:
    """Change it."""
    assert (await town.post("/sandbox/weather", {"kind": kind, **more}))[0] == 200


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"kind": "throttled", "seconds": 3}, 429, "Throttled"),
        ({"kind": "blocked"}, 403, "ConversationBlockedByUser"),
        ({"kind": "faulty"}, 503, "ServiceError"),
        ({"kind": "faulty", "status": 412}, 412, "PreconditionFailed"),
    ],
)
async def test_every_call_meets_it_until_it_is_fine(
    town: Town, asked: dict[str, Any], status: int, code: str
) -> None:
    jo = await town.open(JO)
    await weather(town, **asked)
    for method, path in (
        ("POST", "/activities"),
        ("GET", "/members"),
        ("PUT", f"/activities/{town.bot.last_id}"),
    ):
        met, body = await town.bot.call(method, jo, path, HELLO)
        assert (met, body["error"]["code"]) == (status, code)
    await weather(town, "fine")
    assert (await town.bot.call("POST", jo, "/activities", HELLO))[0] == 201


async def test_it_can_be_one_persons_alone_and_last_for_a_number_of_calls(town: Town) -> None:
    jo, sam = await town.open(JO), await town.open(SAM)
    await weather(town, "faulty", who=JO, times=2)
    assert (await town.bot.call("POST", sam, "/activities", HELLO))[0] == 201
    met = [(await town.bot.call("POST", jo, "/activities", HELLO))[0] for _ in range(3)]
    assert met == [503, 503, 201]


async def test_slow_is_slow_but_arrives_and_silence_never_answers(town: Town) -> None:
    jo = await town.open(JO)
    address = f"{jo['serviceUrl']}v3/conversations/{jo['conversation']['id']}/activities"
    await weather(town, "slow", seconds=0.3)
    with pytest.raises(TimeoutError):
        await town.session.post(address, json=HELLO, timeout=ClientTimeout(total=0.1))
    assert (await town.bot.call("POST", jo, "/activities", HELLO))[0] == 201
    await weather(town, "silent")
    call = asyncio.create_task(town.session.post(address, json=HELLO))
    assert not (await asyncio.wait([call], timeout=0.4))[0]
    call.cancel()


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "hail"}, {"kind": "slow", "seconds": 999}, {"kind": "faulty", "status": 200},
              {"kind": "fine", "times": 0}],
)  # fmt: skip
async def test_what_is_no_weather_is_refused(town: Town, asked: dict[str, Any]) -> None:
    assert (await town.post("/sandbox/weather", asked))[0] == 400
    assert (await town.get("/sandbox/weather"))["everyone"]["kind"] == "fine"


async def test_weather_for_nobody_known_is_refused(town: Town) -> None:
    assert (await town.post("/sandbox/weather", {"kind": "fine", "who": "nobody"}))[0] == 404
