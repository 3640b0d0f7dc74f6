"""What waits to be sent: in each person's order, whatever the channel answers, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.connector import Connector, Outbound
from bot.names import ChannelNames
from bot.outbox import LEASE, Sender
from bot.tokens import NoTokens
from peer_support.acting import tell
from peer_support.commands.answer_offer import AcceptOffer, accept_offer
from peer_support.commands.answer_proposal import Introduce, introduce
from peer_support.notice import NoticeKind
from peer_support.offer import OfferState
from peer_support.people import Address, Reach
from peer_support.sending import UNMETERED
from tests.fakes.connector import FakeTeams
from tests.fakes.person import Person
from tests.peer_support.village import NORTHMOOR, TENANTS, Village

SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class PostRoom:
    """A village whose messages leave by the real sender to a Teams of its own."""

    teams: FakeTeams
    village: Village
    connector: Connector
    people: dict[str, Person] = field(default_factory=dict)
    sender: Sender = field(init=False)

    def timer(self) -> float:
        """What a stopwatch would show."""
        return self.village.now.timestamp()

    def __post_init__(self) -> None:
        self.village.desk = replace(self.village.desk, names=ChannelNames(self.connector))
        self.sender = self.another()

    def another(self) -> Sender:
        """A sender, as after a start of the bot."""
        village = self.village
        clock, timer = (lambda: village.now), self.timer
        return Sender(village.store.outbox, village.desk, self.connector, clock, pace=UNMETERED, timer=timer)

    def chat(self, id: str) -> Person:
        """Somebody's chat, made before they are known."""
        person = self.teams.person(id.title(), TENANTS[NORTHMOOR])
        self.people[id] = person
        self.village.addresses[id] = Address(
            self.teams.service_url, person.conversation_id, person.tenant, person.user_id, "28:bot"
        )
        return person

    async def supporter(self, id: str) -> Person:
        person = self.chat(id)
        await self.village.supporter(id)
        return person

    async def officer(self, id: str) -> Person:
        person = self.chat(id)
        await self.village.person(id)
        return person

    async def queue(self, id: str, *subjects: str) -> None:
        """Notices that need nothing to be worded, in this order, a moment apart."""
        async with self.village.store.work() as work:
            for place, subject in enumerate(subjects):
                at = self.village.now + place * timedelta(milliseconds=1)
                await tell(work, id, NoticeKind.MATCH_ENDED, subject, at)
        self.village.now += SECOND

    async def sends(self, sender: Sender | None = None) -> None:
        """All that may be sent at this moment."""
        while await (sender or self.sender).send_due():
            pass

    def subjects(self, id: str) -> list[str]:
        """Which of the queued notices arrived, in order."""
        seen = [
            action["data"] for each in self.people[id].sees if each.card for action in each.card["actions"]
        ]
        return [data["id"] for data in seen[::4] if "id" in data]


@pytest.fixture
async def room() -> AsyncIterator[PostRoom]:
    async with _room() as made:
        yield made


@asynccontextmanager
async def _room() -> AsyncIterator[PostRoom]:
    import aiohttp  # noqa: PLC0415

    async with FakeTeams() as teams, aiohttp.ClientSession() as session:
        connector = Connector(session, NoTokens(), outbound=Outbound(loopback_only=True))
        yield PostRoom(teams, Village(), connector)


async def test_a_wait_that_the_channel_asks_for_is_honoured_and_keeps_the_order(room: PostRoom):
    sam = await room.supporter("sam")
    await room.queue("sam", "one", "two", "three")
    room.teams.answers(429, retry_after="30", on="send")
    await room.sends()
    assert sam.sees == []
    await room.queue("sam", "four")
    room.village.now += 20 * SECOND
    await room.sends()
    assert sam.sees == []
    room.village.now += 12 * SECOND
    await room.sends()
    assert room.subjects("sam") == ["one", "two", "three", "four"]


