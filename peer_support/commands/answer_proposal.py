"""The requester's answer about one supporter: introduce us, someone else, not now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from peer_support.access import Action, Standing
from peer_support.acting import By, allowed, arrive, mend_cards, note_act, tell
from peer_support.draft import Draft
from peer_support.due import DueKind
from peer_support.ids import new_id
from peer_support.life.asking import look_again, policy_of, seeker_of
from peer_support.life.drafting import contact_draft, put_draft
from peer_support.life.ending import OFFER_CARDS, PROPOSAL_CARDS, release, rest
from peer_support.matching.candidate import Candidate
from peer_support.matching.eligible import Step, why_not
from peer_support.notice import NoticeKind
from peer_support.offer import Contact, Match, MatchState, Proposal, ProposalState
from peer_support.ports import Desk, Work
from peer_support.reading import given_name, introduced_view, member_of, request_view
from peer_support.refusals import NotFound, OutOfDate
from peer_support.request import How, HowSoon, Request, RequestState
from peer_support.views import ContactView, IntroducedView, RequestView

_PHONE = re.compile(r"^\+?[0-9][0-9 ()\-]{5,22}[0-9]$")
_DIGITS = range(7, 16)
_LONGEST = 30
_CONTACT = ("how", "phone", "voicemail")


@dataclass(frozen=True, slots=True)
class ProposalAnswered:
    """What the requester sees next: exactly one of these. `request`: looking again."""

    contact: ContactView | None = None
    introduced: IntroducedView | None = None
    request: RequestView | None = None


async def ask_contact(by: By, desk: Desk, proposal_id: str) -> ContactView:
    """Before the introduction: how should they reach you? Asked again here, since it may have changed."""
    async with desk.open_work() as work:
        _standing, proposal, request = await _proposal_of(work, desk, by, proposal_id, look=True)
        if proposal.state is not ProposalState.ASKED:
            raise OutOfDate
        member = (await work.members.many([proposal.supporter_id])).get(proposal.supporter_id)
        kept = await contact_draft(work, request.requester_id, proposal.id)
        wished = How(kept["how"]) if kept.get("how") in set(How) else request.wishes.how
        how = How.TEAMS if wished is How.ANY else wished
        given = given_name((member.name if member else None) or "")
        return ContactView(
            proposal.id, given, how, phone=kept.get("phone", ""), voicemail=kept.get("voicemail") == "true"
        )


async def keep_contact(by: By, desk: Desk, proposal_id: str, typed: Mapping[str, str]) -> None:
    """Save what the contact page held when Help now was pressed on it: sealed, for a day or until it is sent."""
    async with desk.open_work() as work:
        standing, proposal, _request = await _proposal_of(work, desk, by, proposal_id, look=True)
        if proposal.state is not ProposalState.ASKED:
            return
        answers = {name: typed[name][:_LONGEST] for name in _CONTACT if typed.get(name)}
        await put_draft(
            work, desk, standing, by, Draft(standing.member.id, answers, by.now, request_id=proposal.id)
        )


@dataclass(frozen=True, slots=True)
class Introduce:
    """`how`, `phone` and `voicemail` are as typed; `phone` is kept only where a call is wished."""

    by: By
    proposal_id: str
    how: str
    phone: str = ""
    voicemail: bool = False


async def introduce(command: Introduce, desk: Desk) -> ProposalAnswered:
    """Disclosure: the one moment a requester's name is shown, to the one supporter they said yes to."""
    by = command.by
    async with desk.open_work() as work:
        standing, proposal, request = await _proposal_of(work, desk, by, command.proposal_id)
        candidate = await work.supporters.candidate(proposal.supporter_id, by.now)
        if proposal.state is ProposalState.INTRODUCED:
            match = await work.matches.live_of_request(request.id)
            if match is None or match.proposal_id != proposal.id or candidate is None:
                raise OutOfDate  # swapped since, and perhaps for somebody else
            force_id = candidate.supporter.force_id
            shown = introduced_view(desk, match, request, await member_of(work, candidate), force_id)
            return ProposalAnswered(introduced=shown)
        if proposal.state is not ProposalState.ASKED:
            raise OutOfDate
        kept = await contact_draft(work, standing.member.id, proposal.id)
        if not command.phone.strip() and desk.forms == "chat":  # a card in the chat never shows it again
            command = replace(command, phone=kept.get("phone", ""))
        contact = read_contact(command)
        if isinstance(contact, str):
            name = (await member_of(work, candidate)).name if candidate else None
            how = How(command.how) if command.how in set(How) else How.TEAMS
            mend = ContactView(
                proposal.id, given_name(name or ""), how, contact, command.phone[:_LONGEST], command.voicemail
            )
            return ProposalAnswered(contact=mend)
        if candidate is None or await _cannot(work, desk, candidate, request, by):
            await release(work, desk, proposal, ProposalState.RELEASED, by.now, by.pressed)
            again = await look_again(work, desk, request, by.now)
            return ProposalAnswered(request=await request_view(work, desk, again, by.now))
        if not await work.proposals.end(proposal.id, ProposalState.INTRODUCED, by.now):
            raise OutOfDate
        match = await _match(work, desk, proposal, request, contact, by)
        if kept:
            await work.drafts.remove(standing.member.id)
            await work.dues.remove(DueKind.DRAFT_GOES, standing.member.id)
        await mend_cards(
            work,
            standing.member.id,
            NoticeKind.PROPOSAL,
            PROPOSAL_CARDS,
            proposal.id,
            by.now,
            pressed=by.pressed,
        )
        await note_act(work, by.now, "name.disclosed", match.id, standing)
        supporter = await member_of(work, candidate)
        return ProposalAnswered(
            introduced=introduced_view(desk, match, request, supporter, candidate.supporter.force_id)
        )


