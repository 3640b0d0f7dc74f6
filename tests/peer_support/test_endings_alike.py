"""Whatever ended an offer, its supporter reads the same words after the same wait; no press in between tells why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.offer import offer_card
from cards.plain import plain
from cards.reader import Reader
from peer_support.commands.answer_offer import (
    AcceptOffer,
    DeclineOffer,
    OfferAnswered,
    accept_offer,
    decline_offer,
)
from peer_support.commands.answer_proposal import (
    ChooseSomeoneElse,
    Introduce,
    SayNotNow,
    choose_someone_else,
    introduce,
    say_not_now,
)
from peer_support.commands.availability import see_matches, see_profile
from peer_support.commands.erase import DeleteMyData, delete_my_data
from peer_support.commands.own_request import WithdrawRequest, withdraw_request
from peer_support.commands.stuck import OfferToChosen, offer_to_chosen
from peer_support.commands.tend_match import (
    CloseMatch,
    HandBack,
    Swap,
    close_match,
    hand_back,
    say_hello_was_said,
    say_still_talking,
    swap,
)
from peer_support.hours import WeeklyHours
from peer_support.life.waiting import ending_at
from peer_support.notice import NoticeKind
from peer_support.offer import Offer, Proposal
from peer_support.people import Supporter
from peer_support.policy import Policy
from peer_support.refusals import Refusal
from tests.peer_support.village import NORTHMOOR, TUESDAY_TEN, Village

HALF = timedelta(hours=3.5)
ENDED = "This one isn't going ahead with you"
Act = Callable[[Village], Awaitable[object]]


class Middling(Random):
    """Chance without chance: always the middle, so that two journeys can be laid over one another."""

    def uniform(self, a: float, b: float) -> float:
        assert (a, b) == (1, 6)
        return (a + b) / 2


async def offered() -> Village:
    """Jo asked, and the one offer waits for Sam."""
    v = Village(chance=Middling())
    await v.supporter("sam")
    await v.coordinator("ria")
    await v.person("jo")
    await v.asks("jo")
    await v.sends()
    assert [said.kind for said in v.to("sam")] == [NoticeKind.OFFER]
    return v


def offer_of(v: Village, who: str = "sam") -> Offer:
    (found,) = [row for row in v.store.rows.offers.values() if row.supporter_id == who]
    return found


def proposal_of(v: Village) -> Proposal:
    (found,) = v.store.rows.proposals.values()
    return found


async def withdraws(v: Village) -> None:
    await v.time_passes(hours=1)
    await withdraw_request(WithdrawRequest(v.by("jo"), v.request_of("jo").id), v.desk)


async def is_taken(v: Village) -> None:
    await v.supporter("pat")
    await offer_to_chosen(OfferToChosen(v.by("ria"), v.request_of("jo").id, "pat"), v.desk)
    await v.time_passes(hours=1)
    await accept_offer(AcceptOffer(v.by("pat"), offer_of(v, "pat").id), v.desk)


async def runs_out(v: Village) -> None:
    await v.until(offer_of(v).answer_by)


async def erased(v: Village) -> None:
    await v.time_passes(hours=1)
    await delete_my_data(DeleteMyData(v.by("jo")), v.desk)


UNANSWERED: Mapping[str, Act] = {
    "withdrawn": withdraws,
    "taken": is_taken,
    "expired": runs_out,
    "erased": erased,
}


async def heard(v: Village, act: Act) -> list[tuple[timedelta, bool, str]]:
    """What reaches Sam from the act on: how long after it, whether anew, and the words."""
    await act(v)
    before, since = len(v.said), v.now
    await v.sends()
    await v.time_passes(hours=13)
    return sorted((said.at - since, said.new, said.text) for said in v.said[before:] if said.to == "sam")


async def test_withdrawn_taken_and_run_out_end_in_the_same_words_after_the_same_wait():
    traces = {how: await heard(await offered(), act) for how, act in UNANSWERED.items()}
    for trace in traces.values():
        assert trace == traces["withdrawn"]
        assert [(wait, new) for wait, new, _ in trace] == [(HALF, False), (HALF, True)]
        assert all(ENDED in text for _, _, text in trace)


async def pressed(v: Village, press: str) -> str:
    """What stands in the place of the pressed card."""
    by, id = v.by("sam", "card-pressed"), offer_of(v).id
    answered: OfferAnswered
    if press == "accept":
        answered = await accept_offer(AcceptOffer(by, id), v.desk)
    else:
        answered = await decline_offer(DeclineOffer(by, id, press == "decline_pause"), v.desk)
    return plain(offer_card(answered.view, Reader(), v.now))


@pytest.mark.parametrize("press", ["accept", "decline", "decline_pause"])
async def test_a_press_on_the_old_card_meanwhile_reads_the_same_and_nothing_comes_after_it(press: str):
    answers = set()
    for act in UNANSWERED.values():
        v = await offered()
        await act(v)
        await v.sends()
        answers.add(await pressed(v, press))
        before = len(v.to("sam"))
        await v.time_passes(hours=13)
        assert len(v.to("sam")) == before
        assert offer_card_now(v) == {ENDED}
    assert len(answers) == 1


def offer_card_now(v: Village) -> set[str]:
    """The headings of Sam's cards about the offer."""
    about = {said.notice.edits or f"card-{said.notice.id}" for said in v.said if said.to == "sam"}
    return {v.cards[card][1].splitlines()[0] for card in about}


