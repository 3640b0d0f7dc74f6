"""Asking for a peer: limits once, a form that loses nothing, and a chat that never holds an answer."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.requester import asking
from peer_support.people import AboutMe
from peer_support.request import ForceWish, HowSoon, When
from peer_support.taxonomy import EXPERIENCES, Experience
from tests.fakes.person import Person, actions_of, parts_of, typed, words_of
from tests.scenarios.steps import (
    asks,
    heading,
    introduce,
    kept,
    member,
    nowhere,
    offers_of,
    proposed,
    request_of,
    saves_profile,
    shown,
    supporters,
)
from tests.scenarios.town import NORTHMOOR, SHARED, WESTVALE, Town

ANSWERS = {
    "topics_work": "trauma_incident,cumulative_trauma",
    "force_wish": "different",
    "soon": "no_rush",
    "how": "call",
    "when": "evenings,weekends",
    "note": "Someone who has worked nights.",
    "about_grade": "sergeant",
    "about_work": "custody",
    "alike": "job",
}

FOUR_TOPICS = {"topics_feeling": "anxiety_depression,stress_burnout"}


def answers_in(card: dict[str, Any]) -> dict[str, str]:
    """What the form's fields hold."""
    held = typed(card, {})
    return {name: value for name, value in held.items() if value and not name.startswith("remember")}


async def begins(place: Town, jo: Person) -> None:
    """Up to the open form, limits read."""
    await jo.says("request")
    if shown(jo) == "Before you ask" or place.desk.forms == "dialog":
        await jo.presses("Continue")


async def test_four_taps_and_no_typing_from_hi_to_sent(place: Town) -> None:
    jo = await place.officer()
    await place.supporter()
    await jo.says("hi")
    taps = ("Ask for a peer", "Continue", "Review", "Send request")
    assert len(taps) <= 4
    for title in taps:
        await jo.presses(title)
    assert jo.dialog is None
    request = await request_of(place, jo)
    assert shown(jo) == f"Sent. Your reference is {request.reference}."
    assert request.wishes.topics == ("general",)
    assert "By 15:00 today I'll tell you how it's going" in jo.newest.words
    assert "No supporter gets your name until you say yes" in jo.newest.words
    assert "Nobody watches this chat" in jo.newest.words
    assert "Samaritans 116 123" in jo.newest.words


