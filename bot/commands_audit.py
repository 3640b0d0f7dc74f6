"""`audit verify`: whether the audit still stands as it was written, told place by place."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import Progress

from bot import ticks
from bot.backstage import open_store
from bot.settings import Settings
from bot.terminal import REFUSED, WRONG, err, out, run, settings_now, stop_with
from peer_support.hours import LONDON
from storage.chain_check import ChainCheck, Fault, FaultKind, Printed, check_chain

app = typer.Typer(no_args_is_help=True, help="The audit: who did what, when, as opaque ids.")

WORDS = {
    FaultKind.CHANGED: "Place {places}: the row there isn't the one that was sealed. It was changed or moved.",
    FaultKind.MISSING: "Place {places}: sealed, and no longer there.",
    FaultKind.TAKEN: "{row}: taken away before it was sealed.",
    FaultKind.STRANGE: "{row}: not written by this bot. Somebody put it in, or changed it before it was sealed.",
    FaultKind.UNSEALED: "{row}: kept out of the sealing by somebody.",
    FaultKind.BEYOND: "Place {places}: sealed behind the end that was signed.",
    FaultKind.START: "The start of the chain, at place {places}, isn't signed by a key at hand.",
    FaultKind.END: "The end of the chain isn't signed by a key at hand, or is gone.",
    FaultKind.REWRITTEN: "Place {places}: the chain bears another seal here than it did. It was written anew.",
    FaultKind.CUT: "Place {places}: in the chain when that seal was printed, and no longer there. The end was cut off.",
    FaultKind.FLAWS: "Of the rows purged for their age, {places} didn't fit the chain or weren't written by this bot.",
}


@app.callback()
def _several() -> None:
    """Keep `verify` a word of its own."""


@app.command()
def verify(
    seal: Annotated[
        str,
        typer.Option("--seal", metavar="SEAL", help="A seal printed before: finds an end that was cut off."),
    ] = "",
) -> None:
    """Find rows that were changed, moved, put in or taken out, and print the seal to keep for the next time."""
    printed = Printed.parse(seal) if seal else None
    if seal and printed is None:
        stop_with(
            "That isn't a seal. It looks like 1024-9f2c…: a number, a dash, 64 letters and digits.", REFUSED
        )
    run(_verify(settings_now(), printed))


async def _verify(settings: Settings, printed: Printed | None) -> int:
    store = await open_store(settings)
    try:
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("Looking at the audit", total=None)
            async with store.look() as unit:
                found = await check_chain(
                    unit, printed, lambda done, total: progress.update(task, completed=done, total=total)
                )
    finally:
        await store.close()
    return tell(found, printed)


def tell(found: ChainCheck, printed: Printed | None) -> int:
    """Say what was found. 0 where all stands, 1 where something doesn't, 2 where the seal is too old to tell by."""
    for fault in found.faults:
        _line(_words(fault))
    if found.fault_count > len(found.faults):
        _line(f"And {found.fault_count - len(found.faults)} more.")
    first = f" from place {found.purged + 1} on, what is older was purged for its age" if found.purged else ""
    _line(f"Looked at {found.looked_at} sealed rows{first}.")
    if found.waiting:
        since = found.waiting_since.astimezone(LONDON) if found.waiting_since else ticks.now()
        _line(
            f"{found.waiting} more wait for their seal, since {since:%d %B %H:%M:%S}. The clock seals them."
        )
    if found.end is not None:
        _line(f"Last seal: {found.end}")
    if found.fault_count:
        _line(
            "The audit was tampered with. Keep the database as it is, and the backups, for whoever looks into it."
        )
        return WRONG
    if found.too_old:
        _line("What stood at the seal you gave was purged for its age, so it can't be told by it.")
        return REFUSED
    _line("All stands as it was written." if printed else "All stands as it was written, up to this seal.")
    return 0


def _words(fault: Fault) -> str:
    places = str(fault.last) if fault.place in {0, fault.last} else f"{fault.place} to {fault.last}"
    row = f"Place {places}" if fault.place else f"Row {fault.last}, not sealed yet"
    return WORDS[fault.kind].format(places=places, row=row)


def _line(words: str) -> None:
    out.print(words, markup=False, highlight=False, soft_wrap=True)
