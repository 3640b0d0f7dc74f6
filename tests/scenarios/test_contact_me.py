"""Ask a coordinator to contact me: told of beforehand, never by itself, taken back, reminded of, and never silent."""

from __future__ import annotations

from datetime import datetime

import pytest

from cards.verbs import Verb
from peer_support.exclusion import Exclusion
from peer_support.hours import LONDON
from peer_support.ids import new_id
from tests.fakes.person import Person
from tests.scenarios.steps import member, nowhere, shown
from tests.scenarios.test_break_glass import forged
from tests.scenarios.test_coordinator import press_id
from tests.scenarios.town import WESTVALE, Town

BUTTON, SURE = "Ask a coordinator to contact me", "Yes, ask them to contact me"
ASKED = "A colleague would like to hear from you"


async def asks_them(jo: Person) -> None:
    await jo.says("help now")
    await jo.presses(BUTTON)
    await jo.presses(SURE)


def told(person: Person) -> bool:
    return any("Jo Evans" in seen.words for seen in person.sees)


async def test_it_is_said_who_is_told_what_and_when_before_anybody_is_told(place: Town) -> None:
    ria = await place.coordinator()
    jo = await place.officer()
    await jo.says("I want to die")
    crisis = jo.newest
    await jo.presses(BUTTON)
    assert crisis.edits == 0
    assert shown(jo) == "Would you like a coordinator to contact you?"
    for said in ("Ria Holt", "your name", "Not why", "Mon-Fri 08:00-18:00", "don't watch this at night"):
        assert said in jo.newest.words
    await place.time_passes(hours=48)
    await jo.presses("Not now")
    await place.settle()
    assert not told(ria)
    await jo.presses(BUTTON, on=crisis)
    await jo.presses(SURE)
    await place.settle()
    assert shown(ria) == ASKED
    assert "Jo Evans" in ria.newest.words
    assert jo.email in ria.newest.words
    nowhere([ria], "I want to die", "crisis")


async def test_in_touch_closes_it_and_takes_the_name_away(place: Town) -> None:
    ria, una = await place.coordinator(), await place.coordinator("Una Price")
    jo = await place.officer()
    await asks_them(jo)
    await jo.presses(BUTTON)
    assert shown(jo) == "I'm asking them to contact you"
    await place.settle()
    assert [sum(ASKED in seen.words for seen in each.sees) for each in (ria, una)] == [1, 1]
    await ria.presses("I've been in touch")
    await place.settle()
    assert not told(ria)
    assert not told(una)
    assert shown(jo) == "Your coordinator says they've been in touch"
    await place.time_passes(days=6)
    assert not told(ria)
    assert "I haven't had an answer" not in jo.reads
    await asks_them(jo)  # and again, another time
    await place.settle()
    assert told(ria)


async def test_at_night_it_waits_for_the_morning_and_can_be_taken_back_unseen(place: Town) -> None:
    place.clock.now = datetime(2026, 11, 27, 23, 0, tzinfo=LONDON)  # a Friday
    ria = await place.coordinator()
    jo = await place.officer()
    await asks_them(jo)
    assert "08:00" in jo.newest.words
    await place.time_passes(hours=2)
    assert not told(ria)
    await jo.presses("Take it back")
    assert "Nobody was told" in jo.newest.words
    await place.time_passes(days=4, hours=9)
    assert not told(ria)
    await asks_them(jo)
    await place.settle()
    assert told(ria)
    await jo.presses("Take it back")
    assert "may have read it before" in jo.newest.words
    await place.settle()
    assert not told(ria)


async def test_it_never_ends_in_silence(place: Town) -> None:
    ria = await place.coordinator()
    jo = await place.officer()
    await asks_them(jo)
    await place.time_passes(hours=25)
    assert sum(ASKED in seen.words for seen in ria.sees) == 2
    await place.time_passes(days=2, hours=1)
    assert "I haven't had an answer yet" in jo.newest.words
    assert not told(ria)
    before = len(ria.sees)
    await place.time_passes(days=7)
    assert [seen for seen in ria.sees[before:] if ASKED in seen.words] == []


