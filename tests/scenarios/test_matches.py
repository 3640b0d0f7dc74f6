"""Introduced: how to reach each other, and every way that it goes on or ends. A name is shown only while it lives."""

from __future__ import annotations

import pytest

from peer_support.offer import HandBackReason
from peer_support.request import RequestState
from peer_support.roster_reader import BIO_LENGTH
from storage.tables import feedback as feedback_rows
from tests.fakes.person import actions_of, parts_of
from tests.scenarios.steps import (
    asks,
    headings,
    introduced,
    member,
    nowhere,
    proposed,
    request_of,
    shown,
)
from tests.scenarios.town import Town

CLOSED = "This has closed"
ENDED_LATER = "This one has closed"


def links(card: dict[str, object] | None) -> list[str]:
    """The web addresses that a card's buttons open."""
    return [action["url"] for action in actions_of(card or {}) if action["type"] == "Action.OpenUrl"]


async def test_both_get_a_chat_link_and_other_ways_are_named(place: Town) -> None:
    jo, sam = await introduced(place)
    assert links(jo.newest.card) == [f"https://teams.microsoft.com/l/chat/0/0?users={sam.email}"]
    assert links(sam.newest.card) == [f"https://teams.microsoft.com/l/chat/0/0?users={jo.email}"]
    assert "Teams isn't the only way" in jo.newest.words
    assert "A Teams message isn't the only way" in sam.newest.words
    assert "Don't mention why in writing" in sam.newest.words
    assert "Please say hello by Thursday 10:00." in sam.newest.words


@pytest.mark.parametrize("reason", list(HandBackReason))
async def test_hand_back_for_any_reason_tells_the_person_it_is_not_about_them(
    place: Town, reason: HandBackReason
) -> None:
    jo, sam = await introduced(place, how="call", phone="07700 900123")
    introduction = sam.newest
    pat = await place.supporter("Pat Byrne")
    await sam.presses("Hand back")
    assert shown(sam) == "Hand this back?"
    await sam.presses("Hand back", fields={"reason": reason.value}, again=True)
    await place.settle()
    assert shown(sam) == "Thank you for saying so"
    assert headings(sam).count("Thank you for saying so") == 1
    assert "keep their name, and that they asked, to yourself" in sam.newest.words
    assert "Jo" not in introduction.words
    assert "07700" not in introduction.words
    assert shown(jo) == "I'm looking for someone else"
    assert "It isn't about you or anything you said" in jo.newest.words
    nowhere([jo], "know them", "manage", reason.value)
    assert "Sam Okafor" not in "\n".join(seen.words for seen in jo.sees)
    assert headings(pat)[-1] == "Could you listen to a colleague?"
    assert (await request_of(place, jo)).state is RequestState.OPEN


async def test_hand_back_with_no_reason_that_exists_asks_again(place: Town) -> None:
    jo, sam = await introduced(place)
    await sam.presses("Hand back")
    value = {"action": {"type": "Action.Execute", "verb": "match.hand_back_sure"}}
    action = next(a for a in actions_of(sam.newest.card or {}) if a["title"] == "Hand back")
    value["action"]["data"] = {**action["data"], "reason": "because I said so"}  # type: ignore[assignment]
    activity = sam.activity(type="invoke", name="adaptiveCard/action", value=value, replyToId=sam.newest.id)
    await sam.sends(activity, pressed=sam.newest)
    assert shown(sam) == "Hand this back?"
    assert (await request_of(place, jo)).state is RequestState.MATCHED


async def test_handing_back_after_the_last_name_leads_to_the_coordinator(place: Town) -> None:
    jo, sam = await proposed(place)
    pat = await place.supporter("Pat Byrne")
    await jo.presses("Someone else")
    await place.settle()
    await pat.presses("Accept")
    await place.settle()
    kit = await place.supporter("Kit Lowe")
    await jo.presses("Someone else")
    await place.settle()
    await kit.presses("Accept")
    await place.settle()
    assert "the last name I can show you" in jo.newest.words
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "teams"})
    await place.settle()
    await kit.presses("Hand back")
    await kit.presses("Hand back", fields={"reason": "cant"})
    await place.settle()
    assert shown(jo) == "Your supporter can't go on"
    assert "coordinator" in jo.newest.words
    assert [headings(person)[-1] for person in (sam, pat)] == ["Thank you", "Thank you"]


