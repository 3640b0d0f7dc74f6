"""Asking for a peer, up to the review: limits first, then the form, kept as a draft all the way."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime

from peer_support import taxonomy
from peer_support.access import Action, Standing, may
from peer_support.acting import By, arrive, note_act
from peer_support.draft import Draft
from peer_support.due import DueKind
from peer_support.form import REMEMBER, Reading, summary, to_answers
from peer_support.life.asking import policy_of
from peer_support.life.drafting import draft_of, force_of, keep_over, put_draft
from peer_support.limits import opened_by
from peer_support.matching.eligible import why_unavailable
from peer_support.policy import Policy
from peer_support.ports import Desk, Work
from peer_support.reading import force_name, left_out, request_view
from peer_support.refusals import AlreadyAsking, FormUnfinished, LimitsUnread, NoNetwork, OutOfDate
from peer_support.request import Request, RequestState, Wishes
from peer_support.views import FormView, LimitsView, RequestView, ReviewView


@dataclass(frozen=True, slots=True)
class AskBegun:
    """Where asking leads: the limits if they're unread, a live request if there is one, else straight to the form."""

    limits: LimitsView | None = None
    live: RequestView | None = None
    form: FormView | None = None


async def begin_asking(by: By, desk: Desk, limits_version: str) -> AskBegun:
    """Ask for a peer. One live request a person; the limits are read once a version."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        _has_network(desk, standing)
        live = await work.requests.live_of(standing.member.id)
        if live is not None:
            return AskBegun(live=await request_view(work, desk, live, by.now))
        if standing.member.limits_version != limits_version:
            tenant = standing.member.tenant_id
            opened = opened_by(desk.forces.of_tenant(tenant))
            return AskBegun(limits=LimitsView(desk.forces.nations_of(tenant), opened_by=opened))
        return AskBegun(form=await _form(work, desk, standing, by))


async def read_limits(by: By, desk: Desk, limits_version: str) -> FormView:
    """The person read the limits (they aren't asked to agree), and goes on to the form."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        _has_network(desk, standing)
        if await work.requests.live_of(standing.member.id) is not None:
            raise AlreadyAsking
        if standing.member.limits_version != limits_version:
            read_now = replace(standing.member, limits_version=limits_version, limits_read_at=by.now)
            await work.members.save(standing.member, read_now)
            await note_act(work, by.now, "limits.read", standing.member.id, standing)
            standing = replace(standing, member=read_now)
        return await _form(work, desk, standing, by)


async def open_form(by: By, desk: Desk) -> FormView:
    """The form as it was left. No form where a request is live and isn't being changed."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        await _free_to_ask(work, standing)
        return await _form(work, desk, standing, by)


async def open_change(by: By, desk: Desk, request_id: str) -> FormView:
    """The form again, filled with an open request's wishes, so that they can be changed."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        request = (
            await work.requests.look(request_id)
            if request_id
            else await work.requests.live_of(standing.member.id)
        )
        may(standing, Action.CHANGE_REQUEST, request)
        if request is None or request.state is not RequestState.OPEN:
            raise OutOfDate
        draft = await draft_of(work, standing.member.id)
        if draft is None or draft.request_id != request.id:
            await put_draft(
                work,
                desk,
                standing,
                by,
                Draft(standing.member.id, to_answers(request.wishes), by.now, request.id),
            )
        return await _form(work, desk, standing, by)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The review, or the form again with what to mend. `covert` people are shown their force's own route instead.

    `crisis_first` says that a picked topic brings the crisis card before anything else; `lines` name others' lines.
    """

    review: ReviewView | None = None
    form: FormView | None = None
    covert: bool = False
    crisis_first: bool = False
    lines: tuple[str, ...] = ()


async def review_form(
    by: By, desk: Desk, typed: Mapping[str, str], *, prefilled: bool | None = None
) -> Reviewed:
    """Keep what was typed, say what to mend, or show it for a last look. Nothing typed is ever lost.

    `prefilled` says whether the form showed the earlier answers, as one in a dialog does; by default as forms stand.
    """
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        await _free_to_ask(work, standing)
        draft, reading = await keep_over(work, desk, standing, by, typed, prefilled=prefilled)
        topics = reading.topics
        crisis_first = any(taxonomy.crisis_first(topic) for topic in topics)
        lines = tuple(dict.fromkeys(filter(None, (taxonomy.lines_for(topic) for topic in topics))))
        if reading.covert:
            await work.drafts.remove(standing.member.id)
            await work.dues.remove(DueKind.DRAFT_GOES, standing.member.id)
            return Reviewed(covert=True, crisis_first=crisis_first, lines=lines)
        mends = {mend.field: mend.words for mend in reading.mends}
        near = tuple(role for mend in reading.mends for role in mend.near)
        if force_of(desk, standing, draft) is None:
            mends["own_force"] = "form.mend.own_force"
        if reading.wishes is None or mends:
            form = await _form(work, desk, standing, by)
            form = replace(form, mends=mends, near_work=near)
            return Reviewed(form=form, crisis_first=crisis_first, lines=lines)
        return Reviewed(
            review=await review_view(work, desk, standing, draft, reading, reading.wishes),
            crisis_first=crisis_first,
            lines=lines,
        )


async def review_view(
    work: Work, desk: Desk, standing: Standing, draft: Draft, reading: Reading, wishes: Wishes
) -> ReviewView:
    """The answers as they'd be sent."""
    return ReviewView(
        wishes=wishes,
        force=force_name(desk, force_of(desk, standing, draft) or ""),
        left_out=len(await work.exclusions.of(standing.member.id)),
        note_dropped=reading.note_dropped,
        representative=any(taxonomy.is_scrutiny(topic) for topic in wishes.topics),
        across_forces=summary(wishes).across_forces,
        changing=draft.request_id is not None,
    )


