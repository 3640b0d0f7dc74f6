"""What people do about what they are told: each sees it when their shifts let them, and presses what they would."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_support.acting import By
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
from peer_support.commands.own_request import (
    KeepLooking,
    LookWider,
    WithdrawRequest,
    keep_looking,
    look_wider,
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
    swap,
)
from peer_support.draft import Draft
from peer_support.notice import Notice, NoticeKind
from peer_support.offer import HandBackReason, ProposalState
from peer_support.refusals import CantBeOffered
from peer_support.request import ForceWish, How, Request, RequestState
from simulation.draws import READ, Ask, stream
from simulation.world import World

_TRIED = 3
_SWAP_DAYS = 3.0
_STILL_FORGETS = 0.2


@dataclass(slots=True)
class People:
    """Everybody of one world. Their presses are the bot's own commands."""

    world: World

    def begin(self, asks: list[Ask]) -> None:
        """Lay out who asks and who pauses; everything else follows from what they are told."""
        for ask in asks:
            self.world.at(ask.at, self._asks(ask))
        for start, end, supporter_id in self.world.town.pauses:
            self.world.at(start, self._pauses(supporter_id, paused=True))
            self.world.at(end, self._pauses(supporter_id, paused=False))
        react = _REACTIONS
        self.world.reactions = lambda notice: (
            react[notice.kind](self, notice) if notice.kind in react else None
        )

    def _chance(self, *parts: object) -> float:
        return stream(self.world.seed, *parts).random()

    def _asks(self, ask: Ask) -> Callable[[datetime], Awaitable[None]]:
        async def send(now: datetime) -> None:
            world = self.world
            member = world.meet(ask)
            async with world.desk.open_work() as work:
                await work.members.add(member)
                await work.drafts.put(Draft(member.id, ask.answers, now))
            sent = await send_request(SendRequest(world.by(member.id, now), READ), world.desk)
            if ask.surge:
                world.surge.add(sent.view.id)

        return send

    def _pauses(self, supporter_id: str, *, paused: bool) -> Callable[[datetime], Awaitable[None]]:
        async def press(now: datetime) -> None:
            await set_paused(self.world.by(supporter_id, now), self.world.desk, paused=paused)

        return press

    def offered(self, notice: Notice) -> None:
        """A supporter sees the offer, and answers or doesn't."""
        world, given, own = self.world, self.world.given, notice.recipient_id
        turn = len(world.rows.offers_to.of[own])

        async def answer(now: datetime) -> None:
            said = self._chance("offer", own, turn)
            by = world.by(own, now)
            if said < given.accepts:
                await world.press(
                    "accept", accept_offer(AcceptOffer(by, notice.subject_id, apart=True), world.desk)
                )
                found = world.rows.proposed.of.get(notice.subject_id, {})
                for proposal_id in found:
                    self._promised_to_hear(proposal_id)
            elif said < given.accepts + given.declines:
                await world.press("decline", decline_offer(DeclineOffer(by, notice.subject_id), world.desk))
            elif said < given.accepts + given.declines + given.declines_and_pauses:
                pausing = DeclineOffer(by, notice.subject_id, pause=True)
                await world.press("decline", decline_offer(pausing, world.desk))
                back = stream(world.seed, "back", own, turn).expovariate(1 / given.pause_days)
                world.at(now + timedelta(days=back), self._pauses(own, paused=False))

        world.at(world.seen(own, f"offer {turn}"), answer)

    def _promised_to_hear(self, proposal_id: str) -> None:
        world, by = self.world, self.world.watch.hears_by(proposal_id)

        async def judge(_now: datetime) -> None:
            if by is not None:
                world.watch.judge_heard(proposal_id, by)

        if by is not None and world.rows.proposals.rows[proposal_id].made_at == world.now:
            world.at(by + timedelta(minutes=1), judge)

    def proposed(self, notice: Notice) -> None:
        """The requester sees who has offered."""
        world, given, own = self.world, self.world.given, notice.recipient_id
        turn = len(world.rows.proposals_of_request.of[self._request(notice).id])

        async def answer(now: datetime) -> None:
            said, id = self._chance("proposal", own, turn), notice.subject_id
            by = self._own(notice, now)
            if said < given.introduce:
                await self._introduce(notice, now)
            elif said < given.introduce + given.someone_else:
                await world.press("someone else", choose_someone_else(ChooseSomeoneElse(by, id), world.desk))
            elif said < given.introduce + given.someone_else + given.not_now:
                await world.press("not now", say_not_now(SayNotNow(by, id), world.desk))

        world.at(world.seen(own, f"proposal {turn}", requester=True), answer)

    def reminded(self, notice: Notice) -> None:
        """A reminder of a proposal that wasn't answered."""
        world, own = self.world, notice.recipient_id

        async def answer(now: datetime) -> None:
            asked = world.rows.proposals.rows[notice.subject_id].state is ProposalState.ASKED
            if asked and self._chance("reminder", own, notice.occasion) < world.given.introduce_when_reminded:
                await self._introduce(notice, now)

        world.at(world.seen(own, f"reminder {notice.occasion}", requester=True), answer)

    async def _introduce(self, notice: Notice, now: datetime) -> None:
        by = self._own(notice, now)
        await self.world.press(
            "introduce", introduce(Introduce(by, notice.subject_id, How.TEAMS), self.world.desk)
        )

    def resting(self, notice: Notice) -> None:
        """The place is kept: some say to keep looking."""
        world, own = self.world, notice.recipient_id

        async def answer(now: datetime) -> None:
            if self._chance("resting", own, notice.kind, notice.occasion) < world.given.keeps_looking:
                press = keep_looking(KeepLooking(self._own(notice, now), notice.subject_id), world.desk)
                await world.press("keep looking", press)

        world.at(world.seen(own, f"{notice.kind} {notice.occasion}", requester=True), answer)

    def news(self, notice: Notice) -> None:
        """Nobody yet: a few withdraw."""
        world, own, turn = self.world, notice.recipient_id, self._request(notice).news_sent

        async def answer(now: datetime) -> None:
            if self._request(notice).state is RequestState.OPEN:
                press = withdraw_request(
                    WithdrawRequest(self._own(notice, now), notice.subject_id), world.desk
                )
                await world.press("withdraw", press)

        if self._chance("news", own, turn) < world.given.withdraws_at_news:
            world.at(world.seen(own, f"news {turn}", requester=True), answer)

    def wider(self, notice: Notice) -> None:
        """The coordinator asks whether supporters of any force may be asked."""
        world, own = self.world, notice.recipient_id

        async def answer(now: datetime) -> None:
            press = look_wider(LookWider(self._own(notice, now), notice.subject_id), world.desk)
            await world.press("look wider", press)

        if self._chance("wider", own, notice.occasion) < world.given.looks_wider:
            world.at(world.seen(own, f"wider {notice.occasion}", requester=True), answer)

    def introduced(self, notice: Notice) -> None:
        """The supporter says hello, or hands back; the two talk for some weeks, and one of them closes it."""
        world, given, own, id = self.world, self.world.given, notice.recipient_id, notice.subject_id
        chance = stream(world.seed, "match", world.rows.matches.rows[id].requester_id)
        back, forgets, swaps = chance.random(), chance.random(), chance.random()
        first = world.policy.waking.add_open(
            world.seen(own, f"introduction {id}"), timedelta(hours=chance.expovariate(1 / given.hello_hours))
        )
        ends = timedelta(days=chance.expovariate(1 / given.talks_days))
        ended_by_requester = chance.random() < given.requester_closes
        swapped = timedelta(days=chance.expovariate(1 / _SWAP_DAYS))

        async def hello(now: datetime) -> None:
            if back < given.hands_back:
                command = HandBack(world.by(own, now), id, HandBackReason.KNOW_THEM)
                await world.press("hand back", hand_back(command, world.desk))
            elif forgets >= given.never_says_hello:
                await world.press("hello", say_hello_was_said(world.by(own, now), world.desk, id))

        async def swap_them(now: datetime) -> None:
            await world.press("swap", swap(Swap(self._own(notice, now), id), world.desk))

        async def close(now: datetime) -> None:
            by = self._own(notice, now) if ended_by_requester else world.by(own, now)
            await world.press("close", close_match(CloseMatch(by, id), world.desk))

        world.at(first, hello)
        world.at(
            world.now + (swapped if swaps < given.swaps else ends),
            swap_them if swaps < given.swaps else close,
        )

    def forgotten(self, notice: Notice) -> None:
        """A supporter is reminded to say hello."""
        world, own = self.world, notice.recipient_id

        async def hello(now: datetime) -> None:
            await world.press("hello", say_hello_was_said(world.by(own, now), world.desk, notice.subject_id))

        if self._chance("forgotten", notice.subject_id, notice.occasion) >= _STILL_FORGETS:
            world.at(world.seen(own, f"forgotten {notice.subject_id} {notice.occasion}"), hello)

    def in_touch(self, notice: Notice) -> None:
        """Have you two spoken?"""
        world = self.world

        async def answer(now: datetime) -> None:
            by, id = self._own(notice, now), notice.subject_id
            spoken = world.rows.matches.rows[id].in_touch_at is not None
            press = say_spoken(by, world.desk, id) if spoken else say_not_yet(by, world.desk, id)
            await world.press("in touch", press)

        world.at(world.seen(notice.recipient_id, f"in touch {notice.occasion}", requester=True), answer)

    def stuck(self, notice: Notice) -> None:
        """A coordinator hears of a stuck request: asks to look wider, offers it to one of their own, or writes."""
        world, given, own = self.world, self.world.given, notice.recipient_id
        chance = stream(
            world.seed, "stuck", own, self._request(notice).requester_id, notice.kind, notice.occasion
        )
        acts, wait = chance.random() < given.coordinator_acts, chance.expovariate(1 / given.coordinator_hours)
        theirs = world.rows.coordinators[own].force_id
        network = [each.id for each in world.town.supporters if each.force_id == theirs]
        chosen = chance.sample(network, min(_TRIED, len(network)))

        async def act(now: datetime) -> None:
            request = self._request(notice)
            by = world.by(own, now)
            if request.state is not RequestState.OPEN:
                return
            if request.wishes.force_wish is not ForceWish.ANYONE:
                await world.press("ask wider", ask_to_look_wider(by, world.desk, request.id))
                return
            for supporter_id in chosen:
                try:
                    await offer_to_chosen(OfferToChosen(by, request.id, supporter_id), world.desk)
                    return
                except CantBeOffered:
                    continue
            await world.press("send contact", send_contact(by, world.desk, request.id))

        if acts:
            world.at(world.policy.office.add_open(world.now, timedelta(hours=wait)), act)

    def _request(self, notice: Notice) -> Request:
        return self.world.rows.requests.rows[self.world.request_of(notice) or ""]

    def _own(self, notice: Notice, now: datetime) -> By:
        """The requester presses, and so sees how it stands."""
        request = self._request(notice)
        self.world.watch.pressed[request.id].append(now)
        return self.world.by(request.requester_id, now)


_REACTIONS: Mapping[NoticeKind, Callable[[People, Notice], None]] = {
    NoticeKind.OFFER: People.offered,
    NoticeKind.PROPOSAL: People.proposed,
    NoticeKind.PROPOSAL_REMINDER: People.reminded,
    NoticeKind.RESTING: People.resting,
    NoticeKind.RESTING_REMINDER: People.resting,
    NoticeKind.REQUEST: People.news,
    NoticeKind.LOOK_WIDER: People.wider,
    NoticeKind.INTRODUCTION: People.introduced,
    NoticeKind.FIRST_CONTACT: People.forgotten,
    NoticeKind.IN_TOUCH: People.in_touch,
    NoticeKind.UNMATCHED: People.stuck,
    NoticeKind.NOBODY_FOUND: People.stuck,
}