async def test_swap_without_a_reason(place: Town) -> None:
    jo, sam = await introduced(place)
    pat = await place.supporter("Pat Byrne")
    introduction = sam.newest
    await jo.presses("Someone else")
    assert shown(jo) == "Ask for someone else?"
    await jo.presses("Yes, someone else", again=True)
    await place.settle()
    assert shown(jo).startswith("I'm looking.")
    assert headings(jo)[-2] == "This introduction has ended"
    assert headings(jo).count(shown(jo)) == 1
    assert "Jo" not in introduction.words
    assert headings(pat)[-1] == "Could you listen to a colleague?"
    assert headings(sam)[-1] == CLOSED
    await place.time_passes(hours=8)
    assert headings(sam).count(ENDED_LATER) == 1


async def test_going_back_from_a_swap_changes_nothing(place: Town) -> None:
    jo, sam = await introduced(place)
    await jo.presses("Someone else")
    await jo.presses("Back")
    assert shown(jo) == "You're introduced"
    assert "Jo Evans" in sam.newest.words


@pytest.mark.parametrize("closer", ["supporter", "requester"])
async def test_close_by_either_side(place: Town, closer: str) -> None:
    jo, sam = await introduced(place, how="call", phone="07700 900123")
    who = sam if closer == "supporter" else jo
    await who.presses("Close")
    assert shown(who) == "Close this?"
    await who.presses("Yes, close it", again=True)
    await place.settle()
    assert CLOSED in headings(sam)
    if closer == "requester":
        await place.time_passes(hours=8)
    assert shown(sam) == ("Thank you for listening" if closer == "supporter" else ENDED_LATER)
    assert headings(sam).count(shown(sam)) == 1
    assert "Did you feel listened to?" in jo.newest.words
    assert sum("Did you feel listened to?" in seen.words for seen in jo.sees) == 1
    for seen in sam.sees:
        assert "Jo" not in seen.words
        assert "07700" not in seen.words
    assert (await request_of(place, jo)).state is RequestState.CLOSED
    own = await member(place, sam)
    async with place.desk.open_work() as work:
        assert list(await work.matches.live_of_supporter(own.id)) == []
    await asks(place, jo)
    assert "Sent." in jo.newest.words


async def test_after_it_has_closed_the_supporter_is_looked_after(place: Town) -> None:
    await place.coordinator("Ria Holt")
    _jo, sam = await introduced(place)
    await sam.presses("Close")
    await sam.presses("Yes, close it")
    await place.settle()
    after = sam.newest
    for title in ("I'm fine", "I'd like a debrief", "I'm worried"):
        assert title in after.words
    assert "Listening can weigh on you too" in after.words
    before = dict(after.card or {})
    for title, heading in {
        "I'm fine": "Good to hear",
        "I'd like a debrief": "A debrief",
        "I'm worried": "If you're worried about this person",
    }.items():
        after.card = before
        await sam.presses(title, on=after)
        assert heading in headings(sam)
    assert "Ria Holt" in sam.reads
    assert "999, ask for an ambulance" in sam.reads


async def test_a_worry_about_the_person_leaves_the_introduction_in_sight(place: Town) -> None:
    ria = await place.coordinator("Ria Holt")
    _jo, sam = await introduced(place)
    await sam.presses("I'm worried about this person")
    assert headings(sam)[-2:] == ["You're introduced", "If you're worried about this person"]
    for said in ("999", "Ria Holt", ria.email, "Occupational health", "You don't have to carry this alone"):
        assert said in sam.newest.words
    assert "don't watch this at night" in sam.newest.words
    await place.time_passes(hours=50)
    reminder = next(seen for seen in sam.sees if "waiting to hear" in seen.words)
    assert "I'm worried about this person" in reminder.words
    await sam.presses("Hand back", on=reminder)
    await sam.presses("Hand back", fields={"reason": "cant"})
    for title in ("I'm fine", "I'd like a debrief", "I'm worried"):
        assert title in sam.newest.words
    assert "Listening can weigh on you too" in sam.newest.words
    assert "Jo" not in ria.reads


