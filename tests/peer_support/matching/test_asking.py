from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_support.hours import LONDON, WeeklyHours
from peer_support.matching.asking import (
    answer_by,
    contact_hours,
    first_in_both,
    news_by,
    next_news,
    waits_long,
)
from peer_support.matching.eligible import eligible
from peer_support.policy import Policy
from peer_support.request import HowSoon, When
from tests.peer_support.matching.people import (
    NOW,
    POLICY,
    TODAY,
    asking_starts,
    candidates,
    hours,
    moments,
    policy_of,
    seeker,
    seekers,
    supporter,
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def test_asking_starts_now_where_somebody_can_be_asked_now():
    late = supporter("b", hours=WeeklyHours.parse("Mon-Sun 18:00-20:00"))
    assert asking_starts([late, supporter("a")], seeker(), NOW, policy_of) == NOW


def test_at_night_it_starts_when_the_first_of_them_wakes():
    night = london("2026-11-25T03:12")
    early = supporter(
        "a", hours=WeeklyHours.parse("Mon-Sun 06:00-20:00")
    )  # their force still sleeps until 08:00
    late = supporter("b", hours=WeeklyHours.parse("Mon-Sun 09:00-20:00"))
    assert asking_starts([late, early], seeker(), night, policy_of) == london("2026-11-25T08:00")
    assert asking_starts([late], seeker(), night, policy_of) == london("2026-11-25T09:00")


def test_it_never_starts_where_nobody_ever_can_be_asked():
    asleep = supporter("a", hours=WeeklyHours.parse("Mon-Sun 23:00-06:00"))
    paused = supporter("b", paused=True)
    assert asking_starts([asleep, paused], seeker(), NOW, policy_of) is None
    assert asking_starts([], seeker(), NOW, policy_of) is None


def test_whoever_falls_out_of_date_before_their_hours_is_not_waited_for():
    weekly = WeeklyHours.parse("Mon 09:00-17:00")
    assert asking_starts([supporter(hours=weekly, refresher_due=TODAY)], seeker(), NOW, policy_of) is None
    monday = london("2026-11-30T09:00")
    assert asking_starts([supporter(hours=weekly)], seeker(), NOW, policy_of) == monday


@pytest.mark.parametrize(
    ("night", "opens"),
    [
        ("2026-03-29T00:30", "2026-03-29T08:00"),  # the clocks go forward: 08:00 is 07:00 UTC
        ("2026-10-25T00:30", "2026-10-25T08:00"),  # and back
    ],
)
def test_clock_changes_in_the_night(night, opens):
    assert asking_starts([supporter()], seeker(), london(night), policy_of) == london(opens)


@given(candidates(), seekers, moments)
def test_somebody_can_be_asked_when_asking_starts_and_nobody_before(people, asking, now):
    starts = asking_starts(people, asking, now, policy_of)
    someday = [each for each in people if eligible(each, asking, now, POLICY, in_hours=False)]
    if starts is None:
        assert not any(eligible(each, asking, now, POLICY) for each in people)
        return
    assert starts >= now
    assert any(eligible(each, asking, starts, POLICY) for each in someday)
    if starts > now:
        before = starts - timedelta(minutes=1)
        assert not any(eligible(each, asking, now, POLICY) for each in someday)
        assert before < now or not any(eligible(each, asking, before, POLICY) for each in someday)


@given(hours, moments)
def test_first_in_both_lies_in_both(own, now):
    own = own or POLICY.waking
    at = first_in_both(own, POLICY.waking, now)
    assert at is not None
    assert own.open_at(at)
    assert POLICY.waking.open_at(at)
    assert now <= at <= now + timedelta(days=8)


@pytest.mark.parametrize(
    ("sent", "soon", "due"),
    [
        ("2026-11-25T11:00", HowSoon.FEW_DAYS, "2026-11-25T15:00"),
        ("2026-11-25T11:00", HowSoon.TODAY, "2026-11-25T12:00"),
        ("2026-11-25T20:00", HowSoon.NO_RUSH, "2026-11-26T10:00"),
        ("2026-11-25T21:30", HowSoon.TODAY, "2026-11-26T08:30"),
        (
            "2026-03-28T20:00",
            HowSoon.FEW_DAYS,
            "2026-03-29T10:00",
        ),  # an hour is lost in the night, not in the wait
        ("2026-10-24T20:00", HowSoon.FEW_DAYS, "2026-10-25T10:00"),
    ],
)
def test_answers_are_due_in_waking_hours(sent, soon, due):
    assert answer_by(london(sent), soon, POLICY) == london(due)


def test_the_promise_of_the_voice_at_03_12():
    starts = asking_starts([supporter()], seeker(), london("2026-11-25T03:12"), policy_of)
    assert starts is not None
    assert waits_long(starts, london("2026-11-25T03:12"), POLICY)
    assert news_by(answer_by(starts, HowSoon.FEW_DAYS, POLICY), POLICY) == london("2026-11-25T13:00")


def test_news_is_never_promised_for_the_night():
    assert news_by(london("2026-11-25T21:30"), POLICY) == london("2026-11-26T08:30")


def test_a_wait_is_long_from_two_hours_on():
    assert not waits_long(NOW, NOW, POLICY)
    assert not waits_long(NOW + timedelta(minutes=119), NOW, POLICY)
    assert waits_long(NOW + timedelta(hours=2), NOW, POLICY)
    assert waits_long(None, NOW, POLICY)


@pytest.mark.parametrize(
    ("now", "news"),
    [
        ("2026-11-25T13:00", "2026-11-26T13:00"),
        ("2026-11-25T23:00", "2026-11-27T08:00"),
        ("2026-03-28T13:00", "2026-03-29T13:00"),
        ("2026-10-24T13:00", "2026-10-25T13:00"),
        ("2026-03-28T01:30", "2026-03-29T08:00"),  # 01:30 does not exist on the next day
    ],
)
def test_the_next_news_comes_a_day_on_by_the_clock_on_the_wall(now, news):
    assert next_news(london(now), POLICY) == london(news)


@given(moments, st.sampled_from(HowSoon))
def test_promises_lie_ahead_and_in_the_day(now, soon):
    closing = timedelta(seconds=1)  # a promise may fall on the very end of the day
    due = answer_by(now, soon, POLICY)
    for promise in (due, news_by(due, POLICY), next_news(now, POLICY)):
        assert promise > now
        assert promise.tzinfo is UTC
        assert POLICY.waking.open_at(promise) or POLICY.waking.open_at(promise - closing)
    assert now + timedelta(hours=20) < next_news(now, POLICY) < now + timedelta(hours=36)


def test_contact_hours():
    assert contact_hours(frozenset(), POLICY) == POLICY.waking
    weekends = contact_hours({When.WEEKENDS}, POLICY)
    assert weekends.spans == ((5, 0, 1440), (6, 0, 1440))
    evenings = contact_hours({When.EVENINGS, When.WEEKENDS}, POLICY)
    assert evenings.open_at(london("2026-11-25T18:00"))
    assert not evenings.open_at(london("2026-11-25T11:00"))
    assert evenings.open_at(london("2026-11-28T03:00"))
    assert contact_hours({When.NIGHTS}, POLICY).open_at(london("2026-11-25T03:00"))
    quiet = Policy(waking=WeeklyHours.every_day("10:00", "12:00"))
    assert contact_hours([], quiet) == quiet.waking


@given(st.frozensets(st.sampled_from(When), min_size=1))
def test_contact_hours_can_be_written_down_and_read_again(when):
    chosen = contact_hours(when, POLICY)
    assert WeeklyHours.parse(chosen.text()) == chosen
