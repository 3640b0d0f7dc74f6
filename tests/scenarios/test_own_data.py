"""A person's rights over what is held of them, as whole journeys: see it, fetch it, put it right, delete it."""

from __future__ import annotations

import json
import re
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from peer_support.acting import By
from peer_support.commands.contact_me import ask_to_be_contacted
from peer_support.hours import LONDON
from peer_support.people import Actor, Address
from storage import tables
from storage.engine import reading
from tests.fakes.person import Person, words_of
from tests.scenarios.steps import asks, headings, introduce, introduced, member, nowhere, proposed, shown
from tests.scenarios.town import TUESDAY_TEN, Town

PHONE, OTHER_PHONE = "07700 900123", "07700 900456"
NOTE = "Someone who has worked nights."


async def counts(place: Town) -> dict[str, int]:
    """How many rows each table holds."""
    store = place.service.backstage.store
    assert store is not None
    async with store._engine.connect() as plain:  # noqa: SLF001
        conn = await reading(plain)
        return {
            table.name: (await conn.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables.metadata.sorted_tables
        }


async def fetched(place: Town, person: Person) -> tuple[str, Any]:
    """The address that the person was given, and what the page gives for it."""
    card = person.dialog.card if person.dialog else person.newest.card
    assert card is not None
    url = re.findall(r"http\S+/my-data/\S+", "\n".join(words_of(card)))[0]
    path = urlsplit(url).path
    client = place.teams.client
    looked = await client.get(path)
    assert looked.status == 200
    assert looked.headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in looked.headers["Content-Security-Policy"]
    assert person.name not in await looked.text()
    got = await client.post(path)
    assert got.status == 200
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    return path, json.loads(await got.text())


async def leaves_out(person: Person, name: str) -> None:
    await person.says("request")
    await person.presses("Continue")
    await person.presses("Not these people")
    await person.presses("Find", fields={"name": name})
    assert person.dialog is not None
    found = next(part for part in person.dialog.card["body"] if part.get("id") == "people")
    await person.presses("Leave these people out", fields={"people": found["choices"][0]["value"]})
    await person.closes()


async def night(place: Town, days: float) -> None:
    """The purge and the scrubbing of the night so many days after Tuesday."""
    for minutes in (1, 31):
        at = (TUESDAY_TEN + timedelta(days=days)).astimezone(LONDON).replace(hour=3, minute=0)
        place.clock.now = (at + timedelta(minutes=minutes)).astimezone(UTC)
        await place.time_passes(minutes=0)


async def everything(place: Town) -> tuple[Person, Person, Person]:
    """Jo asks, with a note and About me, and Pat left out; Sam is the one who may be asked."""
    jo = await place.officer("Jo Evans")
    sam = await place.supporter("Sam Okafor")
    pat = await place.supporter("Pat Price")
    own = await member(place, pat)
    async with place.desk.open_work() as work:
        await work.supporters.set_profile(own.id, bio="", named=(), listed=True)
        await work.supporters.set_paused(own.id, paused=True)
    await leaves_out(jo, "pat")
    await asks(place, jo, note=NOTE, about_grade="constable")
    return jo, sam, pat


async def test_all_that_is_held_is_shown_in_a_window_and_fetched_once(place: Town) -> None:
    jo, sam, _ = await everything(place)
    await jo.says("my data")
    assert shown(jo) == "What I hold about you"
    await jo.presses("My data")
    assert jo.dialog is not None
    assert not [words for words in ("Pat Price", NOTE, "Constable") if words not in jo.dialog.words]
    await jo.closes()
    nowhere([jo], "Pat Price", NOTE)

    await sam.presses("Accept")
    await place.settle()
    await introduce(place, jo, how="call", phone=PHONE)
    await jo.says("who has seen my request")
    await jo.presses("Who has seen it")
    assert "Sam Okafor, Northmoor Police, was told your name, after your yes" in jo.dialog.words
    assert "one supporter was asked, without your name" in jo.dialog.words
    await jo.presses("My data")
    assert PHONE in jo.dialog.words
    await jo.presses("Get it as a file")
    path, file = await fetched(place, jo)
    assert file["people_left_out"] == [{"name": "Pat Price"}]
    assert file["phone_number_for_your_supporter"] == PHONE
    assert [each["who"] for each in file["who_has_seen"] if "who" in each] == ["Sam Okafor"] * 2
    again = await place.teams.client.post(path)
    assert again.status == 404
    assert again.headers["Cache-Control"] == "no-store"
    assert (await place.teams.client.post("/my-data/" + "x" * 400)).status == 404


async def test_all_that_is_held_is_deleted_at_once_and_a_later_hi_begins_anew(place: Town) -> None:
    jo, sam, pat = await everything(place)
    await sam.presses("Accept")
    await place.settle()
    await introduce(place, jo, how="call", phone=PHONE)
    before = await member(place, jo)
    await jo.says("delete my data")
    assert shown(jo) == "Delete your data?"
    assert (await member(place, jo)).id == before.id
    await jo.presses("Yes, delete it", again=True)
    assert shown(jo) == "Deleted"
    await place.settle()
    for person, name in ((sam, "Jo Evans"), (sam, PHONE), (jo, "Sam Okafor")):
        assert name not in person.reads
    left_out = (await member(place, pat)).id
    async with place.desk.open_work() as work:
        assert await work.members.find(jo.tenant, jo.directory) is None
        assert await work.members.get(before.id) is None
        assert await work.exclusions.around(left_out) == frozenset()
        assert {each.value for each in await work.statistics.all()} >= {"introduced", "0"}
    await place.time_passes(hours=8)
    assert headings(sam)[-1] == "This one has closed"

    await jo.says("hi")
    assert "computer program" in jo.newest.words
    new = await member(place, jo)
    assert new.id != before.id
    async with place.desk.open_work() as work:
        since = place.clock.now - timedelta(days=30)
        assert await work.proposals.shown_since(new.id, since) == 1, "asking afresh shows no more names"
    await night(place, 32)
    left = await counts(place)
    gone = ("requests", "offers", "proposals", "matches", "erasures", "shown_names", "exclusions", "drafts")
    assert {table: left[table] for table in gone} == dict.fromkeys(gone, 0)
    assert left["members"] == 3


async def test_a_request_that_waits_or_is_proposed_ends_too_and_nobody_can_tell_why(place: Town) -> None:
    jo, sam = await proposed(place)
    await jo.says("delete my data")
    await jo.presses("Yes, delete it")
    await place.settle()
    assert "Sam Okafor" not in jo.reads
    await place.time_passes(hours=12)
    assert "This one isn't going ahead with you" in headings(sam)
    await jo.says("status")
    assert "no request" in jo.newest.words.lower()


async def test_a_coordinator_who_was_asked_to_ring_loses_the_name_too(place: Town) -> None:
    ria, jo = await place.coordinator(), await place.officer("Jo Evans")
    await jo.says("hi")
    async with place.desk.open_work() as work:
        own = await work.members.find(jo.tenant, jo.directory)
    assert own is not None
    actor = Actor(jo.tenant, jo.directory, own.address or Address("", "", "", "", ""))
    await ask_to_be_contacted(By(actor, place.clock.now), place.desk)
    await place.settle()
    assert "Jo Evans" in ria.reads
    await jo.says("who has seen my request")
    await jo.presses("Who has seen it")
    assert jo.dialog is not None
    assert "you asked a coordinator of Northmoor Police to contact you" in jo.dialog.words
    await jo.closes()
    await jo.says("delete my data")
    await jo.presses("Yes, delete it")
    await place.settle()
    assert "Jo Evans" not in ria.reads


async def test_a_supporters_own_data_hides_the_other_side_and_the_roster_stays(place: Town) -> None:
    jo, sam = await introduced(place, how="call", phone=PHONE)
    await sam.says("my data")
    await sam.presses("My data")
    assert sam.dialog is not None
    assert "Happy to listen" in sam.dialog.words or "Twelve years of nights" in sam.dialog.words
    assert not [secret for secret in ("Jo Evans", PHONE) if secret in sam.dialog.words]
    await sam.presses("Get it as a file")
    _, file = await fetched(place, sam)
    assert file["as_a_supporter"]["offers"][0]["your_answer"] == "yes"
    assert not [secret for secret in ("Jo Evans", PHONE, jo.directory) if secret in json.dumps(file)]
    await sam.presses("Menu")
    await sam.closes()
    await sam.says("delete my data")
    assert "your force's roster" in sam.newest.words
    await sam.presses("Yes, delete it")
    assert "Your force's roster still has you" in sam.newest.words
    await sam.says("my matches")
    await place.settle()
    assert "Jo Evans" in sam.reads


async def test_what_is_wrong_is_put_right_where_it_can_be(place: Town) -> None:
    jo, sam = await introduced(place, how="call", phone=PHONE)
    await jo.says("correct")
    await jo.presses("How to reach me")
    await jo.presses("Save", fields={"how": "call", "phone": "a number"})
    assert jo.dialog is not None
    assert "a number" in str(jo.dialog.card)
    await jo.presses("Save", fields={"how": "call", "phone": OTHER_PHONE})
    await place.settle()
    assert OTHER_PHONE in sam.reads
    assert PHONE not in sam.reads
    await jo.closes()
    await jo.presses("About me")
    await jo.presses("Save", fields={"about_grade": "sergeant", "about_work": "Response"})
    assert "Saved." in jo.dialog.words
    about = (await member(place, jo)).about
    assert about is not None
    assert (about.grade, about.work) == ("sergeant", "response")
    await jo.presses("Save", fields={"about_grade": "", "about_work": ""})
    assert (await member(place, jo)).about is None
    await jo.presses("Back")
    await jo.closes()
    nowhere([jo], PHONE, OTHER_PHONE, "Sergeant")


async def test_in_the_chat_there_are_counts_and_the_file_and_nothing_else(chat_place: Town) -> None:
    jo = await chat_place.officer("Jo Evans")
    await asks(chat_place, jo, note=NOTE)
    await jo.says("who has seen my request")
    await jo.says("my data")
    assert "Requests 1" in jo.newest.words
    await jo.presses("Get it as a file")
    _, file = await fetched(chat_place, jo)
    assert file["requests"][0]["note"] == NOTE
    nowhere([jo], NOTE)
    await jo.says("my data")
    await jo.presses("Get it as a file")
    first = jo.newest
    chat_place.clock.now += timedelta(minutes=10)
    url = re.findall(r"/my-data/\S+", first.words)[0]
    assert (await chat_place.teams.client.post(url)).status == 404


async def test_a_closed_request_is_forgotten_in_time_and_leaves_a_count(place: Town) -> None:
    jo, sam = await introduced(place)
    await jo.presses("Close")
    await jo.presses("Yes, close it")
    await place.time_passes(hours=8)
    await night(place, 89)
    assert (await counts(place))["requests"] == 1
    await night(place, 92)
    left = await counts(place)
    assert [left[table] for table in ("requests", "offers", "proposals", "matches")] == [0] * 4
    assert left["statistics"] == 3
    assert left["members"] == 2
    place.row(sam)["status"] = "left"
    await place.imports()
    await night(place, 320)
    assert (await counts(place))["supporters"] == 0
    assert (await member(place, sam)).name is None
    await night(place, 1100)
    left = await counts(place)
    assert (left["members"], left["statistics"]) == (0, 0)
    assert left["dues"] == 1, "the next night's purge"
    await jo.says("hi")
    assert "computer program" in jo.newest.words
