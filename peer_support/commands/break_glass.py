"""See who asked, where life or safety is at risk: asked by one coordinator, agreed to by somebody else, for an hour."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from peer_support.access import Action, Standing
from peer_support.acting import By, allowed, arrive, note_act, remember_card, tell
from peer_support.break_glass import REASON_MOST, BreakGlass, Risk, reason_fault, who_may_agree
from peer_support.due import DueKind
from peer_support.force import BREAK_GLASS, Force
from peer_support.glass_views import AskNameView, GlassView, SecondYesView
from peer_support.ids import new_id
from peer_support.life.opening_a_name import opened, settled
from peer_support.notice import NoticeKind
from peer_support.people import Reach
from peer_support.ports import Desk, Work
from peer_support.reading_glass import asked_about, glass_view, second_yes_view
from peer_support.refusals import NotFound
from peer_support.request import Request


async def may_be_opened(work: Work, desk: Desk, request: Request) -> bool:
    """Whether a live request's name may be asked for: its force turned this on, and its sender was told beforehand."""
    force = desk.forces.by_id.get(request.force_id)
    if force is None or BREAK_GLASS not in force.features or not request.live:
        return False
    return await asked_about(work, request) is not None


def force_with_it(desk: Desk, force_id: str) -> Force:
    """The force, where it has break-glass on now; NotFound otherwise, as for anything that isn't there."""
    force = desk.forces.by_id.get(force_id)
    if force is None or BREAK_GLASS not in force.features:
        raise NotFound
    return force


async def _nominal(work: Work, force: Force) -> frozenset[str]:
    """Everybody who could agree for this force: its coordinators, and whom it named elsewhere, once they're known."""
    coordinators = [each.id for each in await work.coordinators.of_force(force.id)]
    named = [await work.members.find(tenant, person) for tenant, person in sorted(force.approvers)]
    return frozenset(coordinators) | {each.id for each in named if each is not None}


async def _reachable(work: Work, member_ids: Collection[str]) -> frozenset[str]:
    members = await work.members.many(member_ids)
    return frozenset(each.id for each in members.values() if each.reach is Reach.REACHABLE)


async def _near(work: Work, request: Request) -> frozenset[str]:
    """The supporters whom this request was put to, and whom its sender left out: a reason may tell them who it is."""
    offers = await work.offers.of_request(request.id)
    around = await work.exclusions.around(request.requester_id)
    return frozenset(offer.supporter_id for offer in offers) | frozenset(around)


async def _request_of(
    work: Work, desk: Desk, by: By, request_id: str, *, look: bool = False
) -> tuple[Standing, Request, Force]:
    standing = await arrive(work, desk, by)
    request = allowed(standing, Action.ASK_TO_SEE_NAME, await work.requests.look(request_id))
    if not look:
        request = allowed(standing, Action.ASK_TO_SEE_NAME, await work.requests.get(request.id))
    if not await may_be_opened(work, desk, request):
        raise NotFound
    return standing, request, force_with_it(desk, request.force_id)


async def begin_to_ask(by: By, desk: Desk, request_id: str) -> AskNameView | GlassView:
    """The form, or how one's own ask for this request stands."""
    async with desk.open_work() as work:
        standing, request, force = await _request_of(work, desk, by, request_id, look=True)
        stands = await work.break_glass.standing_of(request.id, standing.member.id)
        if stands is not None:
            return glass_view(stands, request, by.now)
        others = await _others(work, force, standing)
        return AskNameView(request.id, request.reference, nobody=not others)


async def _others(work: Work, force: Force, standing: Standing) -> frozenset[str]:
    """Who could be asked, were the person anybody: what is said of it must not depend on who that is."""
    return await _reachable(work, await _nominal(work, force) - {standing.member.id})


@dataclass(frozen=True, slots=True)
class AskForName:
    """`risk` and `reason` as they came."""

    by: By
    request_id: str
    risk: str
    reason: str


async def ask_for_name(command: AskForName, desk: Desk) -> AskNameView | GlassView:
    """Ask for a second yes. It lapses in an hour. Where only the person themselves could agree, it lapses just so."""
    by, reason = command.by, " ".join(command.reason.split())
    async with desk.open_work() as work:
        standing, request, force = await _request_of(work, desk, by, command.request_id)
        stands = await work.break_glass.standing_of(request.id, standing.member.id)
        if stands is not None:
            return glass_view(stands, request, by.now)
        fault = reason_fault(command.risk, reason)
        others = await _others(work, force, standing)
        if fault or not others:
            typed = command.reason[: 2 * REASON_MOST]
            return AskNameView(request.id, request.reference, not others, fault, command.risk, typed)
        ask = BreakGlass(
            id=new_id(),
            request_id=request.id,
            force_id=request.force_id,
            asked_by=standing.member.id,
            risk=Risk(command.risk),
            reason=reason,
            asked_of=who_may_agree(
                others,
                asker=standing.member.id,
                requester=request.requester_id,
                near=await _near(work, request),
            ),
            asked_at=by.now,
        )
        await work.break_glass.add(ask)
        await work.dues.put(DueKind.SECOND_YES_ENDS, ask.id, ask.answer_by)
        await tell(work, ask.asked_by, NoticeKind.NAME_ASKED, ask.id, by.now, occasion=ask.state)
        for approver in sorted(ask.asked_of):
            await tell(work, approver, NoticeKind.SECOND_YES, ask.id, by.now)
        await note_act(work, by.now, "break_glass.asked", request.id, standing)
        return glass_view(ask, request, by.now)


