"""Views from the store: each is one audience's, and holds what that audience may know and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from urllib.parse import quote

from peer_support import taxonomy
from peer_support.access import Standing
from peer_support.due import DueKind
from peer_support.life.asking import names_run_out, policy_of, seeker_of
from peer_support.life.drafting import draft_of
from peer_support.life.ending import closes_at
from peer_support.life.waiting import hear_by
from peer_support.matching.candidate import Candidate
from peer_support.matching.score import may_be_named
from peer_support.offer import NEVER_ANSWERED, Match, MatchState, Offer, OfferState, Proposal, ProposalState
from peer_support.people import Member, Supporter
from peer_support.ports import Desk, PersonName, Work
from peer_support.request import ForceWish, Request, RequestState
from peer_support.views import (
    CoordinatorContact,
    IntroducedView,
    IntroductionView,
    LeftOut,
    MenuView,
    OfferView,
    ProposalView,
    RequestView,
)

CHAT = "https://teams.microsoft.com/l/chat/0/0?users={email}"


async def menu_view(work: Work, standing: Standing) -> MenuView:
    """What this person may do from here."""
    member_id = standing.member.id
    supporter = standing.supporter
    return MenuView(
        has_request=await work.requests.live_of(member_id) is not None,
        has_draft=await draft_of(work, member_id) is not None,
        supporter=supporter is not None,
        coordinator=standing.coordinator is not None,
        paused=bool(supporter and supporter.paused),
        offers=len(await work.offers.sent_to(member_id)) if supporter else 0,
        matches=len(await work.matches.live_of_supporter(member_id)) if supporter else 0,
    )


async def request_view(work: Work, desk: Desk, request: Request, now: datetime) -> RequestView:
    """The requester's own request: how it stands, and what was promised."""
    force = desk.forces.by_id.get(request.force_id)
    tries = [due.at for due in await work.dues.of(request.id) if due.kind is DueKind.ROUND]
    waits = tries[0] if tries and tries[0] > now else None
    resting = request.state is RequestState.RESTING
    return RequestView(
        id=request.id,
        reference=request.reference,
        state=request.state,
        soon=request.wishes.soon,
        news_by=request.news_by,
        asking_starts=None if request.nobody_told else waits,
        nobody=request.nobody_told and request.state is RequestState.OPEN,
        may_widen=request.wishes.force_wish is not ForceWish.ANYONE and request.state is RequestState.OPEN,
        coordinator_route=request.coordinator_route,
        closes_at=closes_at(request, desk, request.state_since) if resting else None,
        asked=request.round,
        coordinator=await work.coordinators.any_for(request.force_id, request.requester_id),
        wellbeing=(force.wellbeing,) if force and force.wellbeing else (),
    )


def offer_view(
    desk: Desk,
    offer: Offer,
    request: Request,
    proposal: Proposal | None,
    now: datetime,
    *,
    supporter: Supporter | None = None,
) -> OfferView:
    """A blind offer. Until a supporter who said yes should have heard, it looks the same whatever happened since."""
    policy = policy_of(desk, supporter.force_id if supporter else request.force_id)
    introduced = proposal is not None and proposal.state is ProposalState.INTRODUCED
    if offer.state is OfferState.DECLINED:
        proposal = None
    hears = hear_by(proposal.held_until, supporter, policy) if proposal and not introduced else None
    groups = dict.fromkeys(taxonomy.experience(topic).group for topic in request.wishes.topics)
    return OfferView(
        id=offer.id,
        state=offer.state,
        groups=tuple(groups),
        how=request.wishes.how,
        when=request.wishes.when,
        soon=request.wishes.soon,
        answer_by=offer.answer_by,
        scrutiny=any(taxonomy.is_scrutiny(topic) for topic in request.wishes.topics),
        paused=bool(supporter and supporter.paused),
        hear_by=hears,
        introduced=introduced,
        ended=offer.state in NEVER_ANSWERED or bool(hears and hears < now),
    )


