"""`python -m bench`: its parts one after the other, their tables, and the page in docs where the rounds were enough."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench import endurance, fanout, history, matching, page, start, whole
from bench.findings import Section
from bench.lived import Crowd
from bench.load import BadAnswer
from bench.processes import ROOT, DidNotStart
from bench.stage import Asked, Say, Stage, set_up
from bot.logs import set_up as set_up_logs

ENOUGH = 7
PAGE, WORK = ROOT / "docs/bench.md", ROOT / "build/bench/work"
CROWD = Crowd(officers=40, offers=40)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bench. `always` says that it is measured where nobody asks for single parts."""

    measure: Callable[[Stage], Awaitable[Section]]
    longest: float
    always: bool = True


PARTS: Mapping[str, Part] = {
    "help": Part(whole.help_now, 5 * 60.0),
    "requests": Part(whole.requests, 5 * 60.0),
    "matching": Part(matching.measured, 15 * 60.0),
    "history": Part(history.measured, 20 * 60.0),
    "fanout": Part(fanout.measured, 10 * 60.0),
    "start": Part(start.measured, 5 * 60.0),
    "memory": Part(endurance.short_look, 10 * 60.0),
    "endurance": Part(endurance.whole, 60 * 60.0, always=False),
}


def main(arguments: list[str] | None = None) -> int:
    """0 where every promise that was measured is kept, 1 where one isn't or nothing could be measured."""
    given = _parser().parse_args(arguments)
    chosen = given.only or [name for name, part in PARTS.items() if part.always]
    how = " ".join(["python -m bench", *(f"--only {name}" for name in given.only or ())])
    asked = Asked(given.rounds, given.seconds, CROWD, how=how)
    out = Console(width=150 if not sys.stdout.isatty() else None)
    if sys.platform != "linux":
        out.print("The bench reads CPU time as Linux tells it, so it runs on Linux alone.")
        return 1
    set_up_logs(level="ERROR", console=True)
    found: list[Section] = []
    try:
        with out.status("Starting") as status:
            for section in asyncio.run(_all(chosen, asked, status.update)):
                page.show(section, out)
                found.append(section)
    except (BadAnswer, DidNotStart) as fault:
        out.print(f"Nothing can be said: {fault}", markup=False)
        return 1
    except (TimeoutError, asyncio.CancelledError, KeyboardInterrupt):
        out.print("Stopped before the end, so nothing can be said.")
        return 1
    if asked.rounds >= ENOUGH:
        page.write(found, list(PARTS), PAGE)
        out.print(f"Written to {PAGE.relative_to(ROOT)}.")
    else:
        out.print(f"{PAGE.relative_to(ROOT)} stays as it is: it wants at least {ENOUGH} rounds.")
    return 0 if all(section.kept for section in found) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=_count, default=ENOUGH, help="how many rounds (7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each act of help now takes (1)")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part, and others named likewise")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


async def _all(chosen: Sequence[str], asked: Asked, say: Say) -> list[Section]:
    """Each for so long at most. When it is told to stop, whatever it started stops with it."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    shutil.rmtree(WORK, ignore_errors=True)
    found = []
    for name in chosen:
        async with asyncio.timeout(PARTS[name].longest), set_up(asked, _folder(name), say) as stage:
            found.append(await PARTS[name].measure(stage))
    return found


def _folder(name: str) -> Path:
    return WORK / name


if __name__ == "__main__":
    sys.exit(main())
