"""What supporters do about an offer, an introduction, a reminder to say hello."""

from __future__ import annotations

from datetime import datetime, timedelta

from peer_support.commands.answer_offer import AcceptOffer, DeclineOffer, accept_offer, decline_offer
from peer_support.commands.tend_match import (
    CloseMatch,
    HandBack,
    Swap,
    close_match,
    hand_back,
    say_hello_was_said,
    swap,
)
from peer_support.notice import Notice
from peer_support.offer import HandBackReason
from simulation.acting import Acting
from simulation.draws import stream

_SWAP_DAYS = 3.0
_STILL_FORGETS = 0.2


class Supporters(Acting):
    """Each sees it when their shifts let them, and presses what they would."""

    __slots__ = ()

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