def chat_url(email: str | None) -> str | None:
    """A link that opens a Teams chat with somebody. It holds an address and no words."""
    return CHAT.format(email=quote(email, safe="@")) if email else None


def given_name(full: str) -> str:
    """How a person is called in a sentence: the first of their names."""
    return full.split(maxsplit=1)[0] if full.split() else full


def force_name(desk: Desk, force_id: str) -> str:
    """A force's name, as people say it."""
    force = desk.forces.by_id.get(force_id)
    return force.name if force else force_id


def proposal_view(
    desk: Desk,
    proposal: Proposal,
    request: Request,
    candidate: Candidate,
    name: str,
    *,
    shared: tuple[str, ...],
    last_name: bool,
) -> ProposalView:
    """The supporter as they let themselves be shown: name, force, work, own words, experiences they chose to name."""
    visible = sorted(role for role in candidate.supporter.roles if not taxonomy.is_covert(role))
    return ProposalView(
        id=proposal.id,
        request_id=request.id,
        state=proposal.state,
        name=name,
        given=given_name(name),
        force=force_name(desk, candidate.supporter.force_id),
        roles=tuple(visible),
        bio=candidate.supporter.bio,
        shared=shared,
        held_until=proposal.held_until,
        last_name=last_name,
    )


async def shown_proposal(
    work: Work, desk: Desk, proposal: Proposal, request: Request, now: datetime
) -> ProposalView | None:
    """The proposal as its requester may see it; None where the supporter is no longer on the roster."""
    candidate = await work.supporters.candidate(proposal.supporter_id, now)
    if candidate is None:
        return None
    shared = may_be_named(candidate, await seeker_of(work, request))
    last = await names_run_out(work, desk, request, now)
    name = (await member_of(work, candidate)).name or ""
    return proposal_view(desk, proposal, request, candidate, name, shared=tuple(shared), last_name=last)


async def member_of(work: Work, candidate: Candidate) -> Member:
    """Who a candidate is. Asked of one who is to be shown, and of nobody else."""
    id = candidate.supporter.id
    return (await work.members.named([id]))[id]


def introduced_view(
    desk: Desk, match: Match, request: Request, supporter: Member, force_id: str
) -> IntroducedView:
    """The requester's side of a match."""
    name = supporter.name or ""
    return IntroducedView(
        match_id=match.id,
        reference=request.reference,
        state=match.state,
        end=match.end,
        name=name,
        given=given_name(name),
        force=force_name(desk, force_id),
        first_contact_by=match.first_contact_by,
        chat_url=chat_url(supporter.email),
        in_touch=match.in_touch_at is not None,
    )


def introduction_view(match: Match, request: Request, name: PersonName | None) -> IntroductionView:
    """The supporter's side. Once the match has closed there is no name and no way to reach them."""
    live = match.state is MatchState.LIVE
    shown = name if live else None
    return IntroductionView(
        match_id=match.id,
        state=match.state,
        name=shown.full if shown else None,
        given=shown.given if shown else None,
        contact=match.contact,
        when=request.wishes.when,
        first_contact_by=match.first_contact_by,
        chat_url=chat_url(shown.email if shown else None),
        in_touch=match.in_touch_at is not None,
    )


async def coordinators_of(
    work: Work, desk: Desk, force_id: str, never: Collection[str] = ()
) -> tuple[CoordinatorContact, ...]:
    """A force's coordinators as their own people may see them; without those who are no help in this."""
    coordinators = await work.coordinators.of_force(force_id)
    members = await work.members.many([coordinator.id for coordinator in coordinators])
    return tuple(
        CoordinatorContact(member.name or "", member.email, force_name(desk, force_id))
        for member in members.values()
        if member.id not in never
    )


async def left_out(work: Work, owner_id: str) -> tuple[LeftOut, ...]:
    """Whom a person left out, by name where the roster still knows one."""
    found = []
    for exclusion in await work.exclusions.of(owner_id):
        member = await work.members.find(exclusion.tenant_id, exclusion.directory_id)
        found.append(LeftOut(exclusion.id, (member.name if member else None) or ""))
    return tuple(found)
