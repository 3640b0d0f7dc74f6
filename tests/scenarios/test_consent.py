"""Consent before disclosure: the requester sees who offers and chooses; only a yes gives the name, and to one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from peer_support.offer import ProposalState
from peer_support.request import RequestState
from tests.fakes.person import Person
from tests.scenarios.steps import (
    ENDED,
    MOVED_ON,
    asks,
    headings,
    nowhere,
    offers_of,
    proposed,
    request_of,
    saves_profile,
    shown,
    supporters,
)
from tests.scenarios.town import Town

OFFERED = "Someone has offered to listen"
NEUTRAL = f"""
{ENDED}
That happens for many reasons and I don't pass them on. Thank you for offering. Your place is free again.
Need someone now? Samaritans 116 123. Text SHOUT to 85258. 111. Your GP. In danger: 999.
Menu
Help now"""


async def test_the_requester_sees_what_the_supporter_lets_be_shown(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter(
        "Sam Okafor",
        roles="control_room;covert",
        bio="Twelve years of nights. [x](http://evil.example)",
        experiences="trauma_incident;relationship",
    )
    assert "Sam Okafor" not in jo.reads
    await asks(place, jo, topics_work="trauma_incident", topics_home="relationship")
    assert "Could you listen" not in sam.reads  # a covert role is never offered anything
    place.row(sam)["roles"] = "control_room"
    await place.imports()
    await saves_profile(sam, named="trauma_incident")
    await place.time_passes(hours=5)
    await sam.presses("Accept")
    await place.settle()
    words = jo.newest.words
    assert shown(jo) == OFFERED
    for told in ("Sam Okafor", "Northmoor Police", "Twelve years of nights.", "Sam doesn't know who you are"):
        assert told in words
    assert "In common" in words
    assert "elationship" not in words
    assert sam.email not in words
    nowhere([sam], "Jo", "Evans")


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ({"how": "teams"}, "Jo would like a message on Teams"),
        ({"how": "meet"}, "Jo would like to meet in person"),
        ({"how": "call", "phone": "07700 900123"}, "Jo would like a call, no voicemail"),
        ({"how": "call", "phone": "+44 (0)7700 900-123", "voicemail": "true"}, "A voicemail is fine"),
    ],
)
async def test_introduce_us_in_each_way(place: Town, contact: dict[str, str], told: str) -> None:
    jo, sam = await proposed(place)
    await jo.presses("Introduce us")
    assert jo.dialog is not None
    assert "Sam will see your name" in jo.dialog.words
    await jo.presses("Introduce us", fields=contact, again=True)
    await place.settle()
    assert jo.dialog is None
    assert headings(jo).count("You're introduced") == 1
    assert sam.reads.count("This is Jo Evans.") == 1
    assert "Jo Evans" in sam.newest.words
    assert told in sam.newest.words
    assert contact.get("phone", "Please say hello by") in sam.newest.words
    assert "Sam Okafor" in jo.newest.words
    assert "You said yes" in headings(jo)


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("", "Please type your number"),
        ("ring me", "doesn't look like a phone number"),
        ("07700", "doesn't look like a phone number"),
        ("0" * 30, "doesn't look like a phone number"),
        ("<script>07700900123", "doesn't look like a phone number"),
    ],
)
async def test_a_number_that_can_not_be_one_is_asked_again_and_kept(
    place: Town, phone: str, words: str
) -> None:
    jo, sam = await proposed(place)
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "call", "phone": phone, "voicemail": "true"})
    assert jo.dialog is not None
    assert words in jo.dialog.words
    nowhere([sam], "Jo Evans")
    fields = {part.get("id"): part.get("value") for part in jo.dialog.card["body"] if "id" in part}
    assert (fields["phone"] or "", fields["voicemail"], fields["how"]) == (phone, "true", "call")
    await jo.presses("Introduce us", fields={"phone": "07700 900123"})
    await place.settle()
    assert "07700 900123" in sam.newest.words


async def test_in_the_chat_the_number_is_typed_and_never_shown(chat_place: Town) -> None:
    place = chat_place
    jo, sam = await proposed(place)
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "call", "phone": "07700"})
    assert "doesn't look like a phone number" in jo.newest.words
    await jo.presses("Introduce us", fields={"how": "call", "phone": "07700 900123"}, again=True)
    await place.settle()
    assert "07700 900123" in sam.newest.words
    nowhere([jo], "07700")
    assert headings(jo)[-2:] == ["You said yes", "You're introduced"]


async def test_three_times_someone_else_leads_to_the_coordinator(place: Town) -> None:
    jo = await place.officer()
    ria = await place.coordinator("Ria Holt")
    people = await supporters(place, "Sam Okafor", "Pat Byrne", "Kit Lowe", "Lee Fenn")
    await asks(place, jo)
    for number in range(3):
        sam = next(person for person in people if headings(person)[-1].startswith("Could you"))
        await sam.presses("Accept")
        await place.settle()
        assert shown(jo) == OFFERED
        assert ("the last name I can show you" in jo.newest.words) is (number == 2)
        await jo.presses("Someone else", again=True)
        await place.settle()
        expected = "Your coordinator can help from here" if number == 2 else "I'm looking."
        assert shown(jo).startswith(expected)
        assert headings(jo)[-2] == "I'm looking for someone else"
    request = await request_of(place, jo)
    assert request.coordinator_route
    assert len(await offers_of(place, jo)) == 3
    assert f"Request {request.reference} needs you" in headings(ria)
    nowhere([ria], "Jo", "Evans")
    await place.time_passes(days=2)
    assert len(await offers_of(place, jo)) == 3


async def test_asking_anew_does_not_show_more_names(place: Town) -> None:
    jo = await place.officer()
    people = await supporters(place, "Sam Okafor", "Pat Byrne", "Kit Lowe", "Lee Fenn")
    for _ in range(3):
        await asks(place, jo)
        sam = next(person for person in people if headings(person)[-1].startswith("Could you"))
        await sam.presses("Accept")
        await place.settle()
        await jo.says("withdraw")
        await jo.presses("Withdraw", on=jo.newest)
        await place.settle()
    await asks(place, jo)
    assert "I've shown you as many names as I may for now" in jo.newest.words
    assert await offers_of(place, jo) == []


async def test_not_now_keeps_the_place_until_keep_looking(place: Town) -> None:
    jo, sam = await proposed(place)
    await jo.presses("Not now", again=True)
    await place.settle()
    assert shown(jo) == "I've kept your place"
    assert "Keep looking" in jo.newest.words
    assert "I'll close it on Tuesday 8 December" in jo.newest.words
    assert headings(jo)[-2] == "This one is no longer held"
    assert (await request_of(place, jo)).state is RequestState.RESTING
    pat = await place.supporter("Pat Byrne")
    await place.time_passes(hours=10)
    assert headings(pat) == ["Hello"]
    await jo.presses("Keep looking", again=True)
    await place.settle()
    assert shown(jo).startswith("I'm looking.")
    assert "Could you listen to a colleague?" in headings(pat)
    assert "Could you listen to a colleague?" not in headings(sam)


async def test_an_old_card_about_a_supporter_changes_nothing(place: Town) -> None:
    jo, sam = await proposed(place)
    old = jo.newest
    before = dict(old.card or {})
    await jo.presses("Not now")
    await place.settle()
    for title in ("Someone else", "Introduce us"):
        old.card = before
        await jo.presses(title, on=old)
        assert MOVED_ON in jo.reads
        if jo.dialog:
            await jo.closes()
    assert (await request_of(place, jo)).state is RequestState.RESTING
    nowhere([sam], "Jo Evans")


async def test_a_supporter_who_can_not_any_more_is_let_go_and_the_search_goes_on(place: Town) -> None:
    jo, sam = await proposed(place)
    pat = await place.supporter("Pat Byrne")
    await jo.presses("Introduce us")
    await sam.says("pause")
    await jo.presses("Introduce us", fields={"how": "teams"})
    await place.settle()
    assert jo.dialog is None
    assert headings(jo)[-2] == "They can't after all"
    assert shown(jo).startswith("I'm looking.")
    nowhere([sam, pat], "Jo Evans")
    assert headings(pat)[-1] == "Could you listen to a colleague?"


async def _someone_else(_place: Town, jo: Person, _sam: Person) -> None:
    await jo.presses("Someone else")


async def _not_now(_place: Town, jo: Person, _sam: Person) -> None:
    await jo.presses("Not now")


async def _lapse(place: Town, _jo: Person, _sam: Person) -> None:
    await place.time_passes(hours=72)


async def _withdrawn(_place: Town, jo: Person, _sam: Person) -> None:
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)


Way = Callable[[Town, Person, Person], Awaitable[None]]


@pytest.mark.parametrize("way", [_someone_else, _not_now, _lapse, _withdrawn])
async def test_the_one_ending_comes_later_in_the_same_words_whatever_the_reason(
    place: Town, way: Way
) -> None:
    jo, sam = await proposed(place)
    assert shown(sam) == "Thank you"
    await way(place, jo, sam)
    await place.settle()
    started = place.clock.now
    assert shown(sam) == "Thank you"
    await sam.says("my matches")
    assert ENDED not in sam.reads
    while shown(sam) != ENDED:
        await place.time_passes(minutes=20)
        assert place.clock.now - started < timedelta(hours=24)
    assert place.clock.now - started >= timedelta(hours=1)
    assert sam.newest.words == NEUTRAL
    edited = [seen.words for seen in sam.sees if seen.edits and ENDED in seen.words]
    assert len({*edited, sam.newest.words}) <= 2
    nowhere([sam], "Jo", "Evans", "withdr")


async def test_taken_by_another_ends_in_the_same_words(place: Town) -> None:
    jo = await place.officer()
    people = await supporters(place, *(f"Sam {chr(65 + n)}dams" for n in range(6)))
    await asks(place, jo, soon="today")
    one, other = [person for person in people if headings(person)[-1].startswith("Could you")]
    await one.presses("Accept")
    await place.settle()
    assert headings(other)[-1].startswith("Could you")
    started = place.clock.now
    while shown(other) != ENDED:
        await place.time_passes(minutes=20)
    assert timedelta(hours=1) <= place.clock.now - started <= timedelta(hours=7)
    assert other.newest.words == NEUTRAL


async def test_nobody_is_introduced_without_a_yes(place: Town) -> None:
    jo, sam = await proposed(place)
    await place.time_passes(days=20)
    nowhere([sam], "Jo", "Evans")
    request, (offer,) = await request_of(place, jo), await offers_of(place, jo)
    assert request.state is RequestState.CLOSED
    async with place.desk.open_work() as work:
        assert await work.matches.live_of_request(request.id) is None
        found = await work.proposals.of_offer(offer.id)
    assert found is not None
    assert found.state is ProposalState.RELEASED
    await introduce_refused(jo)


async def introduce_refused(jo: Person) -> None:
    """Introduce us on a proposal that is long over has no button any more."""
    with pytest.raises(AssertionError, match="no button"):
        await jo.presses("Introduce us")
