"""Who waits for whom: help now above all, for as long as it takes, and nobody's answer is lost for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.connector import Connector, Outbound
from bot.errands import Errands
from bot.post import Post
from bot.tokens import NoTokens
from dialogs.turn import Message
from peer_support.people import Address
from tests.fakes.connector import FakeTeams
from tests.fakes.person import Person

CARD = {"type": "AdaptiveCard", "version": "1.2", "body": [], "actions": []}


def message(text: str) -> Message:
    return Message(CARD, text, "Peer support")


@dataclass(slots=True)
class Counter:
    """A post room whose sleeps end at once, and move the connector's clock."""

    teams: FakeTeams
    now: float = 0.0
    slept: list[float] = field(default_factory=list)
    errands: Errands = field(default_factory=Errands)
    meanwhile: Callable[[], object] = lambda: None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.meanwhile()
        await asyncio.sleep(0)

    def address(self, person: Person) -> Address:
        return Address(
            self.teams.service_url, person.conversation_id, person.tenant, person.user_id, "28:bot"
        )


@pytest.fixture
async def counter() -> AsyncIterator[tuple[Counter, Post, Connector]]:
    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        made = Counter(teams)
        outbound = Outbound(loopback_only=True)
        connector = Connector(session, NoTokens(), outbound=outbound, clock=lambda: made.now)
        yield made, Post(connector, made.errands, made.sleep), connector
        await made.errands.close(2)


Room = tuple[Counter, Post, Connector]


async def test_help_now_is_tried_for_about_ten_minutes_while_the_channel_is_unwell(counter: Room) -> None:
    made, post, _ = counter
    ann = made.teams.person("Ann Lee")
    made.teams.answers(503, times=10_000, on="send")
    await post.urgent(made.address(ann), message("the contacts"))
    await made.errands.close(5)
    assert 570 <= sum(made.slept) <= 630
    assert max(made.slept[:8]) == 4
    assert set(made.slept[8:]) == {30}


async def test_help_now_arrives_once_the_channel_is_well_again_minutes_later(counter: Room) -> None:
    made, post, _ = counter
    ann = made.teams.person("Ann Lee")
    made.teams.answers(503, times=15, on="send")
    await post.urgent(made.address(ann), message("the contacts"))
    await made.errands.close(5)
    assert len(ann.sees) == 1
    assert 120 < sum(made.slept) < 300


async def test_one_persons_throttled_help_holds_the_tenants_others_for_a_moment_only(counter: Room) -> None:
    made, post, connector = counter
    ann, bob = made.teams.person("Ann Lee"), made.teams.person("Bob Ray")
    made.teams.answers(429, retry_after="25", on="send", conversation_id=ann.conversation_id)
    waiting = asyncio.Event()
    made.meanwhile = waiting.set
    gate = asyncio.Event()
    sleep = made.sleep

    async def until_let_go(seconds: float) -> None:
        if seconds < 25:
            await sleep(seconds)
            return
        waiting.set()
        await gate.wait()

    urgent = Post(connector, made.errands, until_let_go)
    task = asyncio.create_task(urgent.urgent(made.address(ann), message("the contacts")))
    await waiting.wait()
    made.now += 1.5
    await post.deliver(made.address(bob), [message("your request")])
    assert len(bob.sees) == 1
    with pytest.raises(Exception, match="429"):
        await connector.send(made.address(ann), message("ordinary"))
    gate.set()
    made.now += 25
    await task
    assert len(ann.sees) == 1


async def test_a_reply_that_was_held_back_has_both_its_tries_left(counter: Room) -> None:
    made, post, connector = counter
    bob = made.teams.person("Bob Ray")
    connector.hold(bob.tenant, 3)
    made.teams.answers(503, times=1, on="send")
    await post.deliver(made.address(bob), [message("one"), message("two")])
    await made.teams.until(lambda: len(bob.sees) == 2)


async def test_a_second_try_that_is_held_back_is_not_lost(counter: Room) -> None:
    made, post, connector = counter
    bob = made.teams.person("Bob Ray")
    made.teams.answers(503, times=1, on="send")
    holds = [lambda: connector.hold(bob.conversation_id, 200)]
    made.meanwhile = lambda: holds.pop()() if holds else None
    await post.deliver(made.address(bob), [message("one")])
    await made.teams.until(lambda: len(bob.sees) == 1)