async def test_an_unwell_channel_is_tried_again_more_slowly_each_time(room: PostRoom):
    await room.supporter("sam")
    await room.queue("sam", "one", "two")
    room.teams.answers(503, times=6, on="send")
    waits = []
    for _ in range(6):
        began = room.village.now
        await room.sends()
        assert room.subjects("sam") == []
        while not room.subjects("sam") and len(room.teams.calls) == len(waits) + 1:
            room.village.now += SECOND
            await room.sends()
        waits.append(room.village.now - began)
    assert room.subjects("sam") == ["one", "two"]
    assert waits[-1] > 4 * waits[0]
    assert len(room.teams.calls) == 8


async def test_a_channel_that_is_away_for_a_day_loses_nobodys_news(room: PostRoom):
    await room.supporter("sam")
    await room.queue("sam", "one", "two")
    trouble = room.teams.answers(503, times=10_000, on="send")
    until = room.village.now + timedelta(hours=26)
    while room.village.now < until:
        await room.sends()
        room.village.now += timedelta(minutes=10)
    trouble.times = 0
    room.village.now += timedelta(hours=1)
    await room.sends()
    assert room.subjects("sam") == ["one", "two"]


async def test_one_persons_wait_is_nobody_elses(room: PostRoom):
    sam, _pat = await room.supporter("sam"), await room.supporter("pat")
    room.teams.answers(429, retry_after="600", on="send", conversation_id=sam.conversation_id)
    await room.queue("sam", "one")
    await room.queue("pat", "two")
    await room.sends()
    assert room.subjects("pat") == ["two"]
    assert sam.sees == []


async def test_whoever_blocked_the_bot_is_let_go_at_once_and_their_offer_moves_on(room: PostRoom):
    sam, pat = await room.supporter("sam"), await room.supporter("pat")
    await room.officer("jo")
    blocked, other = (sam, pat)
    await room.village.asks("jo")
    first = next(iter(room.village.store.rows.offers.values())).supporter_id
    if first == "pat":
        blocked, other = pat, sam
    room.teams.answers(
        403, code="ConversationBlockedByUser", times=99, conversation_id=blocked.conversation_id
    )
    await room.sends()
    assert room.village.store.rows.members[first].reach is Reach.BLOCKED
    assert "Could you listen to a colleague?" in other.newest.words
    states = {row.supporter_id: row.state for row in room.village.store.rows.offers.values()}
    assert states.pop(first) is OfferState.WITHDRAWN
    assert set(states.values()) == {OfferState.SENT}


async def test_a_fault_while_letting_somebody_go_is_tried_again(room: PostRoom):
    """The store is away for the very moment in which somebody turns out to have blocked the bot."""
    await room.supporter("sam")
    await room.queue("sam", "one")
    room.teams.answers(403, code="ConversationBlockedByUser", times=99)
    real = room.village.desk.open_work
    opened = []

    def broken():
        opened.append(1)
        if len(opened) == 2:
            raise ConnectionError
        return real()

    room.sender = Sender(
        room.village.store.outbox,
        replace(room.village.desk, open_work=broken),
        room.connector,
        lambda: room.village.now,
        pace=UNMETERED,
        timer=room.timer,
    )
    await room.sends()
    assert room.village.store.rows.members["sam"].reach is Reach.REACHABLE
    room.village.now += 10 * SECOND
    await room.sends()
    assert room.village.store.rows.members["sam"].reach is Reach.BLOCKED


async def test_a_notice_that_cant_be_worded_stops_no_other(room: PostRoom):
    await room.supporter("sam")
    await room.officer("jo")
    async with room.village.store.work() as work:
        # A notice whose subject breaks its wording: an offer whose topic left the taxonomy since.
        await tell(work, "sam", NoticeKind.MATCH_ENDED, "before", room.village.now)
    await room.village.asks("jo")
    rows = room.village.store.rows
    (request,) = rows.requests.values()
    rows.requests[request.id] = replace(request, wishes=replace(request.wishes, topics=("long_gone",)))
    async with room.village.store.work() as work:
        await tell(work, "sam", NoticeKind.MATCH_ENDED, "after", room.village.now)
    await room.sends()
    assert sorted(room.subjects("sam")) == ["after", "before"]
    waiting = [row.notice.kind for row in room.village.waiting()]
    assert waiting == [NoticeKind.OFFER]


