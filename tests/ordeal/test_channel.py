"""Of the channel's book: which message may be the answer to a turn, and which is said by the bot itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.ordeal.channel import TRIED_AGAIN_WITHIN, Channel, Weather
from tests.scenarios.town import NORTHMOOR, TUESDAY_TEN

SAYS = {"type": "message", "text": "I'm looking."}
ALL_TURNED_AWAY = Weather(throttled=1.0)


class Bot:
    """It says one thing in each turn, and what it is made to say by itself."""

    def __init__(self) -> None:
        self.now = 0.0
        self.channel = Channel(lambda: TUESDAY_TEN, Random(1), lambda: self.now)  # type: ignore[arg-type]
        self.person = self.channel.person("Jo", NORTHMOOR)

    async def turn(self, _request: web.Request) -> web.Response:
        await self.says()
        return web.json_response({})

    async def says(self) -> None:
        path = f"{self.channel.service_url}v3/conversations/{self.person.conversation_id}/activities"
        async with aiohttp.ClientSession() as session, session.post(path, json=SAYS):
            pass


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot, app = Bot(), web.Application()
    app.router.add_post("/api/messages", bot.turn)
    async with bot.channel, TestServer(app) as replica:
        bot.channel.addresses = lambda: [str(replica.make_url("/api/messages"))]
        yield bot


async def test_an_answer_in_its_turn_and_once_more_where_it_was_turned_away(bot: Bot):
    bot.channel.weather = ALL_TURNED_AWAY
    await bot.person.says("status")
    assert bot.channel.got == []
    bot.channel.weather = Weather()
    bot.now += TRIED_AGAIN_WITHIN - 0.1
    await bot.says()
    bot.now += 0.2
    await bot.says()
    assert [message.in_turn for message in bot.channel.got] == [True, False]


async def test_where_nothing_was_turned_away_only_the_turn_itself(bot: Bot):
    await bot.person.says("status")
    await bot.says()
    assert [message.in_turn for message in bot.channel.got] == [True, False]