async def test_nothing_else_that_a_supporter_may_ask_for_meanwhile_differs():
    looks = set()
    for act in UNANSWERED.values():
        v = await offered()
        await act(v)
        await v.sends()
        matches, profile = await see_matches(v.by("sam"), v.desk), await see_profile(v.by("sam"), v.desk)
        looks.add((matches, profile))
    assert len(looks) == 1


# ---- after a yes


async def said_yes() -> Village:
    v = await offered()
    await accept_offer(AcceptOffer(v.by("sam"), offer_of(v).id), v.desk)
    await v.sends()
    return v


async def someone_else(v: Village) -> None:
    await v.time_passes(hours=1)
    await choose_someone_else(ChooseSomeoneElse(v.by("jo"), proposal_of(v).id), v.desk)


async def not_now(v: Village) -> None:
    await v.time_passes(hours=1)
    await say_not_now(SayNotNow(v.by("jo"), proposal_of(v).id), v.desk)


async def lapses(v: Village) -> None:
    await v.until(proposal_of(v).held_until)


AFTER_YES: Mapping[str, Act] = {
    "someone else": someone_else,
    "not now": not_now,
    "withdrawn": withdraws,
    "no answer": lapses,
    "erased": erased,
}


async def stays(v: Village) -> None:
    """Nothing has happened yet."""
    await v.time_passes(hours=1)


async def test_after_a_yes_every_ending_is_the_one_ending():
    traces = {how: await heard(await said_yes(), act) for how, act in AFTER_YES.items()}
    for trace in traces.values():
        assert trace == traces["someone else"]
        assert {wait for wait, _, _ in trace} == {HALF}
        assert all(ENDED in text for _, _, text in trace)


PRESSES = (
    ("accept",),
    ("decline",),
    ("decline_pause",),
    ("decline", "accept"),
    ("decline", "decline"),
    ("accept", "decline_pause", "accept"),
)


@pytest.mark.parametrize("presses", PRESSES, ids=" ".join)
async def test_until_they_should_hear_no_press_tells_that_it_has_ended(presses: tuple[str, ...]):
    """The same as while the person is still being asked: a yes stands, and a no is taken with thanks."""
    answers: dict[str, list[str]] = {}
    for how, act in {"still asked": stays, **AFTER_YES}.items():
        v = await said_yes()
        by = proposal_of(v).held_until
        await act(v)
        await v.sends()
        before = len(v.to("sam"))
        answers[how] = [await pressed(v, press) for press in presses]
        if "decline" in presses or "decline_pause" in presses:
            await v.until(max(v.now, by) + timedelta(hours=13))
            assert len(v.to("sam")) == before, how
            assert offer_card_now(v) == {"Thanks for answering"}, how
    for how, found in answers.items():
        if how != "no answer":  # by then it is another day, and times are told otherwise
            assert found == answers["still asked"], how
        assert [words.splitlines()[0] for words in found] == [
            words.splitlines()[0] for words in answers["still asked"]
        ]


async def test_a_no_after_the_ending_was_heard_meets_the_ending():
    v = await said_yes()
    await heard(v, someone_else)
    assert ENDED in await pressed(v, "decline")


# ---- after an introduction


async def met() -> Village:
    v = await said_yes()
    await introduce(Introduce(v.by("jo"), proposal_of(v).id, "teams"), v.desk)
    await v.sends()
    return v


