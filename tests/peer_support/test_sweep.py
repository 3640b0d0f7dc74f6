"""Every number of the clock, in the village: what falls due, when, who hears of it, and that nothing is done twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_support.commands.answer_offer import AcceptOffer, DeclineOffer, accept_offer, decline_offer
from peer_support.commands.answer_proposal import (
    ChooseSomeoneElse,
    Introduce,
    SayNotNow,
    choose_someone_else,
    introduce,
    say_not_now,
)
from peer_support.commands.availability import set_paused
from peer_support.commands.meeting import lose_reach
from peer_support.commands.own_request import (
    KeepLooking,
    WithdrawRequest,
    keep_looking,
    see_status,
    withdraw_request,
)
from peer_support.commands.tend_match import HandBack, Swap, hand_back, say_not_yet, say_spoken, swap
from peer_support.due import DueKind
from peer_support.hours import LONDON, WeeklyHours
from peer_support.life.waiting import ending_at, hear_by
from peer_support.notice import NoticeKind
from peer_support.offer import Offer, OfferState, Proposal, ProposalState
from peer_support.people import RosterStatus, Supporter
from peer_support.policy import Policy
from peer_support.request import RequestState
from peer_support.sweep import put_off_for, sweep
from peer_support.views import RequestView
from tests.peer_support.village import NORTHMOOR, WESTVALE, Village

HOUR = timedelta(hours=1)
EASY = "Mon-Sun 00:00-24:00"


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def at(moment: datetime) -> str:
    return moment.astimezone(LONDON).strftime("%a %H:%M")


async def village(now: str = "2026-11-24T10:00", supporters: int = 3) -> Village:
    """A Tuesday at ten, one officer, some supporters."""
    made = Village(now=london(now))
    await made.person("jo")
    for number in range(supporters):
        await made.supporter(f"sam{number}")
    return made


async def looks(v: Village, who: str = "jo") -> RequestView:
    found = await see_status(v.by(who), v.desk)
    assert found.request is not None
    return found.request


def waiting(v: Village) -> list[Offer]:
    return [row for row in v.store.rows.offers.values() if row.state is OfferState.SENT]


def asked(v: Village) -> Proposal:
    (one,) = [row for row in v.store.rows.proposals.values() if row.state is ProposalState.ASKED]
    return one


async def yes(v: Village) -> datetime:
    """The first one who is asked says yes. Gives by when they were told they'd hear."""
    await v.sends()
    offer = waiting(v)[0]
    answered = await accept_offer(AcceptOffer(v.by(offer.supporter_id), offer.id), v.desk)
    await v.sends()
    assert answered.view.hear_by is not None
    return answered.view.hear_by


async def introduced(v: Village, **fields: str) -> str:
    await v.asks("jo", **fields)
    await yes(v)
    await introduce(Introduce(v.by("jo"), asked(v).id, "call", "07700 900123"), v.desk)
    await v.sends()
    (match,) = v.store.rows.matches
    return match


# ---- the promise of news


async def test_at_night_the_promise_is_the_first_rounds_end_and_an_hour():
    v = await village("2026-11-24T03:12")
    sent = await v.asks("jo")
    assert sent.view.asking_starts == london("2026-11-24T08:00")
    assert sent.view.news_by == london("2026-11-24T13:00")
    await v.until(london("2026-11-24T07:59"))
    assert not waiting(v)
    assert v.to("jo") == []
    await v.until(london("2026-11-24T08:00"))
    assert len(waiting(v)) == 1
    assert [each.kind for each in v.to("jo")] == [NoticeKind.ASKING_STARTED]
    assert "13:00 today" in v.to("jo")[0].text
    await v.until(london("2026-11-24T13:00"))
    assert [each.kind for each in v.to("jo")][1:] == [NoticeKind.REQUEST]


async def test_before_asking_has_begun_nobody_is_said_to_be_asked():
    v = await village("2026-11-24T07:10")
    view = (await v.asks("jo")).view
    assert view.asking_starts == london("2026-11-24T08:00")
    await v.until(london("2026-11-24T08:00"))
    assert NoticeKind.ASKING_STARTED not in v.kinds("jo")


