"""Import a checked roster: all of it in one transaction, or none. Whoever stops supporting is let go at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_support.acting import note_act
from peer_support.commands.digest import next_digest
from peer_support.due import DueKind
from peer_support.ids import new_id
from peer_support.life.asking import policy_of
from peer_support.life.letting_go import let_go_of_offers
from peer_support.people import RosterStatus
from peer_support.ports import Desk, Work
from peer_support.roster import Entry, RosterChange, RosterPlan, RosterRow
from peer_support.roster_plan import plan_import


async def preview_roster(rows: Sequence[RosterRow], desk: Desk) -> RosterPlan:
    """What an import would change, and nothing else."""
    async with desk.open_work() as work:
        return await _plan(work, rows)


@dataclass(frozen=True, slots=True)
class ImportRoster:
    rows: Sequence[RosterRow]
    now: datetime


async def import_roster(command: ImportRoster, desk: Desk) -> RosterPlan:
    """Save what the file says. Importing it again changes nothing."""
    async with desk.open_work() as work:
        plan = await _plan(work, command.rows)
        for change in plan.writes:
            await _save(work, desk, change, command.now)
        for change in plan.writes:
            if change.stops_supporting:
                await let_go_of_offers(work, desk, change.after.member.id, command.now)
        return plan


async def _plan(work: Work, rows: Sequence[RosterRow]) -> RosterPlan:
    present = {entry[0].id: Entry(*entry) for entry in await work.roster.everyone()}
    known = {(e.member.tenant_id, e.member.directory_id) for e in present.values()}
    for row in rows:
        if (row.tenant_id, row.directory_id) not in known:
            member = await work.members.find(row.tenant_id, row.directory_id)
            if member is not None:
                present[member.id] = Entry(member)
    return plan_import(rows, list(present.values()), new_id)


async def _save(work: Work, desk: Desk, change: RosterChange, now: datetime) -> None:
    after = change.after
    if not change.before.on_roster and await work.members.get(after.member.id) is None:
        await work.members.add(after.member)
    else:
        await work.members.save(after.member)
    if after.supporter is not None:
        await work.supporters.put(after.supporter)
    if after.coordinator is not None:
        await work.coordinators.put(after.coordinator)
        if after.coordinator.status is RosterStatus.ACTIVE:
            policy = policy_of(desk, after.coordinator.force_id)
            await work.dues.put(DueKind.DIGEST, after.member.id, next_digest(after.coordinator, policy, now))
        else:
            await work.dues.remove(DueKind.DIGEST, after.member.id)
    await note_act(work, now, "roster.imported", after.member.id)
