"""`simulate`: weeks or a year of the whole service in minutes, by the bot's own rules over made-up people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.terminal import REFUSED, err, out, stop_with
from simulation.optimum import can_compare
from simulation.plot import DARK, LIGHT, Line, draw
from simulation.report import ends, page, rows
from simulation.run import Outcome, Size
from simulation.run import simulate as simulated
from simulation.scenarios import CIRCUMSTANCES, SCENARIOS, SETTINGS
from simulation.world import FOLLOWED

WITHOUT_SCIPY = (
    "How one by one compares with the best isn't looked at: that needs scipy, which `make setup` brings. "
    "All else is here."
)
MOST_FORCES, MOST_DAYS = 50, 731


def simulate(
    *,
    forces: Annotated[int, typer.Option(min=1, max=MOST_FORCES, help="How many forces.")] = 5,
    days: Annotated[int, typer.Option(min=7, max=MOST_DAYS, help="How many days people ask.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed always has the same people and the same end.")] = 1,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help=f"One of {', '.join(SCENARIOS)}; may stand several times. All circumstances otherwise."
        ),
    ] = None,
    settings: Annotated[
        bool, typer.Option("--settings", help="Try other numbers of the settings as well.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", help="Keep it in a page like docs/simulation.md, its picture in pictures/ beside it."
        ),
    ] = None,
) -> None:
    """Run the rules over made-up people: how soon, how fair, what was kept. --forces 50 --days 365: a national year."""
    names = list(dict.fromkeys(scenario or [*CIRCUMSTANCES, *(SETTINGS if settings else ())]))
    if unknown := [name for name in names if name not in SCENARIOS]:
        stop_with(f"There is no scenario “{unknown[0]}”. There are: {', '.join(SCENARIOS)}.", REFUSED)
    if into is not None and not into.parent.is_dir():
        stop_with(f"There is no folder {into.parent} to write {into.name} into.", REFUSED)
    size = Size(forces, days, seed)
    started = time.monotonic()
    try:
        found = _run(names, size, err)
    except KeyboardInterrupt:
        stop_with("Stopped before the end, so nothing is written.")
    _show(rows(list(found.values())), out)
    _show(ends(list(found.values())), out)
    if not can_compare():
        out.print(WITHOUT_SCIPY, markup=False, highlight=False, soft_wrap=True)
    lived = (days + FOLLOWED.days) * 86400 * len(found)
    took = time.monotonic() - started
    out.print(f"{took:.0f} s, {lived / max(took, 0.001):,.0f} times faster than life.", highlight=False)
    if into is not None:
        _keep(into, size, found, settings=settings)


def _run(names: Sequence[str], size: Size, console: Console) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks = {name: progress.add_task(SCENARIOS[name].title, total=1.0, start=False) for name in names}
        for name, task in tasks.items():
            progress.start_task(task)
            found[name] = asyncio.run(simulated(SCENARIOS[name], size, _shown(progress, task)))
    return found


def _shown(progress: Progress, task: TaskID) -> Callable[[float], None]:
    return lambda share: progress.update(task, completed=share)


def _show(table: Sequence[Sequence[str]], console: Console) -> None:
    """A table on a terminal; tab-separated where it is piped into something."""
    head, *body = table
    if not console.is_terminal:
        console.file.writelines("\t".join(row) + "\n" for row in table)
        return
    shown = Table(*head)
    for column in shown.columns[1:]:
        column.justify = "right"
    for row in body:
        shown.add_row(*row)
    console.print(shown)


def _keep(into: Path, size: Size, found: dict[str, Outcome], *, settings: bool) -> None:
    tried = [found[name] for name in found if name in SETTINGS]
    circumstances = [found[name] for name in found if name in CIRCUMSTANCES] or tried
    lines = [Line(each.title, each.waits) for each in circumstances]
    folder = into.parent / "pictures"
    subtitle = f"share of all who asked, {size.forces} forces over {size.days} days"
    pictures = {name: f"{into.stem}-{name}.svg" for name in ("light", "dark")}
    try:
        folder.mkdir(exist_ok=True)
        for name, palette in (("light", LIGHT), ("dark", DARK)):
            (folder / pictures[name]).write_text(draw(lines, subtitle, palette), "utf-8")
        before = into.read_text("utf-8") if into.exists() else None
        asked_for = f"python -m bot simulate --forces {size.forces} --days {size.days} --seed {size.seed}"
        asked_for += " --settings" if settings else ""
        shown = {name: f"{folder.name}/{file}" for name, file in pictures.items()}
        into.write_text(page(before, size, asked_for, circumstances, tried, shown), "utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        stop_with(f"{into} can't be written: {getattr(fault, 'strerror', None) or 'it is no text'}.")
    out.print(f"Kept in {into}.", markup=False, highlight=False, soft_wrap=True)