async def test_a_stale_notice_is_dropped(room: PostRoom):
    sam = await room.supporter("sam")
    await room.officer("jo")
    await room.village.asks("jo")
    (offer,) = room.village.store.rows.offers.values()
    async with room.village.store.work() as work:
        await work.offers.end(offer.id, OfferState.EXPIRED, room.village.now)
    await room.sends()
    assert sam.sees == []
    assert room.village.waiting() == []


async def test_an_introduction_waits_while_the_channel_cant_tell_the_name(room: PostRoom):
    sam, jo = await room.supporter("sam"), await room.officer("jo")
    village = room.village
    await village.asks("jo")
    await room.sends()
    (offer,) = village.store.rows.offers.values()
    await accept_offer(AcceptOffer(village.by("sam"), offer.id), village.desk)
    await room.sends()
    (proposal,) = village.store.rows.proposals.values()
    await introduce(Introduce(village.by("jo"), proposal.id, "teams"), village.desk)
    trouble = room.teams.answers(503, times=99, on="members")
    await room.queue("sam", "meanwhile")
    for _ in range(5):
        await room.sends()
        village.now += timedelta(seconds=40)
    introductions = [seen for seen in sam.sees if "This is" in seen.words or "introduc" in seen.words.lower()]
    assert not any("can't get their name" in seen.words for seen in sam.sees)
    assert room.subjects("sam")[-1] == "meanwhile"
    trouble.times = 0
    village.now += timedelta(hours=1)
    await room.sends()
    assert "This is Jo" in sam.newest.words
    assert jo.name == "Jo"
    assert all("This is Jo" not in seen.words for seen in introductions)


async def test_a_stop_between_commit_and_send_loses_nothing(room: PostRoom):
    await room.supporter("sam")
    await room.queue("sam", "one", "two")
    # The bot dies right after it claimed them.
    await room.village.store.outbox.claim(room.village.now, LEASE, 64, UNMETERED)
    after = room.another()
    await room.sends(after)
    assert room.subjects("sam") == []
    room.village.now += LEASE + SECOND
    await room.sends(after)
    assert room.subjects("sam") == ["one", "two"]


async def test_two_senders_send_each_notice_once(room: PostRoom):
    for id in ("sam", "pat", "max"):
        await room.supporter(id)
        await room.queue(id, *(f"{id}-{number}" for number in range(5)))
    other = room.another()
    await asyncio.gather(room.sends(), room.sends(other))
    for id in ("sam", "pat", "max"):
        assert sorted(room.subjects(id)) == [f"{id}-{number}" for number in range(5)]


async def test_a_lease_that_runs_out_while_others_are_slow_is_left_to_the_next(room: PostRoom):
    """What isn't begun in time isn't sent twice by two senders."""
    await room.supporter("sam")
    await room.queue("sam", "one", "two", "three")
    late = room.village.now + LEASE

    async def takes_long(_act: str) -> None:
        room.village.now = late

    room.teams.meanwhile = takes_long
    await room.sender.send_due()
    assert room.subjects("sam") == ["one"]
    room.teams.meanwhile = None
    room.village.now += SECOND
    await room.sends(room.another())
    assert room.subjects("sam") == ["one", "two", "three"]


async def test_the_sender_wakes_when_something_is_committed_and_stops_when_told(room: PostRoom):
    await room.supporter("sam")
    stop = asyncio.Event()
    running = asyncio.create_task(room.sender.run(room.village.store.filled, stop))
    await room.queue("sam", "one")
    await room.teams.until(lambda: room.subjects("sam") == ["one"])
    stop.set()
    await asyncio.wait_for(running, timeout=2)