async def test_three_answers_are_kept_and_joined_to_nobody(place: Town) -> None:
    jo, sam = await introduced(place)
    await sam.presses("Close")
    await sam.presses("Yes, close it")
    await place.settle()
    await jo.presses("Send answers", fields={"listened": "yes", "otherwise": "no"}, again=True)
    assert shown(jo) == "Thank you"
    store = place.service.backstage.store
    assert store is not None
    async with store.work() as work:
        rows = await work.feedback._unit.all(feedback_rows.select())  # type: ignore[attr-defined] # noqa: SLF001
    assert len(rows) == 1
    whole = str(dict(rows[0]))
    assert jo.directory not in whole
    assert (await request_of(place, jo)).id not in whole
    assert "member" not in {str(column) for column in feedback_rows.columns}


async def test_saying_hello_still_talking_and_spoken_change_no_names(place: Town) -> None:
    jo, sam = await introduced(place)
    await sam.presses("I've said hello", again=True)
    await place.settle()
    assert "I've said hello" not in sam.newest.words
    assert "Jo Evans" in sam.newest.words
    await place.time_passes(days=8)
    assert shown(jo) == "How is it going?"
    assert shown(sam) == "How is it going?"
    await jo.presses("Still talking", again=True)
    assert shown(jo) == "Thanks for telling me"
    await sam.presses("Close")
    await sam.presses("Yes, close it")
    await place.settle()
    for seen in sam.sees:
        assert "Jo" not in seen.words


async def test_not_yet_reminds_the_supporter_without_saying_so(place: Town) -> None:
    jo, sam = await introduced(place)
    await place.time_passes(days=3)
    assert "Have you two spoken?" in headings(jo)
    asked = next(seen for seen in jo.sees if "Have you two spoken?" in seen.words)
    before = headings(sam).count("Someone is waiting to hear from you")
    await jo.presses("Not yet", on=asked, again=True)
    await place.settle()
    assert headings(sam).count("Someone is waiting to hear from you") == before + 1
    nowhere([sam], "Not yet", "answered")


async def test_withdrawing_after_the_introduction_ends_it_in_the_same_words_as_a_swap(place: Town) -> None:
    jo, sam = await introduced(place)
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await place.settle()
    assert shown(sam) == CLOSED
    await place.time_passes(hours=8)
    assert shown(sam) == ENDED_LATER
    assert "That happens for many reasons" in sam.newest.words
    for seen in sam.sees:
        assert "Jo" not in seen.words


async def test_a_supporter_says_what_may_be_seen_of_them(place: Town) -> None:
    sam = await place.supporter("Sam Okafor", experiences="trauma_incident;relationship")
    await sam.says("my profile")
    await sam.presses("My profile")
    assert sam.dialog is not None
    assert "Happy to listen." in str(sam.dialog.card)
    too_long = "x" * (BIO_LENGTH + 1)
    await sam.presses("Save", fields={"bio": too_long, "named": "relationship"})
    assert "a little shorter" in sam.dialog.words
    held = {part.get("id"): part.get("value") for part in parts_of(sam.dialog.card)}
    assert (held["bio"], held["named"]) == (too_long, "relationship")
    await sam.presses("Save", fields={"bio": "Nights.  Walks.", "named": "trauma_incident", "listed": "true"})
    assert "Saved." in sam.dialog.words
    async with place.desk.open_work() as work:
        found = await work.members.find(sam.tenant, sam.directory)
        assert found is not None
        supporter = await work.supporters.get(found.id)
    assert supporter is not None
    assert (supporter.bio, supporter.named, supporter.listed) == (
        "Nights. Walks.",
        frozenset({"trauma_incident"}),
        True,
    )


async def test_worried_about_a_coordinator_names_any_other(place: Town) -> None:
    jo, sam = await introduced(place)
    await place.coordinator("Una Price")
    place.rows.append(place.row(next(p for p in place.teams.people.values() if p.name == "Una Price")) | {
        "directory_id": jo.directory, "name": "Jo Evans", "email": jo.email,
    })  # fmt: skip
    await place.imports()
    await sam.presses("I'm worried about this person")
    assert "Una Price" in sam.newest.words
    assert jo.email not in sam.newest.words
    await sam.presses("Help now")
    await sam.presses("Carry on")
    assert "Una Price" in sam.newest.words
    assert jo.email not in sam.newest.words