async def _asked_of_me(
    work: Work, desk: Desk, by: By, ask_id: str
) -> tuple[Standing, BreakGlass, Request, bool]:
    """For one who may agree; the last says whether their answer still counts, by the rules as they stand now."""
    standing = await arrive(work, desk, by)
    found = allowed(standing, Action.GIVE_SECOND_YES, await work.break_glass.get(ask_id))
    force = force_with_it(desk, found.force_id)
    request = await work.requests.get(found.request_id)
    ask = await work.break_glass.get(ask_id)
    if request is None or ask is None:
        raise NotFound
    able = who_may_agree(
        await _nominal(work, force),
        asker=ask.asked_by,
        requester=request.requester_id,
        near=await _near(work, request),
    )
    return standing, ask, request, standing.member.id in able and ask.waits(by.now)


async def read_ask(by: By, desk: Desk, ask_id: str) -> SecondYesView:
    """Why it is asked, for the one who may agree. The reason is shown only while their answer counts."""
    async with desk.open_work() as work:
        standing, ask, request, counts = await _asked_of_me(work, desk, by, ask_id)
        view = await second_yes_view(work, desk, ask, request, standing.member.id, counts=counts)
        return replace(view, reason=ask.reason) if counts else view


@dataclass(frozen=True, slots=True)
class AnswerAsk:
    by: By
    ask_id: str
    yes: bool


async def answer_ask(command: AnswerAsk, desk: Desk) -> SecondYesView:
    """The second person's yes or no. One that doesn't count any more changes nothing, and isn't told why."""
    by = command.by
    async with desk.open_work() as work:
        standing, ask, request, counts = await _asked_of_me(work, desk, by, command.ask_id)
        if counts:
            answered = ask.answered(standing.member.id, by.now, yes=command.yes)
            await settled(work, ask, answered, by.now, by)
            await tell(work, ask.asked_by, NoticeKind.NAME_ASKED, ask.id, by.now, occasion=answered.state)
            if command.yes:
                await opened(work, answered, request, by.now)
            await note_act(work, by.now, f"break_glass.{answered.state}", request.id, standing)
            ask = answered
        return await second_yes_view(work, desk, ask, request, standing.member.id, counts=False)


async def see_name(by: By, desk: Desk, ask_id: str, *, in_chat: bool) -> GlassView | None:
    """The name, from the directory as it stands now, for the one who asked and for its hour. Each look is audited.

    What stands in the chat (`in_chat`) is a notice, so that it loses the name in the end; None where it comes as a
    message of its own. The look-up takes its time, so everything is read again after it.
    """
    look = By(by.actor, by.now)
    async with desk.open_work() as work:
        standing, ask, request = await _own_ask(work, desk, look, ask_id)
        if not ask.shows_name(standing.member.id, by.now):
            return glass_view(ask, request, by.now)
        requester = await asked_about(work, request)
    name = await desk.names.of(requester.address) if requester and requester.address else None
    async with desk.open_work() as work:
        standing, ask, request = await _own_ask(work, desk, by, ask_id)
        if name is None or not ask.shows_name(standing.member.id, by.now):
            return replace(glass_view(ask, request, by.now), unknown=name is None)
        seen = ask.seen(by.now)
        await work.break_glass.save(ask, seen)
        await note_act(work, by.now, "break_glass.seen", request.id, standing)
        if in_chat:
            own, kind = standing.member.id, NoticeKind.NAME_SHOWN
            if by.pressed:
                await remember_card(work, own, kind, ask.id, by.now, by.pressed)
            await tell(work, own, kind, ask.id, by.now, occasion=new_id(), edits=by.pressed)
        view = glass_view(seen, request, by.now, name)
    return view if by.pressed or not in_chat else None


async def _own_ask(work: Work, desk: Desk, by: By, ask_id: str) -> tuple[Standing, BreakGlass, Request]:
    standing = await arrive(work, desk, by)
    found = allowed(standing, Action.SEE_NAME, await work.break_glass.get(ask_id))
    force_with_it(desk, found.force_id)
    request = await work.requests.get(found.request_id)
    ask = await work.break_glass.get(ask_id)
    if request is None or ask is None:
        raise NotFound
    return standing, ask, request
