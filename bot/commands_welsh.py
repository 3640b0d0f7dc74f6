"""`welsh`: the Welsh words beside the English ones, for a first-language reviewer who needs no code to read them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import err, stop_with
from cards.words import WELSH, Translated, translated

HEADER = ("key", "English", "Welsh", "state", "better Welsh", "why")
NOT_WELSH, CHANGED, SAID = "English only", "not said: its English changed", "awaiting review"


def welsh(
    file: Annotated[
        Path | None, typer.Argument(help="Write a spreadsheet (CSV), with room for better words.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what is in English only so far.")] = False,
) -> None:
    """Print every Welsh sentence beside its English, as a Markdown table, or write them to a spreadsheet."""
    found = [each for each in translated(WELSH) if each.words or everything]
    if file is None:
        typer.echo("\n".join(_markdown(found)))
        return
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as lines:
            table = csv.writer(lines)
            table.writerow(HEADER)
            table.writerows((each.key, each.english, each.words, _state(each), "", "") for each in found)
    except OSError as fault:
        stop_with(f"{file} can't be written: {fault.strerror or 'no reason given'}.")
    err.print(f"{len(found)} sentences are in {file}.", markup=False, highlight=False, soft_wrap=True)


def _markdown(found: Sequence[Translated]) -> list[str]:
    rows = [(each.key, each.english, each.words, _state(each)) for each in found]
    lines = [f"| {' | '.join(part.replace('|', '/') for part in row)} |" for row in (HEADER[:4], *rows)]
    return [lines[0], "|---|---|---|---|", *lines[1:]]


def _state(each: Translated) -> str:
    if not each.words:
        return NOT_WELSH
    return SAID if each.said else CHANGED
