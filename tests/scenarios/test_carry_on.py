"""Carry on leads back exactly to where Help now was pressed, with what was typed there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from peer_support.request import HowSoon
from tests.fakes.person import Person, parts_of
from tests.scenarios.steps import (
    asks,
    check_screens,
    introduced,
    kept,
    nowhere,
    proposed,
    request_of,
    shown,
)
from tests.scenarios.test_coordinator import stuck
from tests.scenarios.town import Town, town

Here = Callable[[Town], Awaitable[Person]]


async def limits(place: Town) -> Person:
    jo = await place.officer()
    await jo.says("request")
    return jo


async def review(place: Town) -> Person:
    jo = await limits(place)
    await jo.presses("Continue")
    await jo.presses("Review", fields={"note": "Someone patient.", "soon": "today"})
    return jo


async def a_read(place: Town) -> Person:
    jo = await place.officer()
    await jo.says("learn more")
    await jo.presses("What peer support is")
    return jo


async def privacy(place: Town) -> Person:
    jo = await place.officer()
    await asks(place, jo)
    await jo.says("privacy")
    return jo


async def withdrawing(place: Town) -> Person:
    jo = await place.officer()
    await asks(place, jo)
    await jo.says("withdraw")
    return jo


async def handing_back(place: Town) -> Person:
    _jo, sam = await introduced(place)
    await sam.presses("Hand back")
    return sam


async def closing(place: Town) -> Person:
    jo, _sam = await introduced(place)
    await jo.presses("Close")
    return jo


async def worried(place: Town) -> Person:
    _jo, sam = await introduced(place)
    await sam.presses("I'm worried about this person")
    return sam


async def profile(place: Town) -> Person:
    sam = await place.supporter()
    await sam.says("my profile")
    await sam.presses("My profile", on=sam.newest)
    return sam


async def stuck_request(place: Town) -> Person:
    _jo, ria, _reference = await stuck(place)
    await ria.presses("Offer it to a supporter I choose")
    return ria


PLACES: dict[str, tuple[Here, str]] = {
    "limits": (limits, "Before you ask"),
    "review": (review, "One last look"),
    "a read": (a_read, "What peer support is"),
    "privacy, with a live request": (privacy, "What stays private"),
    "withdrawing": (withdrawing, "Withdraw your request?"),
    "handing back": (handing_back, "Hand this back?"),
    "closing": (closing, "Close this?"),
    "worried": (worried, "If you're worried about this person"),
    "profile": (profile, "My profile"),
    "a stuck request": (stuck_request, "Who could you ask"),
}


@pytest.fixture
async def town_here(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_address, tmp_path) as made:
        yield made
        check_screens(made)


@pytest.mark.parametrize("name", PLACES)
async def test_back_to_the_same_card(town_here: Town, name: str) -> None:
    here, heading = PLACES[name]
    person = await here(town_here)
    assert heading in shown(person)
    was = texts(person)
    for title in ("Help now", "More support", "Help now", "Carry on"):
        await person.presses(title, on=None if person.dialog else person.newest)
        assert texts(person) != was or title == "Carry on"
    await town_here.settle()
    assert texts(person) == was


@pytest.mark.parametrize("name", ["review", "withdrawing", "worried"])
@pytest.mark.parametrize("also", ["More support", ""])
async def test_back_to_the_same_card_from_asking_for_a_coordinator(
    town_here: Town, name: str, also: str
) -> None:
    await town_here.coordinator("Una Price")
    here, _ = PLACES[name]
    person = await here(town_here)
    was = texts(person)
    await person.presses("Help now")
    if also:
        await person.presses(also, on=None if person.dialog else person.newest)
    await person.presses("Ask a coordinator to contact me", on=None if person.dialog else person.newest)
    if name == "withdrawing":
        await person.presses("Yes, ask them to contact me", on=None if person.dialog else person.newest)
        await person.presses("Carry on", on=None if person.dialog else person.newest)
    else:
        await person.presses("Not now", on=None if person.dialog else person.newest)
    await town_here.settle()
    assert texts(person) == was


def texts(person: Person) -> list[str]:
    """The paragraphs of what the person looks at now."""
    card = person.dialog.card if person.dialog else person.newest.card
    return [part["text"] for part in parts_of(card) if part["type"] == "TextBlock"]


@pytest.mark.parametrize("forms", ["dialog", "chat"])
async def test_the_review_comes_back_as_a_review_and_is_sent_as_it_was(
    town_here: Town, chat_place: Town, forms: str
) -> None:
    place = town_here if forms == "dialog" else chat_place
    jo = await review(place)
    await jo.presses("Help now")
    await jo.presses("Carry on")
    assert shown(jo) == "One last look"
    await jo.presses("Send request")
    request = await request_of(place, jo)
    assert (request.wishes.note, request.wishes.soon) == ("Someone patient.", HowSoon.TODAY)


async def test_what_was_typed_on_the_contact_page_is_kept_over_help_now_and_no_longer(place: Town) -> None:
    jo, sam = await proposed(place)
    await jo.presses("Introduce us")
    typed = {"how": "call", "phone": "07700 900123", "voicemail": "true"}
    await jo.presses("Help now", fields=typed)
    await kept()
    await jo.closes()
    await jo.says("menu")  # whatever comes between
    await jo.presses("Introduce us")
    assert inputs(jo) == typed
    await jo.presses("Help now", fields=typed | {"phone": "07700 900456"})
    await kept()
    await jo.presses("Carry on")
    assert inputs(jo) == typed | {"phone": "07700 900456"}
    nowhere([jo, sam], "07700")
    await jo.presses("Introduce us", fields=inputs(jo))
    await place.settle()
    assert "07700 900456" in sam.newest.words
    async with place.desk.open_work() as work:
        own = await work.members.find(jo.tenant, jo.directory)
        assert own is not None
        assert await work.drafts.get(own.id) is None


async def test_a_number_typed_with_words_of_danger_is_kept_too(place: Town) -> None:
    jo, _sam = await proposed(place)
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "call", "phone": "I want to die"})
    assert shown(jo) == "There is someone to talk to right now"
    await jo.presses("Carry on")
    assert inputs(jo)["phone"] == "I want to die"


async def test_in_the_chat_the_number_is_kept_and_never_shown(chat_place: Town) -> None:
    jo, sam = await proposed(chat_place)
    await jo.presses("Introduce us")
    await jo.presses("Help now", fields={"how": "call", "phone": "07700 900123"})
    await kept()
    await jo.presses("Carry on")
    assert "I've kept the number you typed" in jo.newest.words
    nowhere([jo], "07700")
    await jo.presses("Introduce us", fields={"how": "call"})
    await chat_place.settle()
    assert "07700 900123" in sam.newest.words


def inputs(person: Person) -> dict[str, str]:
    """What stands in the open window's fields."""
    assert person.dialog is not None
    parts = [part for part in parts_of(person.dialog.card) if str(part["type"]).startswith("Input.")]
    return {part["id"]: part["value"] for part in parts if part.get("value")}
