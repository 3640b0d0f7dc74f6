from __future__ import annotations

from collections import Counter
from dataclasses import replace
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peer_support.lots import in_lots
from peer_support.matching.choose import can_be_offered, choose, choose_in_lots, third
from peer_support.matching.eligible import Reason, eligible, looks_across, why_not, why_unavailable
from peer_support.matching.score import fair, score
from peer_support.people import Reach, RosterStatus
from peer_support.policy import Policy
from peer_support.request import ForceWish, HowSoon, Wishes
from tests.peer_support.matching.people import (
    NORTHMOOR,
    NOW,
    POLICY,
    SOUTHSEA,
    TODAY,
    candidates,
    moments,
    policy_of,
    seeker,
    seekers,
    supporter,
)

FOR_TODAY = Wishes(soon=HowSoon.TODAY)


def network(size: int, force_id: str = NORTHMOOR, start: int = 0):
    return [supporter(f"{force_id}-{number}", force_id=force_id) for number in range(start, start + size)]


def ids(choice) -> list[str]:
    return [each.supporter.id for each in choice.chosen]


def test_third():
    assert [third(n) for n in (0, 1, 2, 3, 5, 6, 8, 9, 30)] == [1, 1, 1, 1, 1, 2, 2, 3, 10]


def test_one_after_the_other():
    assert len(choose(network(20), seeker(), NOW, policy_of).chosen) == 1
    assert choose(network(20), seeker(), NOW, policy_of, ["northmoor-3"]).chosen == ()


def test_today_asks_up_to_three_at_once_and_fills_up_as_each_falls_away():
    everyone, asking = network(9), seeker(wishes=FOR_TODAY)
    first = choose(everyone, asking, NOW, policy_of)
    assert len(first.chosen) == 3
    left = ids(first)[:2]
    again = choose(everyone, replace(asking, asked=frozenset(ids(first))), NOW, policy_of, left)
    assert len(again.chosen) == 1
    assert not set(ids(again)) & set(ids(first))


def test_today_asks_no_more_than_a_third_of_a_force():
    asking = seeker(wishes=FOR_TODAY)
    assert len(choose(network(8), asking, NOW, policy_of).chosen) == 2
    assert len(choose(network(5), asking, NOW, policy_of).chosen) == 1
    mixed = network(5) + network(6, SOUTHSEA)
    chosen = choose(mixed, asking, NOW, policy_of).chosen
    assert Counter(each.supporter.force_id for each in chosen) == {NORTHMOOR: 1, SOUTHSEA: 2}


def test_an_offer_that_waits_counts_towards_its_forces_third():
    everyone = network(5)
    waiting = everyone[0].supporter.id
    asking = seeker(wishes=FOR_TODAY, asked=frozenset({waiting}))
    assert choose(everyone, asking, NOW, policy_of, [waiting]).chosen == ()
    elsewhere = choose(everyone + network(2, SOUTHSEA), asking, NOW, policy_of, [waiting])
    assert [each.supporter.force_id for each in elsewhere.chosen] == [SOUTHSEA]


def test_the_unavailable_do_not_swell_the_third():
    away = [replace(each, supporter=replace(each.supporter, paused=True)) for each in network(20, start=10)]
    assert len(choose(network(5) + away, seeker(wishes=FOR_TODAY), NOW, policy_of).chosen) == 1


def test_each_forces_own_hours_count():
    asleep = Policy(waking=POLICY.waking.every_day("12:00", "13:00"))
    chosen = choose(
        network(3) + network(3, SOUTHSEA),
        seeker(),
        NOW,
        {NORTHMOOR: asleep, SOUTHSEA: POLICY}.__getitem__,
    )
    assert [each.supporter.force_id for each in chosen.chosen] == [SOUTHSEA]
    assert chosen.could == 3
    assert chosen.kept == ((Reason.OUT_OF_HOURS, 3),)


def test_nobody_means_nobody():
    choice = choose([], seeker(), NOW, policy_of)
    assert (choice.chosen, choice.could, choice.kept, choice.starts) == ((), 0, (), None)


@given(candidates(), seekers, moments, st.randoms())
def test_the_same_inputs_give_the_same_people_in_whatever_order_they_come(people, asking, now, chance):
    shuffled = list(people)
    chance.shuffle(shuffled)
    assert choose(people, asking, now, policy_of) == choose(shuffled, asking, now, policy_of)


def test_equals_are_told_apart_by_the_request_and_not_by_their_place():
    equals = network(12)
    firsts = set()
    for number in range(40):
        asking = seeker(request_id=f"request-{number}")
        first = ids(choose(equals, asking, NOW, policy_of))
        assert first == ids(choose(equals[::-1], asking, NOW, policy_of))
        firsts.update(first)
    assert len(firsts) > 6


