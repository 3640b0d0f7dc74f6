"""The preview of a roster import: what each row would change. Importing the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

from peer_support.people import Member
from peer_support.roster import Entry, RosterChange, RosterPlan, RosterRow, after_import

_COLUMNS = {"force_id": "force", "cleared": "cleared_experiences"}
_OWN = frozenset({"id", "named"})


def plan_import(rows: Sequence[RosterRow], present: Sequence[Entry], new_id: Callable[[], str]) -> RosterPlan:
    """Compare the file with everybody the store knows. `new_id` names those it doesn't know yet.

    `present` holds the whole stored roster, and those of the file whom the bot knows as members only.
    """
    known = {_person(entry.member.tenant_id, entry.member.directory_id): entry for entry in present}
    added, changed, inactive, unchanged = [], [], [], []
    for row in rows:
        before = known.pop(_person(row.tenant_id, row.directory_id), None)
        if before is None:
            before = Entry(Member(new_id(), row.tenant_id, row.directory_id))
        after = after_import(row, before)
        change = RosterChange(before, after, _differing(before, after))
        if not before.on_roster:
            added.append(change)
        elif before == after:
            unchanged.append(after)
        elif before.active and not after.active:
            inactive.append(change)
        else:
            changed.append(change)
    forces = {row.force_id for row in rows}
    missing = [entry for entry in known.values() if entry.on_roster and entry.member.force_id in forces]
    return RosterPlan(tuple(added), tuple(changed), tuple(inactive), tuple(unchanged), tuple(missing))


def _person(tenant_id: str, directory_id: str) -> tuple[str, str]:
    """Whoever it is, however the channel wrote the ids."""
    return tenant_id.casefold(), directory_id.casefold()


def _differing(before: Entry, after: Entry) -> tuple[str, ...]:
    """The columns in which two entries differ, each once."""
    columns: dict[str, None] = {}
    if before.on_roster and (before.supporter is None) != (after.supporter is None):
        columns["role"] = None
    if before.on_roster and (before.coordinator is None) != (after.coordinator is None):
        columns["role"] = None
    pairs = (
        (before.member, after.member),
        (before.supporter, after.supporter),
        (before.coordinator, after.coordinator),
    )
    for one, other in pairs:
        if one is None or other is None:
            continue
        for each in fields(other):
            if each.name not in _OWN and getattr(one, each.name) != getattr(other, each.name):
                columns[_COLUMNS.get(each.name, each.name)] = None
    return tuple(columns)
