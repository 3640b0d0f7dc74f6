"""What is done about each answer of the channel: tried again where its own rules say so, and never otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.connector import Connector, Outbound, Unwell
from bot.outbox import Sender
from bot.tokens import NoTokens
from dialogs.turn import Message
from peer_support.acting import tell
from peer_support.notice import NoticeKind
from peer_support.people import Address, Reach
from peer_support.sending import UNMETERED
from storage.errors import StoreUnavailable
from tests.bot.test_outbox import PostRoom, room
from tests.fakes.memory_rows import Queued

__all__ = ["room"]

HOUR = timedelta(hours=1)


async def outcome(room: PostRoom, id: str, status: int, code: str = "", times: int = 1) -> Queued:
    """What became of one notice whose first calls are answered so."""
    await room.supporter(id)
    room.teams.answers(
        status, code=code, times=times, on="send", conversation_id=room.people[id].conversation_id
    )
    await room.queue(id, f"{id}'s")
    await room.sends()
    return next(row for row in room.village.store.rows.notices.values() if row.notice.recipient_id == id)


async def test_each_answer_is_tried_again_or_not_as_the_channels_rules_say(room: PostRoom):
    for status in (412, 429, 502, 503, 504):
        row = await outcome(room, f"p{status}", status)
        assert (row.dead_at, row.notice.sent_at) == (None, None), status
    for status, calls in ((401, 2), (403, 1), (408, 1), (409, 1), (500, 1), (501, 1), (400, 2), (413, 2)):
        row = await outcome(room, f"p{status}", status, times=9)
        assert (row.dead_why, calls_to(room, f"p{status}")) == ("refused", calls), status
    for code in ("ConversationBlockedByUser", "BotNotInConversationRoster"):
        row = await outcome(room, f"p{code}", 403, code, times=9)
        assert row.dead_why == "unreachable"
    for code in ("BotDisabledByAdmin", "ForbiddenOperationException"):
        row = await outcome(room, f"p{code}", 403, code, times=9)
        assert row.dead_why == "stopped"
    lost = {id for id, each in room.village.store.rows.members.items() if each.reach is Reach.BLOCKED}
    assert len(lost) == 4
    room.teams.well()
    room.village.now += HOUR
    await room.sends()
    again = ("p412", "p429", "p502", "p503", "p504")
    assert {id: room.subjects(id) for id in room.people} == {
        id: [f"{id}'s"] if id in again else [] for id in room.people
    }


def calls_to(room: PostRoom, id: str) -> int:
    """How often the channel was asked to send somebody something."""
    chat = room.people[id].conversation_id
    return len([call for call in room.teams.calls if call.conversation_id == chat])


async def test_a_card_that_is_refused_goes_in_plain_words_an_edit_too(room: PostRoom):
    sam = await room.supporter("sam")
    room.teams.answers(413, cards_only=True, times=9)
    await room.queue("sam", "one")
    await room.sends()
    (seen,) = sam.sees
    assert seen.card is None
    assert seen.text
    seen.text = "old"
    async with room.village.store.work() as work:
        await tell(work, "sam", NoticeKind.MATCH_ENDED, "one", room.village.now, edits=seen.id)
    await room.sends()
    assert seen.text != "old"
    assert room.village.waiting() == []


async def test_an_edit_that_is_refused_is_tried_until_it_is_there_since_it_may_take_a_name_away(
    room: PostRoom,
):
    await room.supporter("sam")
    room.teams.answers(400, on="update", times=9)
    sent = await room.connector.send(room.village.addresses["sam"], _message())
    async with room.village.store.work() as work:
        await tell(work, "sam", NoticeKind.MATCH_ENDED, "one", room.village.now, edits=sent)
        await tell(work, "sam", NoticeKind.MATCH_ENDED, "two", room.village.now, edits="1:gone")
    await room.queue("sam", "three")
    await room.sends()
    async with room.village.store.work() as work:
        assert await work.notices.dead() == []
    assert "three" in room.subjects("sam"), "nobody's news waits for it"
    stands = next(seen for seen in room.people["sam"].sees if seen.id == sent)
    assert "Thank you" not in stands.words
    room.teams.well()
    room.village.now += HOUR
    await room.sends()
    assert "Thank you" in stands.words


def _message() -> Message:
    return Message(
        {"type": "AdaptiveCard", "version": "1.2", "body": [], "actions": []}, "old", "Peer support"
    )


async def test_where_the_bot_was_stopped_edits_live_again_once_the_person_is_back(room: PostRoom):
    await room.supporter("sam")
    sent = await room.connector.send(room.village.addresses["sam"], _message())
    trouble = room.teams.answers(403, code="BotDisabledByAdmin", times=99)
    async with room.village.store.work() as work:
        await tell(work, "sam", NoticeKind.MATCH_ENDED, "one", room.village.now, edits=sent)
    await room.sends()
    assert room.village.waiting() == []
    trouble.times = 0
    await room.village.comes_back("sam")
    assert len(room.village.waiting()) == 1
    await room.sends()
    assert "Thank you" in room.people["sam"].newest.words


async def test_trying_again_has_an_end_and_the_end_is_seen(room: PostRoom):
    await room.supporter("sam")
    room.teams.answers(503, times=10_000, on="send")
    await room.queue("sam", "one")
    for _ in range(100):
        await room.sends()
        room.village.now += HOUR
    (row,) = room.village.store.rows.notices.values()
    assert (row.dead_why, row.notice.attempts) == ("given_up", 73)


async def test_of_notices_that_would_say_the_same_the_last_is_sent(room: PostRoom):
    sam = await room.supporter("sam")
    async with room.village.store.work() as work:
        for occasion, subject in (("monday", "one"), ("monday", "two"), ("tuesday", "one")):
            await tell(work, "sam", NoticeKind.MATCH_ENDED, subject, room.village.now, occasion=occasion)
            room.village.now += timedelta(seconds=1)
    await room.sends()
    assert room.subjects("sam") == ["two", "one"]
    assert len(sam.sees) == 2
    assert room.village.waiting() == []


class Lossy(Connector):
    """Its next answers are lost on the way back, after the channel has done as it was asked."""

    lost = 1

    async def send(self, address: Address, message: Message, *, urgent: bool = False) -> str:
        sent = await super().send(address, message, urgent=urgent)
        if self.lost:
            self.lost -= 1
            raise Unwell("TimeoutError")
        return sent


async def test_a_message_comes_twice_only_where_its_answer_was_lost(room: PostRoom):
    sam = await room.supporter("sam")
    lossy = Lossy(
        room.connector._session,  # noqa: SLF001
        NoTokens(),
        outbound=Outbound(loopback_only=True),
    )
    village = room.village
    sender = Sender(
        village.store.outbox, village.desk, lossy, lambda: village.now, pace=UNMETERED, timer=room.timer
    )
    await room.queue("sam", "one", "two")
    for _ in range(5):
        await room.sends(sender)
        village.now += HOUR
    assert room.subjects("sam") == ["one", "one", "two"]
    assert len(sam.sees) == 3


async def test_a_database_that_is_away_for_the_wording_costs_no_try_and_no_place_in_the_order(room: PostRoom):
    await room.supporter("sam")
    await room.queue("sam", "one", "two")
    real, away = room.village.desk.open_work, [True]

    def sometimes():
        if away.pop():
            raise StoreUnavailable("away")
        away.append(False)
        return real()

    desk = replace(room.village.desk, open_work=sometimes)
    village = room.village
    away.insert(0, False)
    sender = Sender(
        village.store.outbox,
        desk,
        room.connector,
        lambda: village.now,
        pace=UNMETERED,
        timer=room.timer,
    )
    await room.sends(sender)
    assert room.subjects("sam") == []
    village.now += timedelta(seconds=3)
    await room.sends(sender)
    assert room.subjects("sam") == ["one", "two"]
    assert {row.notice.attempts for row in village.store.rows.notices.values()} == {1}
