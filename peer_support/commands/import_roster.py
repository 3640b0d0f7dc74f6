"""Import a checked roster: all of it in one transaction, or none. Whoever stops supporting is let go at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_support.acting import note_act
from peer_support.commands.digest import next_digest
from peer_support.due import PURGE, DueKind
from peer_support.ids import new_id
from peer_support.keeping import NIGHT, months_after, next_at
from peer_support.life.asking import policy_of
from peer_support.life.letting_go import hold, let_go_of_offers
from peer_support.people import Coordinator, RosterStatus
from peer_support.ports import Desk, Work
from peer_support.roster import Entry, RosterChange, RosterPlan, RosterRow
from peer_support.roster_plan import plan_import


async def preview_roster(rows: Sequence[RosterRow], desk: Desk) -> RosterPlan:
    """What an import would change, and nothing else."""
    async with desk.open_work() as work:
        plan, _ = await _plan(work, rows)
        return plan


@dataclass(frozen=True, slots=True)
class ImportRoster:
    rows: Sequence[RosterRow]
    now: datetime


Tell = Callable[[int], None]
AT_ONCE = 500


def _untold(_done: int) -> None:
    """Nobody wants to know how far it is."""


async def import_roster(command: ImportRoster, desk: Desk, tell: Tell = _untold) -> RosterPlan:
    """Save what the file says. Importing it again changes nothing. `tell` hears how many people are saved so far."""
    async with desk.open_work() as work:
        plan, known = await _plan(work, command.rows)
        leaving = [change.after.member.id for change in plan.writes if change.stops_supporting]
        await hold(work, leaving)
        for start in range(0, len(plan.writes), AT_ONCE):
            await _save(work, desk, plan.writes[start : start + AT_ONCE], known, command.now)
            tell(min(start + AT_ONCE, len(plan.writes)))
        for member_id in leaving:
            await let_go_of_offers(work, desk, member_id, command.now)
        if plan.writes:
            await work.dues.put(DueKind.PURGE, PURGE, next_at(NIGHT, command.now))
        return plan


async def _plan(work: Work, rows: Sequence[RosterRow]) -> tuple[RosterPlan, frozenset[str]]:
    """What would change, and the ids of all whom the bot knew before."""
    present = [Entry(*entry) for entry in await work.roster.everyone()]
    rostered = {entry.member.id for entry in present}
    named = await work.roster.known([(row.tenant_id, row.directory_id) for row in rows])
    present += [Entry(member) for member in named if member.id not in rostered]
    return plan_import(rows, present, new_id), frozenset(entry.member.id for entry in present)


async def _save(
    work: Work, desk: Desk, changes: Sequence[RosterChange], known: Collection[str], now: datetime
) -> None:
    after = [change.after for change in changes]
    people = [(entry.member, entry.supporter, entry.coordinator) for entry in after]
    await work.roster.put(people, {entry.member.id for entry in after} - set(known))
    for entry in after:
        if entry.coordinator is not None:
            await _set_digest(work, desk, entry.coordinator, now)
        await _set_end(work, desk, entry, now)
        await note_act(work, now, "roster.imported", entry.member.id)


async def _set_end(work: Work, desk: Desk, entry: Entry, now: datetime) -> None:
    """Whoever has left in every role is kept a while from then on; one who comes back in time stays."""
    roles = [role for role in (entry.supporter, entry.coordinator) if role is not None]
    if not roles or any(role.status is not RosterStatus.LEFT for role in roles):
        await work.dues.remove(DueKind.ROSTER_GOES, entry.member.id)
    elif DueKind.ROSTER_GOES not in {due.kind for due in await work.dues.of(entry.member.id)}:
        months = policy_of(desk, roles[0].force_id).roster_kept_months
        await work.dues.put(DueKind.ROSTER_GOES, entry.member.id, months_after(now, months))


async def _set_digest(work: Work, desk: Desk, coordinator: Coordinator, now: datetime) -> None:
    if coordinator.status is RosterStatus.ACTIVE:
        policy = policy_of(desk, coordinator.force_id)
        await work.dues.put(DueKind.DIGEST, coordinator.id, next_digest(coordinator, policy, now))
    else:
        await work.dues.remove(DueKind.DIGEST, coordinator.id)
