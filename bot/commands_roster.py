"""`roster import`: each bad row and field named, a preview of what changes, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.roster_file import RosterFileUnreadable, open_roster
from peer_support.commands.import_roster import ImportRoster, import_roster, preview_roster
from peer_support.ports import Desk
from peer_support.roster import RosterFault, RosterPlan
from peer_support.roster_reader import read_roster

Ask = Callable[[str], bool]
SHOWN = 40


async def import_file(file: Path, desk: Desk, now: datetime, out: Console, *, ask: Ask | None) -> int:
    """0 imported or nothing to do, 1 the file is wrong or the person said no. `ask` None: don't ask."""
    try:
        opened = open_roster(file)
    except RosterFileUnreadable as fault:
        out.print(str(fault), markup=False, highlight=False, soft_wrap=True)
        return 1
    with Progress(console=out, transient=True) as progress:
        progress.add_task(f"Reading {len(opened.rows)} rows", total=None)
        reading = read_roster(opened.rows, desk.forces, opened.lines)
        plan = await preview_roster(reading.rows, desk) if not reading.faults else RosterPlan()
    if opened.extra:
        out.print(f"Columns that aren't used: {', '.join(opened.extra)}", markup=False, highlight=False)
    _say(reading.remarks, "worth a look", out)
    if reading.faults:
        _say(reading.faults, "to be mended", out)
        out.print(f"Nothing was imported: {len(reading.faults)} to mend.", highlight=False)
        return 1
    show(plan, out)
    if not plan.writes:
        out.print("Nothing to change.")
        return 0
    if ask is not None and not ask("Import this?"):
        out.print("Nothing was imported.")
        return 1
    with Progress(console=out, transient=True) as progress:
        progress.add_task(f"Importing {len(plan.writes)}", total=None)
        done = await import_roster(ImportRoster(reading.rows, now), desk)
    out.print(f"Imported {len(done.writes)}.", highlight=False)
    return 0


def _say(faults: Sequence[RosterFault], what: str, out: Console) -> None:
    for fault in faults[:SHOWN]:
        out.print(
            f"line {fault.line}, {fault.field}: {fault.problem} ({what})",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if len(faults) > SHOWN:
        out.print(f"... and {len(faults) - SHOWN} more {what}", markup=False, highlight=False)


def show(plan: RosterPlan, out: Console) -> None:
    """The preview: how many of each, and who changes in what. Names are the roster's own, for whoever keeps it."""
    table = Table("what", "people", "fields")
    for title, changes in (
        ("new", plan.added),
        ("changed", plan.changed),
        ("no longer active", plan.inactive),
    ):
        if changes:
            names = ", ".join(change.after.member.name or "" for change in changes[:SHOWN])
            fields = sorted({field for change in changes for field in change.fields})
            table.add_row(f"{title}: {len(changes)}", names, ", ".join(fields) if title != "new" else "")
    table.add_row(f"unchanged: {len(plan.unchanged)}", "", "")
    if plan.missing:
        names = ", ".join(entry.member.name or "" for entry in plan.missing[:SHOWN])
        table.add_row(f"not in the file: {len(plan.missing)}", names, "left as they are")
    out.print(table)
