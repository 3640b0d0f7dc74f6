"""`check`: every part, one line each, in words an operator can act on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from bot import ticks
from bot.backstage import load_contacts, load_forces, open_store
from bot.commands_sign import signed_file
from bot.settings import Problem, Settings, cannot_start
from bot.sign_offs import SIGN_OFFS, read_signed, standing
from peer_support.crisis.contacts import overdue
from peer_support.forces_file import ForcesUnreadable
from peer_support.hours import LONDON
from storage.errors import StoreError

_LATE = "some help lines are due to be checked again: python -m bot contacts"


async def look(
    settings: Settings, problems: Sequence[Problem], out: Console, *, go_live: bool = False
) -> int:
    """Look at everything. 0 where all stands, 1 where something doesn't; help lines to check are only warned of.

    `go_live` asks for more: that it is set up for real people, that every help line was checked, and who has signed.
    """
    found = [
        ("settings", _settings(settings, problems)),
        ("forces", _forces(settings)),
        ("database", await _database(settings)),
    ]
    for part, wrong in found:
        _line(out, "ok" if wrong is None else "wrong", part, wrong or "")
    lines = load_contacts(settings)
    late = overdue(lines.contacts, ticks.now().astimezone(LONDON).date())
    words = [f"ignored: {ignored}" for ignored in lines.ignored]
    if late:
        words.append("to be checked again: " + ", ".join(contact.label for contact in late))
    _line(out, "warning" if words else "ok", "help lines", "; ".join(words))
    lives = not go_live or _may_go_live(settings, out, lines_late=bool(late))
    return 0 if lives and all(wrong is None for _, wrong in found) else 1


def _may_go_live(settings: Settings, out: Console, *, lines_late: bool) -> bool:
    """Whether all stands that must hold besides before real people use it."""
    found = [("real people", _for_real(settings)), ("help lines", _LATE if lines_late else None)]
    path = signed_file(settings)
    try:
        signed = read_signed(path) if path is not None else {}
    except ValueError as fault:
        signed = {}
        found.append(("signatures", str(fault)))
    for part, wrong in found:
        _line(out, "ok" if wrong is None else "wrong", part, wrong or "")
    all_stand = True
    for each in SIGN_OFFS:
        stands, words = standing(each, signed, settings)
        all_stand = all_stand and stands
        _line(out, "ok" if stands else "wrong", "signed", f"{each.who}: {words}")
    return all_stand and all(wrong is None for _, wrong in found)


def _for_real(settings: Settings) -> str | None:
    said = ["PEER_SUPPORT_LOCAL is set: that is for trying it out."] if settings.local else []
    try:
        made_up = [force.name for force in load_forces(settings).all if force.fictional]
    except ForcesUnreadable:
        return " ".join(said) or None
    if made_up:
        said.append(f"Made up: {', '.join(made_up)}.")
    return " ".join(said) or None


def _line(out: Console, state: str, part: str, words: str) -> None:
    out.print(f"{state:8} {part:11} {words}".rstrip(), markup=False, highlight=False, soft_wrap=True)


def _settings(settings: Settings, problems: Sequence[Problem]) -> str | None:
    said = [problem.sentence for problem in problems]
    if why := cannot_start(settings):
        said.append(why)
    return " ".join(said) or None


def _forces(settings: Settings) -> str | None:
    try:
        load_forces(settings)
    except ForcesUnreadable as fault:
        return "; ".join(fault.faults)
    return None


async def _database(settings: Settings) -> str | None:
    try:
        store = await open_store(settings)
    except (StoreError, OSError) as fault:
        return str(fault)
    health = await store.ready()
    await store.close()
    return None if health.ready else health.why
