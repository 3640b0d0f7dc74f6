"""Whatever is typed on any form is heard, whatever else is to be mended, and Carry on leads back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from peer_support.crisis import ladder
from peer_support.taxonomy import EXPERIENCES, crisis_first, is_scrutiny
from tests.fakes.person import Person
from tests.scenarios.steps import asks, introduced, member, proposed, request_of, shown
from tests.scenarios.town import Town

DANGER = "I'm going to kill myself tonight"
REVIEWED = "One last look"
FORM = "Ask for a peer"


async def begins(jo: Person) -> None:
    await jo.says("request")
    await jo.presses("Continue")


@pytest.mark.parametrize(
    ("fields", "back"),
    [
        ({"note": DANGER}, REVIEWED),
        ({"note": DANGER, "about_work": "zzzqqq"}, FORM),
        ({"about_work": DANGER}, FORM),
        ({"note": "help me"}, REVIEWED),
        ({"note": "I need someone now"}, REVIEWED),
        ({"note": "999"}, REVIEWED),
        ({"note": f"{DANGER}. " * 200}, FORM),
    ],
)
async def test_danger_in_any_field_comes_before_what_is_to_be_mended(
    place: Town, fields: dict[str, str], back: str
) -> None:
    jo = await place.officer()
    await begins(jo)
    await jo.presses("Review", fields=fields)
    assert shown(jo) in ("Help now", "That sounds very hard")
    await jo.presses("Carry on")
    assert shown(jo) == back


async def test_a_note_that_is_not_sent_is_read_all_the_same(place: Town) -> None:
    topic = next(each for each in EXPERIENCES.values() if is_scrutiny(each.id))
    jo = await place.officer()
    await begins(jo)
    await jo.presses("Review", fields={"note": DANGER, f"topics_{topic.group}": topic.id})
    assert shown(jo) == "Help now"
    await jo.presses("Carry on")
    assert shown(jo) == REVIEWED


async def test_a_covert_role_in_danger_sees_who_to_ring_and_then_their_own_route(place: Town) -> None:
    jo = await place.officer()
    await begins(jo)
    await jo.presses("Review", fields={"note": DANGER, "about_work": "undercover"})
    assert shown(jo) == "Help now"
    await jo.presses("Carry on")
    assert jo.dialog is not None
    assert "undercover" not in jo.dialog.words
    assert shown(jo) not in ("Help now", FORM, REVIEWED)


async def test_a_picked_topic_counts_while_something_is_to_be_mended(place: Town) -> None:
    topic = next(each for each in EXPERIENCES.values() if crisis_first(each.id))
    jo = await place.officer()
    await begins(jo)
    await jo.presses("Review", fields={f"topics_{topic.group}": topic.id, "about_work": "zzzqqq"})
    assert jo.dialog is not None
    assert "Samaritans 116 123, free." in jo.dialog.words
    await jo.presses("Carry on")
    assert shown(jo) == FORM


async def test_soft_words_bring_the_contacts_above_the_answer_and_stop_nothing(place: Town) -> None:
    jo = await place.officer()
    await begins(jo)
    await jo.presses("Review", fields={"note": "I can't cope anymore"})
    assert jo.dialog is not None
    assert shown(jo).startswith("That sounds like a lot")
    assert "Samaritans 116 123, free." in jo.dialog.words
    assert REVIEWED in jo.dialog.words
    await jo.presses("Send request")
    assert (await request_of(place, jo)).wishes.note == "I can't cope anymore"


async def test_danger_typed_in_a_search_shows_who_to_ring_and_carry_on_opens_the_list(place: Town) -> None:
    jo = await place.officer()
    await begins(jo)
    await jo.presses("Not these people")
    back = shown(jo)
    await jo.presses("Find", fields={"name": DANGER})
    assert shown(jo) == "Help now"
    await jo.presses("Carry on")
    assert shown(jo) == back


async def test_danger_typed_for_a_number_introduces_nobody_until_carried_on(place: Town) -> None:
    jo, sam = await proposed(place)
    await jo.presses("Introduce us")
    back = shown(jo)
    await jo.presses("Introduce us", fields={"how": "call", "phone": DANGER})
    await place.settle()
    assert shown(jo) == "Help now"
    assert "You're introduced" not in sam.reads
    await jo.presses("Carry on")
    assert shown(jo) == back


async def test_what_a_supporter_types_is_done_with_the_contacts_above(place: Town) -> None:
    sam = await place.supporter("Sam Okafor")
    activity = sam.activity(
        type="message",
        value={
            "verb": "supporter.profile_save",
            "v": 1,
            "bio": "A friend of mine is suicidal",
            "listed": "true",
        },
    )
    await sam.sends(activity)
    assert "Samaritans 116 123, free." in sam.newest.words
    own = await member(place, sam)
    async with place.desk.open_work() as work:
        supporter = await work.supporters.get(own.id)
    assert supporter is not None
    assert supporter.bio == "A friend of mine is suicidal"


@pytest.mark.parametrize("verb", ["match.hand_back_sure", "stuck.open", "feedback.send", "no.such.verb"])
async def test_words_sent_with_any_other_verb_are_heard(place: Town, verb: str) -> None:
    jo, _ = await introduced(place)
    await jo.sends(jo.activity(type="message", value={"verb": verb, "v": 1, "reason": "help me"}))
    assert "Samaritans 116 123, free." in jo.newest.words


async def test_a_form_left_open_beside_a_live_request_is_heard_too(place: Town) -> None:
    jo = await place.officer()
    await asks(place, jo)
    await jo.sends(jo.activity(type="message", value={"verb": "form.review", "v": 1, "note": DANGER}))
    assert shown(jo) == "Help now"


async def test_without_contacts_the_packaged_words_stand_and_lead_back(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, _ = await proposed(place)
    await jo.presses("Introduce us")
    back = shown(jo)
    monkeypatch.setattr(place.service.backstage, "_desk", replace(place.desk, contacts=()))
    await jo.presses("Introduce us", fields={"how": "call", "phone": DANGER})
    assert shown(jo) == "Help now"
    await jo.presses("Carry on")
    assert shown(jo) == back
    await jo.says("I'm exhausted and at breaking point")
    assert "116 123" in jo.newest.words
    assert "Police crisis line" in jo.newest.words
    sam = await place.supporter("Una Hale")
    value = {"verb": "supporter.profile_save", "v": 1, "bio": DANGER, "listed": "true"}
    await sam.sends(sam.activity(type="message", value=value))
    assert "Police crisis line" in sam.newest.words
    assert "My profile" in sam.newest.words


async def test_a_broken_ladder_keeps_nobody_from_an_introduction(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, sam = await proposed(place)
    await jo.presses("Introduce us")
    monkeypatch.setattr(ladder, "_lexicon", lambda: None)
    await jo.presses("Introduce us", fields={"how": "call", "phone": "07700 900123"})
    await place.settle()
    assert "07700 900123" in sam.newest.words
