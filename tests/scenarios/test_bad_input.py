"""Bad input: somebody else's card, an old one, one that never was, and presses that come twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from cards.verbs import Verb
from peer_support.request import RequestState
from tests.fakes.person import Person, actions_of
from tests.scenarios.steps import (
    asks,
    headings,
    introduced,
    member,
    offers_of,
    proposed,
    request_of,
    saves_profile,
    shown,
)
from tests.scenarios.town import WESTVALE, Town

UNKNOWN = "no-such-id"


async def press(person: Person, verb: str, subject: Any, fields: Mapping[str, Any] | None = None) -> str:
    """A press of any verb with any id on the newest message; the words of all that was answered."""
    before, message = len(person.sees), person.newest
    data = {"v": 1, **(fields or {})} | ({} if subject is None else {"id": subject})
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}}
    activity = person.activity(type="invoke", name="adaptiveCard/action", value=value, replyToId=message.id)
    await person.sends(activity, pressed=message)
    assert person.last_status == 200
    new = [seen.words for seen in person.sees[before:]]
    return "\n".join([str(person.last_answer), *new])


def told(answer: str, *ids: str) -> str:
    """An answer without the ids that were pressed."""
    for each in ids:
        answer = answer.replace(each, "")
    return answer


REQUEST_VERBS = (
    Verb.CHANGE,
    Verb.WITHDRAW,
    Verb.WITHDRAW_SURE,
    Verb.WIDEN,
    Verb.KEEP_LOOKING,
    Verb.STATUS,
    Verb.STUCK,
    Verb.ASK_WIDER,
    Verb.CHOOSE,
    Verb.OFFER_TO,
    Verb.SEND_CONTACT,
)
PROPOSAL_VERBS = (Verb.INTRODUCE, Verb.INTRODUCE_SEND, Verb.SOMEONE_ELSE, Verb.NOT_NOW)
OFFER_VERBS = (Verb.ACCEPT, Verb.ACCEPT_APART, Verb.DECLINE, Verb.DECLINE_PAUSE)
MATCH_VERBS = (
    Verb.SPOKEN,
    Verb.NOT_YET,
    Verb.SWAP,
    Verb.SWAP_SURE,
    Verb.FEEDBACK,
    Verb.CLOSE,
    Verb.CLOSE_SURE,
    Verb.STILL_TALKING,
    Verb.SAID_HELLO,
    Verb.HAND_BACK,
    Verb.HAND_BACK_SURE,
    Verb.WORRIED,
    Verb.IM_FINE,
    Verb.DEBRIEF,
)
FIELDS = {
    "reason": "cant",
    "how": "teams",
    "listened": "yes",
    "supporter": "x",
    "name": "sam",
}


async def _strangers(place: Town) -> list[Person]:
    """An officer, a supporter and another force's coordinator: nobody of them has anything to do with it."""
    return [
        await place.officer("Max Reed"),
        await place.supporter("Una Ward", status="leave"),
        await place.coordinator("Vic Sole", WESTVALE),
    ]


async def test_a_strangers_press_on_a_request_is_answered_like_an_unknown_one(place: Town) -> None:
    jo = await place.officer("Jo Evans")
    await place.supporter("Sam Okafor")
    await asks(place, jo)
    request = await request_of(place, jo)
    for stranger in await _strangers(place):
        await stranger.says("hello")
        for verb in REQUEST_VERBS:
            real = await press(stranger, verb, request.id, FIELDS)
            assert told(real, request.id) == told(await press(stranger, verb, UNKNOWN, FIELDS), UNKNOWN)
            assert request.reference not in real
    assert await request_of(place, jo) == request


async def test_a_strangers_press_on_an_offer_is_answered_like_an_unknown_one(place: Town) -> None:
    jo = await place.officer("Jo Evans")
    await place.supporter("Sam Okafor")
    await asks(place, jo)
    (offer,) = await offers_of(place, jo)
    for stranger in [jo, *await _strangers(place)]:
        await stranger.says("hello")
        for verb in OFFER_VERBS:
            real = await press(stranger, verb, offer.id)
            assert told(real, offer.id) == told(await press(stranger, verb, UNKNOWN), UNKNOWN)
    assert await offers_of(place, jo) == [offer]
    una = next(person for person in place.teams.people.values() if person.name == "Una Ward")
    await una.says("my profile")
    assert "Pause me" in una.newest.words


