from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_support.form import (
    CHOOSE_AGAIN,
    FIELDS,
    NOTE_TOO_LONG,
    TOO_MANY_TOPICS,
    TOPICS,
    WORK_UNKNOWN,
    Mend,
    clean,
    keep,
    read,
    summary,
    to_answers,
)
from peer_support.people import AboutMe, Alike
from peer_support.policy import Policy
from peer_support.request import JUST_TALK, ForceWish, How, HowSoon, When, Wishes
from peer_support.taxonomy import EXPERIENCES, is_scrutiny
from tests.peer_support.matching.people import wish_lists

WHOLE = {
    "topics_loss": "bereavement",
    "topics_home": "money,relationship",
    "force_wish": "different",
    "how": "call",
    "when": "evenings,weekends",
    "soon": "today",
    "note": "Someone who has worked nights.",
    "about_grade": "sergeant",
    "about_work": "Control room",
    "about_language": "cy",
    "alike": "job",
    "remember": "true",
}


def test_an_untouched_form_is_a_whole_request():
    reading = read({})
    assert reading.wishes == Wishes()
    assert reading.wishes.topics == (JUST_TALK,)
    assert (reading.mends, reading.answers, reading.remember, reading.covert) == ((), {}, False, False)


def test_a_whole_form():
    reading = read(WHOLE)
    assert reading.mends == ()
    assert reading.remember
    assert reading.answers == WHOLE
    assert reading.wishes == Wishes(
        topics=("bereavement", "money", "relationship"),
        force_wish=ForceWish.DIFFERENT,
        how=How.CALL,
        when=frozenset({When.EVENINGS, When.WEEKENDS}),
        soon=HowSoon.TODAY,
        note="Someone who has worked nights.",
        about=AboutMe("sergeant", "control_room", "cy", Alike.JOB),
    )


def test_just_to_talk_and_something_else_is_something_else():
    assert read({"topics_just_talk": JUST_TALK, "topics_health": "cancer"}).wishes.topics == ("cancer",)
    three = {"topics_just_talk": JUST_TALK, "topics_health": "cancer,menopause,disability"}
    assert read(three).wishes.topics == ("menopause", "cancer", "disability")


def test_more_topics_than_three_are_to_be_mended_and_stay_as_they_were():
    four = {"topics_health": "cancer,menopause", "topics_home": "money,caring"}
    reading = read(four)
    assert reading.wishes is None
    assert reading.mends == (Mend("topics", TOO_MANY_TOPICS, limit=3),)
    assert reading.answers == four
    assert len(reading.topics) == 4
    assert read(four, policy=Policy(topics_at_most=4)).wishes is not None


def test_a_long_note_is_kept_and_to_be_mended():
    long = "a" * 301
    reading = read({"note": long})
    assert reading.wishes is None
    assert reading.mends == (Mend("note", NOTE_TOO_LONG, limit=300),)
    assert reading.answers == {"note": long}
    assert read({"note": "a" * 300}).wishes.note == "a" * 300


def test_everything_to_be_mended_is_said_at_once():
    reading = read(
        {"how": "pigeon", "when": "evenings,never", "topics_home": "money,moon", "about_work": "zzzz"}
    )
    assert {(mend.field, mend.words) for mend in reading.mends} == {
        ("how", CHOOSE_AGAIN),
        ("when", CHOOSE_AGAIN),
        ("topics_home", CHOOSE_AGAIN),
        ("about_work", WORK_UNKNOWN),
    }
    assert reading.topics == ("money",)


def test_a_topic_only_counts_in_its_own_group():
    reading = read({"topics_just_talk": "misconduct"})
    assert reading.mends == (Mend("topics_just_talk", CHOOSE_AGAIN),)
    assert reading.topics == (JUST_TALK,)


@pytest.mark.parametrize("topic", [topic for topic in EXPERIENCES if is_scrutiny(topic)])
def test_under_scrutiny_no_note_is_sent_and_that_is_said(topic):
    reading = read({"topics_scrutiny": topic, "note": "a" * 400})
    assert reading.mends == ()
    assert reading.wishes.note is None
    assert reading.note_dropped
    assert not read({"topics_scrutiny": topic}).note_dropped


@pytest.mark.parametrize(
    "words", ["covert", "Covert or sensitive role", "undercover officer", "surveilance team", "CHIS"]
)
def test_a_covert_role_is_known_and_nothing_is_kept_of_it(words):
    reading = read({"about_work": words, "how": "call"})
    assert reading.covert
    assert reading.wishes is None
    assert reading.answers == {"how": "call"}


def test_work_that_may_be_two_things_is_asked_about():
    reading = read({"about_work": "response and custody"})
    assert reading.mends == (Mend("about_work", WORK_UNKNOWN, near=("response", "custody")),)
    assert reading.answers == {"about_work": "response and custody"}


def test_own_force_is_passed_on_and_unknown_fields_are_not_kept():
    reading = read({"own_force": "northmoor", "id": "x", "people": "y", "topics_moon": "z"})
    assert reading.own_force == "northmoor"
    assert reading.answers == {"own_force": "northmoor"}


