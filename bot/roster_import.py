"""Checks a roster file and imports it: each bad row and field named, a preview, then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.roster_file import RosterFileUnreadable, open_roster
from peer_support.commands.import_roster import ImportRoster, import_roster, preview_roster
from peer_support.forces import Forces
from peer_support.ports import Desk
from peer_support.roster import RosterFault, RosterPlan, RosterReading, RosterRole
from peer_support.roster_reader import read_roster

Ask = Callable[[str], bool]
SHOWN = 40


async def import_file(file: Path, desk: Desk, now: datetime, out: Console, *, ask: Ask | None) -> int:
    """0 imported or nothing to do, 1 the file is wrong or the person said no. `ask` None: don't ask."""
    with _progress(out) as progress:
        reading = _read(file, desk.forces, out, progress)
        if reading is None:
            return 1
        progress.add_task("Comparing with the roster as it is", total=None)
        plan = RosterPlan() if reading.faults else await preview_roster(reading.rows, desk)
    if not _sound(reading, "Nothing was imported", out):
        return 1
    show(plan, out)
    if not plan.writes:
        out.print("Nothing to change.")
        return 0
    if ask is not None and not ask("Import this?"):
        out.print("Nothing was imported.")
        return 1
    with _progress(out) as progress:
        saving = progress.add_task("Importing", total=len(plan.writes))
        done = await import_roster(
            ImportRoster(reading.rows, now), desk, lambda saved: progress.update(saving, completed=saved)
        )
    out.print(f"Imported {len(done.writes)}.", highlight=False)
    return 0


def check_file(file: Path, forces: Forces, out: Console) -> int:
    """0 it could be imported, 1 something is to be mended."""
    with _progress(out) as progress:
        reading = _read(file, forces, out, progress)
    if reading is None or not _sound(reading, "It can't be imported like this", out):
        return 1
    roles = Counter(row.role for row in reading.rows)
    counted = f"{roles[RosterRole.SUPPORTER]} supporters, {roles[RosterRole.COORDINATOR]} coordinators"
    forces_named = len({row.force_id for row in reading.rows})
    out.print(f"Nothing to mend: {counted}, forces: {forces_named}. Nothing was changed.", highlight=False)
    return 0


def _progress(out: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def _read(file: Path, forces: Forces, out: Console, progress: Progress) -> RosterReading | None:
    """The file, opened and checked; None where it can't even be opened, which has then been said."""
    opening = progress.add_task("Opening the file", total=None)
    try:
        opened = open_roster(file)
    except RosterFileUnreadable as fault:
        out.print(str(fault), markup=False, highlight=False, soft_wrap=True)
        return None
    progress.remove_task(opening)
    if opened.extra:
        out.print(f"Columns that aren't used: {', '.join(opened.extra)}", markup=False, highlight=False)
    rows = len(opened.rows)
    checking = progress.add_task("Checking", total=rows)
    return read_roster(
        opened.rows, forces, opened.lines, lambda done: progress.update(checking, completed=done)
    )


def _sound(reading: RosterReading, otherwise: str, out: Console) -> bool:
    """Say what deserves a look and what is to be mended. Whether there is nothing to mend."""
    _say(reading.remarks, "worth a look", out)
    if reading.faults:
        _say(reading.faults, "to be mended", out)
        out.print(f"{otherwise}: {len(reading.faults)} to mend.", highlight=False)
    return not reading.faults


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