async def test_a_strangers_press_on_a_proposal_is_answered_like_an_unknown_one(place: Town) -> None:
    jo, sam = await proposed(place)
    request = await request_of(place, jo)
    async with place.desk.open_work() as work:
        proposal = await work.proposals.asked_of(request.id)
    assert proposal is not None
    for stranger in [sam, *await _strangers(place)]:
        await stranger.says("hello")
        for verb in PROPOSAL_VERBS:
            real = await press(stranger, verb, proposal.id, FIELDS)
            assert told(real, proposal.id) == told(await press(stranger, verb, UNKNOWN, FIELDS), UNKNOWN)
            assert "Okafor" not in real
    async with place.desk.open_work() as work:
        assert await work.proposals.get(proposal.id) == proposal


async def test_a_strangers_press_on_a_match_is_answered_like_an_unknown_one(place: Town) -> None:
    jo, _sam = await introduced(place, how="call", phone="07700 900123")
    request = await request_of(place, jo)
    async with place.desk.open_work() as work:
        match = await work.matches.live_of_request(request.id)
    assert match is not None
    for stranger in await _strangers(place):
        await stranger.says("hello")
        for verb in MATCH_VERBS:
            real = await press(stranger, verb, match.id, FIELDS)
            assert told(real, match.id) == told(await press(stranger, verb, UNKNOWN, FIELDS), UNKNOWN)
            assert not [each for each in ("Jo", "Okafor", "07700") if each in real]
    async with place.desk.open_work() as work:
        assert await work.matches.get(match.id) == match


async def test_each_side_may_press_only_its_own_buttons_of_a_match(place: Town) -> None:
    jo, sam = await introduced(place)
    request = await request_of(place, jo)
    async with place.desk.open_work() as work:
        match = await work.matches.live_of_request(request.id)
    assert match is not None
    for person, verbs in {
        jo: (Verb.SAID_HELLO, Verb.HAND_BACK, Verb.HAND_BACK_SURE),
        sam: (Verb.SPOKEN, Verb.NOT_YET, Verb.SWAP, Verb.SWAP_SURE, Verb.FEEDBACK),
    }.items():
        await person.says("hello")
        for verb in verbs:
            if verb is Verb.SWAP:  # a look, which either side may have
                continue
            real = await press(person, verb, match.id, FIELDS)
            assert told(real, match.id) == told(await press(person, verb, UNKNOWN, FIELDS), UNKNOWN)
    async with place.desk.open_work() as work:
        assert await work.matches.get(match.id) == match


async def test_somebody_elses_entry_of_not_these_people_stays(place: Town) -> None:
    jo, max_ = await place.officer("Jo Evans"), await place.officer("Max Reed")
    sam = await place.supporter("Sam Okafor")
    await saves_profile(sam, listed="true")
    own, id = await member(place, jo), (await member(place, sam)).id
    await press(jo, Verb.PEOPLE_ADD, None, {"people": f"{id},{UNKNOWN},{own.id}"})
    async with place.desk.open_work() as work:
        (entry,) = await work.exclusions.of(own.id)
    real = await press(max_, Verb.PEOPLE_REMOVE, entry.id)
    assert told(real, entry.id) == told(await press(max_, Verb.PEOPLE_REMOVE, UNKNOWN), UNKNOWN)
    async with place.desk.open_work() as work:
        assert list(await work.exclusions.of(own.id)) == [entry]


@pytest.mark.parametrize(
    "verb", ["", "no.such", "installed", "left", "hello", "MENU", "x" * 5000, "__class__"]
)
async def test_an_unknown_verb_is_answered_kindly_and_does_nothing(place: Town, verb: str) -> None:
    jo, sam = await proposed(place)
    for person in (jo, sam):
        await person.says("hello")
        answer = await press(person, verb, UNKNOWN)
        assert "Help now" in answer
        assert shown(person) in ("What would you like to do?", "I didn't quite follow that")
    assert (await request_of(place, jo)).state is RequestState.PROPOSED
    assert (await member(place, sam)).reach.value == "reachable"


