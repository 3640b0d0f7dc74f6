"""Answers in progress: found, put over one another, and kept for a day. What may not be kept never is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from peer_support.access import Standing
from peer_support.acting import By
from peer_support.draft import Draft
from peer_support.due import DueKind
from peer_support.form import FIELDS, Reading, read
from peer_support.life.asking import policy_of
from peer_support.offer import ProposalState
from peer_support.policy import Policy
from peer_support.ports import Desk, Work
from peer_support.request import RequestState


async def draft_of(work: Work, member_id: str) -> Draft | None:
    """The answers in progress. Those that were to change a request which isn't open any more are gone with it."""
    draft = await work.drafts.get(member_id)
    if draft is None or draft.request_id is None:
        return draft
    if await _about_proposal(work, draft.request_id):
        return None
    if not await _about_open(work, draft.request_id):
        await work.drafts.remove(member_id)
        await work.dues.remove(DueKind.DRAFT_GOES, member_id)
        return None
    return draft


async def take_draft(work: Work, member_id: str) -> Draft | None:
    """The same answers, taken away as they are sent: where there are none, the refusal brings back what was there.

    The row that says when they go stays until then. It finds nothing, or was moved by answers begun since.
    """
    draft = await work.drafts.take(member_id)
    if draft is None or draft.request_id is None:
        return draft
    return draft if await _about_open(work, draft.request_id) else None


async def _about_open(work: Work, subject_id: str) -> bool:
    request = await work.requests.look(subject_id)
    return request is not None and request.state is RequestState.OPEN


async def _about_proposal(work: Work, subject_id: str) -> bool:
    proposal = await work.proposals.get(subject_id)
    return proposal is not None and proposal.state is ProposalState.ASKED


async def contact_draft(work: Work, member_id: str, proposal_id: str) -> Mapping[str, str]:
    """What was typed on the contact page of this proposal and not sent; nothing where there is none."""
    draft = await work.drafts.get(member_id)
    return draft.answers if draft is not None and draft.request_id == proposal_id else {}


async def keep_over(
    work: Work,
    desk: Desk,
    standing: Standing,
    by: By,
    typed: Mapping[str, str],
    *,
    prefilled: bool | None,
) -> tuple[Draft, Reading]:
    """Put what was typed over the draft. A form that showed every answer and sends one no more had it emptied.

    What may not be kept, a covert role, never reaches the store.
    """
    before = await draft_of(work, standing.member.id)
    filled = FIELDS if (desk.forms == "dialog" if prefilled is None else prefilled) else ()
    earlier = before.answers if before else {}
    policy = form_policy(desk, standing, before)
    reading = read(typed, previous=earlier, filled=filled, policy=policy)
    draft = Draft(standing.member.id, reading.answers, by.now, before.request_id if before else None)
    await put_draft(work, desk, standing, by, draft)
    return draft, reading


async def put_draft(work: Work, desk: Desk, standing: Standing, by: By, draft: Draft) -> None:
    """Keep it for a day from now."""
    policy = policy_of(desk, standing.member.force_id or "")
    await work.drafts.put(draft)
    await work.dues.put(DueKind.DRAFT_GOES, standing.member.id, by.now + timedelta(hours=policy.draft_hours))


def force_of(desk: Desk, standing: Standing, draft: Draft) -> str | None:
    """The person's force: as known, as picked in the form, or the tenant's only one."""
    forces = desk.forces.of_tenant(standing.member.tenant_id)
    picked = draft.answers.get("own_force", "")
    if len(forces) == 1:
        return forces[0].id
    return picked if picked in {force.id for force in forces} else standing.member.force_id


def form_policy(desk: Desk, standing: Standing, draft: Draft | None) -> Policy:
    """The numbers that a form is read with: those of the person's force."""
    force_id = force_of(desk, standing, draft) if draft else standing.member.force_id
    return policy_of(desk, force_id or "")
