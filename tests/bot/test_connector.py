"""What leaves: the calls themselves, and each answer of the channel as the error that says what to do."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from bot.channel import retry_after
from bot.connector import Connector, MemberName, Outbound, Refused, Stopped, Throttled, Unreachable, Unwell
from bot.tokens import ClientCredentials, NoTokens, TokenUnavailable
from peer_support.people import Address
from tests.bot.doorway import message
from tests.fakes.connector import FakeTeams
from tests.fakes.openid import APP_ID, FakeOpenId

HERE = Outbound(loopback_only=True)


@asynccontextmanager
async def channel(patience: float = 5.0):
    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        jo = teams.person(name="Jo Evans", email="jo.evans@northmoor.example")
        connector = Connector(
            session, NoTokens(), outbound=HERE, timeout=aiohttp.ClientTimeout(total=patience)
        )
        yield (
            teams,
            jo,
            connector,
            Address(teams.service_url, jo.conversation_id, jo.tenant, jo.user_id, "28:bot"),
        )


async def test_sending_replying_editing_and_asking_for_a_name():
    async with channel() as (teams, jo, connector, address):
        sent = await connector.send(address, message("one"))
        replied = await connector.reply(address, sent, message("two"))
        await connector.update(address, sent, message("three"))
        await connector.send_plain(address, message("four"))
        assert [seen.id for seen in jo.sees][:2] == [sent, replied]
        assert ["three" in jo.sees[0].words, jo.sees[2].text] == [True, "four (plain)"]
        assert await connector.member_name(address) == MemberName(
            "Jo Evans", "Jo", "jo.evans@northmoor.example"
        )
        body = teams.calls[0].body
        assert (body["from"], body["recipient"]) == ({"id": "28:bot"}, {"id": jo.user_id})
        assert (body["summary"], "text" in body) == ("You have an update", False)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (403, "ConversationBlockedByUser", Unreachable),
        (403, "BotNotInConversationRoster", Unreachable),
        (403, "BotDisabledByAdmin", Stopped),
        (403, "ForbiddenOperationException", Stopped),
        (403, "Other", Refused),
        (404, "ConversationNotFound", Unreachable),
        (404, "", Unreachable),
        (429, "", Throttled),
        (400, "BadSyntax", Refused),
        (413, "", Refused),
        (401, "", Refused),
        (409, "", Refused),
        (302, "", Refused),
        (408, "", Unwell),
        (412, "", Unwell),
        (500, "", Unwell),
        (503, "", Unwell),
    ],
)
async def test_each_answer_is_the_error_that_says_what_to_do(status, code, error):
    async with channel() as (teams, _, connector, address):
        teams.answers(status, code=code, times=9)
        with pytest.raises(error):
            await connector.send(address, message("x"))
        assert len(teams.calls) == (2 if status == 401 else 1)
        with pytest.raises(error):
            await connector.member_name(address)


async def test_a_message_that_is_gone_does_not_mean_that_its_person_is():
    async with channel() as (teams, _, connector, address):
        with pytest.raises(Refused) as refused:
            await connector.update(address, "gone", message("x"))
        assert (refused.value.status, refused.value.card) == (404, False)
        teams.people.clear()
        with pytest.raises(Unreachable):
            await connector.send(address, message("x"))


@pytest.mark.parametrize("status", [400, 413])
async def test_plain_words_where_the_card_is_refused(status):
    async with channel() as (teams, jo, connector, address):
        teams.answers(status, cards_only=True, times=9)
        await connector.send_or_plain(address, message("x"))
        assert [seen.text for seen in jo.sees] == ["x (plain)"]
        teams.answers(status, times=9)
        with pytest.raises(Refused):
            await connector.send_or_plain(address, message("x"))


async def test_no_answer_at_all_ends_at_the_time_out():
    async with channel(patience=0.05) as (teams, _, connector, address):
        teams.answers(0, times=9)
        with pytest.raises(Unwell):
            await connector.send(address, message("x"))


async def test_nobody_listening_and_a_reset_are_unwell():
    async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        connector = Connector(session, NoTokens(), outbound=HERE)
        address = Address(f"http://127.0.0.1:{port}/", "c", "t", "u", "b")
        with pytest.raises(Unwell):
            await connector.send(address, message("x"))
        server.close()
        await server.wait_closed()
        with pytest.raises(Unwell):
            await connector.send(address, message("x"))


@pytest.mark.parametrize(
    ("outbound", "url", "may"),
    [
        (Outbound(), "https://smba.trafficmanager.net/uk/", True),
        (Outbound(), "http://smba.trafficmanager.net/uk/", False),
        (Outbound(), "http://127.0.0.1:1/", False),
        (Outbound(), "https://127.0.0.1:1/", False),
        (Outbound(), "https://user:pass@smba.example/", False),
        (Outbound(), "ftp://smba.example/", False),
        (Outbound(), "", False),
        (Outbound(), "https://[::1", False),
        (Outbound(), "https://x.example:99999/", False),
        (Outbound(loopback_http=True), "http://localhost:1/", True),
        (Outbound(loopback_http=True), "http://smba.example/", False),
        (Outbound(loopback_http=True), "https://smba.example/", True),
        (HERE, "http://[::1]:1/", True),
        (HERE, "https://smba.example/", False),
        (HERE, "http://10.0.0.1/", False),
    ],
)
async def test_where_messages_may_go(outbound, url, may):
    assert outbound.allows(url) is may
    if not may:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(Refused):
                await Connector(session, NoTokens(), outbound=outbound).send(
                    Address(url, "c", "t", "u", "b"), message("x")
                )


@pytest.mark.parametrize(
    "hostile", ["../../members", "..", ".", "a/b", "a?b=c", "a#b", "a%2Fb", "a b", "\u00e9"]
)
async def test_an_id_is_one_part_of_the_path(hostile):
    async with channel() as (teams, _, connector, _address):
        odd = teams.person(name="Odd")
        teams.people[hostile] = teams.people.pop(odd.conversation_id)
        odd.conversation_id = hostile
        await connector.send(Address(teams.service_url, hostile, odd.tenant, odd.user_id, "b"), message("x"))
        assert [call.conversation_id for call in teams.calls] == [hostile]


def test_retry_after_as_a_number_a_date_or_neither():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert [retry_after(text) for text in ("5", "0.5", "-1", "soon", "", None, "nan", "999999", "inf")] == [
        5.0,
        0.5,
        0.0,
        1.0,
        1.0,
        1.0,
        1.0,
        3600.0,
        3600.0,
    ]
    assert 28 < retry_after(later) <= 30


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def signing():
    clock = Clock()
    async with FakeOpenId() as openid, aiohttp.ClientSession() as session:
        yield (
            openid,
            clock,
            ClientCredentials(session, url=openid.token_url, app_id=APP_ID, password="pw", clock=clock),
        )


async def test_a_token_is_fetched_once_however_many_wait():
    async with signing() as (openid, _, tokens):
        assert set(await asyncio.gather(*(tokens.current() for _ in range(50)))) == {"t1"}
        assert openid.token_fetches == 1
        assert openid.forms[0] == {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": "pw",
            "scope": "https://api.botframework.com/.default",
        }


async def test_a_token_is_renewed_early_while_the_old_one_serves():
    async with signing() as (openid, clock, tokens):
        await tokens.current()
        clock.now += 3600 - 301
        assert await tokens.current() == "t1"
        clock.now += 2
        assert await tokens.current() == "t1"
        await tokens._fetch  # noqa: SLF001 - the renewal in the background
        assert await tokens.current() == "t2"
        clock.now += 3600
        assert await tokens.current() == "t3"
        assert openid.token_fetches == 3


async def test_a_renewal_that_fails_leaves_the_old_token_until_it_ends():
    async with signing() as (openid, clock, tokens):
        await tokens.current()
        openid.unwell = True
        clock.now += 3400
        for _ in range(3):
            assert await tokens.current() == "t1"
            await asyncio.wait({tokens._fetch})  # noqa: SLF001 - as above
        assert openid.token_fetches == 2
        clock.now += 300
        with pytest.raises(TokenUnavailable):
            await tokens.current()
        openid.unwell = False
        assert await tokens.current() == "t4"


@pytest.mark.parametrize(
    "answer", [{}, [], {"access_token": ""}, {"access_token": "x"}, {"access_token": 5}], ids=str
)
async def test_an_answer_without_a_token(answer):
    async with signing() as (openid, _, tokens):
        openid.token_answer = answer
        with pytest.raises(TokenUnavailable):
            await tokens.current()


async def test_the_password_goes_to_microsoft_or_this_machine_alone():
    async with aiohttp.ClientSession() as session:
        for url in ("https://evil.example/token", "http://login.microsoftonline.com/t", ""):
            with pytest.raises(ValueError, match="token service"):
                ClientCredentials(session, url=url, app_id=APP_ID, password="pw")


async def test_a_refused_token_is_renewed_once():
    async with FakeTeams() as teams, signing() as (openid, _, tokens), aiohttp.ClientSession() as session:
        jo = teams.person()
        address = Address(teams.service_url, jo.conversation_id, jo.tenant, jo.user_id, "28:bot")
        connector = Connector(session, tokens, outbound=HERE)
        teams.answers(401)
        await connector.send(address, message("x"))
        assert [call.token for call in teams.calls] == ["t1", "t2"]
        teams.answers(401, times=9)
        with pytest.raises(Refused):
            await connector.send(address, message("x"))
        assert openid.token_fetches == 3


async def test_without_a_token_the_channel_is_as_good_as_unwell():
    async with FakeTeams() as teams, signing() as (openid, _, tokens), aiohttp.ClientSession() as session:
        openid.unwell = True
        with pytest.raises(Unwell):
            await Connector(session, tokens, outbound=HERE).send(
                Address(teams.service_url, "c", "t", "u", "b"), message("x")
            )
        assert teams.calls == []