async def test_no_verb_fails_whatever_comes_with_it(place: Town) -> None:
    person = await place.supporter("Sam Okafor")
    await place.supporter("Pat Byrne")
    hostile: dict[str, Any] = dict.fromkeys(FIELDS, "\u202e'\"<script>%s{0}" * 9)
    for verb in sorted(set(Verb) - {Verb.HELP_NOW, Verb.MORE_SUPPORT}):
        for subject in (None, UNKNOWN, "x" * 3000, "'; DROP TABLE offers;--", ["a"], {"b": 1}, True):
            answer = await press(person, verb, subject, hostile)
            assert "couldn't do that" not in answer, verb
        data = {"verb": verb.value, "v": 1, "id": UNKNOWN, **hostile}
        for name in ("task/fetch", "task/submit"):
            await person.sends(person.activity(type="invoke", name=name, value={"data": data}))
            assert person.last_status == 200
            assert "couldn't do that" not in str(person.last_answer), verb
            person.dialog = None
        await person.sends(person.activity(type="message", value=data))
        assert "couldn't do that" not in person.newest.words, verb


async def test_sent_twice_is_sent_once(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter()
    await jo.says("request")
    await jo.presses("Continue")
    await jo.presses("Review")
    assert jo.dialog is not None
    verb = {"verb": Verb.FORM_SEND.value, "v": 1}
    activity = jo.activity(type="invoke", name="task/submit", value={"data": verb})
    await jo.sends(activity)
    await jo.sends(activity)
    await place.settle()
    assert jo.dialog is None
    assert sum(heading.startswith("Sent.") for heading in headings(jo)) == 1
    assert headings(sam).count("Could you listen to a colleague?") == 1
    await jo.sends(jo.activity(type="invoke", name="task/submit", value={"data": verb}))
    assert "Your reference is" in shown(jo)
    assert len(await offers_of(place, jo)) == 1


async def test_two_devices_send_at_once_and_there_is_one_request(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter()
    await jo.says("request")
    await jo.presses("Continue")
    await jo.presses("Review")
    verb = {"verb": Verb.FORM_SEND.value, "v": 1}
    sends = (jo.activity(type="invoke", name="task/submit", value={"data": verb}) for _ in range(3))
    await asyncio.gather(*(jo.sends(each) for each in sends))
    await place.settle()
    assert headings(sam).count("Could you listen to a colleague?") == 1
    assert "couldn't do that" not in jo.reads


async def test_a_form_left_open_elsewhere_begins_no_second_request(place: Town) -> None:
    jo = await place.officer()
    await place.supporter()
    await jo.says("request")
    await jo.presses("Continue")
    left = jo.dialog
    await jo.presses("Review")
    await jo.presses("Send request")
    request = await request_of(place, jo)
    jo.dialog = left
    await jo.presses("Review", fields={"note": "Another one."})
    assert request.reference in shown(jo)
    assert await request_of(place, jo) == request
    async with place.desk.open_work() as work:
        assert await work.drafts.get(request.requester_id) is None


async def test_answers_carry_ids_and_verbs_alone(place: Town) -> None:
    jo, sam = await introduced(place, how="call", phone="07700 900123")
    for person in (jo, sam):
        for card in (*person.chat_cards, *person.pages):
            for action in _actions(card):
                data = action.get("data", {})
                assert set(data) <= {"verb", "id", "v", "msteams"}


def _actions(card: dict[str, Any]) -> list[dict[str, Any]]:
    found = actions_of(card)
    return [*found, *(action["fallback"] for action in found if "fallback" in action)]


async def test_a_press_on_a_client_without_execute_does_the_same(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter()
    await asks(place, jo)
    offer = sam.newest
    action = next(
        a for a in _actions(offer.card or {}) if a["type"] == "Action.Submit" and a["title"] == "Accept"
    )
    activity = sam.activity(type="message", value=action["data"], replyToId=offer.id)
    await sam.sends(activity)
    await sam.sends(activity)
    await place.settle()
    assert shown(sam) == "Thank you"
    assert len(sam.sees) == 2
    assert shown(jo) == "Someone has offered to listen"