@given(candidates(), seekers)
def test_nobody_is_ever_chosen_against_a_hard_rule(people, asking):
    """Written out again from the design, apart from the code that decides."""
    choice = choose(people, asking, NOW, policy_of)
    assert len(choice.chosen) <= (3 if asking.wishes.soon is HowSoon.TODAY else 1)
    assert len(set(ids(choice))) == len(choice.chosen)
    for candidate in choice.chosen:
        them, load = candidate.supporter, candidate.load
        own = them.force_id == asking.force_id
        assert them.id not in asking.excluded | asking.asked
        assert them.line_manager != "dir-jo"
        assert asking.manager != f"tenant-1:dir-{them.id}"
        assert not (own and them.team == "Blue" and asking.team == "blue ")
        assert "covert" not in them.roles
        assert "professional_stds" not in them.roles or asking.wishes.about.work == "professional_stds"
        assert own or asking.wishes.force_wish is not ForceWish.OWN or looks_across(asking.wishes)
        assert not own or asking.wishes.force_wish is not ForceWish.DIFFERENT
        assert them.status is RosterStatus.ACTIVE
        assert not them.paused
        assert candidate.reach is Reach.REACHABLE
        assert them.selected_on is not None
        assert them.trained_on is not None
        assert them.trained_on <= TODAY <= them.refresher_due
        assert them.signed_off_by.strip()
        assert load.active + load.holding < 3
        assert load.new_in_week + load.holding < 1
        assert load.unanswered_in_week < 3
        assert them.hours is None or them.hours.open_at(NOW)
        assert {"suicidal_lived", "self_harm_lived"} & set(asking.wishes.topics) <= them.cleared


@given(candidates(), seekers, st.sets(st.integers(0, 11), max_size=3))
def test_never_more_than_three_at_once_nor_a_third_of_a_force(people, asking, waiting):
    live = [each.supporter.id for each in people if each.supporter.id in {f"s{number}" for number in waiting}]
    asking = replace(asking, asked=asking.asked | set(live))
    chosen = choose(people, asking, NOW, policy_of, live).chosen
    assert not chosen or len(chosen) + len(live) <= (3 if asking.wishes.soon is HowSoon.TODAY else 1)
    force_of = {each.supporter.id: each.supporter.force_id for each in people}
    for force_id in {each.supporter.force_id for each in chosen}:
        available = sum(
            why_unavailable(each, NOW, POLICY) is None
            for each in people
            if each.supporter.force_id == force_id
        )
        at_once = [id for id in [*live, *(each.supporter.id for each in chosen)] if force_of[id] == force_id]
        assert len(at_once) == 1 or 3 * len(at_once) <= available


@given(candidates(), seekers)
def test_everybody_is_counted_once_and_somebody_is_always_asked_where_anybody_may_be(people, asking):
    choice = choose(people, asking, NOW, policy_of)
    assert choice.could + sum(count for _, count in choice.kept) == len(people)
    assert choice.could == can_be_offered(people, asking, NOW, policy_of)
    assert bool(choice.chosen) is bool(choice.could)
    later = can_be_offered(people, asking, NOW, policy_of, in_hours=False)
    assert (
        choice.could <= later == sum(eligible(each, asking, NOW, POLICY, in_hours=False) for each in people)
    )


@given(candidates(), seekers)
def test_who_comes_first_is_never_worse_than_who_was_passed_over(people, asking):
    choice = choose(
        people, replace(asking, wishes=replace(asking.wishes, soon=HowSoon.NO_RUSH)), NOW, policy_of
    )
    for candidate in choice.chosen:
        alone = choose([candidate], asking, NOW, policy_of)
        assert alone.chosen == (candidate,)
        assert why_not(candidate, asking, NOW, POLICY) is None


def plainly(people, asking, now, live) -> list[str]:
    """The rule as it is told, all at once: who may be asked, in order, each unless their force has given enough."""
    able = [each for each in people if eligible(each, asking, now, POLICY)]
    able.sort(
        key=lambda each: (
            -score(each, asking, now, POLICY).total,
            fair(asking.request_id, each.supporter.id),
        )
    )
    room = (POLICY.offers_at_once_today if asking.wishes.soon is HowSoon.TODAY else 1) - len(live)
    free = Counter(
        each.supporter.force_id
        for each in people
        if eligible(each, asking, now, POLICY) or why_unavailable(each, now, POLICY) is None
    )
    given_by = Counter(each.supporter.force_id for each in people if each.supporter.id in live)
    found: list[str] = []
    for each in able:
        force_id = each.supporter.force_id
        if len(found) < room and given_by[force_id] < third(free[force_id]):
            found.append(each.supporter.id)
            given_by[force_id] += 1
    return found


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(candidates(), seekers, moments, st.sets(st.integers(0, 11), max_size=2), st.integers(1, 5))
async def test_in_lots_the_choice_is_the_plain_rules(people, asking, now, waiting, lot):
    live = [f"s{number}" for number in waiting]
    whole = choose(people, asking, now, policy_of, live)
    assert ids(whole) == plainly(people, asking, now, live)
    assert whole.could == sum(eligible(each, asking, now, POLICY) for each in people)
    with mock.patch("peer_support.lots.LOT", lot):
        assert await choose_in_lots(in_lots(people), asking, now, policy_of, live) == whole
