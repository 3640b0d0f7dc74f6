"""Send request: the draft becomes a request, and the first supporters are asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from peer_support.access import Action, Standing, may
from peer_support.acting import By, arrive, note_act
from peer_support.commands.asking import changing, require_limits
from peer_support.draft import Draft
from peer_support.due import DueKind
from peer_support.form import read
from peer_support.ids import new_id, new_reference
from peer_support.life.asking import ask_round, policy_of, seeker_of, take_coordinator_route
from peer_support.life.drafting import force_of, form_policy, take_draft
from peer_support.life.ending import take_back_offers
from peer_support.matching.eligible import Step, eligible
from peer_support.offer import OfferState
from peer_support.people import AboutMe
from peer_support.ports import Desk, Work
from peer_support.reading import request_view
from peer_support.refusals import AlreadyAsking, CovertRole, FormUnfinished, NoNetwork, OutOfDate
from peer_support.request import Request, RequestState, Wishes
from peer_support.views import RequestView


@dataclass(frozen=True, slots=True)
class SendRequest:
    """The draft is the server's: the press carries nothing of it."""

    by: By
    limits_version: str


@dataclass(frozen=True, slots=True)
class RequestSent:
    """`changed` where an open request was changed instead of a new one made."""

    view: RequestView
    changed: bool = False


async def send_request(command: SendRequest, desk: Desk) -> RequestSent:
    """Make the request (or change the open one), forget the draft, and ask the first supporters."""
    by = command.by
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        require_limits(standing, command.limits_version)
        draft = await take_draft(work, standing.member.id)
        before = await changing(work, draft)
        if draft is None:
            raise FormUnfinished
        reading = read(draft.answers, policy=form_policy(desk, standing, draft))
        if reading.covert:
            raise CovertRole
        if reading.wishes is None:
            raise FormUnfinished
        if before is None:
            request = await _new(work, desk, standing, draft, reading.wishes, by)
        else:
            may(standing, Action.CHANGE_REQUEST, before)
            request = await _changed(work, desk, before, reading.wishes, by)
        asked = await ask_round(work, desk, request, by.now, new=before is None)
        await _remember(work, standing, request, reading.wishes, remember=reading.remember)
        await note_act(work, by.now, "request.changed" if before else "request.sent", request.id, standing)
        return RequestSent(await request_view(work, desk, asked, by.now), changed=before is not None)


async def _new(work: Work, desk: Desk, standing: Standing, draft: Draft, wishes: Wishes, by: By) -> Request:
    """The request as it will be made when the first round asks. A unique rule of the store holds it then, too."""
    member = standing.member
    force_id = force_of(desk, standing, draft)
    policy = policy_of(desk, force_id or "")
    reference = new_reference()
    since = by.now - timedelta(days=policy.names_shown_days)
    asker = await work.requests.asker(member.id, reference, force_id or "", since)
    if asker.asking:
        raise AlreadyAsking
    if force_id is None:
        raise NoNetwork
    taken = asker.reference_taken
    while taken:
        reference = new_reference()
        taken = await work.requests.reference_taken(reference)
    request = Request(
        id=new_id(),
        reference=reference,
        requester_id=member.id,
        force_id=force_id,
        wishes=wishes,
        state=RequestState.OPEN,
        created_at=by.now,
        state_since=by.now,
    )
    work.requests.begin(request.id)
    told_at = policy.office.next_open(by.now + timedelta(hours=policy.unmatched_told_hours))
    await work.dues.put(DueKind.UNMATCHED, request.id, told_at)
    await work.dues.put(DueKind.NOTE_GOES, request.id, by.now + timedelta(days=policy.note_kept_days))
    if asker.names_shown >= policy.names_shown:
        return await take_coordinator_route(work, request, by.now)
    return request


async def _changed(work: Work, desk: Desk, before: Request, wishes: Wishes, by: By) -> Request:
    """The new wishes, with the offers that no longer fit them taken back."""
    if before.state is not RequestState.OPEN:
        raise OutOfDate
    request = replace(before, wishes=wishes)
    seeker = replace(await seeker_of(work, request), asked=frozenset())
    gone = []
    for offer in await work.offers.of_request(request.id):
        if offer.state is OfferState.SENT:
            candidate = await work.supporters.candidate(offer.supporter_id, by.now)
            if candidate is None or not eligible(
                candidate, seeker, by.now, policy_of(desk, candidate.supporter.force_id), step=Step.ACCEPT
            ):
                gone.append(offer)
    await take_back_offers(work, desk, gone, by.now)
    return request


async def _remember(
    work: Work, standing: Standing, request: Request, wishes: Wishes, *, remember: bool
) -> None:
    """Keep About me for next time only where the person agreed; otherwise forget what was kept."""
    member = standing.member
    about = wishes.about if remember and wishes.about != AboutMe() else None
    if member.about != about or member.force_id != request.force_id:
        await work.members.save(member, replace(member, about=about, force_id=request.force_id))