@pytest.mark.parametrize(
    ("now", "starts", "news"),
    [
        ("2026-03-29T00:30", "2026-03-29T08:00", "2026-03-29T13:00"),  # an hour is lost that night
        ("2026-10-25T00:30", "2026-10-25T08:00", "2026-10-25T13:00"),  # an hour comes twice
        ("2026-10-24T20:30", None, "2026-10-25T11:30"),
        ("2026-03-28T21:00", None, "2026-03-29T12:00"),
    ],
)
async def test_a_promise_is_right_by_the_wall_clock_over_both_changes(
    now: str, starts: str | None, news: str
):
    v = await village(now)
    view = (await v.asks("jo")).view
    assert view.asking_starts == (london(starts) if starts else None)
    assert view.news_by == london(news)
    await v.until(london(news))
    assert v.kinds("jo")[NoticeKind.REQUEST] == 1


async def test_each_news_brings_the_next_promise_for_as_long_as_nobody_says_yes():
    v = await village(supporters=0)
    promise = (await v.asks("jo")).view.news_by
    for _ in range(5):
        assert promise is not None
        assert promise > v.now
        before = len(v.to("jo", NoticeKind.REQUEST))
        await v.until(promise)
        assert len(v.to("jo", NoticeKind.REQUEST)) == before + 1
        promise = (await looks(v)).news_by


async def test_news_that_fell_due_while_the_bot_was_down_is_given_late_and_not_forgotten():
    v = await village()
    sent = await v.asks("jo")
    assert sent.view.news_by is not None
    await v.sends()
    v.now = london("2026-11-24T20:00")  # five hours after the news, six after the offer ran out
    await v.sweeps()
    await v.sends()
    assert v.kinds("jo")[NoticeKind.REQUEST] == 1
    view = await looks(v)
    assert view.news_by is not None
    assert view.news_by > v.now


async def test_a_promise_never_lies_in_the_past_even_where_another_row_fails():
    v = await village()
    await v.asks("jo")
    await v.sends()
    (offer,) = waiting(v)
    async with v.store.work() as work:
        await work.dues.put(DueKind.OFFER_EXPIRES, offer.id, london("2026-11-25T10:00"))
    v.now = london("2026-11-24T18:00")
    swept = await v.sweeps()
    assert swept.worked < 10
    view = await looks(v)
    assert view.news_by is not None
    assert view.news_by > v.now


# ---- offers


async def test_an_offer_stays_open_for_four_waking_hours_and_moves_on():
    v = await village("2026-11-24T20:30")
    await v.asks("jo")
    (first,) = waiting(v)
    assert at(first.answer_by) == "Wed 10:30"
    await v.until(first.answer_by)
    assert v.store.rows.offers[first.id].state is OfferState.EXPIRED
    (second,) = waiting(v)
    assert second.supporter_id != first.supporter_id
    await v.until(first.answer_by + timedelta(hours=6))
    edited = [each for each in v.said if each.to == first.supporter_id and not each.new]
    assert "This one isn't going ahead with you" in edited[-1].text


async def test_today_is_an_hour_three_at_once_and_again_as_each_falls_away():
    v = await village(supporters=12)
    await v.asks("jo", soon="today")
    first = waiting(v)
    assert len(first) == 3
    assert {at(row.answer_by) for row in first} == {"Tue 11:00"}
    await decline_offer(DeclineOffer(v.by(first[0].supporter_id), first[0].id), v.desk)
    assert len(waiting(v)) == 3
    await v.time_passes(hours=1, minutes=1)
    assert len(waiting(v)) == 3
    assert not {row.id for row in waiting(v)} & {row.id for row in first}


@pytest.mark.parametrize(("supporters", "most"), [(1, 1), (3, 1), (5, 1), (6, 2), (9, 3), (20, 3)])
async def test_today_never_asks_more_than_a_third_of_a_force(supporters: int, most: int):
    v = await village(supporters=supporters)
    await v.asks("jo", soon="today")
    assert len(waiting(v)) == most


async def test_a_decline_with_a_pause_moves_every_waiting_offer_on_at_once():
    v = await village(supporters=1)
    await v.person("kit")
    await v.asks("jo")
    await v.asks("kit")
    assert len(waiting(v)) == 2
    await v.supporter("late")
    offer = waiting(v)[0]
    await decline_offer(DeclineOffer(v.by(offer.supporter_id), offer.id, pause=True), v.desk)
    assert [row.supporter_id for row in waiting(v)] == ["late", "late"]


