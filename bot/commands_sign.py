"""`sign`: read what somebody is asked to sign, and write down that they did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import ticks
from bot.backstage import forces_file
from bot.settings import Settings
from bot.sign_offs import BY_ID, SIGNED_FILE, Signed, read_signed, write_signed
from bot.terminal import REFUSED, out, settings_now, stop_with
from peer_support.hours import LONDON


def signed_file(settings: Settings) -> Path | None:
    """The signatures stand beside the forces file."""
    path = forces_file(settings)
    return path.with_name(SIGNED_FILE) if path is not None else None


def sign(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(BY_ID)}.")],
    by: Annotated[str, typer.Option("--by", help="The name of the person who signs.")] = "",
) -> None:
    """Print all that one of them is asked to sign. With --by NAME, write down that they signed it as it stands."""
    settings = settings_now()
    one = BY_ID.get(what)
    if one is None:
        stop_with(f"“{what}” doesn't sign here. These do: {', '.join(BY_ID)}.", REFUSED)
    name_given = " ".join("".join(sign if sign.isprintable() else " " for sign in by).split())
    if not name_given:
        for name, words in one.reads(settings):
            typer.echo(f"{name}\t{words}")
        return
    path = signed_file(settings)
    if path is None:
        stop_with("Signatures stand beside the forces file: set PEER_SUPPORT_FORCES_FILE first.", REFUSED)
    try:
        signed = read_signed(path)
        today = ticks.now().astimezone(LONDON).date()
        write_signed(path, signed | {one.id: Signed(name_given, today, one.mark(settings))})
    except ValueError as fault:
        stop_with(str(fault))
    except OSError as fault:
        stop_with(f"{path} can't be written: {fault.strerror or fault}.")
    out.print(f"{one.who}: signed {one.what}.", markup=False, highlight=False, soft_wrap=True)
