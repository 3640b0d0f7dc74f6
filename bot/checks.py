"""`check`: every part, one line each, in words an operator can act on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from bot import ticks
from bot.backstage import load_contacts, load_forces, open_store
from bot.settings import Problem, Settings, cannot_start
from peer_support.crisis.contacts import overdue
from peer_support.forces_file import ForcesUnreadable
from peer_support.hours import LONDON
from storage.errors import StoreError


async def look(settings: Settings, problems: Sequence[Problem], out: Console) -> int:
    """Look at everything. 0 where all stands, 1 where something doesn't; help lines to check are only warned of."""
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
    return 1 if any(wrong is not None for _, wrong in found) else 0


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
