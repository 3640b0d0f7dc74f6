"""`contacts`: every help line as it stands, and `contacts confirm`, by which a force says that it checked one."""

from __future__ import annotations

from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import ticks
from bot.backstage import forces_file, load_contacts
from bot.terminal import err, out, settings_now, stop_with
from peer_support.crisis.confirming import NotConfirmed, keep_confirmation
from peer_support.crisis.contacts import CONFIRMED_FILE, NATIONS, Contact, overdue, packaged
from peer_support.crisis.opening import State, opening
from peer_support.hours import LONDON

app = typer.Typer(add_completion=False, help="The help lines: how they stand, and that one was checked.")
HEADS = ("id", "line", "nations", "hours", "now", "source", "checked", "by", "check by", "state")
WIDEST = 400  # piped, each line is whole


@app.callback(invoke_without_command=True)
def contacts(context: typer.Context) -> None:
    """Show every help line: whom it serves, whether it answers now, who checked it, and by when it is to be checked."""
    if context.invoked_subcommand is not None:
        return
    lines = load_contacts(settings_now())
    for ignored in lines.ignored:
        err.print(f"ignored: {ignored}", markup=False, highlight=False, soft_wrap=True)
    now = ticks.now()
    console = out if out.is_terminal else Console(width=WIDEST)
    console.print(_table(lines.contacts, now))
    late = overdue(lines.contacts, now.astimezone(LONDON).date())
    if late:
        out.print(
            f"{len(late)} to check again. Ring or write, then: python -m bot contacts confirm ID --by NAME"
        )


@app.command()
def confirm(
    line: Annotated[str, typer.Argument(metavar="ID", help="The line's id, as `contacts` shows it.")],
    by: Annotated[str, typer.Option("--by", help="Who rang it, or looked, and found it right.")],
) -> None:
    """Say that a line was checked today: its number, and its hours. It counts for 90 days, from the next start."""
    settings = settings_now()
    path = forces_file(settings)
    if path is None:
        stop_with("PEER_SUPPORT_FORCES_FILE isn't set: the checks are kept beside that file.")
    known = {contact.id: contact for contact in packaged()}
    if line not in known:
        close = get_close_matches(line, known, n=1)
        stop_with(f"There is no line “{line}”." + (f" Is it “{close[0]}”?" if close else ""))
    try:
        again = keep_confirmation(
            path.with_name(CONFIRMED_FILE), line, by, ticks.now().astimezone(LONDON).date()
        )
    except NotConfirmed as fault:
        stop_with(str(fault))
    out.print(
        f"Kept: {known[line].label} was checked today. Check it again by {again}. The bot reads it when it starts.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _table(lines: tuple[Contact, ...], now: datetime) -> Table:
    table = Table(*HEADS, box=None, pad_edge=False)
    today = now.astimezone(LONDON).date()
    for contact in lines:
        table.add_row(*_row(contact, now, today))
    return table


def _row(contact: Contact, now: datetime, today: date) -> tuple[str, ...]:
    hours = contact.hours.text() if contact.hours else "24/7" if contact.round_the_clock else "not known"
    return (
        contact.id,
        contact.label,
        " ".join(nation for nation in NATIONS if nation in contact.nations),
        hours,
        _now(contact, now),
        contact.source,
        contact.last_checked.isoformat(),
        contact.checked_by,
        contact.review_by.isoformat(),
        _state(contact, today),
    )


def _now(contact: Contact, now: datetime) -> str:
    found = opening(contact, now)
    if found.state is State.CLOSED and found.opens is not None:
        return f"closed, opens {found.opens:%a %H:%M}"
    return {State.ALWAYS: "open", State.OPEN: "open"}.get(found.state, "not known")


def _state(contact: Contact, today: date) -> str:
    if contact in overdue([contact], today):
        return "overdue"
    return contact.certainty.value
