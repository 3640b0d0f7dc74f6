"""The packaged facts are whole, refer only to each other, and carry the marks that safety hangs on."""

from __future__ import annotations

from itertools import combinations

import pytest

from peer_support import taxonomy
from peer_support.request import JUST_TALK

MOST_IN_A_LIST = 12
REGIONS = {
    *("north_east", "north_west", "yorkshire_humber", "east_midlands", "west_midlands", "eastern", "london"),
    *("south_east", "south_west", "wales", "scotland", "northern_ireland", "national"),
}


def test_every_force_is_somewhere() -> None:
    assert len(taxonomy.FORCES) == 50
    for force in taxonomy.FORCES.values():
        assert force.name
        assert force.nations
        assert force.nations <= taxonomy.NATIONS
        assert force.region in REGIONS


def test_just_to_talk_is_first() -> None:
    first = taxonomy.groups()[0]
    assert [each.id for each in taxonomy.in_group(first.id)] == [JUST_TALK]
    assert first.label == "Just to talk"


def test_each_experience_stands_in_one_of_nine_groups_and_no_list_is_too_long() -> None:
    assert len(taxonomy.groups()) == 9
    sizes = {group.id: len(taxonomy.in_group(group.id)) for group in taxonomy.groups()}
    assert sum(sizes.values()) == len(taxonomy.EXPERIENCES) == 57
    assert max(sizes.values()) <= MOST_IN_A_LIST
    assert min(sizes.values()) >= 1


def test_each_kind_of_work_stands_in_a_group_and_no_list_is_too_long() -> None:
    in_groups = [role.group for role in taxonomy.ROLES.values()]
    assert set(in_groups) == set(taxonomy.WORK_GROUPS)
    assert max(in_groups.count(group) for group in taxonomy.WORK_GROUPS) <= MOST_IN_A_LIST


def test_the_form_can_list_its_common_languages() -> None:
    common = [language.id for language in taxonomy.LANGUAGES.values() if language.common]
    assert common[:2] == ["en", "cy"]
    assert len(common) <= MOST_IN_A_LIST


@pytest.mark.parametrize(
    "labels",
    [
        [each.asking for each in taxonomy.EXPERIENCES.values()],
        [each.supporter for each in taxonomy.EXPERIENCES.values()],
        [each.label for each in taxonomy.GROUPS.values()],
        [each.told for each in taxonomy.GROUPS.values()],
        [each.label for each in taxonomy.GRADES.values()],
        [each.label for each in taxonomy.ROLES.values()],
        [each.label for each in taxonomy.LANGUAGES.values()],
    ],
    ids=["asking", "supporter", "group", "told", "grade", "role", "language"],
)
def test_labels_are_short_distinct_and_carry_no_blame(labels: list[str]) -> None:
    assert len(set(labels)) == len(labels)
    for label in labels:
        assert 0 < len(label) <= 60
        assert not any(word in label.lower() for word in ("committed", "victim", "client", "volunteers", "!"))


def test_ending_ones_life_is_named_as_the_person_and_the_supporter_would() -> None:
    lived = taxonomy.experience("suicidal_lived")
    assert lived.asking == "Thoughts of ending my life"
    assert lived.supporter == "Has come through suicidal thoughts"


def marked(rule) -> set[str]:
    return {topic for topic in taxonomy.EXPERIENCES if rule(topic)}


def test_the_marks_that_safety_hangs_on() -> None:
    assert marked(taxonomy.crisis_first) == {"suicidal_lived", "self_harm_lived"}
    assert marked(taxonomy.needs_clearance) == {"suicidal_lived", "self_harm_lived"}
    assert marked(taxonomy.ask_if_safe) == {"domestic_abuse_victim", "sexual_harm"}
    assert {topic: lines for topic in taxonomy.EXPERIENCES if (lines := taxonomy.lines_for(topic))} == {
        "domestic_abuse_victim": "domestic_abuse",
        "sexual_harm": "sexual_harm",
        "gambling": "gambling",
    }
    scrutiny = {"pip", "misconduct", "witness_whistleblower", "court_inquest", "media_attention"}
    assert marked(taxonomy.is_scrutiny) == scrutiny
    assert marked(taxonomy.other_force_first) == {*scrutiny, "domestic_abuse_victim"}


def test_what_may_involve_conduct_is_marked() -> None:
    conduct = {each.id for each in taxonomy.EXPERIENCES.values() if each.conduct}
    assert conduct == {"pip", "misconduct", "witness_whistleblower", "alcohol_drugs", "sexual_harm"}


def test_conflict_and_covert_work() -> None:
    assert {role for role in taxonomy.ROLES if taxonomy.is_conflict(role)} == {"professional_stds"}
    assert {role for role in taxonomy.ROLES if taxonomy.is_covert(role)} == {"covert"}


def test_senior_grades() -> None:
    assert {grade for grade in taxonomy.GRADES if taxonomy.is_senior(grade)} == {
        "superintending",
        "chief_officer",
        "staff_senior",
    }


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("constable", "constable", 0),
        ("constable", "sergeant", 1),
        ("constable", "chief_officer", 4),
        ("special", "constable", 1),
        ("staff_manager", "sergeant", 1),
        ("pcso", "staff", 1),
        ("staff_senior", "superintending", 1),
        ("former", "constable", None),
        ("former", "former", 0),
    ],
)
def test_nearness_of_grades(one: str, other: str, apart: int | None) -> None:
    assert taxonomy.near(one, other) == apart


def test_nearness_is_the_same_both_ways_and_only_the_same_grade_is_at_nought() -> None:
    for one, other in combinations(taxonomy.GRADES, 2):
        assert taxonomy.near(one, other) == taxonomy.near(other, one)
        assert taxonomy.near(one, other) != 0


@pytest.mark.parametrize(
    "look_up", [taxonomy.experience, taxonomy.is_scrutiny, taxonomy.is_covert, taxonomy.is_senior]
)
def test_an_unknown_id_is_never_taken_for_a_harmless_one(look_up) -> None:
    with pytest.raises(KeyError):
        look_up("no_such_thing")
