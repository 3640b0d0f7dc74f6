"""Once it is over a name goes from the other's screen, whatever the channel did at that very moment."""

from __future__ import annotations

import re

import pytest

from peer_support.people import Address
from peer_support.ports import PersonName
from tests.fakes.connector import Trouble
from tests.fakes.person import Person
from tests.scenarios.test_outbox import introduced
from tests.scenarios.town import Town

PHONE, OTHER_PHONE = "07700 900123", "07700 900456"


async def said_yes(place: Town) -> tuple[Person, Person]:
    """Jo said yes to Sam, and the introduction still waits to be sent."""
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    await sam.presses("Accept")
    await place.settle()
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "call", "phone": PHONE, "voicemail": "false"})
    return jo, sam


async def withdraws(jo: Person) -> None:
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)


def has_no_name(sam: Person) -> None:
    assert "Jo Evans" not in sam.reads
    assert PHONE not in sam.reads


def during_name_look_up(place: Town, monkeypatch: pytest.MonkeyPatch, jo: Person) -> None:
    """Jo withdraws while the channel is being asked for a name."""
    names = type(place.desk.names)
    ask, done = names.of, []

    async def slow(self: object, address: Address) -> PersonName | None:
        found = await ask(self, address)  # type: ignore[arg-type]
        if not done:
            done.append(1)
            await withdraws(jo)
        return found

    monkeypatch.setattr(names, "of", slow)


def during_the_send(place: Town, jo: Person, sam: Person) -> None:
    """Jo withdraws once the words are on their way to Sam and before the channel has answered."""

    async def meanwhile(act: str) -> None:
        if act == "send" and PHONE in sam.reads:
            place.teams.meanwhile = None
            await withdraws(jo)

    place.teams.meanwhile = meanwhile


async def test_a_withdrawal_while_the_name_is_looked_up_stops_the_introduction(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, sam = await said_yes(place)
    during_name_look_up(place, monkeypatch, jo)
    await place.settle()
    await place.time_passes(hours=8)
    assert not [card for card in sam.chat_cards if "Jo Evans" in str(card) or PHONE in str(card)]


async def test_a_withdrawal_while_the_introduction_is_being_sent_edits_it(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, sam = await said_yes(place)
    during_the_send(place, jo, sam)
    await place.settle()
    assert [card for card in sam.chat_cards if PHONE in str(card)]
    has_no_name(sam)


@pytest.mark.parametrize("shown_as", ["introduction", "my matches"])
async def test_a_number_put_right_while_the_old_one_is_being_sent_goes_from_the_card(
    place: Town, shown_as: str
) -> None:
    jo, sam = await said_yes(place)
    if shown_as == "my matches":
        await place.settle()
        await sam.says(shown_as)
    before = len(sam.sees)

    async def meanwhile(act: str) -> None:
        if act == "send" and len(sam.sees) > before and PHONE in sam.newest.words:
            place.teams.meanwhile = None
            await jo.says("correct")
            await jo.presses("How to reach me")
            await jo.presses("Save", fields={"how": "call", "phone": OTHER_PHONE})

    place.teams.meanwhile = meanwhile
    await place.settle()
    assert place.teams.meanwhile is None
    assert PHONE not in sam.reads
    assert OTHER_PHONE in sam.reads


async def test_a_withdrawal_while_my_matches_is_worded_or_sent_leaves_no_name_on_it(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, sam = await introduced(place)
    await sam.says("my matches")
    during_name_look_up(place, monkeypatch, jo)
    await place.settle()
    has_no_name(sam)
    assert "My matches" in sam.newest.words


async def test_a_withdrawal_while_my_matches_is_being_sent_edits_it(place: Town) -> None:
    jo, sam = await introduced(place)
    before = len(sam.sees)
    await sam.says("my matches")

    async def meanwhile(act: str) -> None:
        if act == "send" and len(sam.sees) > before:
            place.teams.meanwhile = None
            await withdraws(jo)

    place.teams.meanwhile = meanwhile
    await place.settle()
    assert place.teams.meanwhile is None
    has_no_name(sam)


async def test_where_cards_are_refused_the_name_goes_in_plain_words(place: Town) -> None:
    jo, sam = await said_yes(place)
    place.teams.answers(400, code="BadSyntax", cards_only=True, times=99, conversation_id=sam.conversation_id)
    await place.settle()
    assert PHONE in sam.newest.text
    await withdraws(jo)
    await place.settle()
    has_no_name(sam)
    assert "This has closed" in sam.reads


async def test_a_refused_edit_is_tried_again_until_the_name_is_gone(place: Town) -> None:
    jo, sam = await introduced(place)
    refuses = place.teams.answers(
        403, code="MessageWritesBlocked", times=99, on="update", conversation_id=sam.conversation_id
    )
    await withdraws(jo)
    await place.settle()
    assert PHONE in sam.reads
    refuses.times = 0
    await place.time_passes(hours=2)
    has_no_name(sam)


async def test_a_message_that_is_gone_is_not_edited_for_ever(place: Town) -> None:
    jo, sam = await introduced(place)
    sam.lose(next(seen.id for seen in sam.sees if PHONE in seen.words))
    await withdraws(jo)
    await place.time_passes(hours=12)
    tried = len(place.teams.calls)
    await place.time_passes(hours=8)
    assert len(place.teams.calls) == tried


@pytest.mark.parametrize("how", ["withdraw", "close"])
async def test_a_supporter_who_had_blocked_the_bot_loses_the_name_once_they_are_back(
    place: Town, how: str
) -> None:
    jo, sam = await introduced(place)
    gone: Trouble = place.teams.answers(
        403, code="ConversationBlockedByUser", times=99, conversation_id=sam.conversation_id
    )
    if how == "withdraw":
        await withdraws(jo)
    else:
        await jo.presses("Close")
        await jo.presses("Yes, close it")
    await place.time_passes(hours=8)
    assert PHONE in sam.reads
    gone.times = 0
    await sam.says("hi")
    await place.settle()
    has_no_name(sam)


async def test_status_shows_the_supporter_only_for_as_long_as_it_holds(place: Town) -> None:
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    await sam.presses("Accept")
    await place.settle()
    await jo.says("status")
    await place.settle()
    assert "Sam Okafor" in jo.newest.words
    assert len([seen for seen in jo.sees if "Sam Okafor" in seen.words]) == 2
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "teams"})
    await place.settle()
    await jo.says("status")
    await place.settle()
    assert "Sam Okafor" in jo.newest.words
    await jo.presses("Close")
    await jo.presses("Yes, close it")
    await place.settle()
    assert not [seen for seen in jo.sees if re.search(r"\bSam\b", seen.words)]
    assert not [seen for seen in jo.sees if "Introduce us" in seen.words or "Happy to listen" in seen.words]


async def test_a_pressed_card_that_shows_the_supporter_is_mended_with_the_others(place: Town) -> None:
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    await jo.says("withdraw")
    asked = jo.newest
    await sam.presses("Accept")
    await place.settle()
    await jo.presses("Keep my request", on=asked)
    assert "Sam Okafor" in asked.words
    await place.settle()
    other = next(seen for seen in jo.sees if "Someone else" in seen.words and seen is not asked)
    await jo.presses("Someone else", on=other)
    await place.settle()
    assert not [seen for seen in jo.sees if re.search(r"\bSam\b", seen.words)]
