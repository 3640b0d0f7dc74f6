"""Help now on the wire: in the press's own response, or straight out ahead of everything, whatever else is broken."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.adapter import Adapter
from bot.authentication import Authentication
from bot.connector import Connector, Outbound, Throttled
from bot.guard import Guard
from bot.lane import Lane
from bot.server import make_app
from bot.tokens import NoTokens
from bot.validator import ThisMachine
from dialogs.turn import Page, Reply
from peer_support.people import Address
from tests.bot.doorway import Conversation, card, doorway, healthy, message
from tests.fakes.connector import FakeTeams
from tests.fakes.person import Seen, words_of


async def test_by_press_it_needs_neither_connector_nor_token():
    async with doorway(signed=True) as door:
        jo = door.teams.person()
        await jo.says("hi")
        fetched, calls = door.openid.token_fetches, len(door.teams.calls)
        door.teams.answers(500, times=99)
        await jo.presses("Help now")
        assert "Samaritans" in jo.sees[0].words
        assert (door.openid.token_fetches, len(door.teams.calls)) == (fetched, calls)


async def test_inside_a_dialog_it_is_the_next_page():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        door.talk.reply = Reply(page=Page("Ask", card("page")))
        await jo.presses("Open")
        asked = jo.activity(type="invoke", name="task/submit", value={"data": {"verb": "help_now"}})
        await jo.sends(asked)
        assert "Samaritans" in jo.dialog.words
        assert jo.dialog.title == "Peer support"


@pytest.mark.parametrize("kind", ["message", "messageUpdate"])
async def test_by_text_it_comes_as_a_new_message(kind):
    async with doorway() as door:
        jo = door.teams.person()
        await jo.sends(jo.activity(type=kind, text="help now"))
        assert ["Samaritans" in seen.words for seen in jo.sees] == [True]
        assert door.talk.came == []


async def test_by_text_where_the_card_is_refused_it_comes_as_plain_words():
    async with doorway() as door:
        jo = door.teams.person()
        door.teams.answers(400, on="send", cards_only=True, times=99)
        await jo.says("help now")
        assert [seen.text for seen in jo.sees] == ["Samaritans 116 123 (plain)"]


async def test_while_the_channel_throttles_it_waits_no_longer_than_told_and_others_stand_back():
    async with doorway() as door:
        jo = door.teams.person()
        address = None
        await jo.says("hi")
        address = door.talk.came[0].actor.address
        door.teams.answers(429, on="send", retry_after="3", times=2)
        seen_back = []

        async def sleep(seconds: float) -> None:
            door.talk.waits.append(seconds)
            with pytest.raises(Throttled) as back:
                await door.connector.send(address, message("an ordinary notice"))
            seen_back.append(back.value.retry_after)

        door.adapter._post._sleep = sleep  # noqa: SLF001 - the test's own clock
        await jo.says("help now")
        assert door.talk.waits == [3.0, 3.0]
        assert all(3.0 < wait <= 6.0 for wait in seen_back)
        assert ["Samaritans" in seen.words for seen in jo.sees] == [False, True]
        assert "an ordinary notice" not in jo.reads


async def test_one_chats_long_wait_does_not_silence_its_tenant():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        door.teams.answers(429, on="send", retry_after="1800")
        await jo.says("help now")
        assert door.talk.waits == [1800.0]
        own = door.talk.came[0].actor.address
        with pytest.raises(Throttled):
            await door.connector.send(own, message("a notice"))
        with pytest.raises(Throttled) as back:
            await door.connector.send(replace(own, conversation_id="a:bob"), message("a notice"))
        assert back.value.retry_after <= 2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 412])
async def test_while_the_channel_is_unwell_it_is_tried_again(status):
    async with doorway() as door:
        jo = door.teams.person()
        door.teams.answers(status, on="send", times=3)
        await jo.says("help now")
        assert "Samaritans" in jo.newest.words
        assert len(door.talk.waits) == 3


async def test_somebody_who_cannot_be_reached_ends_the_trying():
    async with doorway() as door:
        jo = door.teams.person()
        door.teams.answers(403, code="BotNotInConversationRoster", times=99)
        await jo.says("help now")
        assert (len(door.teams.calls), jo.last_status) == (1, 200)


async def test_a_guard_that_raises_still_leads_to_the_crisis_card():
    async with doorway() as door:
        jo = door.teams.person()
        door.talk.guard_fault = ValueError("Jo Evans")
        await jo.says("hi")
        assert "Samaritans" in jo.newest.words
        await jo.presses("Execute")
        assert "Samaritans" in jo.sees[0].words
        assert door.talk.came == []


async def test_the_real_guard_through_the_real_door():
    def no_forces(_tenant: str) -> frozenset[str]:
        raise OSError

    guard = Guard(no_forces)
    async with doorway() as door:
        door.adapter._guard, door.adapter._whenever = guard.answer, guard.whenever  # noqa: SLF001 - in its place
        door.talk.fault = RuntimeError("no database")
        jo = door.teams.person()
        await jo.says("HELP NOW!!")
        assert "116 123" in jo.newest.words
        assert jo.newest.card["version"] == "1.2"
        await jo.says("hi")
        await jo.presses("Execute", on=Seen("1", card("x"), "", ""))
        await jo.presses("Help now", on=(pressed := Seen("2", card("x"), "", "")))
        assert "116 123" in "".join(words_of(pressed.card))
        door.teams.answers(413, cards_only=True, times=9)
        await jo.says("help now")
        assert "116 123" in jo.newest.text


class Broken(Conversation):
    def whenever(self, _activity):
        raise ValueError

    def busy(self, _incoming):
        return message("the contacts")


async def test_even_where_all_of_it_raises_somebody_answers():
    talk = Broken(guard_fault=ValueError())
    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        connector = Connector(session, NoTokens(), outbound=Outbound(loopback_only=True))
        adapter = Adapter(
            Authentication(ThisMachine(), connector),
            connector,
            guard=talk.guard,
            whenever=talk.whenever,
            handle=talk.handle,
            busy=talk.busy,
            allowed=lambda _: {}["no forces file"],
            lane=Lane(1),
        )
        async with TestClient(TestServer(make_app(adapter, healthy), host="127.0.0.1")) as client:
            teams.meets(client)
            jo = teams.person()
            await jo.says("help now")
            assert "the contacts" in jo.newest.words
            talk.guard_fault = None
            await jo.says("hi")
            assert "the contacts" in jo.newest.words


async def test_an_urgent_message_goes_out_while_ordinary_ones_stand_back():
    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        connector = Connector(session, NoTokens(), outbound=Outbound(loopback_only=True))
        jo = teams.person()
        address = Address(teams.service_url, jo.conversation_id, jo.tenant, jo.user_id, "28:bot")
        connector.hold(jo.tenant, 60)
        with pytest.raises(Throttled):
            await connector.send(address, message("later"))
        with pytest.raises(Throttled):
            await connector.update(address, "x", message("later"))
        await connector.send(address, message("now"), urgent=True)
        assert ["now" in seen.words for seen in jo.sees] == [True]
