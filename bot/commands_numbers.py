"""`numbers --period 2026-Q3`: what may be said of a quarter. Exact counts never reach the terminal."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import ticks
from bot.backstage import Backstage
from bot.names import NoNames
from bot.settings import Settings
from bot.terminal import REFUSED, desk_of, out, run, settings_now, stop_with
from peer_support.commands.numbers import QuarterNumbers, TooEarly, see_numbers
from peer_support.numbers import NATIONAL, Quarter, Sheet

HIDDEN = "-"
NOTE = f"{HIDDEN} is hidden: under 10, or it would give away another that is. The rest is to the nearest 5."
_QUESTIONS = {
    "listened": "Did you feel listened to?",
    "easy": "Was it easy to ask?",
    "otherwise": "Would you have asked anyone otherwise?",
}


def numbers(
    period: Annotated[str, typer.Option("--period", metavar="QUARTER", help="A quarter, such as 2026-Q3.")],
) -> None:
    """Print a quarter's numbers, half a year after it: suppressed under 10, and rounded to 5."""
    try:
        quarter = Quarter.parse(period)
    except ValueError:
        stop_with(
            f"“{period}” isn't a quarter. Write it like 2026-Q3; nothing shorter or longer is counted.",
            REFUSED,
        )
    run(_numbers(settings_now(), quarter))


async def _numbers(settings: Settings, quarter: Quarter) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        desk = await desk_of(backstage)
        found = await see_numbers(desk, quarter, ticks.now())
        show({force.id: force.name for force in desk.forces.all}, found, out)
        return 0
    except TooEarly:
        stop_with(
            f"{quarter} isn't counted yet: its requests are, once they're forgotten. "
            f"It can be printed from {quarter.settled_from}.",
            REFUSED,
        )
    finally:
        await backstage.close()


def show(names: dict[str, str], found: QuarterNumbers, console: Console) -> None:
    """Each sheet under its title; tab-separated where it is piped into something."""
    sheets = {"How requests ended": found.outcomes, "Kinds of topic": found.kinds}
    sheets |= {question: found.feedback[name] for name, question in _QUESTIONS.items()}
    for title, sheet in sheets.items():
        _sheet(f"{title} {found.quarter}", sheet, names, console)
    console.print(NOTE, markup=False, highlight=False, soft_wrap=True)


def _sheet(title: str, sheet: Sheet, names: dict[str, str], console: Console) -> None:
    rows = [
        [names.get(place, place), *(_said(sheet.shown(place, value)) for value in sheet.values)]
        for place in sheet.places
    ]
    head = ["", *sheet.values]
    if not console.is_terminal:
        console.file.writelines("\t".join(row) + "\n" for row in ([title], head, *rows))
        return
    table = Table(*head, title=title)
    for row in rows:
        table.add_row(*row, end_section=row[0] == NATIONAL)
    console.print(table)


def _said(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
