from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from peer_support.hours import WeeklyHours
from peer_support.matching.candidate import Load
from peer_support.matching.eligible import (
    Reason,
    Step,
    eligible,
    looks_across,
    why_not,
    why_unavailable,
    within_wish,
)
from peer_support.people import AboutMe, Alike, Reach, RosterStatus
from peer_support.policy import Policy
from peer_support.request import ForceWish, Wishes
from tests.peer_support.matching.people import (
    NORTHMOOR,
    NOW,
    POLICY,
    SOUTHSEA,
    TODAY,
    member,
    seeker,
    supporter,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def test_a_supporter_against_whom_nothing_stands_may_be_asked_at_every_step():
    for step in Step:
        assert why_not(supporter(), seeker(), NOW, POLICY, step=step) is None


ALONE = [
    ({"status": RosterStatus.LEAVE}, Reason.NOT_ACTIVE),
    ({"status": RosterStatus.LEFT}, Reason.NOT_ACTIVE),
    ({"selected_on": None}, Reason.NOT_SELECTED),
    ({"selected_on": TOMORROW}, Reason.NOT_SELECTED),
    ({"trained_on": None}, Reason.NOT_TRAINED),
    ({"trained_on": TOMORROW}, Reason.NOT_TRAINED),
    ({"refresher_due": None}, Reason.OUT_OF_DATE),
    ({"refresher_due": YESTERDAY}, Reason.OUT_OF_DATE),
    ({"refresher_due": TODAY}, None),
    ({"signed_off_by": None}, Reason.NOT_SIGNED_OFF),
    ({"signed_off_by": "  "}, Reason.NOT_SIGNED_OFF),
    ({"paused": True}, Reason.PAUSED),
    ({"roles": frozenset({"response", "covert"})}, Reason.COVERT_ROLE),
    ({"roles": frozenset({"a role long gone"})}, None),
]


@pytest.mark.parametrize(("facts", "reason"), ALONE)
@pytest.mark.parametrize("step", Step)
def test_what_rules_a_supporter_out_does_so_at_every_step(facts, reason, step):
    assert why_not(supporter(**facts), seeker(), NOW, POLICY, step=step) is reason
    assert why_unavailable(supporter(**facts), NOW, POLICY, step=step) is reason


@pytest.mark.parametrize("reach", [Reach.NEVER_OPENED, Reach.BLOCKED])
def test_whoever_the_bot_cannot_reach_is_not_asked(reach):
    assert why_not(supporter(of=member("sam", reach=reach)), seeker(), NOW, POLICY) is Reason.UNREACHABLE


def test_oneself_is_known_by_id_and_by_directory_id():
    assert why_not(supporter("jo"), seeker(), NOW, POLICY) is Reason.ONESELF
    twin = supporter("x", of=member("x", directory_id="DIR-JO"))
    assert why_not(twin, seeker(), NOW, POLICY) is Reason.ONESELF
    namesake = supporter("x", of=member("x", directory_id="dir-jo", tenant_id="tenant-2"))
    assert why_not(namesake, seeker(), NOW, POLICY) is None


def test_not_these_people_counts_either_way():
    assert why_not(supporter("sam"), seeker(excluded=frozenset({"sam"})), NOW, POLICY) is Reason.LEFT_OUT


def test_whoever_the_requester_manages_is_never_asked():
    assert why_not(supporter(line_manager=" DIR-jo "), seeker(), NOW, POLICY) is Reason.MANAGED_BY_REQUESTER
    elsewhere = supporter(line_manager="dir-jo", of=member("sam", tenant_id="tenant-2"))
    assert why_not(elsewhere, seeker(), NOW, POLICY) is None


def test_the_requesters_known_manager_is_never_asked():
    assert why_not(supporter(), seeker(line_manager="dir-sam"), NOW, POLICY) is Reason.MANAGES_REQUESTER
    assert why_not(supporter(), seeker(line_manager=""), NOW, POLICY) is None


def test_a_known_team_is_ruled_out_in_its_own_force_only():
    asking = seeker(team="Blue Team")
    assert why_not(supporter(team="blue team "), asking, NOW, POLICY) is Reason.SAME_TEAM
    assert why_not(supporter(team="blue team", force_id=SOUTHSEA), asking, NOW, POLICY) is None
    assert why_not(supporter(team=""), seeker(team=""), NOW, POLICY) is None
    assert why_not(supporter(team=None), seeker(team=None), NOW, POLICY) is None


def test_professional_standards_keep_to_their_own():
    standards = supporter(roles=frozenset({"professional_stds"}))
    assert why_not(standards, seeker(), NOW, POLICY) is Reason.CONFLICT_ROLE
    for work, reason in (("response", Reason.CONFLICT_ROLE), ("professional_stds", None)):
        asking = seeker(wishes=Wishes(about=AboutMe(work=work)))
        assert why_not(standards, asking, NOW, POLICY) is reason


@pytest.mark.parametrize(
    ("wish", "own", "other"),
    [
        (ForceWish.OWN, None, Reason.BEYOND_WISH),
        (ForceWish.DIFFERENT, Reason.BEYOND_WISH, None),
        (ForceWish.ANYONE, None, None),
    ],
)
def test_the_force_wish_is_never_gone_beyond(wish, own, other):
    asking = seeker(wishes=Wishes(force_wish=wish))
    for step in Step:
        assert why_not(supporter(force_id=NORTHMOOR), asking, NOW, POLICY, step=step) is own
        assert why_not(supporter(force_id=SOUTHSEA), asking, NOW, POLICY, step=step) is other


@pytest.mark.parametrize(
    ("about", "across"),
    [
        (AboutMe(grade="superintending", alike=Alike.GRADE), True),
        (AboutMe(grade="chief_officer", alike=Alike.GRADE), True),
        (AboutMe(grade="superintending", alike=Alike.JOB), False),
        (AboutMe(grade="inspecting", alike=Alike.GRADE), False),
        (AboutMe(alike=Alike.GRADE), False),
        (AboutMe(grade="a grade long gone", alike=Alike.GRADE), False),
    ],
)
def test_seniors_who_ask_for_their_grade_look_across_forces(about, across):
    wishes = Wishes(force_wish=ForceWish.OWN, about=about)
    assert looks_across(wishes) is across
    assert within_wish(SOUTHSEA, NORTHMOOR, wishes) is across
    assert not within_wish(NORTHMOOR, NORTHMOOR, replace(wishes, force_wish=ForceWish.DIFFERENT))


def test_sensitive_topics_need_clearance_for_each_of_them():
    asking = seeker(wishes=Wishes(topics=("suicidal_lived", "self_harm_lived")))
    for cleared in (set(), {"suicidal_lived"}):
        some = supporter(
            cleared=frozenset(cleared), experiences=frozenset({"suicidal_lived", "self_harm_lived"})
        )
        assert why_not(some, asking, NOW, POLICY) is Reason.NOT_CLEARED
    both = supporter(cleared=frozenset({"suicidal_lived", "self_harm_lived"}))
    assert why_not(both, asking, NOW, POLICY) is None


@pytest.mark.parametrize(
    ("load", "most", "reason"),
    [
        (Load(active=2), 3, None),
        (Load(active=3), 3, Reason.FULL),
        (Load(active=3), 5, Reason.FULL),
        (Load(active=1), 1, Reason.FULL),
        (Load(), 0, Reason.FULL),
        (Load(active=2, holding=1), 3, Reason.FULL),
        (Load(new_in_week=1), 3, Reason.NEW_ENOUGH),
        (Load(holding=1), 3, Reason.NEW_ENOUGH),
        (Load(unanswered_in_week=2), 3, None),
        (Load(unanswered_in_week=3), 3, Reason.NOT_ANSWERING),
    ],
)
def test_limits(load, most, reason):
    assert why_not(supporter(load=load, max_active=most), seeker(), NOW, POLICY) is reason


def test_a_force_sets_its_own_limits():
    roomy = Policy(max_active=5, new_matches_in_week=2, unanswered_offers_in_week=9)
    busy = supporter(load=Load(active=4, new_in_week=1, unanswered_in_week=8), max_active=6)
    assert why_not(busy, seeker(), NOW, roomy) is None
    assert why_not(busy, seeker(), NOW, POLICY) is Reason.FULL


def test_their_own_offer_and_hold_do_not_count_against_them():
    asking = seeker(asked=frozenset({"sam"}))
    offered = supporter(load=Load(unanswered_in_week=3), hours=WeeklyHours.parse("Sun 09:00-10:00"))
    assert why_not(offered, asking, NOW, POLICY) is Reason.ASKED_BEFORE
    assert eligible(offered, asking, NOW, POLICY, step=Step.ACCEPT)
    held = supporter(load=Load(holding=1))
    assert (
        why_not(held, asking, NOW, POLICY, step=Step.ACCEPT) is Reason.NEW_ENOUGH
    )  # they hold somebody else's
    assert eligible(held, asking, NOW, POLICY, step=Step.INTRODUCTION)
    both = supporter(load=Load(holding=2))
    assert why_not(both, asking, NOW, POLICY, step=Step.INTRODUCTION) is Reason.NEW_ENOUGH


@pytest.mark.parametrize(
    ("now", "hours", "open_now"),
    [
        (NOW, None, True),
        (datetime(2026, 11, 25, 7, 59, tzinfo=UTC), None, False),
        (datetime(2026, 11, 25, 22, 0, tzinfo=UTC), None, False),
        (NOW, "Mon-Sun 12:00-20:00", False),
        (
            datetime(2026, 11, 25, 23, 0, tzinfo=UTC),
            "Mon-Sun 20:00-06:00",
            False,
        ),  # own hours, but people sleep
        (datetime(2026, 11, 25, 21, 0, tzinfo=UTC), "Mon-Sun 20:00-06:00", True),
        (datetime(2026, 7, 1, 7, 30, tzinfo=UTC), None, True),  # 08:30 in London's summer
    ],
)
def test_asked_in_their_hours_and_their_forces_waking_hours(now, hours, open_now):
    someone = supporter(hours=WeeklyHours.parse(hours) if hours else None)
    assert (why_not(someone, seeker(), now, POLICY) is None) is open_now
    assert why_not(someone, seeker(), now, POLICY, in_hours=False) is None


def test_dates_are_londons():
    just_after_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    due = supporter(refresher_due=datetime(2026, 6, 30, tzinfo=UTC).date())
    assert why_not(due, seeker(), just_after_midnight, POLICY) is Reason.OUT_OF_DATE
