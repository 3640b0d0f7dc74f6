"""Any sequence of presses and any passing of time: what must hold of every request, supporter and promise."""

from __future__ import annotations

import asyncio
import re
import secrets
import uuid
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cards.limits import LIMITS_VERSION
from peer_support.commands.answer_offer import AcceptOffer, DeclineOffer, accept_offer, decline_offer
from peer_support.commands.answer_proposal import (
    ChooseSomeoneElse,
    Introduce,
    SayNotNow,
    choose_someone_else,
    introduce,
    say_not_now,
)
from peer_support.commands.asking import open_change, review_form
from peer_support.commands.availability import set_paused
from peer_support.commands.own_request import (
    KeepLooking,
    LookWider,
    WithdrawRequest,
    keep_looking,
    look_wider,
    see_status,
    withdraw_request,
)
from peer_support.commands.send_request import SendRequest, send_request
from peer_support.commands.stuck import OfferToChosen, ask_to_look_wider, offer_to_chosen, send_contact
from peer_support.commands.tend_match import (
    CloseMatch,
    HandBack,
    Swap,
    close_match,
    hand_back,
    say_hello_was_said,
    say_not_yet,
    say_spoken,
    say_still_talking,
    swap,
)
from peer_support.due import DueKind
from peer_support.hours import WeeklyHours
from peer_support.life.letting_go import let_go_of_offers
from peer_support.notice import NoticeKind
from peer_support.offer import Match, MatchState, Offer, OfferState, Proposal, ProposalState
from peer_support.people import RosterStatus
from peer_support.refusals import Refusal
from peer_support.request import ForceWish, HowSoon, Request, RequestState, When
from peer_support.taxonomy import EXPERIENCES
from tests.peer_support.village import NORTHMOOR, TUESDAY_TEN, WESTVALE, Village, full_name

T = TypeVar("T")
OFFICERS = ("jo", "kit", "lee")
SUPPORTERS = ("sam", "pat", "max", "dee", "ash", "wyn")
SLACK = timedelta(minutes=1)
SOON = st.sampled_from(list(HowSoon))
WISH = st.sampled_from(list(ForceWish))
WHEN = st.sets(st.sampled_from(list(When)), max_size=2)
ANY = st.integers(0, 50)