def match_of(v: Village) -> str:
    (found,) = v.store.rows.matches.values()
    return found.id


async def swaps(v: Village) -> None:
    await v.time_passes(hours=1)
    await swap(Swap(v.by("jo"), match_of(v)), v.desk)


async def closes(v: Village) -> None:
    await v.time_passes(hours=1)
    await close_match(CloseMatch(v.by("jo"), match_of(v)), v.desk)


ENDINGS: Mapping[str, Act] = {"swap": swaps, "close": closes, "withdrawn": withdraws, "erased": erased}
TENDS: Mapping[str, Act] = {
    "hello": lambda v: say_hello_was_said(v.by("sam"), v.desk, match_of(v)),
    "still": lambda v: say_still_talking(v.by("sam"), v.desk, match_of(v)),
    "hand back": lambda v: hand_back(HandBack(v.by("sam"), match_of(v), "cant"), v.desk),
    "close": lambda v: close_match(CloseMatch(v.by("sam"), match_of(v)), v.desk),
}


async def test_after_an_introduction_too_and_whatever_is_pressed_between():
    traces = {how: await heard(await met(), act) for how, act in ENDINGS.items()}
    assert len({str(trace) for trace in traces.values()}) == 1
    for tend in TENDS.values():
        outcomes = set()
        for act in ENDINGS.values():
            v = await met()
            await act(v)
            try:
                done = str(await tend(v)).replace(match_of(v), "")
            except Refusal as refusal:
                done = type(refusal).__name__
            outcomes.add(done)
        assert len(outcomes) == 1


# ---- the source of the wait

spans = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda span: span[0] < span[1])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001  made aware below


@settings(deadline=None, max_examples=50)
@given(moments, spans, spans, st.integers(0, 2**32))
def test_the_wait_is_one_to_six_hours_and_ends_in_their_hours(at, waking, own, seed):
    now = at.replace(tzinfo=TUESDAY_TEN.tzinfo)
    policy = Policy(waking=hours(*waking))
    sam = Supporter("sam", NORTHMOOR, "constable", hours=hours(*own))
    ends = ending_at(now, sam, policy, Random(seed))
    earliest, latest = (
        ending_at(
            now, sam, Policy(waking=policy.waking, ending_least_hours=n, ending_most_hours=n), Random(0)
        )
        for n in (1, 6)
    )
    assert now + timedelta(hours=1) <= earliest <= ends <= latest
    assert hours(*own).open_at(ends)
    always = ending_at(now, None, Policy(waking=hours(0, 24)), Random(seed))
    assert timedelta(hours=1) <= always - now <= timedelta(hours=6)


def hours(start: int, end: int) -> WeeklyHours:
    return WeeklyHours.parse(f"Mon-Sun {start:02}:00-{end:02}:00")


def test_every_moment_of_the_five_hours_is_as_likely():
    chance, always = Random(1), Policy(waking=hours(0, 24))
    waits = [
        (ending_at(TUESDAY_TEN, None, always, chance) - TUESDAY_TEN) / timedelta(hours=1) for _ in range(5000)
    ]
    for start in range(1, 6):
        assert 900 < sum(start <= wait < start + 1 for wait in waits) < 1100


async def test_an_introduction_that_was_swapped_is_not_shown_again_by_an_old_press():
    """Jo swapped Sam for Pat. The old card's button shows neither of them as the other."""
    v = await offered()
    await accept_offer(AcceptOffer(v.by("sam"), offer_of(v).id), v.desk)
    old = proposal_of(v).id
    await introduce(Introduce(v.by("jo"), old, "teams"), v.desk)
    (match,) = v.store.rows.matches.values()
    await v.supporter("pat")
    await swap(Swap(v.by("jo"), match.id), v.desk)
    await accept_offer(AcceptOffer(v.by("pat"), offer_of(v, "pat").id), v.desk)
    (new,) = [id for id in v.store.rows.proposals if id != old]
    await introduce(Introduce(v.by("jo"), new, "teams"), v.desk)
    with pytest.raises(Refusal):
        await introduce(Introduce(v.by("jo"), old, "teams"), v.desk)
    again = await introduce(Introduce(v.by("jo"), new, "teams"), v.desk)
    assert again.introduced is not None
    assert "Pat" in again.introduced.name
