"""`outbox`: messages that aren't tried again, each by an opaque id, and what may be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import ticks
from bot.backstage import Backstage
from bot.names import NoNames
from bot.settings import Settings
from bot.terminal import REFUSED, WRONG, desk_of, out, run, settings_now, stop_with
from peer_support.commands import dead_letters
from peer_support.hours import LONDON
from peer_support.sending import DeadLetter

app = typer.Typer(help="Messages that could not be sent and aren't tried again.")
HEADS = ("id", "kind", "since", "why", "tries")
WIDEST = 400  # piped, each line is whole
WHY = {
    "refused": "the channel won't take it",
    "unreachable": "the person can't be reached until they write again",
    "stopped": "the bot was stopped where the person is",
    "given_up": "the channel was unwell for days",
}
LetterId = Annotated[str, typer.Argument(metavar="ID", help="The id, as `outbox` shows it.")]


@app.callback(invoke_without_command=True)
def outbox(context: typer.Context) -> None:
    """Show every message that isn't tried again: its kind, since when, why, and how often it was tried. Never whose."""
    if context.invoked_subcommand is None:
        run(_list(settings_now()))


async def _list(settings: Settings) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        letters = await dead_letters.dead_letters(await desk_of(backstage))
    finally:
        await backstage.close()
    if not letters:
        _say("None. Every message was sent, or is still being tried.")
        return 0
    console = out if out.is_terminal else Console(width=WIDEST)
    console.print(table(letters))
    _say("Once the cause is mended: python -m bot outbox replay --all")
    return 0


@app.command()
def replay(
    letter: Annotated[str, typer.Argument(metavar="ID", help="The id, as `outbox` shows it.")] = "",
    *,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Try again: one of them, or all. What is no longer true by then is dropped instead of being sent."""
    if bool(letter) is every:
        stop_with("Say which: outbox replay ID, or outbox replay --all.", REFUSED)
    run(_replay(settings_now(), letter or None))


async def _replay(settings: Settings, letter: str | None) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        count = await dead_letters.replay(await desk_of(backstage), ticks.now(), letter)
    finally:
        await backstage.close()
    if letter is not None and not count:
        return _unknown(letter)
    _say(f"Will be tried again: {count}. The bot sends them within seconds, while it serves.")
    return 0


@app.command()
def drop(
    letter: LetterId, *, yes: Annotated[bool, typer.Option("--yes", help="Drop it without asking.")] = False
) -> None:
    """Let one go for good. The person never gets it."""
    run(_drop(settings_now(), letter, yes=yes))


async def _drop(settings: Settings, letter: str, *, yes: bool) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        desk = await desk_of(backstage)
        found = next((each for each in await dead_letters.dead_letters(desk) if each.id == letter), None)
        if found is None:
            return _unknown(letter)
        if found.edit:
            _say(
                "It changes a card that was sent before. Without it an old card stays, maybe with a name on it."
            )
        if not yes and not typer.confirm("Drop it? The person never gets it."):
            _say("Nothing was changed.")
            return WRONG
        if not await dead_letters.drop(desk, ticks.now(), letter):
            return _unknown(letter)
    finally:
        await backstage.close()
    _say("Dropped.")
    return 0


def table(letters: Sequence[DeadLetter]) -> Table:
    """By the hour alone: to the minute it could tell whose press it came of."""
    found = Table(*HEADS, box=None, pad_edge=False)
    for letter in letters:
        found.add_row(
            letter.id,
            f"{letter.kind.value} (edit)" if letter.edit else letter.kind.value,
            f"{letter.since.astimezone(LONDON):%d %B, %H:00}",
            WHY.get(letter.why, letter.why),
            str(letter.tries),
        )
    return found


def _unknown(letter: str) -> int:
    _say(f"“{letter}” is none of them. `python -m bot outbox` shows which there are.")
    return WRONG


def _say(words: str) -> None:
    out.print(words, markup=False, highlight=False, soft_wrap=True)
