"""A stuck request on the wire, by reference alone: each act reaches the person through the bot, and nobody is named."""

from __future__ import annotations

import re

import pytest

from tests.fakes.person import Person, actions_of, words_of
from tests.scenarios.steps import NOT_FOUND, nowhere
from tests.scenarios.town import WESTVALE, Town

CANARIES = ("Jo Canary", "Canary", "jo.canary@", "Quetzal", "07700")
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")


async def stuck(place: Town, wish: str = "own") -> tuple[Person, Person, str]:
    """An officer whose own force has nobody for them, and their coordinator."""
    ria = await place.coordinator()
    jo = await place.officer("Jo Canary")
    fields = {
        "force_wish": wish,
        "note": "Quetzal",
        "topics_work": "trauma_incident",
        "about_grade": "inspecting",
        "soon": "today",
    }
    await place.asks(jo, **fields)
    reference = re.search(r"reference is (\w{4})", jo.newest.words)
    assert reference
    return jo, ria, reference[1]


def knows_nothing(*people: Person) -> None:
    """No name, topic, grade, words or clock time ever stood on these screens."""
    nowhere(people, *CANARIES)
    for person in people:
        for card in person.chat_cards:
            words = "\n".join(words_of(card))
            assert not CLOCK.search(words), words
            assert not {"inspect", "traum", "incident"} & set(
                re.findall("inspect|traum|incident", words.casefold())
            )


async def press_id(person: Person, title: str, subject: str) -> None:
    """Press a button of this title as if its card carried another id."""
    message = next(
        seen
        for seen in reversed(person.sees)
        if seen.card and any(action.get("title") == title for action in actions_of(seen.card))
    )
    (action,) = [each for each in actions_of(message.card or {}) if each.get("title") == title]
    action["data"]["id"] = subject
    await person.presses(title, on=message)


async def test_nobody_can_be_found_and_the_coordinator_is_told_at_once_by_reference(place: Town) -> None:
    jo, ria, reference = await stuck(place)
    assert f"Request {reference} needs you" in ria.newest.words
    assert "I can't find anyone who is free" in jo.newest.words
    assert "coordinator knows that a request is waiting" in jo.newest.words
    told = len(ria.sees)
    await place.time_passes(hours=9)
    assert len(ria.sees) == told
    await place.time_passes(hours=14)
    assert f"Request {reference} is still waiting" in ria.reads
    await ria.says("digest")
    assert reference in ria.newest.words
    await ria.presses("See what I can do")
    assert "You won't see who asked" in ria.newest.words
    knows_nothing(ria)


async def test_asked_to_look_wider_the_requester_decides(place: Town) -> None:
    jo, ria, _ = await stuck(place)
    bo = await place.supporter("Bo West", WESTVALE)
    assert "Could you listen" not in bo.reads
    await ria.presses("Ask them to look wider")
    assert "I've asked them whether I may look wider" in ria.newest.words
    await place.settle()
    assert "Shall I look wider?" in jo.newest.words
    assert "Ria" not in jo.reads
    assert "Could you listen" not in bo.reads
    await jo.presses("Look wider", on=jo.newest)
    await place.settle()
    assert "Could you listen to a colleague?" in bo.newest.words
    knows_nothing(ria)


async def test_an_offer_to_a_chosen_supporter_keeps_the_rules_and_gives_no_reason(place: Town) -> None:
    _jo, ria, _ = await stuck(place)
    await place.supporter("Cai Overdue", refresher_due="2025-01-01")
    sam = await place.supporter("Sam Okafor")
    await ria.presses("Offer it to a supporter I choose")
    await ria.presses("Find", fields={"name": "Cai"})
    card = ria.sees[-1].card
    assert card is not None
    (choices,) = [part["choices"] for part in card["body"] if part["type"] == "Input.ChoiceSet"]
    assert [choice["title"] for choice in choices] == ["Cai Overdue"]
    await ria.presses("Offer it", fields={"supporter": choices[0]["value"]})
    assert "can't" in ria.newest.words.casefold()
    assert "refresher" not in ria.newest.words.casefold()
    await ria.presses("Find", fields={"name": "Sam"})
    card = ria.newest.card
    assert card is not None
    (choices,) = [part["choices"] for part in card["body"] if part["type"] == "Input.ChoiceSet"]
    await ria.presses("Offer it", fields={"supporter": choices[0]["value"]})
    assert "I've offered it to the supporter you chose" in ria.newest.words
    await place.settle()
    assert "Could you listen to a colleague?" in sam.newest.words
    knows_nothing(ria)
    nowhere([sam], *CANARIES)


async def test_the_coordinators_details_reach_the_person_and_theirs_stay_hidden(place: Town) -> None:
    jo, ria, _ = await stuck(place)
    await ria.presses("Send them my contact details")
    assert "I've passed on your name and address" in ria.newest.words
    await place.settle()
    assert "Ria Holt runs peer support at Northmoor Police" in jo.newest.words
    assert ria.email in jo.newest.words
    knows_nothing(ria)


@pytest.mark.parametrize("title", ["Ask them to look wider", "Send them my contact details"])
async def test_another_forces_request_and_ones_own_are_not_found_in_the_same_words(
    place: Town, title: str
) -> None:
    jo, ria, _ = await stuck(place)
    bo = await place.coordinator("Bo Far", WESTVALE)
    lee = await place.officer("Lee West", WESTVALE)
    await place.asks(lee, force_wish="own")
    async with place.desk.open_work() as work:
        theirs = (await work.requests.live_in("northmoor"))[0].id
    before = len(jo.sees)
    await press_id(bo, title, theirs)
    assert NOT_FOUND in bo.newest.words
    await press_id(ria, title, "no-such-id")
    assert NOT_FOUND in ria.newest.words
    assert bo.newest.words == ria.newest.words
    await place.settle()
    assert len(jo.sees) == before


async def test_a_coordinator_who_asks_cant_work_their_own_request(place: Town) -> None:
    ria = await place.coordinator()
    other = await place.coordinator("Una Second")
    await place.asks(ria, force_wish="own")
    assert "needs you" not in ria.reads
    assert "needs you" in other.newest.words
    async with place.desk.open_work() as work:
        (own,) = await work.requests.live_in("northmoor")
    await ria.says("digest")
    assert own.reference not in ria.newest.words
    await place.asks(await place.officer("Kit Other"), force_wish="own")
    await press_id(ria, "Send them my contact details", own.id)
    assert NOT_FOUND in ria.newest.words


async def test_an_act_on_what_has_moved_on_changes_nothing(place: Town) -> None:
    jo, ria, reference = await stuck(place)
    await jo.presses("Withdraw")
    await jo.presses("Withdraw")
    before = len(jo.sees)
    await ria.presses("Send them my contact details")
    assert "moved on" in ria.newest.words
    await place.settle()
    assert len(jo.sees) == before
    assert reference not in (await _digest(ria))


async def _digest(ria: Person) -> str:
    await ria.says("digest")
    return ria.newest.words


async def test_without_a_coordinator_the_news_comes_and_names_the_wellbeing_team(place: Town) -> None:
    jo = await place.officer("Jo Canary")
    await place.asks(jo, force_wish="own")
    assert "coordinator knows" not in jo.newest.words
    assert "wellbeing team can help" in jo.newest.words
    before = len(jo.sees)
    await place.time_passes(hours=25)
    assert len(jo.sees) == before + 1
    assert "wellbeing team can help" in jo.newest.words
