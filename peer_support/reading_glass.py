"""Break-glass as each audience may see it; and for a notice, what its recipient may know when it is sent."""

from __future__ import annotations

from datetime import datetime

from peer_support.break_glass import BreakGlass, GlassState, visible
from peer_support.force import BREAK_GLASS
from peer_support.glass_views import Answered, GlassView, OpenedView, SecondYesView
from peer_support.limits import told_of_opening
from peer_support.people import Member, RosterStatus
from peer_support.ports import Desk, NameUnknown, PersonName, Work
from peer_support.reading import force_name
from peer_support.request import Request


def glass_view(ask: BreakGlass, request: Request, now: datetime, name: PersonName | None = None) -> GlassView:
    """How it stands for the one who asked. What ran out is shown as such, swept or not; then there is no name."""
    ask = ask.ran_out(now)
    shown = name if ask.shows_name(ask.asked_by, now) else None
    return GlassView(
        id=ask.id,
        reference=request.reference,
        state=ask.state,
        answer_by=ask.answer_by,
        shown_until=ask.shown_until,
        name=shown.full if shown else None,
        email=shown.email if shown else None,
    )


async def asked_about(work: Work, request: Request) -> Member | None:
    """Whose request it is, where they were told of its force beforehand; None for anybody else, an emptied row too."""
    found = (await work.members.many([request.requester_id])).get(request.requester_id)
    told = found is not None and told_of_opening(found.limits_version, request.force_id)
    return found if told else None


async def second_yes_view(
    work: Work, desk: Desk, ask: BreakGlass, request: Request, approver_id: str, *, counts: bool
) -> SecondYesView:
    """How it stands for one who may agree. Another's answer, its lapse and a rule that stands between look the same."""
    asker = (await work.members.many([ask.asked_by])).get(ask.asked_by)
    answered = Answered.WAITING if counts else Answered.ENDED
    if ask.answered_by == approver_id:
        answered = Answered.NO if ask.state is GlassState.REFUSED else Answered.YES
    return SecondYesView(
        id=ask.id,
        reference=request.reference,
        force=force_name(desk, ask.force_id),
        asker=(asker.name if asker else None) or "",
        risk=ask.risk,
        answer_by=ask.answer_by,
        answered=answered,
    )


async def name_asked_of(desk: Desk, ask_id: str, member_id: str, now: datetime) -> GlassView | None:
    """For a notice to the one who asked: how it stands, never with a name."""
    async with desk.open_work() as work:
        found = await _still_asking(work, desk, ask_id, member_id)
        return glass_view(found[0], found[1], now) if found else None


async def name_shown_of(desk: Desk, ask_id: str, member_id: str, now: datetime) -> GlassView | None:
    """For a notice to the one who asked: with the name while its hour runs, which is read again after the look-up."""
    async with desk.open_work() as work:
        found = await _still_asking(work, desk, ask_id, member_id)
        if found is None:
            return None
        ask, request = found
        if not ask.shows_name(member_id, now):
            return glass_view(ask, request, now)
        requester = await asked_about(work, request)
    name = await desk.names.of(requester.address) if requester and requester.address else None
    async with desk.open_work() as work:
        found = await _still_asking(work, desk, ask_id, member_id)
    if found is None:
        return None
    if name is None and found[0].shows_name(member_id, now):
        raise NameUnknown
    return glass_view(found[0], found[1], now, name)


async def _still_asking(
    work: Work, desk: Desk, ask_id: str, member_id: str
) -> tuple[BreakGlass, Request] | None:
    """One's own ask, while one runs that force's network. Somebody who left sees how it ended, and no name."""
    ask = await work.break_glass.get(ask_id)
    request = await work.requests.look(ask.request_id) if ask else None
    if ask is None or request is None or ask.asked_by != member_id:
        return None
    coordinator = await work.coordinators.get(member_id)
    force = desk.forces.by_id.get(ask.force_id)
    runs = (
        coordinator is not None
        and coordinator.status is RosterStatus.ACTIVE
        and coordinator.force_id == ask.force_id
    )
    on = force is not None and BREAK_GLASS in force.features
    return (ask if runs and on else _nameless(ask)), request


def _nameless(ask: BreakGlass) -> BreakGlass:
    return ask.ran_out(max(filter(None, (ask.answer_by, ask.shown_until))))


async def second_yes_of(desk: Desk, ask_id: str, member_id: str, now: datetime) -> SecondYesView | None:
    """For a notice to one who may agree."""
    async with desk.open_work() as work:
        ask = await work.break_glass.get(ask_id)
        request = await work.requests.look(ask.request_id) if ask else None
        if ask is None or request is None or member_id not in ask.asked_of:
            return None
        return await second_yes_view(work, desk, ask, request, member_id, counts=ask.waits(now))


def opened_view(desk: Desk, ask: BreakGlass, now: datetime) -> OpenedView:
    """For the person whose request it is."""
    stands = ask.ran_out(now)
    return OpenedView(force_name(desk, ask.force_id), ask.risk, ask.asked_at, stands.state, ask.seen_at)


async def opened_of(desk: Desk, ask_id: str, member_id: str, now: datetime) -> OpenedView | None:
    """For the notice that tells a person that their name could be seen."""
    async with desk.open_work() as work:
        ask = await work.break_glass.get(ask_id)
        request = await work.requests.look(ask.request_id) if ask else None
    if ask is None or request is None or request.requester_id != member_id or not visible([ask], now):
        return None
    return opened_view(desk, ask, now) if ask.shown_until else None
