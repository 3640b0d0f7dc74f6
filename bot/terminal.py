"""What every command says and ends with: one sentence where something is wrong, and an exit code that means it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, NoReturn

import typer
from rich.console import Console

from bot.backstage import Backstage
from bot.logs import set_up
from bot.settings import Settings, read, unknown
from bot.times import read_time
from peer_support.forces_file import ForcesUnreadable
from peer_support.ports import Desk
from storage.errors import StoreError

out, err = Console(), Console(stderr=True)
WRONG, REFUSED = 1, 2


def stop_with(sentence: str, code: int = WRONG) -> NoReturn:
    """One clear sentence, and the exit code that means it."""
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def settings_now() -> Settings:
    """The environment's settings. Those that are wrong are named, and nothing goes on."""
    settings, problems = read()
    set_up(level=settings.log_level, console=settings.local)
    for problem in unknown():
        err.print(problem.sentence, markup=False, highlight=False, soft_wrap=True)
    if problems:
        stop_with("\n".join(problem.sentence for problem in problems), REFUSED)
    return settings


def run(work: Coroutine[Any, Any, int]) -> None:
    """Run to the end. Trouble with the store or the forces is one sentence; Ctrl-C is a plain stop."""
    try:
        code = asyncio.run(work)
    except (StoreError, ForcesUnreadable) as fault:
        stop_with(str(fault))
    except KeyboardInterrupt:
        code = 0
    if code:
        raise typer.Exit(code)


def moment_of(settings: Settings, as_of: str, now: datetime) -> datetime:
    """The time that --as-of means, in local mode alone; now where it is empty."""
    if as_of and not settings.local:
        stop_with("--as-of is for local mode alone (PEER_SUPPORT_LOCAL=1).", REFUSED)
    try:
        return read_time(as_of, now)
    except (ValueError, OverflowError):
        stop_with(f"“{as_of}” isn't a time. Write it like 2026-11-21T09:00, or +4h, +3d.", REFUSED)


async def desk_of(backstage: Backstage) -> Desk:
    """The desk, once all behind it is open; one sentence where it can't be."""
    await backstage.open()
    desk = backstage.desk()
    if desk is None:
        stop_with(backstage.why)
    return desk