async def test_an_offer_that_was_taken_back_before_it_was_sent_is_never_spoken_of():
    v = await village(supporters=1)
    await v.asks("jo")
    (offer,) = waiting(v)
    await withdraw_request(WithdrawRequest(v.by("jo"), v.request_of("jo").id), v.desk)
    await v.time_passes(hours=30)
    assert v.to(offer.supporter_id) == []


# ---- consent's clock


async def test_reminders_at_four_and_twenty_four_hours_then_resting_at_seventy_two():
    v = await village()
    await v.asks("jo")
    await yes(v)
    proposal = asked(v)
    await v.time_passes(hours=73)
    reminded = [each.at - proposal.made_at for each in v.to("jo", NoticeKind.PROPOSAL_REMINDER)]
    assert reminded == [4 * HOUR, 24 * HOUR]
    (rested,) = v.to("jo", NoticeKind.RESTING)
    assert rested.at - proposal.made_at == 72 * HOUR
    assert "kept your place" in rested.text
    assert v.request_of("jo").state is RequestState.RESTING


async def test_today_has_one_reminder_and_rests_after_a_day():
    v = await village()
    await v.asks("jo", soon="today")
    await yes(v)
    made = asked(v).made_at
    await v.time_passes(hours=25)
    assert [each.at - made for each in v.to("jo", NoticeKind.PROPOSAL_REMINDER)] == [4 * HOUR]
    assert [each.at - made for each in v.to("jo", NoticeKind.RESTING)] == [24 * HOUR]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("evenings", ["Tue 17:00", "Wed 17:00"]),
        ("mornings", ["Wed 08:00", "Wed 10:00"]),
        ("nights", ["Tue 22:00", "Wed 22:00"]),
        ("weekends", ["Tue 14:00"]),  # no weekend before it lapses, and silence would be worse
    ],
)
async def test_reminders_keep_to_the_hours_the_requester_chose(when: str, expected: list[str]):
    v = await village()
    await v.asks("jo", when=when)
    await yes(v)
    await v.time_passes(hours=73)
    assert [at(each.at) for each in v.to("jo", NoticeKind.PROPOSAL_REMINDER)] == expected


async def test_a_reminder_that_is_late_after_a_restart_waits_for_their_hours():
    v = await village()
    await v.asks("jo")
    await yes(v)
    v.now = london("2026-11-25T02:00")
    await v.sweeps()
    await v.sends()
    assert not v.to("jo", NoticeKind.PROPOSAL_REMINDER)
    await v.until(london("2026-11-25T10:00"))
    assert v.to("jo", NoticeKind.PROPOSAL_REMINDER)[0].at == london("2026-11-25T08:00")


async def test_resting_is_reminded_once_at_seven_days_and_closed_at_fourteen_as_was_said():
    v = await village()
    await v.asks("jo")
    await yes(v)
    await say_not_now(SayNotNow(v.by("jo"), asked(v).id), v.desk)
    rested, closes = v.now, (await looks(v)).closes_at
    await v.time_passes(days=13, hours=23)
    (reminder,) = v.to("jo", NoticeKind.RESTING_REMINDER)
    assert reminder.at - rested == timedelta(days=7)
    assert "Tuesday 8 December" in reminder.text
    assert v.request_of("jo").state is RequestState.RESTING
    await v.time_passes(hours=2)
    (closed,) = v.to("jo", NoticeKind.RESTING_CLOSED)
    assert closed.at == closes == rested + timedelta(days=14)
    assert v.request_of("jo").state is RequestState.CLOSED


async def test_keep_looking_asks_again_with_a_new_promise():
    v = await village()
    await v.asks("jo")
    await yes(v)
    await say_not_now(SayNotNow(v.by("jo"), asked(v).id), v.desk)
    await v.time_passes(days=3)
    view = await keep_looking(KeepLooking(v.by("jo"), v.request_of("jo").id), v.desk)
    assert view.state is RequestState.OPEN
    assert view.news_by == v.now + 5 * HOUR
    assert len(waiting(v)) == 1
    await v.time_passes(days=20)
    assert not v.to("jo", NoticeKind.RESTING_REMINDER)
    assert v.request_of("jo").live


