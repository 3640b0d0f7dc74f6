"""What requesters do about who has offered, about news, and about a question."""

from __future__ import annotations

from datetime import datetime

from peer_support.commands.answer_proposal import (
    ChooseSomeoneElse,
    Introduce,
    SayNotNow,
    choose_someone_else,
    introduce,
    say_not_now,
)
from peer_support.commands.own_request import (
    KeepLooking,
    LookWider,
    WithdrawRequest,
    keep_looking,
    look_wider,
    withdraw_request,
)
from peer_support.commands.tend_match import say_not_yet, say_spoken
from peer_support.notice import Notice
from peer_support.offer import ProposalState
from peer_support.request import How, RequestState
from simulation.acting import Acting


class Requesters(Acting):
    """Each sees it when their shifts let them, and presses what they would."""

    __slots__ = ()

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

    def in_touch(self, notice: Notice) -> None:
        """Have you two spoken?"""
        world = self.world

        async def answer(now: datetime) -> None:
            by, id = self._own(notice, now), notice.subject_id
            spoken = world.rows.matches.rows[id].in_touch_at is not None
            press = say_spoken(by, world.desk, id) if spoken else say_not_yet(by, world.desk, id)
            await world.press("in touch", press)

        world.at(world.seen(notice.recipient_id, f"in touch {notice.occasion}", requester=True), answer)