def test_what_did_not_come_was_not_touched():
    assert read({"how": "meet"}, previous=WHOLE).wishes == replace(read(WHOLE).wishes, how=How.MEET)


def test_what_came_blank_was_emptied():
    assert read({"note": " ", "about_grade": ""}, previous=WHOLE).wishes == replace(
        read(WHOLE).wishes, note=None, about=AboutMe(None, "control_room", "cy", Alike.JOB)
    )


def test_what_a_filled_form_leaves_out_was_emptied():
    came = {"topics_loss": "bereavement", "remember": "false"}
    assert keep(came, WHOLE, FIELDS) == came
    assert keep(came, WHOLE, ["note"]) == {
        name: value for name, value in {**WHOLE, **came}.items() if name not in ("note", "topics_home")
    }


def test_a_press_that_brought_no_answers_changes_none():
    assert keep({"id": "x"}, WHOLE, FIELDS) == WHOLE


def test_topics_picked_anew_stand_instead_of_the_earlier_ones():
    assert read({"topics_health": "cancer"}, previous=WHOLE).wishes.topics == ("cancer",)


def test_the_unseen_is_taken_out_of_words():
    assert clean("  a\x00b\u202ec\u200bd\ud800e\x1b[0m\tf  ") == "abcde[0m f"
    assert clean("one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"
    assert clean("w\u0302r rŵan") == "ŵr rŵan"
    assert clean("\U0001f469\u200d\U0001f692") == "\U0001f469\u200d\U0001f692"


@given(st.text())
def test_cleaned_words_stay_as_they_are_and_can_be_stored(text):
    once = clean(text)
    assert clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once


notes = st.none() | st.text(max_size=150).map(clean).filter(bool)


@given(wish_lists, notes)
def test_sent_wishes_open_in_the_form_and_read_the_same(wishes, note):
    wishes = replace(wishes, note=None if any(map(is_scrutiny, wishes.topics)) else note)
    answers = to_answers(wishes)
    reading = read(answers)
    assert reading.wishes == wishes
    assert reading.answers == answers
    assert set(answers) <= set(FIELDS)


hostile = st.text(st.characters(), max_size=80) | st.sampled_from(
    [
        "",
        ",",
        ",,,",
        "general",
        "general,general",
        "\x00",
        "\ud800",
        "../../etc",
        "' OR 1=1 --",
        "{braces}",
        "true",
        "None",
    ]
)


@given(
    st.dictionaries(st.sampled_from(FIELDS) | st.text(), hostile),
    st.dictionaries(st.sampled_from(FIELDS), hostile),
    st.sets(st.sampled_from(FIELDS)),
)
def test_nothing_that_comes_makes_it_fail(answers, previous, filled):
    reading = read(answers, previous=previous, filled=filled)
    assert (reading.wishes is None) is bool(reading.mends or reading.covert)
    assert set(reading.answers) <= set(FIELDS)
    assert all(mend.field in (*FIELDS, "topics") for mend in reading.mends)
    if reading.wishes is not None:
        assert 1 <= len(reading.wishes.topics) <= 3
        assert len(reading.wishes.note or "") <= 300
        assert read(to_answers(reading.wishes)).wishes == reading.wishes
    assert read(reading.answers).mends == reading.mends


@given(st.permutations(list(WHOLE)))
def test_the_order_of_the_fields_does_not_matter(order):
    assert read({name: WHOLE[name] for name in order}) == read(WHOLE)


def test_long_words_do_not_hold_anybody_up():
    everything = dict.fromkeys(FIELDS, "covert-ish " * 20_000)
    assert read(everything).wishes is None


def test_there_are_nine_groups_of_topics_and_each_topic_stands_in_one():
    assert len(TOPICS) == 9
    assert TOPICS[0] == "topics_just_talk"
    for topic, facts in EXPERIENCES.items():
        assert read({f"topics_{facts.group}": topic}).wishes.topics == (topic,)


def test_the_summary_counts_and_warns():
    assert summary(Wishes()).topics == ()
    facts = summary(read(WHOLE).wishes)
    assert (facts.topics, facts.note, facts.about) == (("bereavement", "money", "relationship"), True, 3)
    assert not any((facts.scrutiny, facts.crisis_first, facts.ask_if_safe, facts.lines, facts.across_forces))
    hard = summary(Wishes(topics=("misconduct", "suicidal_lived", "domestic_abuse_victim")))
    assert (hard.scrutiny, hard.crisis_first, hard.ask_if_safe, hard.lines) == (
        True,
        True,
        True,
        ("domestic_abuse",),
    )
    senior = AboutMe(grade="superintending", alike=Alike.GRADE)
    assert summary(Wishes(force_wish=ForceWish.OWN, about=senior)).across_forces
    assert not summary(Wishes(force_wish=ForceWish.ANYONE, about=senior)).across_forces
