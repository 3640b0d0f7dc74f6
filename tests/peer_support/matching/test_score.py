from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from peer_support.hours import WeeklyHours
from peer_support.matching.candidate import Load
from peer_support.matching.score import OTHER_FORCE_FIRST, Part, fair, may_be_named, score, shared
from peer_support.people import AboutMe, Alike
from peer_support.request import When, Wishes
from tests.peer_support.matching.people import (
    NORTHMOOR,
    NOW,
    POLICY,
    SOUTHSEA,
    candidates,
    seeker,
    seekers,
    supporter,
)


def points(part: Part, candidate, wishes: Wishes) -> int:
    return dict(score(candidate, seeker(wishes=wishes), NOW, POLICY).parts)[part]


def test_shared_experience_counts_once_a_topic_and_just_talking_shares_nothing():
    sam = supporter(experiences=frozenset({"menopause", "bereavement", "general"}))
    assert points(Part.EXPERIENCE, sam, Wishes(topics=("menopause", "bereavement", "cancer"))) == 60
    assert points(Part.EXPERIENCE, sam, Wishes(topics=("cancer",))) == 0
    assert points(Part.EXPERIENCE, sam, Wishes()) == 0


def test_only_what_the_supporter_chose_to_name_may_be_named():
    sam = supporter(
        experiences=frozenset({"menopause", "bereavement"}), named=frozenset({"bereavement", "cancer"})
    )
    asking = seeker(wishes=Wishes(topics=("menopause", "bereavement", "cancer")))
    assert shared(sam, asking) == ("menopause", "bereavement")
    assert may_be_named(sam, asking) == ("bereavement",)


def test_grade_and_work_count_only_where_wished():
    sam = supporter(grade="sergeant", roles=frozenset({"custody", "other_role"}))
    about = AboutMe(grade="sergeant", work="custody")
    for alike, grade, work in ((Alike.NOTHING, 0, 0), (Alike.GRADE, 20, 0), (Alike.JOB, 0, 20)):
        wishes = Wishes(about=replace(about, alike=alike))
        assert points(Part.GRADE, sam, wishes) == grade
        assert points(Part.WORK, sam, wishes) == work
    for own, expected in (
        ("inspecting", 12),
        ("superintending", 4),
        ("chief_officer", 0),
        (None, 0),
        ("gone", 0),
    ):
        assert points(Part.GRADE, sam, Wishes(about=AboutMe(grade=own, alike=Alike.GRADE))) == expected
    assert points(Part.WORK, sam, Wishes(about=AboutMe(work="other_role", alike=Alike.JOB))) == 0
    assert points(Part.WORK, sam, Wishes(about=AboutMe(alike=Alike.JOB))) == 0


def test_language_counts_where_one_was_given():
    welsh = supporter(languages=frozenset({"en", "cy"}))
    assert points(Part.LANGUAGE, welsh, Wishes(about=AboutMe(language="cy"))) == 20
    assert points(Part.LANGUAGE, supporter(), Wishes(about=AboutMe(language="cy"))) == 0
    assert points(Part.LANGUAGE, welsh, Wishes()) == 0


def test_hours_count_by_how_much_of_the_wished_time_they_cover():
    evenings = Wishes(when=frozenset({When.EVENINGS}))
    for text, expected in (
        ("Mon-Sun 17:00-22:00", 12),
        ("Mon-Sun 17:00-19:30", 6),
        ("Mon-Sun 08:00-12:00", 0),
    ):
        assert points(Part.HOURS, supporter(hours=WeeklyHours.parse(text)), evenings) == expected
    assert points(Part.HOURS, supporter(hours=None), evenings) == 12  # the force's waking hours
    assert points(Part.HOURS, supporter(), Wishes()) == 0
    weekends = Wishes(when=frozenset({When.WEEKENDS}))
    assert points(Part.HOURS, supporter(hours=WeeklyHours.parse("Sat 00:00-24:00")), weekends) == 6


def test_another_force_comes_first_under_scrutiny_and_for_abuse_at_home():
    own, other = supporter("a", force_id=NORTHMOOR), supporter("b", force_id=SOUTHSEA)
    for topic in ("misconduct", "court_inquest", "domestic_abuse_victim"):
        wishes = Wishes(topics=("menopause", topic))
        assert points(Part.OTHER_FORCE, own, wishes) == 0
        assert points(Part.OTHER_FORCE, other, wishes) == OTHER_FORCE_FIRST
    assert points(Part.OTHER_FORCE, other, Wishes(topics=("menopause",))) == 0
    senior = Wishes(about=AboutMe(grade="superintending", alike=Alike.GRADE))
    assert 0 < points(Part.OTHER_FORCE, other, senior) < OTHER_FORCE_FIRST


@given(candidates(), seekers)
def test_no_other_parts_together_outweigh_another_force_first(people, asking):
    for candidate in people:
        parts = dict(score(candidate, asking, NOW, POLICY).parts)
        gained = sum(given for part, given in parts.items() if part is not Part.OTHER_FORCE and given > 0)
        assert gained + abs(parts[Part.LOAD]) < OTHER_FORCE_FIRST
        assert list(parts) == list(Part)
        assert all(type(given) is int for given in parts.values())


def test_the_least_burdened_and_the_longest_unoffered_come_first():
    assert points(Part.LOAD, supporter(load=Load(active=2, holding=1)), Wishes()) == -15
    for days, expected in ((0, 0), (2, 0), (3, 1), (9, 3), (400, 10)):
        assert (
            points(Part.UNOFFERED, supporter(last_offered_at=NOW - timedelta(days=days)), Wishes())
            == expected
        )
    assert points(Part.UNOFFERED, supporter(last_offered_at=None), Wishes()) == 10
    assert points(Part.UNOFFERED, supporter(last_offered_at=NOW + timedelta(hours=1)), Wishes()) == 0


@given(st.uuids(), st.uuids())
def test_the_tie_break_is_the_same_every_time_and_differs_by_person(request, person):
    assert fair(request.hex, person.hex) == fair(request.hex, person.hex)
    assert fair(request.hex, person.hex) != fair(request.hex, person.hex + "x")


def test_the_tie_break_favours_nobody():
    firsts = [min("abcd", key=lambda id, n=n: fair(f"request-{n}", id)) for n in range(2000)]
    assert all(400 < firsts.count(id) < 600 for id in "abcd")
