"""Who is on the roster and whether they can be asked. It says nothing of anybody's offers or matches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peer_support.life.asking import policy_of
from peer_support.matching.candidate import Candidate
from peer_support.matching.eligible import Reason, why_unavailable
from peer_support.people import Coordinator, Member, Reach, RosterStatus, Supporter
from peer_support.ports import Desk
from peer_support.roster import RosterRole

CAN_BE_ASKED, SERVES = "can_be_asked", "serves"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One role of one person. `state` is a static word: a status, how they're reached, or why they aren't asked."""

    name: str
    force_id: str
    role: RosterRole
    state: str
    refresher_due: date | None = None


async def list_roster(desk: Desk, now: datetime, force_id: str = "") -> tuple[RosterLine, ...]:
    """Everybody of one force, or of all, by force and name. Whoever has left is listed too."""
    async with desk.open_work() as work:
        people = await work.roster.everyone()
    lines = [line for person in people for line in _lines(desk, now, *person)]
    chosen = [line for line in lines if force_id in ("", line.force_id)]
    return tuple(sorted(chosen, key=lambda line: (line.force_id, line.role, line.name.casefold())))


def _lines(
    desk: Desk, now: datetime, member: Member, supporter: Supporter | None, coordinator: Coordinator | None
) -> list[RosterLine]:
    """A person who was a supporter once and coordinates now has a line for each, unless the old role has ended."""
    lines = []
    if supporter is not None:
        state = _supporter_state(desk, now, member, supporter)
        due = supporter.refresher_due
        lines.append(RosterLine(member.name or "", supporter.force_id, RosterRole.SUPPORTER, state, due))
    if coordinator is not None:
        state = _coordinator_state(member, coordinator)
        lines.append(RosterLine(member.name or "", coordinator.force_id, RosterRole.COORDINATOR, state))
    serving = [line for line in lines if line.state != RosterStatus.LEFT]
    return serving or lines[:1]


def _supporter_state(desk: Desk, now: datetime, member: Member, supporter: Supporter) -> str:
    """As the rules would have it, for somebody who carries nobody: what they carry is not the roster's business."""
    if supporter.status is not RosterStatus.ACTIVE:
        return supporter.status
    candidate = Candidate(supporter, member.tenant_id, member.id, member.reach)
    reason = why_unavailable(candidate, now, policy_of(desk, supporter.force_id), in_hours=False)
    if reason is Reason.UNREACHABLE:
        return member.reach
    return reason or CAN_BE_ASKED


def _coordinator_state(member: Member, coordinator: Coordinator) -> str:
    if coordinator.status is not RosterStatus.ACTIVE:
        return coordinator.status
    return SERVES if member.reach is Reach.REACHABLE else member.reach