class Life(RuleBasedStateMachine):
    """Three officers in two forces, six supporters, one coordinator, and all that they may do."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.patch = pytest.MonkeyPatch()
        self.village = Village()
        self.closed: dict[str, Request] = {}
        self.promises: dict[str, tuple[datetime, datetime]] = {}
        self.hears: list[tuple[str, str, datetime]] = []
        self.by_coordinator: set[tuple[str, str]] = set()

    def teardown(self) -> None:
        self.patch.undo()
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def act(self, work: Coroutine[Any, Any, T]) -> T | None:
        """One press: done or refused, and nothing else. Then what comes of it is sent."""
        try:
            done = self.run(work)
        except Refusal:
            return None
        finally:
            self.run(self.village.sends())
        return done

    # ---- who is there

    @initialize(seed=st.integers(0, 999), start=st.integers(0, 24 * 7))
    def people(self, seed: int, start: int) -> None:
        self.village.chance.seed(seed)
        drawn = Random(seed)  # the same ids each time, so that a failure is found again and made small
        self.patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=drawn.getrandbits(128), version=4))
        self.patch.setattr(secrets, "choice", drawn.choice)
        self.village.now = TUESDAY_TEN + timedelta(hours=start)

        async def made() -> None:
            v = self.village
            for id in OFFICERS[:2]:
                await v.person(id, NORTHMOOR)
            await v.person(OFFICERS[2], WESTVALE)
            for id in SUPPORTERS[:4]:
                await v.supporter(id, NORTHMOOR)
            for id in SUPPORTERS[4:]:
                await v.supporter(id, WESTVALE)
            async with v.store.work() as work:
                max_ = v.store.rows.supporters["max"]
                await work.supporters.put(replace(max_, hours=WeeklyHours.parse("Mon-Fri 09:00-17:00")))
            await v.coordinator("ria", NORTHMOOR, hours="Tue-Thu 09:00-15:00")

        self.run(made())

    # ---- choosing something that stands

    def some(self, rows: Iterable[T], pick: int) -> T | None:
        found = list(rows)
        return found[pick % len(found)] if found else None

    def waiting_offers(self) -> bool:
        return any(row.state is OfferState.SENT for row in self.village.store.rows.offers.values())

    def offer(self, pick: int) -> Offer | None:
        offers = sorted(self.village.store.rows.offers.values(), key=lambda row: row.sent_at)
        waiting = [row for row in offers if row.state is OfferState.SENT]
        return self.some(waiting if pick % 5 else offers, pick // 5)

    def proposal(self, pick: int) -> Proposal | None:
        proposals = sorted(self.village.store.rows.proposals.values(), key=lambda row: row.made_at)
        asked = [row for row in proposals if row.state is ProposalState.ASKED]
        return self.some(asked if pick % 5 else proposals, pick // 5)

    def match(self, pick: int) -> Match | None:
        matches = sorted(self.village.store.rows.matches.values(), key=lambda row: row.introduced_at)
        live = [row for row in matches if row.state is MatchState.LIVE]
        return self.some(live if pick % 5 else matches, pick // 5)

    def request(self, pick: int) -> Request | None:
        requests = sorted(self.village.store.rows.requests.values(), key=lambda row: row.created_at)
        live = [row for row in requests if row.live]
        return self.some(live if pick % 5 else requests, pick // 5)

    def look(self, requester_id: str) -> None:
        """The requester looks: whatever is promised there is held to."""
        self.promises.pop(requester_id, None)
        found = self.run(see_status(self.village.by(requester_id), self.village.desk))
        view = found.request
        if view is not None and view.state is RequestState.OPEN:
            assert view.news_by is not None
            assert view.news_by > self.village.now, "a promise that lies in the past"
            assert view.asking_starts is None or view.asking_starts > self.village.now
            self.promises[requester_id] = (self.village.now, view.news_by)

    # ---- the requester

    @rule(who=st.sampled_from(OFFICERS), soon=SOON, wish=WISH, when=WHEN)
    def ask(self, who: str, soon: HowSoon, wish: ForceWish, when: set[When]) -> None:
        fields = {"soon": soon.value, "force_wish": wish.value, "when": ",".join(sorted(when))}
        sent = self.act(self.village.asks(who, **fields))
        if sent is not None:
            self.look(who)

    @precondition(lambda self: self.village.store.rows.requests)
    @rule(pick=ANY, soon=SOON, wish=WISH)
    def change(self, pick: int, soon: HowSoon, wish: ForceWish) -> None:
        request = self.request(pick)
        if request is None:
            return
        v, who = self.village, request.requester_id

        async def changed() -> None:
            await open_change(v.by(who), v.desk, request.id)
            await review_form(v.by(who), v.desk, {"soon": soon.value, "force_wish": wish.value})
            await send_request(SendRequest(v.by(who), LIMITS_VERSION), v.desk)

        self.act(changed())

    @precondition(lambda self: self.village.store.rows.requests)
    @rule(pick=ANY, what=st.sampled_from(["begins_a_change", "withdraws", "keeps", "keeps", "widens"]))
    def requester_acts(self, pick: int, what: str) -> None:
        request = self.request(pick)
        if request is None:
            return
        by, desk = self.village.by(request.requester_id), self.village.desk
        if what == "begins_a_change":
            self.act(open_change(by, desk, request.id))
        elif what == "withdraws":
            self.act(withdraw_request(WithdrawRequest(by, request.id), desk))
        elif what == "keeps":
            self.act(keep_looking(KeepLooking(by, request.id), desk))
        else:
            self.act(look_wider(LookWider(by, request.id), desk))
        self.look(request.requester_id)

    @precondition(lambda self: self.village.store.rows.proposals)
    @rule(
        pick=ANY, what=st.sampled_from(["teams", "call", "call", "someone_else", "someone_else", "not_now"])
    )
    def answers_a_proposal(self, pick: int, what: str) -> None:
        proposal = self.proposal(pick)
        if proposal is None:
            return
        who = self.village.store.rows.requests[proposal.request_id].requester_id
        by, desk = self.village.by(who), self.village.desk
        if what == "someone_else":
            self.act(choose_someone_else(ChooseSomeoneElse(by, proposal.id), desk))
        elif what == "not_now":
            self.act(say_not_now(SayNotNow(by, proposal.id), desk))
        else:
            phone = "07700 900123" if what == "call" else ""
            self.act(introduce(Introduce(by, proposal.id, what, phone), desk))
        self.look(who)

    @precondition(lambda self: self.village.store.rows.matches)
    @rule(pick=ANY, what=st.sampled_from(["spoken", "not_yet", "still", "swap", "close"]))
    def requester_tends(self, pick: int, what: str) -> None:
        match = self.match(pick)
        if match is None:
            return
        by, desk = self.village.by(match.requester_id), self.village.desk
        acts = {
            "spoken": say_spoken,
            "not_yet": say_not_yet,
            "still": say_still_talking,
        }
        if what in acts:
            self.act(acts[what](by, desk, match.id))
        elif what == "swap":
            self.act(swap(Swap(by, match.id), desk))
        else:
            self.act(close_match(CloseMatch(by, match.id), desk))
        self.look(match.requester_id)

    # ---- the supporter

    @precondition(lambda self: self.waiting_offers())
    @rule(pick=ANY)
    def accept(self, pick: int) -> None:
        offer = self.offer(pick)
        if offer is None:
            return
        before = self.village.now
        by = self.village.by(offer.supporter_id)
        answered = self.act(accept_offer(AcceptOffer(by, offer.id, apart=True), self.village.desk))
        said_yes = answered is not None and answered.view.state is OfferState.ACCEPTED
        if answered is not None and said_yes and offer.state is OfferState.SENT:
            assert answered.view.hear_by is not None
            assert answered.view.hear_by > before
            self.hears.append((offer.supporter_id, offer.id, answered.view.hear_by))

    @precondition(lambda self: self.waiting_offers())
    @rule(pick=ANY, pause=st.booleans())
    def decline(self, pick: int, pause: bool) -> None:
        offer = self.offer(pick)
        if offer is not None:
            by = self.village.by(offer.supporter_id)
            self.act(decline_offer(DeclineOffer(by, offer.id, pause), self.village.desk))

    @rule(who=st.sampled_from(SUPPORTERS), paused=st.booleans())
    def pause_or_resume(self, who: str, paused: bool) -> None:
        self.act(set_paused(self.village.by(who), self.village.desk, paused=paused))

    @precondition(lambda self: self.village.store.rows.matches)
    @rule(pick=ANY, what=st.sampled_from(["hello", "still", "hand_back", "close"]))
    def supporter_tends(self, pick: int, what: str) -> None:
        match = self.match(pick)
        if match is None:
            return
        by, desk = self.village.by(match.supporter_id), self.village.desk
        if what == "hello":
            self.act(say_hello_was_said(by, desk, match.id))
        elif what == "still":
            self.act(say_still_talking(by, desk, match.id))
        elif what == "hand_back":
            self.act(hand_back(HandBack(by, match.id, "cant"), desk))
        else:
            self.act(close_match(CloseMatch(by, match.id), desk))

    @precondition(lambda self: self.waiting_offers())
    @rule(pick=ANY, phone=st.booleans())
    def all_the_way(self, pick: int, phone: bool) -> None:
        """A yes and a yes, in one step, so that what comes after an introduction is tried often."""
        self.accept(pick)
        asked = [
            row for row in self.village.store.rows.proposals.values() if row.state is ProposalState.ASKED
        ]
        for proposal in asked[-1:]:
            who = self.village.store.rows.requests[proposal.request_id].requester_id
            command = Introduce(self.village.by(who), proposal.id, "call", "07700 900123" if phone else "")
            self.act(introduce(command, self.village.desk))
            self.look(who)

    # ---- the coordinator, the roster, the channel

    @precondition(lambda self: self.village.store.rows.requests)
    @rule(pick=ANY, what=st.sampled_from(["wider", "contact", "offer"]), who=st.sampled_from(SUPPORTERS))
    def coordinator_acts(self, pick: int, what: str, who: str) -> None:
        request = self.request(pick)
        if request is None:
            return
        by, desk = self.village.by("ria"), self.village.desk
        if what == "wider":
            self.act(ask_to_look_wider(by, desk, request.id))
        elif what == "contact":
            self.act(send_contact(by, desk, request.id))
        elif self.act(offer_to_chosen(OfferToChosen(by, request.id, who), desk)) is not None:
            self.by_coordinator.add((request.id, who))

    @rule(who=st.sampled_from(SUPPORTERS), leaves=st.booleans())
    def roster(self, who: str, leaves: bool) -> None:
        async def imported() -> None:
            async with self.village.store.work() as work:
                status = RosterStatus.LEAVE if leaves else RosterStatus.ACTIVE
                await work.supporters.put(replace(self.village.store.rows.supporters[who], status=status))
                if leaves:
                    await let_go_of_offers(work, self.village.desk, who, self.village.now)

        self.act(imported())

    @rule(who=st.sampled_from((*SUPPORTERS, *OFFICERS)), back=st.sampled_from([True, True, False]))
    def block(self, who: str, back: bool) -> None:
        if back:
            self.act(self.village.comes_back(who))
        else:
            self.village.blocked.add(who)

    # ---- time

    @rule(hours=st.sampled_from([0.1, 0.5, 1, 2, 4, 12, 25, 49, 73, 170, 340]))
    def time_passes(self, hours: float) -> None:
        self.run(self.village.time_passes(hours=hours))

    # ---- what always holds

    @invariant()
    def always(self) -> None:
        self.the_end_is_the_end()
        self.one_of_each()
        self.limits()
        self.every_live_request_has_a_next_step()
        self.promises_of_news_are_kept()
        self.whoever_said_yes_hears_by_then()
        self.no_name_before_disclosure()
        self.a_coordinator_learns_nothing()

    def the_end_is_the_end(self) -> None:
        for request in self.village.store.rows.requests.values():
            if request.id in self.closed:
                assert request == self.closed[request.id]
            elif not request.live:
                self.closed[request.id] = request
                assert request.wishes.note is None
                assert not self.village.dues_of(request.id)

    def one_of_each(self) -> None:
        rows = self.village.store.rows
        live = [row.requester_id for row in rows.requests.values() if row.live]
        matched = [row.request_id for row in rows.matches.values() if row.state is MatchState.LIVE]
        asked = [row.request_id for row in rows.proposals.values() if row.state is ProposalState.ASKED]
        assert len(live) == len(set(live))
        assert len(matched) == len(set(matched))
        assert len(asked) == len(set(asked))
        for request in rows.requests.values():
            assert (request.state is RequestState.MATCHED) == (request.id in matched)
            assert (request.state is RequestState.PROPOSED) == (request.id in asked)
        for row in rows.offers.values():
            if row.state is OfferState.SENT:
                assert rows.requests[row.request_id].state is RequestState.OPEN
        for match in rows.matches.values():
            assert match.state is MatchState.LIVE or match.contact.phone is None

    def limits(self) -> None:
        rows, week = self.village.store.rows, self.village.now - timedelta(days=7)
        for who in SUPPORTERS:
            matches = [row for row in rows.matches.values() if row.supporter_id == who]
            holding = sum(
                row.supporter_id == who and row.state is ProposalState.ASKED
                for row in rows.proposals.values()
            )
            assert sum(row.state is MatchState.LIVE for row in matches) <= 3
            assert sum(row.introduced_at >= week for row in matches) <= 1
            assert holding <= 1
            unanswered = [
                row
                for row in rows.offers.values()
                if row.supporter_id == who
                and row.state in {OfferState.SENT, OfferState.EXPIRED}
                and row.sent_at >= week
            ]
            assert len(unanswered) <= 3
        for who in OFFICERS:
            shown = [
                row
                for row in rows.proposals.values()
                if rows.requests[row.request_id].requester_id == who
                and (row.request_id, row.supporter_id) not in self.by_coordinator
            ]
            for last in shown:
                month = last.made_at - timedelta(days=30)
                lately = {row.supporter_id for row in shown if month <= row.made_at <= last.made_at}
                same = {row.supporter_id for row in shown if row.request_id == last.request_id}
                assert len(lately) <= 3
                assert len(same) <= 3
        for request in rows.requests.values():
            waiting = [
                row
                for row in rows.offers.values()
                if row.request_id == request.id
                and row.state is OfferState.SENT
                and (request.id, row.supporter_id) not in self.by_coordinator
            ]
            assert len(waiting) <= 3

    def every_live_request_has_a_next_step(self) -> None:
        rows = self.village.store.rows
        for request in rows.requests.values():
            if not request.live:
                continue
            own = self.village.dues_of(request.id)
            match request.state:
                case RequestState.OPEN:
                    assert request.news_by is not None
                    assert own[DueKind.NEWS].at <= request.news_by
                    offers = [
                        row
                        for row in rows.offers.values()
                        if row.request_id == request.id and row.state is OfferState.SENT
                    ]
                    for offer in offers:
                        assert DueKind.OFFER_EXPIRES in self.village.dues_of(offer.id)
                    assert offers or DueKind.ROUND in own or request.coordinator_route
                case RequestState.PROPOSED:
                    asked = [
                        row
                        for row in rows.proposals.values()
                        if row.request_id == request.id and row.state is ProposalState.ASKED
                    ]
                    assert DueKind.PROPOSAL_LAPSES in self.village.dues_of(asked[0].id)
                case RequestState.MATCHED:
                    live = [
                        row
                        for row in rows.matches.values()
                        if row.request_id == request.id and row.state is MatchState.LIVE
                    ]
                    assert DueKind.CHECK_IN in self.village.dues_of(live[0].id)
                case RequestState.RESTING:
                    assert DueKind.RESTING_CLOSES in own
            overdue = [due for due in own.values() if due.at < self.village.now]
            assert not overdue

    def promises_of_news_are_kept(self) -> None:
        """By then they have heard, or they have looked or acted themselves, or couldn't be reached."""
        for who, (made, by) in list(self.promises.items()):
            if self.village.now >= by + SLACK:
                told = [each for each in self.village.to(who) if made <= each.at <= by + SLACK]
                assert told or self.unreachable(who), f"{who} was promised news by {by}"
                del self.promises[who]

    def whoever_said_yes_hears_by_then(self) -> None:
        still = []
        for who, offer_id, by in self.hears:
            if self.village.now < by:
                still.append((who, offer_id, by))
                continue
            proposal = next(
                row for row in self.village.store.rows.proposals.values() if row.offer_id == offer_id
            )
            matches = {
                row.id for row in self.village.store.rows.matches.values() if row.proposal_id == proposal.id
            }
            heard = [
                each
                for each in self.village.to(who)
                if each.at <= by
                and (
                    (each.kind is NoticeKind.OFFER_ENDED and each.notice.subject_id == offer_id)
                    or (each.kind is NoticeKind.INTRODUCTION and each.notice.subject_id in matches)
                    or (each.kind is NoticeKind.MATCH_ENDED and each.notice.subject_id in matches)
                )
            ]
            assert heard or self.unreachable(who), f"{who} was told they'd hear by {by}"
        self.hears = still

    def unreachable(self, who: str) -> bool:
        """They were blocked at some time: what wasn't taken then isn't the bot's silence."""
        return who in self.village.blocked or any(
            row.dead_at and row.notice.recipient_id == who for row in self.village.store.rows.notices.values()
        )

    def no_name_before_disclosure(self) -> None:
        """Of everything worded for a supporter or a coordinator, and of every card as it stands now."""
        rows = self.village.store.rows
        for said in self.village.said[-40:]:
            if said.to in OFFICERS:
                continue
            for officer in OFFICERS:
                if any(part in said.text for part in full_name(officer).split()):
                    pair = [
                        row
                        for row in rows.matches.values()
                        if row.supporter_id == said.to
                        and row.requester_id == officer
                        and row.introduced_at <= said.at
                        and (row.closed_at is None or row.closed_at >= said.at)
                    ]
                    assert pair, f"{said.to} read {officer}'s name in {said.kind}"
        for reader, text in self.village.cards.values():
            if reader in OFFICERS or reader in self.village.blocked:
                continue
            for officer in OFFICERS:
                if any(part in text for part in full_name(officer).split()):
                    assert any(
                        row.supporter_id == reader
                        and row.requester_id == officer
                        and row.state is MatchState.LIVE
                        for row in rows.matches.values()
                    ), f"{reader} can still read {officer}'s name"
            assert "07700 900123" not in text or any(
                row.supporter_id == reader and row.state is MatchState.LIVE for row in rows.matches.values()
            )

    def a_coordinator_learns_nothing(self) -> None:
        topics = {part for each in EXPERIENCES.values() for part in (each.asking, each.supporter)}
        for said in self.village.to("ria")[-10:]:
            assert not any(topic in said.text for topic in topics)
            assert not re.search(r"\d\d:\d\d", said.text)


Life.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestLife = Life.TestCase
