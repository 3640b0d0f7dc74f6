"""`roster template`, `check`, `import` and `list`: how a force's list of supporters and coordinators is kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import ticks
from bot.backstage import Backstage, load_forces
from bot.names import NoNames
from bot.roster_import import check_file, import_file
from bot.roster_listing import show_people
from bot.roster_template import TEMPLATE
from bot.settings import Settings
from bot.terminal import REFUSED, desk_of, out, run, settings_now, stop_with
from peer_support.commands.list_roster import list_roster

app = typer.Typer(no_args_is_help=True, help="The roster of supporters and coordinators.")
RosterPath = Annotated[Path, typer.Argument(help="A CSV or XLSX file with the roster's columns.")]


@app.command()
def template(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; shown here without one.")] = None,
) -> None:
    """Write a roster to fill in: the columns, and one made-up person to show how a row looks."""
    if file is None:
        sys.stdout.write(TEMPLATE)
        return
    try:
        with file.open("x", encoding="utf-8-sig", newline="") as lines:
            lines.write(TEMPLATE.replace("\n", "\r\n"))
    except FileExistsError:
        stop_with(f"{file} is there already, and was left as it is.")
    except OSError as fault:
        stop_with(f"{file} can't be written: {fault.strerror or fault}.")
    out.print(f"Wrote {file}. Replace the made-up row with your people.", markup=False, highlight=False)


@app.command()
def check(file: RosterPath) -> None:
    """Read a roster file and say what is to be mended. Nothing is changed, and no database is needed."""
    run(_check(settings_now(), file))


async def _check(settings: Settings, file: Path) -> int:
    return check_file(file, load_forces(settings), out)


@app.command("import")
def import_(
    file: RosterPath, *, yes: Annotated[bool, typer.Option("--yes", help="Import without asking.")] = False
) -> None:
    """Show what a roster file would change, ask, and import all of it or nothing."""
    run(_import(settings_now(), file, yes=yes))


async def _import(settings: Settings, file: Path, *, yes: bool) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        desk = await desk_of(backstage)
        return await import_file(file, desk, ticks.now(), out, ask=None if yes else _agreed)
    finally:
        await backstage.close()


@app.command("list")
def list_(
    force: Annotated[str, typer.Option("--force", metavar="ID", help="One force of the forces file.")] = "",
) -> None:
    """Show who is on the roster and whether they can be asked. Never who is matched with whom."""
    run(_list(settings_now(), force))


async def _list(settings: Settings, force: str) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        desk = await desk_of(backstage)
        if force and force not in desk.forces.by_id:
            known = ", ".join(desk.forces.by_id)
            stop_with(f"“{force}” is not in the forces file. It has: {known}.", REFUSED)
        show_people(await list_roster(desk, ticks.now(), force), out)
        return 0
    finally:
        await backstage.close()


def _agreed(question: str) -> bool:
    return typer.confirm(question)