async def test_without_a_coordinator_it_is_the_wellbeing_team(place: Town) -> None:
    jo = await place.officer()
    await jo.says("help now")
    await jo.presses(BUTTON)
    assert shown(jo) == "I have no coordinator to ask"
    assert "wellbeing" in jo.newest.words
    ria = await place.coordinator()
    await ria.says("help now")
    await ria.presses(BUTTON)
    assert shown(ria) == "I have no coordinator to ask"  # but for themselves there is none


async def test_nobody_whom_they_left_out_is_told(place: Town) -> None:
    ria, una = await place.coordinator(), await place.coordinator("Una Price")
    jo = await place.officer()
    theirs, own = await member(place, ria), await member(place, jo)
    async with place.desk.open_work() as work:
        await work.exclusions.add(Exclusion(new_id(), own.id, theirs.tenant_id, theirs.directory_id))
    await jo.says("help now")
    await jo.presses(BUTTON)
    assert "Ria Holt" not in jo.newest.words
    await jo.presses(SURE)
    await place.settle()
    assert (told(ria), told(una)) == (False, True)


async def test_another_forces_coordinator_and_anybody_else_find_nothing(place: Town) -> None:
    ria, wyn = await place.coordinator(), await place.coordinator("Wyn Rees", WESTVALE)
    jo, gwen = await place.officer(), await place.officer("Gwen Lloyd", WESTVALE)
    await asks_them(jo)
    await asks_them(gwen)
    await place.settle()
    assert not told(wyn)
    assert "Gwen" not in ria.reads
    await press_id(wyn, "I've been in touch", (await member(place, jo)).id)
    assert "I can't find that" in wyn.newest.words
    await place.settle()
    assert told(ria)


@pytest.mark.parametrize("while_sent", [False, True])
async def test_deleted_data_takes_the_name_away(place: Town, *, while_sent: bool) -> None:
    ria = await place.coordinator()
    jo = await place.officer()
    await asks_them(jo)
    if while_sent:
        await place.settle()
    await jo.says("delete my data")
    await jo.presses("Yes, delete it")
    await place.settle()
    assert not told(ria)


async def test_whoever_became_a_coordinator_since_is_never_told(place: Town) -> None:
    ria = await place.coordinator()
    jo = await place.officer()
    await asks_them(jo)
    await place.settle()
    una = await place.coordinator("Una Price")
    await place.time_passes(hours=25)
    assert sum(ASKED in seen.words for seen in ria.sees) == 2
    assert not told(una)


async def test_whoever_was_told_and_has_left_the_roster_loses_the_name_too(place: Town) -> None:
    ria = await place.coordinator()
    jo = await place.officer()
    await asks_them(jo)
    await place.settle()
    assert told(ria)
    place.row(ria)["status"] = "left"
    await place.coordinator("Una Price")
    await jo.presses("Take it back")
    assert "may have read it before" in jo.newest.words
    await place.settle()
    assert not told(ria)


async def test_every_one_who_would_be_told_is_named(place: Town) -> None:
    names = [f"Una {each}" for each in ("Price", "Hale", "Webb", "Moss", "Lane", "Ford", "Dale")]
    for name in names:
        await place.coordinator(name)
    jo = await place.officer()
    await jo.says("help now")
    await jo.presses(BUTTON)
    assert [name for name in names if name not in jo.newest.words] == []


async def test_whoever_was_never_told_finds_nothing_whether_it_is_asked_or_not(place: Town) -> None:
    ria = await place.coordinator()
    jo, sam = await place.officer(), await place.officer("Sam Reed")
    await sam.says("hi")
    await asks_them(jo)
    await place.settle()
    una = await place.coordinator("Una Price")
    await una.says("hi")
    for person in (jo, sam):
        said = await forged(una, Verb.CONTACTED, (await member(place, person)).id)
        assert "I can't find that" in said
    await place.settle()
    assert told(ria)
