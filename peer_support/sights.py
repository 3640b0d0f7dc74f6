"""Who has seen a person's request, or their name: one place, fed by each way in which anybody can."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_support.break_glass import GlassState, visible
from peer_support.people import Member
from peer_support.ports import Desk, Work
from peer_support.reading import force_name
from peer_support.request import Request
from peer_support.rights import Sight, SightKind

# What a coordinator does with a request by its reference. Looking through a digest isn't an act.
_BY_REFERENCE = frozenset({"stuck.asked_wider", "stuck.sent_contact", "stuck.offered"})


@dataclass(frozen=True, slots=True)
class Looked:
    """Whose eyes it is for, their requests by id, and now: the input of every source."""

    member: Member
    requests: tuple[Request, ...]
    now: datetime

    def reference(self, request_id: str) -> str:
        """The reference of one of theirs."""
        return next((each.reference for each in self.requests if each.id == request_id), "")


Source = Callable[[Work, Desk, Looked], Awaitable[Sequence[Sight]]]


async def _supporters(work: Work, desk: Desk, looked: Looked) -> Sequence[Sight]:
    """Whom they were introduced to, and whose name they were shown before."""
    matches = await work.records.matches_of(looked.member.id)
    proposals = await work.records.proposals_to(looked.member.id)
    kinds = [(SightKind.NAME_TO_SUPPORTER, m.introduced_at, m.request_id, m.supporter_id) for m in matches]
    kinds += [(SightKind.SUPPORTER_TO_YOU, p.made_at, p.request_id, p.supporter_id) for p in proposals]
    people = await work.members.many({supporter_id for _, _, _, supporter_id in kinds})
    forces = {id: await work.supporters.get(id) for id in people}
    found = []
    for kind, at, request_id, supporter_id in kinds:
        supporter, member = forces.get(supporter_id), people.get(supporter_id)
        force = force_name(desk, supporter.force_id) if supporter else ""
        found.append(Sight(kind, at, looked.reference(request_id), (member and member.name) or "", force))
    return found


async def _asked(work: Work, _desk: Desk, looked: Looked) -> Sequence[Sight]:
    """How many supporters were asked, blind, and when the first was: no time of theirs says how each answered."""
    found = []
    for request in looked.requests:
        offers = await work.offers.of_request(request.id)
        if offers:
            first = min(offer.sent_at for offer in offers)
            found.append(Sight(SightKind.ASKED_BLIND, first, request.reference, count=len(offers)))
    return found


async def _coordinators(work: Work, desk: Desk, looked: Looked) -> Sequence[Sight]:
    """What a coordinator did by reference. They aren't named here: they act for the force."""
    by_id = {request.id: request for request in looked.requests}
    acts = [act for act in await work.records.acts_on(set(by_id)) if act.action in _BY_REFERENCE]
    return [
        Sight(
            SightKind.COORDINATOR_ACTED,
            act.at,
            by_id[act.subject_id].reference,
            force=force_name(desk, by_id[act.subject_id].force_id),
            words=f"seen.{act.action}",
        )
        for act in acts
    ]


async def _opened(work: Work, desk: Desk, looked: Looked) -> Sequence[Sight]:
    """Break-glass: that it was asked for, why, and what came of it. Late where a life was at risk, never withheld."""
    asks = visible(await work.break_glass.about(looked.member.id), looked.now)
    return [
        Sight(
            SightKind.NAME_OPENED,
            ask.seen_at or ask.asked_at,
            looked.reference(ask.request_id),
            force=force_name(desk, ask.force_id),
            words="seen.opened" if ask.seen_at else f"seen.opened.{_came_of(ask.state)}",
        )
        for ask in asks
    ]


def _came_of(state: GlassState) -> str:
    return "could" if state in {GlassState.AGREED, GlassState.OVER} else "asked"


async def _contact(work: Work, desk: Desk, looked: Looked) -> Sequence[Sight]:
    """When they asked a coordinator to contact them: the other way in which a name is told, at their own word."""
    member = looked.member
    asked = [act for act in await work.records.acts_on({member.id}) if act.action == "contact.asked"]
    force = force_name(desk, member.force_id or "")
    return [Sight(SightKind.ASKED_TO_CONTACT, act.at, "", force=force) for act in asked]


SOURCES: tuple[Source, ...] = (_supporters, _asked, _coordinators, _opened, _contact)


async def sights(work: Work, desk: Desk, looked: Looked) -> tuple[Sight, ...]:
    """All of it, the newest first."""
    found = [sight for source in SOURCES for sight in await source(work, desk, looked)]
    return tuple(sorted(found, key=lambda sight: sight.at, reverse=True))