# ---- the one neutral ending


async def _someone_else(v: Village) -> None:
    await choose_someone_else(ChooseSomeoneElse(v.by("jo"), asked(v).id), v.desk)


async def _not_now(v: Village) -> None:
    await say_not_now(SayNotNow(v.by("jo"), asked(v).id), v.desk)


async def _withdraws(v: Village) -> None:
    await withdraw_request(WithdrawRequest(v.by("jo"), v.request_of("jo").id), v.desk)


async def _no_answer(v: Village) -> None:
    await v.until(asked(v).held_until)


async def _cant_after_all(v: Village) -> None:
    await set_paused(v.by(asked(v).supporter_id), v.desk, paused=True)
    await introduce(Introduce(v.by("jo"), asked(v).id, "teams"), v.desk)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("end", [_someone_else, _not_now, _withdraws, _no_answer, _cant_after_all])
async def test_every_ending_is_the_same_words_one_to_six_hours_on_and_by_the_time_told(end, seed: int):
    v = await village(supporters=1)
    v.chance.seed(seed)
    await v.asks("jo")
    told = await yes(v)
    sam = asked(v).supporter_id
    v.now += 2 * HOUR if end is not _no_answer else timedelta()
    await end(v)
    ended = v.now
    await v.until(told)
    (ending,) = v.to(sam, NoticeKind.OFFER_ENDED)
    assert HOUR <= ending.at - ended <= 6 * HOUR or at(ending.at).endswith("08:00")
    assert "This one isn't going ahead with you" in ending.text
    assert "Your place is free again" in ending.text
    same = await _wording_of_a_plain_ending()
    assert ending.text == same
    (card,) = [each for each in v.said if each.to == sam and not each.new and each.at == ending.at]
    assert card.text == same


async def _wording_of_a_plain_ending() -> str:
    v = await village(supporters=1)
    await v.asks("jo")
    await yes(v)
    await _someone_else(v)
    await v.time_passes(hours=30)
    return v.to("sam0", NoticeKind.OFFER_ENDED)[0].text


_FROM = london("2026-01-01T00:00").replace(tzinfo=None)
_SPANS = st.sampled_from(
    [
        None,
        "Mon-Fri 09:00-17:00",
        "Sat-Sun 10:00-14:00",
        "Wed 12:00-13:00",
        "Mon-Sun 22:00-06:00",
        "Mon-Sun 05:00-08:30",
        EASY,
    ]
)


@settings(deadline=None)
@given(
    _SPANS,
    st.datetimes(_FROM, _FROM + timedelta(days=365)),
    st.floats(0, 1),
    st.integers(0, 99),
    st.sampled_from(["Mon-Sun 08:00-22:00", "Mon-Fri 07:00-19:00"]),
)
def test_whenever_it_ends_a_supporter_hears_by_the_time_told(
    spans: str | None, made: datetime, ended: float, seed: int, waking: str
):
    policy = Policy(waking=WeeklyHours.parse(waking))
    sam = Supporter("sam", NORTHMOOR, "constable", hours=WeeklyHours.parse(spans) if spans else None)
    held = made.replace(tzinfo=UTC) + timedelta(hours=policy.proposal_held_hours)
    end = made.replace(tzinfo=UTC) + ended * timedelta(hours=policy.proposal_held_hours)
    heard = ending_at(end, sam, policy, Random(seed))
    assert end + HOUR <= heard < hear_by(held, sam, policy)


async def test_hours_of_their_own_are_kept_in_what_a_supporter_is_told():
    v = await village(supporters=0)
    await v.supporter("sam", hours=WeeklyHours.parse("Mon-Wed 09:00-12:00"))
    await v.asks("jo")
    told = await yes(v)
    await v.until(told)
    assert len(v.to("sam", NoticeKind.OFFER_ENDED)) == 1
    assert at(v.to("sam", NoticeKind.OFFER_ENDED)[0].at) == "Mon 09:00"


# ---- after the introduction


