"""What people do about what they are told: each sees it when their shifts let them, and presses what they would."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from peer_support.commands.send_request import SendRequest, send_request
from peer_support.commands.stuck import OfferToChosen, ask_to_look_wider, offer_to_chosen, send_contact
from peer_support.draft import Draft
from peer_support.notice import Notice, NoticeKind
from peer_support.refusals import CantBeOffered
from peer_support.request import ForceWish, RequestState
from simulation.draws import READ, Ask, stream
from simulation.requesters import Requesters
from simulation.supporters import Supporters

_TRIED = 3


class People(Requesters, Supporters):
    """Everybody of one world. Their presses are the bot's own commands."""

    __slots__ = ()

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