def read_contact(command: Introduce) -> Contact | str:
    """How to reach the requester, or the words' key of what to mend."""
    if command.how not in {How.TEAMS, How.CALL, How.MEET}:
        return "contact.mend.how"
    how = How(command.how)
    phone = " ".join(command.phone.split())
    if how is not How.CALL:
        return Contact(how)
    if not phone:
        return "contact.mend.phone_missing"
    if not _PHONE.match(phone) or sum(character.isdigit() for character in phone) not in _DIGITS:
        return "contact.mend.phone_unclear"
    return Contact(how, phone, command.voicemail)


async def _proposal_of(
    work: Work, desk: Desk, by: By, proposal_id: str, *, look: bool = False
) -> tuple[Standing, Proposal, Request]:
    standing = await arrive(work, desk, by)
    request = allowed(standing, Action.ANSWER_PROPOSAL, await work.requests.of_proposal(proposal_id))
    if not look:
        request = allowed(standing, Action.ANSWER_PROPOSAL, await work.requests.get(request.id))
    proposal = await work.proposals.get(proposal_id)
    if proposal is None:
        raise NotFound
    return standing, proposal, request


async def _cannot(work: Work, desk: Desk, candidate: Candidate, request: Request, by: By) -> bool:
    policy = policy_of(desk, candidate.supporter.force_id)
    return (
        why_not(candidate, await seeker_of(work, request), by.now, policy, step=Step.INTRODUCTION) is not None
    )


async def _match(
    work: Work, desk: Desk, proposal: Proposal, request: Request, contact: Contact, by: By
) -> Match:
    policy = policy_of(desk, request.force_id)
    today = request.wishes.soon is HowSoon.TODAY
    within = policy.first_contact_hours_today if today else policy.first_contact_hours
    match = Match(
        id=new_id(),
        request_id=request.id,
        proposal_id=proposal.id,
        requester_id=request.requester_id,
        supporter_id=proposal.supporter_id,
        state=MatchState.LIVE,
        contact=contact,
        introduced_at=by.now,
        first_contact_by=policy.waking.next_open(by.now + timedelta(hours=within)),
    )
    await work.matches.add(match)
    matched = request.moved(RequestState.MATCHED, by.now)
    await work.requests.save(replace(matched, wishes=replace(matched.wishes, note=None)))
    await work.dues.clear(proposal.id)
    await work.dues.clear(request.id)
    await work.notices.drop(proposal.id, PROPOSAL_CARDS)
    await work.dues.put(DueKind.FIRST_CONTACT, match.id, match.first_contact_by)
    check_in = policy.waking.next_open(by.now + timedelta(days=policy.check_in_days))
    await work.dues.put(DueKind.CHECK_IN, match.id, check_in)
    await tell(work, match.supporter_id, NoticeKind.INTRODUCTION, match.id, by.now)
    await mend_cards(work, match.supporter_id, NoticeKind.OFFER, OFFER_CARDS, proposal.offer_id, by.now)
    await tell(work, match.requester_id, NoticeKind.INTRODUCED, match.id, by.now)
    return match


@dataclass(frozen=True, slots=True)
class ChooseSomeoneElse:
    by: By
    proposal_id: str


async def choose_someone_else(command: ChooseSomeoneElse, desk: Desk) -> RequestView:
    """No to this supporter, without a reason, and on to the next. The supporter can't tell why."""
    by = command.by
    async with desk.open_work() as work:
        standing, proposal, request = await _proposal_of(work, desk, by, command.proposal_id)
        if proposal.state is ProposalState.SOMEONE_ELSE:
            return await request_view(work, desk, request, by.now)
        if not await release(work, desk, proposal, ProposalState.SOMEONE_ELSE, by.now, by.pressed):
            raise OutOfDate
        again = await look_again(work, desk, request, by.now)
        await note_act(work, by.now, "proposal.someone_else", proposal.id, standing)
        return await request_view(work, desk, again, by.now)


@dataclass(frozen=True, slots=True)
class SayNotNow:
    by: By
    proposal_id: str


async def say_not_now(command: SayNotNow, desk: Desk) -> RequestView:
    """Not ready: the supporter is let go kindly, and the person's place is kept."""
    by = command.by
    async with desk.open_work() as work:
        standing, proposal, request = await _proposal_of(work, desk, by, command.proposal_id)
        if request.state is RequestState.RESTING:
            return await request_view(work, desk, request, by.now)
        if not await release(work, desk, proposal, ProposalState.RELEASED, by.now, by.pressed):
            raise OutOfDate
        resting = await rest(work, desk, request, by.now)
        await work.requests.save(resting)
        await note_act(work, by.now, "proposal.not_now", proposal.id, standing)
        return await request_view(work, desk, resting, by.now)