@pytest.mark.parametrize(("soon", "hours"), [("today", 24), ("few_days", 48), ("no_rush", 48)])
async def test_first_contact_is_reminded_and_a_day_later_the_requester_is_asked(soon: str, hours: int):
    v = await village(supporters=1)
    match = await introduced(v, soon=soon)
    began = v.now
    await v.time_passes(hours=hours + 25)
    (reminder,) = v.to("sam0", NoticeKind.FIRST_CONTACT)
    assert reminder.at - began == hours * HOUR
    (question,) = v.to("jo", NoticeKind.IN_TOUCH)
    assert question.at - began == (hours + 24) * HOUR
    await say_not_yet(v.by("jo"), v.desk, match)
    await v.time_passes(hours=25)
    assert len(v.to("sam0", NoticeKind.FIRST_CONTACT)) == 2
    assert len(v.to("jo", NoticeKind.IN_TOUCH)) == 2
    await say_spoken(v.by("jo"), v.desk, match)
    await v.time_passes(days=2)
    assert len(v.to("jo", NoticeKind.IN_TOUCH)) == 2


async def test_both_are_asked_how_it_goes_after_a_week_and_every_fortnight():
    v = await village(supporters=1)
    match = await introduced(v)
    began = v.now
    await say_spoken(v.by("jo"), v.desk, match)
    await v.time_passes(days=36)
    asked_on = [(each.at - began).days for each in v.to("jo", NoticeKind.CHECK_IN)]
    assert asked_on == [7, 21, 35]
    assert [(each.at - began).days for each in v.to("sam0", NoticeKind.SUPPORTER_CHECK_IN)] == [7, 21, 35]
    assert not v.to("jo", NoticeKind.IN_TOUCH)


@pytest.mark.parametrize("how", ["swap", "hand_back"])
async def test_after_a_swap_or_a_hand_back_the_search_goes_on_with_a_promise(how: str):
    v = await village(supporters=2)
    match = await introduced(v)
    sam = v.store.rows.matches[match].supporter_id
    if how == "swap":
        await swap(Swap(v.by("jo"), match), v.desk)
    else:
        await hand_back(HandBack(v.by(sam), match, "cant"), v.desk)
    await v.sends()
    view = await looks(v)
    assert view.news_by is not None
    assert [row.supporter_id for row in waiting(v)] != [sam]
    assert not any("Surname" in text or "07700" in text for who, text in v.cards.values() if who == sam)
    await v.until(view.news_by)
    assert v.to("jo", NoticeKind.REQUEST)


# ---- the names limit


async def test_after_three_names_it_is_the_coordinators_route_and_no_silent_end():
    v = await village(supporters=5)
    await v.coordinator("ria")
    await v.asks("jo")
    for _ in range(3):
        await yes(v)
        await _someone_else(v)
        await v.sends()
    assert v.request_of("jo").coordinator_route
    assert not waiting(v)
    assert len(v.to("ria", NoticeKind.NOBODY_FOUND)) == 1
    view = await looks(v)
    assert view.news_by is not None
    await v.until(view.news_by)
    assert "coordinator can help from here" in v.to("jo", NoticeKind.REQUEST)[-1].text
    await _withdraws(v)
    sent = await v.asks("jo")
    assert sent.view.coordinator_route
    assert not waiting(v)


# ---- the sweep itself


async def test_a_row_that_fails_is_put_off_and_stops_no_other():
    v = await village()
    await v.person("kit")
    await v.asks("jo")
    await v.asks("kit")
    await v.sends()
    request, rows = v.request_of("jo"), v.store.rows
    rows.requests[request.id] = _Broken(request)  # type: ignore[assignment]
    v.now += 6 * HOUR
    seen: list[DueKind] = []
    swept = await sweep(v.desk, v.now, lambda kind, fault: seen.append(kind))
    assert seen
    assert tuple(seen) == swept.failed
    assert v.request_of("kit").news_sent == 1
    rows.requests[request.id] = request
    put_off = [due for due in rows.dues.values() if due.failures]
    assert len(put_off) == len(seen)
    assert all(due.at == v.now + put_off_for(0) for due in put_off)
    await v.time_passes(minutes=2)
    assert v.request_of("jo").news_sent == 1
    assert v.request_of("kit").news_sent == 1


