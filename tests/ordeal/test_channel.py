"""Of the channel's book: which message may be the answer to a turn, and which is said by the bot itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.person import Person
from tests.ordeal.channel import Channel, Weather
from tests.scenarios.town import NORTHMOOR, TUESDAY_TEN

LOOKING, FOUND = "I'm looking.", "I've found somebody."
ALL_TURNED_AWAY, ALL_LOST, FAIR = Weather(throttled=1.0), Weather(lost=1.0), Weather()


class Bot:
    """It says one thing in each turn, and what it is made to say by itself."""

    def __init__(self) -> None:
        self.channel = Channel(lambda: TUESDAY_TEN, Random(1))  # type: ignore[arg-type]
        self.jo, self.kim = (self.channel.person(name, NORTHMOOR) for name in ("Jo", "Kim"))

    async def turn(self, request: web.Request) -> web.Response:
        activity = await request.json()
        of = self.jo if activity["conversation"]["id"] == self.jo.conversation_id else self.kim
        await self.says(of, LOOKING)
        return web.json_response({})

    async def says(self, to: Person, text: str) -> None:
        path = f"{self.channel.service_url}v3/conversations/{to.conversation_id}/activities"
        async with aiohttp.ClientSession() as session:
            try:
                async with session.post(path, json={"type": "message", "text": text}):
                    pass
            except aiohttp.ClientError:
                pass

    @property
    def in_turn(self) -> list[bool]:
        return [message.in_turn for message in self.channel.got]


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot, app = Bot(), web.Application()
    app.router.add_post("/api/messages", bot.turn)
    async with bot.channel, TestServer(app) as replica:
        bot.channel.addresses = lambda: [str(replica.make_url("/api/messages"))]
        yield bot


async def test_an_answer_that_was_turned_away_is_owed_once(bot: Bot):
    bot.channel.weather = ALL_TURNED_AWAY
    await bot.jo.says("status")
    assert bot.channel.got == []
    bot.channel.weather = FAIR
    await bot.says(bot.jo, LOOKING)
    assert bot.in_turn == [False]
    assert bot.channel.owed == {(bot.jo.conversation_id, LOOKING): 1}


async def test_an_answer_of_which_nobody_heard_that_it_was_taken_is_owed_once(bot: Bot):
    bot.channel.weather = ALL_LOST
    await bot.jo.says("status")
    assert bot.in_turn == [True]
    assert bot.channel.owed == {(bot.jo.conversation_id, LOOKING): 1}


async def test_what_is_said_in_nobodys_turn_is_never_owed(bot: Bot):
    await bot.jo.says("status")
    bot.channel.weather = ALL_TURNED_AWAY
    await bot.kim.says("status")
    await bot.says(bot.jo, FOUND)
    assert bot.channel.owed == {(bot.kim.conversation_id, LOOKING): 1}