async def test_limits_are_read_once_a_version(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    jo = await place.officer()
    await jo.says("request")
    assert shown(jo) == "Before you ask"
    for said in ("seriously harmed", "rep or solicitor", "Your force runs Teams", "This isn't counselling"):
        assert said in jo.newest.words
    assert "agree" not in jo.newest.words
    await jo.presses("Continue")
    await jo.closes()
    await jo.says("request")
    assert shown(jo) == "Ask for a peer"
    before = await member(place, jo)
    assert before.limits_read_at == place.clock.now
    monkeypatch.setattr(asking, "LIMITS_VERSION", "2031-01")
    await jo.says("request")
    assert shown(jo) == "Before you ask"
    await jo.presses("Continue", on=jo.newest)
    assert (await member(place, jo)).limits_version == "2031-01"


async def test_limits_changed_while_the_form_was_open_come_before_sending(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review", fields={"note": "Someone patient."})
    monkeypatch.setattr(asking, "LIMITS_VERSION", "2031-01")
    await jo.presses("Send request")
    assert shown(jo) == "Before you ask"
    await jo.presses("Continue")
    assert jo.dialog is not None
    assert answers_in(jo.dialog.card)["note"] == "Someone patient."
    await jo.presses("Review")
    await jo.presses("Send request")
    assert "Sent." in jo.newest.words


async def test_the_form_comes_back_as_it_was_left(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review", fields=ANSWERS)
    assert shown(jo) == "One last look"
    await jo.closes()
    await place.time_passes(hours=20)
    await begins(place, jo)
    assert jo.dialog is not None
    held = answers_in(jo.dialog.card)
    assert {name: held[name] for name in ANSWERS if name != "about_work"} == {
        name: value for name, value in ANSWERS.items() if name != "about_work"
    }
    assert held["about_work"].casefold().startswith("custody")
    await jo.closes()
    await place.time_passes(hours=25)
    await begins(place, jo)
    assert "note" not in answers_in(jo.dialog.card if jo.dialog else {})


async def test_a_form_of_yesterday_is_opened_anew_and_nothing_is_sent(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review")
    await place.time_passes(hours=25)
    await jo.presses("Send request")
    assert shown(jo) == "Let's start the form again"
    await jo.presses("Menu")
    assert "You have a request" not in jo.reads


async def test_what_is_reviewed_is_what_is_sent(place: Town) -> None:
    jo = await place.officer()
    await place.supporter(tenant=WESTVALE)
    await begins(place, jo)
    await jo.presses("Review", fields=ANSWERS)
    assert jo.dialog is not None
    for said in ("A different force", "No rush", "A phone call", "evenings and weekends", ANSWERS["note"]):
        assert said in jo.dialog.words
    await jo.presses("Change")
    await jo.presses("Review")
    await jo.presses("Send request")
    wishes = (await request_of(place, jo)).wishes
    assert wishes.topics == ("trauma_incident", "cumulative_trauma")
    assert wishes.force_wish is ForceWish.DIFFERENT
    assert wishes.soon is HowSoon.NO_RUSH
    assert wishes.when == {When.EVENINGS, When.WEEKENDS}
    assert wishes.note == ANSWERS["note"]
    assert wishes.about.grade == "sergeant"


async def test_an_emptied_field_is_empty(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review", fields=ANSWERS)
    await jo.presses("Change")
    await jo.presses("Review", fields={"note": "", "topics_work": "", "when": ""})
    await jo.presses("Send request")
    wishes = (await request_of(place, jo)).wishes
    assert (wishes.note, wishes.topics, wishes.when) == (None, ("general",), frozenset())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (FOUR_TOPICS, "Please choose three topics at most."),
        ({"note": "x" * 301}, "Please make the note shorter"),
        ({"about_work": "chief wizardry of nothing"}, "I don't know that kind of work"),
    ],
)
async def test_the_server_says_what_to_mend_and_loses_nothing(
    place: Town, fields: dict[str, str], words: str
) -> None:
    jo = await place.officer()
    await begins(place, jo)
    assert jo.dialog is not None
    everything = {**typed(jo.dialog.card, {}), **ANSWERS, **fields}
    await _submits(jo, "form.review", **everything)
    assert "Nothing is lost" in jo.dialog.words
    assert words in jo.dialog.words
    held = answers_in(jo.dialog.card)
    for name, value in {**ANSWERS, **fields}.items():
        assert held[name] == value


async def test_near_kinds_of_work_are_asked_about(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review", fields={"about_work": "respnse or custidy"})
    assert jo.dialog is not None
    assert "I don't know that kind of work" in jo.dialog.words
    assert "Did you mean one of these?" in jo.dialog.words


async def _submits(person: Person, verb: str, **fields: Any) -> None:
    """A press inside the dialog with any fields at all."""
    data = {"verb": verb, "v": 1, **fields}
    await person.sends(person.activity(type="invoke", name="task/submit", value={"data": data}))


async def test_hostile_values_are_mended_or_left_out(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    hostile = {
        "topics_work": "'; DROP TABLE requests;--",
        "force_wish": "everyone",
        "soon": "",
        "how": "carrier pigeon",
        "when": "midnight,evenings",
        "own_force": "westvale",
        "about_grade": "../../etc/passwd",
        "note": "**bold** [x](javascript:alert(1)) \u202e\u0007 <script>",
        "extra": {"deep": ["er"]},
        "remember": True,
        "id": ["not", "a", "string"],
    }
    await _submits(jo, "form.review", **hostile)
    assert jo.last_status == 200
    assert jo.dialog is not None
    assert shown(jo) == "Ask for a peer"
    assert "Please choose again" in jo.dialog.words
    assert "DROP TABLE" not in jo.dialog.words
    await jo.presses("Review", fields={"topics_work": "", "note": "Plain."})
    assert "To change" in jo.dialog.words
    await jo.presses("Review", fields={"force_wish": "own", "how": "any", "when": "", "about_grade": ""})
    assert "Send request" in jo.dialog.words


async def test_about_me_is_remembered_only_where_agreed(place: Town) -> None:
    jo = await place.officer()
    about = {"about_grade": "sergeant", "about_work": "custody"}
    await asks(place, jo, **about)
    assert (await member(place, jo)).about is None
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await asks(place, jo, **about, remember="true")
    assert (await member(place, jo)).about == AboutMe(grade="sergeant", work="custody")
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await begins(place, jo)
    assert jo.dialog is not None
    assert answers_in(jo.dialog.card)["about_grade"] == "sergeant"


async def test_a_covert_role_is_told_its_own_route_and_nothing_is_kept(place: Town) -> None:
    jo = await place.officer()
    await place.supporter()
    await begins(place, jo)
    await jo.presses("Review", fields={"about_work": "undercover officer", "note": "Someone discreet."})
    assert shown(jo) == "Your work has its own route"
    own = await member(place, jo)
    async with place.desk.open_work() as work:
        assert await work.drafts.get(own.id) is None
        assert await work.requests.live_of(own.id) is None
    assert own.about is None


async def test_a_covert_role_is_never_kept_on_the_way_to_not_these_people(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Not these people", fields={"about_work": "covert", "note": "Someone discreet."})
    own = await member(place, jo)
    async with place.desk.open_work() as work:
        draft = await work.drafts.get(own.id)
    assert draft is None or "about_work" not in draft.answers


async def test_under_investigation_there_is_no_note_and_the_facts_go_to_the_rep(place: Town) -> None:
    jo = await place.officer()
    near, far = await place.supporter("Sam Okafor"), await place.supporter("Ola Berg", WESTVALE)
    await begins(place, jo)
    await jo.presses("Review", fields={"topics_scrutiny": "misconduct", "note": "What happened was this."})
    assert jo.dialog is not None
    assert "I haven't kept your note" in jo.dialog.words
    assert "Please talk to your rep or solicitor about the facts" in jo.dialog.words
    assert "What happened was this" not in jo.dialog.words
    await jo.presses("Send request")
    await place.settle()
    assert (await request_of(place, jo)).wishes.note is None
    assert "Could you listen" not in near.reads
    assert "I'll first check that you have no part in it" in far.newest.words
    await far.presses("Accept")
    assert shown(far) == "One thing first"
    assert (await offers_of(place, jo))[0].answered_at is None
    await far.presses("I have no part in this")
    await place.settle()
    assert shown(far) == "Thank you"
    assert shown(jo) == "Someone has offered to listen"


@pytest.mark.parametrize(
    "chosen", [each for each in EXPERIENCES.values() if each.crisis_first], ids=lambda each: each.id
)
async def test_some_topics_show_who_to_ring_first_and_carry_on_goes_on(
    place: Town, chosen: Experience
) -> None:
    jo = await place.officer()
    await place.supporter(experiences=chosen.id, cleared_experiences=chosen.id)
    await begins(place, jo)
    await jo.presses("Review", fields={f"topics_{chosen.group}": chosen.id, "soon": "today"})
    assert shown(jo) == "There is someone to talk to right now"
    assert jo.dialog is not None
    assert "Samaritans 116 123" in jo.dialog.words
    await jo.presses("More support")
    await jo.presses("Carry on")
    assert shown(jo) == "One last look"
    await jo.presses("Send request")
    assert (await request_of(place, jo)).wishes.topics == (chosen.id,)


async def test_abuse_at_home_shows_its_own_lines_and_asks_whether_it_is_safe_here(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review", fields={"topics_home": "domestic_abuse_victim"})
    assert shown(jo) == "People who can help"
    assert jo.dialog is not None
    assert "Is it safe to message you here?" in jo.dialog.words
    assert "Refuge" in jo.dialog.words
    await jo.presses("Carry on")
    assert shown(jo) == "One last look"


async def test_words_of_danger_in_the_note_show_help_and_never_stop_the_request(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Review", fields={"note": "I want to kill myself"})
    assert jo.dialog is not None
    assert "Samaritans 116 123" in jo.dialog.words
    await jo.presses("Carry on")
    assert shown(jo) == "One last look"
    await jo.presses("Send request")
    assert (await request_of(place, jo)).wishes.note == "I want to kill myself"


async def test_help_now_inside_the_form_keeps_what_was_typed(place: Town) -> None:
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Help now", fields={"note": "Someone patient.", "soon": "today"})
    assert shown(jo) == "Help now"
    await kept()
    await jo.presses("Carry on")
    assert shown(jo) == "Ask for a peer"
    assert jo.dialog is not None
    held = answers_in(jo.dialog.card)
    assert (held["note"], held["soon"]) == ("Someone patient.", "today")


async def test_a_tenant_with_several_forces_asks_which(place: Town) -> None:
    jo = await place.officer(tenant=SHARED)
    gwen = await place.supporter("Gwen Rees", SHARED, force="southfell")
    await begins(place, jo)
    assert jo.dialog is not None
    assert "Southfell Police" in jo.dialog.words
    await jo.presses("Review")
    assert "Please choose your force." in jo.dialog.words
    await _submits(jo, "form.review", own_force="northmoor", remember="false")
    assert "Please choose your force." in jo.dialog.words
    await jo.presses("Review", fields={"own_force": "southfell", "force_wish": "own"})
    assert "Southfell Police only" in jo.dialog.words
    await jo.presses("Send request")
    await place.settle()
    assert (await request_of(place, jo)).force_id == "southfell"
    assert "Could you listen to a colleague?" in gwen.newest.words


async def test_a_small_force_says_so_and_a_large_one_does_not(place: Town) -> None:
    line = "Your force has only a few supporters"
    jo = await place.officer()
    await supporters(place, *(f"Alex {chr(65 + n)}mber" for n in range(7)))
    await place.supporter("Never Opened", opened=False)
    await begins(place, jo)
    assert jo.dialog is not None
    assert line in jo.dialog.words
    await jo.closes()
    await place.supporter("Kit Eighth")
    await jo.presses("Continue")
    assert jo.dialog is not None
    assert line not in jo.dialog.words


async def test_a_senior_person_is_told_that_other_forces_are_looked_in_too(place: Town) -> None:
    jo = await place.officer()
    far = await place.supporter("Ola Berg", WESTVALE, grade="superintending")
    await begins(place, jo)
    senior = {"about_grade": "superintending", "alike": "grade", "force_wish": "own"}
    await jo.presses("Review", fields=senior)
    assert jo.dialog is not None
    assert "I look for someone of your grade in other forces too" in jo.dialog.words
    await jo.presses("Send request")
    await place.settle()
    assert "Could you listen to a colleague?" in far.newest.words


async def test_one_live_request_a_person(place: Town) -> None:
    jo = await place.officer()
    await asks(place, jo)
    await jo.says("request")
    assert "I can't find anyone who is free" in jo.newest.words
    limits = next(seen for seen in jo.sees if "Continue" in seen.words)
    await jo.presses("Continue", on=limits)
    assert "Your reference is" in shown(jo)


async def test_not_these_people_by_typing(place: Town) -> None:
    jo = await place.officer()
    sam, _pat = await supporters(place, "Sam Okafor", "Pat Byrne")
    await saves_profile(sam, listed="true")
    await begins(place, jo)
    await jo.presses("Not these people", fields={"note": "Someone patient."})
    assert shown(jo) == "Not these people"
    assert jo.dialog is not None
    for line, found in {
        "": False,
        "sam": True,
        "okafr": True,
        "SAM OKA": True,
        "pat": False,
        "zz": False,
    }.items():
        await jo.presses("Find", fields={"name": line})
        assert ("Sam Okafor" in jo.dialog.words) is found, line
    await jo.presses("Find", fields={"name": "sam"})
    own = await member(place, sam)
    await jo.presses("Leave these people out", fields={"people": own.id})
    assert "1 person left out" in jo.dialog.words
    await jo.presses("Back")
    assert answers_in(jo.dialog.card)["note"] == "Someone patient."
    assert "1 person left out" in jo.dialog.words
    await jo.presses("Review")
    assert "1 person left out" in jo.dialog.words
    await jo.presses("Send request")
    await place.settle()
    assert "Could you listen" not in sam.reads
    assert [offer.supporter_id for offer in await offers_of(place, jo)] != [own.id]
    nowhere([jo, sam], "left out: Sam")
    await jo.says("change")
    await jo.presses("Change", on=jo.newest)
    await jo.presses("Not these people")
    await jo.presses("Find", fields={"name": ""})
    assert "1 person left out" in jo.dialog.words
    await jo.presses("Remove")
    assert "left out" not in jo.dialog.words.replace("Leave these people out", "")


async def test_changing_an_open_request_takes_back_offers_that_no_longer_fit(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo, note="Someone patient.")
    assert "Could you listen to a colleague?" in sam.newest.words
    offer = sam.newest
    ola = await place.supporter("Ola Berg", WESTVALE)
    await jo.presses("Change")
    assert jo.dialog is not None
    assert answers_in(jo.dialog.card)["note"] == "Someone patient."
    await jo.presses("Review", fields={"force_wish": "different"})
    await jo.presses("Send changes")
    await place.settle()
    assert jo.dialog is None
    assert shown(jo).startswith("I'm looking. Your reference is")
    assert (await request_of(place, jo)).wishes.note == "Someone patient."
    assert "Could you listen to a colleague?" in ola.newest.words
    await sam.presses("Accept", on=offer)
    assert shown(sam) == "This one isn't going ahead with you"
    await place.time_passes(hours=12)
    assert sam.reads.count("This one isn't going ahead with you") == 1


async def test_a_change_begun_and_left_does_not_stand_in_the_way_of_asking_again(place: Town) -> None:
    jo = await place.officer()
    await place.supporter()
    await asks(place, jo, note="Someone patient.")
    await jo.presses("Change")
    await jo.closes()
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await jo.says("request")
    await jo.presses("Continue", on=jo.newest)
    assert jo.dialog is not None
    assert "note" not in answers_in(jo.dialog.card)
    await jo.presses("Review")
    await jo.presses("Send request")
    assert "Sent." in shown(jo)


@pytest.mark.parametrize("stage", ["open", "proposed", "matched", "resting"])
async def test_withdraw_from_each_state_after_being_asked_once_more(place: Town, stage: str) -> None:
    jo, _sam = await proposed(place)
    if stage == "open":
        await jo.presses("Someone else")
    elif stage == "matched":
        await introduce(place, jo)
    elif stage == "resting":
        await jo.presses("Not now")
    await place.settle()
    assert (await request_of(place, jo)).state.value == stage
    await jo.says("withdraw")
    assert shown(jo) == "Withdraw your request?"
    await jo.presses("Withdraw", on=jo.newest, again=True)
    await place.settle()
    assert shown(jo) == "Your request is withdrawn"
    assert (await request_of(place, jo)).state.value == "withdrawn"
    await jo.says("status")
    assert shown(jo) == "You have no request open"
    await asks(place, jo)
    assert "Sent." in shown(jo)


async def test_looking_wider_asks_supporters_of_other_forces(place: Town) -> None:
    jo = await place.officer()
    ola = await place.supporter("Ola Berg", WESTVALE)
    await asks(place, jo, force_wish="own")
    assert "I can't find anyone who is free" in jo.newest.words
    await jo.presses("Look wider", again=True)
    await place.settle()
    assert shown(jo).startswith("I'm looking")
    assert ola.reads.count("Could you listen to a colleague?") == 1
    assert len(await offers_of(place, jo)) == 1


@pytest.mark.parametrize("forms", ["dialog", "chat"])
async def test_the_requesters_own_chat_never_holds_an_answer(
    forms: str, place: Town, chat_place: Town
) -> None:
    town = place if forms == "dialog" else chat_place
    jo = await town.officer()
    sam, pat = await supporters(town, "Sam Okafor", "Pat Byrne", experiences="trauma_incident")
    await saves_profile(pat, listed="true")
    await begins(town, jo)
    own = await member(town, pat)
    await jo.presses("Not these people", fields={"note": "Someone who has worked nights."})
    await jo.presses("Find", fields={"name": "pat b"})
    chat_before = list(jo.chat_cards)
    await jo.presses("Leave these people out", fields={"people": own.id})
    await jo.presses("Back")
    form = {**ANSWERS, "force_wish": "anyone", "note": "x" * 301}
    await jo.presses("Review", fields=form)
    await jo.presses("Review", fields={"note": "Someone who has worked nights."})
    await jo.presses("Send request")
    await town.settle()
    wishes = (await request_of(town, jo)).wishes
    assert wishes.topics == ("trauma_incident", "cumulative_trauma")
    assert wishes.note == "Someone who has worked nights."
    await sam.presses("Accept")
    await town.settle()
    await introduce(town, jo, how="call", phone="07700 900123")
    assert "07700 900123" in sam.newest.words
    await jo.says("status")
    await jo.says("menu")
    for card in jo.chat_cards:
        for part in parts_of(card):
            value = str(part.get("value", ""))
            assert not [each for each in (*form.values(), "07700") if each in value and len(each) > 9], part
    left = [words for card in jo.chat_cards if card not in chat_before for words in words_of(card)]
    offered = {topic.asking for topic in EXPERIENCES.values()}
    assert "Pat Byrne" not in "\n".join(left)
    nowhere([jo], "Someone who has worked nights", "07700 900123", "x" * 301)
    for card in jo.chat_cards:
        if not [part for part in parts_of(card) if str(part.get("type", "")).startswith("Input.")]:
            assert not offered & set(words_of(card)), heading(card)


async def test_the_whole_form_in_the_chat_keeps_answers_that_are_not_shown(chat_place: Town) -> None:
    place = chat_place
    jo = await place.officer()
    await place.supporter()
    await jo.says("hi")
    for title in ("Ask for a peer", "Continue"):
        await jo.presses(title)
    await jo.presses("Review", fields={"topics_work": "trauma_incident", "note": "Someone patient."})
    assert jo.dialog is None
    assert "1 topic and a note" in jo.newest.words
    await jo.presses("Change")
    assert "Your earlier answers are kept" in jo.newest.words
    assert answers_in(jo.newest.card or {}) == {}
    await jo.presses("Review", fields={"soon": "today"})
    await jo.presses("Send request")
    wishes = (await request_of(place, jo)).wishes
    assert (wishes.topics, wishes.note, wishes.soon) == (
        ("trauma_incident",),
        "Someone patient.",
        HowSoon.TODAY,
    )
    assert not [
        a for seen in jo.sees if seen.card for a in actions_of(seen.card) if "msteams" in a.get("data", {})
    ]


async def test_help_now_on_the_form_in_the_chat_keeps_what_was_typed(chat_place: Town) -> None:
    place = chat_place
    jo = await place.officer()
    await begins(place, jo)
    await jo.presses("Help now", fields={"note": "Someone patient.", "soon": "today"})
    assert shown(jo) == "Help now"
    await kept()
    await jo.presses("Carry on")
    assert shown(jo) == "Ask for a peer"
    await jo.presses("Review")
    await jo.presses("Send request")
    wishes = (await request_of(place, jo)).wishes
    assert (wishes.note, wishes.soon) == ("Someone patient.", HowSoon.TODAY)


async def test_a_supporter_may_ask_too_and_is_never_asked_about_themselves(place: Town) -> None:
    sam = await place.supporter("Sam Okafor")
    await asks(place, sam)
    assert "I can't find anyone who is free" in sam.newest.words
    assert (await member(place, sam)).tenant_id == NORTHMOOR
    assert await offers_of(place, sam) == []