async def keep_typed(by: By, desk: Desk, typed: Mapping[str, str], *, prefilled: bool | None = None) -> None:
    """Save what the request form held when another of its buttons was pressed, so that nothing is lost."""
    if REMEMBER not in typed:  # the switch is always sent, and stands on no other form
        return
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        if await draft_of(work, standing.member.id) is not None:
            await keep_over(work, desk, standing, by, typed, prefilled=prefilled)


async def _free_to_ask(work: Work, standing: Standing) -> None:
    """A live request is changed, or nothing: a form left open elsewhere doesn't begin a second one."""
    live = await work.requests.live_of(standing.member.id)
    draft = await draft_of(work, standing.member.id) if live is not None else None
    if live is not None and (draft is None or draft.request_id != live.id):
        raise AlreadyAsking


def _has_network(desk: Desk, standing: Standing) -> None:
    if not desk.forces.of_tenant(standing.member.tenant_id):
        raise NoNetwork


async def _form(work: Work, desk: Desk, standing: Standing, by: By) -> FormView:
    member = standing.member
    draft = await draft_of(work, member.id)
    if draft is None:
        remembered = to_answers(Wishes(about=member.about)) if member.about else {}
        draft = Draft(member.id, remembered, by.now)
        await put_draft(work, desk, standing, by, draft)
    forces = desk.forces.of_tenant(member.tenant_id)
    force_id = force_of(desk, standing, draft) or ""
    policy = policy_of(desk, force_id)
    return FormView(
        answers=draft.answers,
        forces=tuple((force.id, force.name) for force in forces) if len(forces) > 1 else (),
        own_force=force_id,
        few_supporters=bool(force_id) and not await _several_free(work, by.now, force_id, policy),
        left_out=await left_out(work, member.id),
        changing=draft.request_id is not None,
    )


async def _several_free(work: Work, now: datetime, force_id: str, policy: Policy) -> bool:
    """Whether the force has so many supporters who may be asked at all that nobody could guess who was."""
    free = 0
    async with aclosing(work.supporters.candidates(now, [force_id])) as lots:
        async for some in lots:
            free += sum(why_unavailable(each, now, policy, in_hours=False) is None for each in some)
            if free >= policy.small_force:
                return True
    return False


async def changing(work: Work, draft: Draft | None) -> Request | None:
    """The open request that a draft changes. FormUnfinished where there is no draft any more."""
    if draft is None:
        raise FormUnfinished
    return await work.requests.get(draft.request_id) if draft.request_id else None


def require_limits(standing: Standing, limits_version: str) -> None:
    """No request is sent before its sender was shown the present limits."""
    if standing.member.limits_version != limits_version:
        raise LimitsUnread