class _Broken:
    """A stored request that breaks whoever reads it."""

    def __init__(self, of) -> None:
        self.id, self.requester_id, self.live, self.created_at = of.id, of.requester_id, True, of.created_at

    @property
    def state(self):
        raise ValueError("unreadable")


def test_putting_off_grows_to_an_hour_and_no_further():
    waits = [put_off_for(failures) for failures in range(30)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(waits) == HOUR


async def test_the_same_sweep_twice_does_nothing_twice():
    v = await village(supporters=4)
    await v.coordinator("ria")
    await v.asks("jo")
    for hours in (4, 5, 13, 30):
        v.now += hours * HOUR
        await v.sweeps()
        await v.sends()
        said, dues = len(v.said), dict(v.store.rows.dues)
        assert (await v.sweeps()).worked == 0
        await v.sends()
        assert len(v.said) == said
        assert v.store.rows.dues == dues


async def test_overdue_work_of_days_runs_after_a_restart_and_ends():
    v = await village(supporters=4)
    await v.coordinator("ria")
    await v.asks("jo")
    await v.sends()
    v.now += timedelta(days=4)
    swept = await v.sweeps()
    assert swept.worked < 40
    await v.sends()
    assert v.kinds("jo")[NoticeKind.REQUEST] == 1
    assert v.kinds("ria")[NoticeKind.UNMATCHED] == 1
    assert all(due.at > v.now for due in v.store.rows.dues.values())


# ---- the coordinator's clock


async def test_a_coordinator_is_told_at_once_where_nobody_can_be_found_and_not_at_every_try():
    v = await village(supporters=0)
    await v.coordinator("ria")
    await v.coordinator("bo", WESTVALE)
    await v.asks("jo")
    await v.time_passes(hours=11)
    (told,) = v.to("ria", NoticeKind.NOBODY_FOUND)
    assert told.at == london("2026-11-24T10:00")
    assert v.request_of("jo").reference in told.text
    assert v.to("bo") == []
    await v.time_passes(days=3)
    assert len(v.to("ria", NoticeKind.NOBODY_FOUND)) == 1


@pytest.mark.parametrize(
    ("asked_at", "hours", "told"),
    [
        ("2026-11-24T02:00", "", "Tue 14:00"),
        ("2026-11-24T10:00", "", "Wed 08:00"),
        ("2026-11-27T10:00", "", "Mon 08:00"),
        ("2026-11-24T02:00", "Thu 09:00-12:00", "Thu 09:00"),
    ],
)
async def test_twelve_hours_unmatched_are_told_in_the_coordinators_hours(
    asked_at: str, hours: str, told: str
):
    v = await village(asked_at, supporters=30)
    await v.coordinator("ria", hours=hours)
    await v.asks("jo")
    await v.time_passes(days=4)
    (unmatched,) = v.to("ria", NoticeKind.UNMATCHED)
    assert at(unmatched.at) == told


async def test_a_coordinator_who_asks_for_themselves_isnt_told_of_themselves():
    v = await village(supporters=0)
    await v.coordinator("ria")
    sent = await v.asks("ria")
    await v.time_passes(days=2)
    assert not v.to("ria", NoticeKind.NOBODY_FOUND)
    assert not v.to("ria", NoticeKind.UNMATCHED)
    assert not sent.view.coordinator


@pytest.mark.parametrize("there", ["none", "never opened", "left", "blocked"])
async def test_without_a_coordinator_the_news_still_comes_and_names_the_wellbeing_team(there: str):
    v = await village(supporters=0)
    if there != "none":
        await v.coordinator("ria", opened=there != "never opened")
    if there == "left":
        row = v.store.rows.coordinators["ria"]
        v.store.rows.coordinators["ria"] = type(row)(row.id, row.force_id, None, RosterStatus.LEFT)
    if there == "blocked":
        await lose_reach("ria", v.now, v.desk)
    sent = await v.asks("jo")
    assert not sent.view.coordinator
    for _ in range(3):
        view = await looks(v)
        assert view.news_by is not None
        await v.until(view.news_by)
        newest = v.to("jo")[-1]
        assert newest.at > v.now - timedelta(minutes=10)
        assert "Northmoor wellbeing" in newest.text
        assert "01632 960111" in newest.text
        assert "coordinator knows" not in newest.text
