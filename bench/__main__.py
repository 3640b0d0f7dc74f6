"""`python -m bench`: the rounds, the tables, and the page in docs where the rounds were enough."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
from pathlib import Path

from rich.console import Console

from bench.lived import Crowd
from bench.load import BadAnswer
from bench.processes import ROOT, DidNotStart
from bench.report import Run, show, write
from bench.rounds import Say
from bench.whole import Asked, bench
from bot.logs import set_up

ENOUGH = 7
PAGE, WORK = ROOT / "docs/bench.md", ROOT / "build/bench/work"
CROWD = Crowd(officers=40, offers=40)
LONGEST = 15 * 60.0


def main(arguments: list[str] | None = None) -> int:
    """0 where help now is as quick as promised, 1 where it isn't or nothing could be measured."""
    given = _parser().parse_args(arguments)
    asked = Asked(given.rounds, given.seconds, CROWD)
    out = Console(width=150 if not sys.stdout.isatty() else None)
    if sys.platform != "linux":
        out.print("The bench reads CPU time as Linux tells it, so it runs on Linux alone.")
        return 1
    set_up(level="ERROR", console=True)
    try:
        with out.status("Starting") as status:
            run = asyncio.run(_bounded(asked, _emptied(), status.update))
    except (BadAnswer, DidNotStart) as fault:
        out.print(f"Nothing can be said: {fault}", markup=False)
        return 1
    except (TimeoutError, asyncio.CancelledError, KeyboardInterrupt):
        out.print("Stopped before the end, so nothing can be said.")
        return 1
    show(run, out)
    if asked.rounds >= ENOUGH:
        write(run, PAGE)
        out.print(f"Written to {PAGE.relative_to(ROOT)}.")
    else:
        out.print(f"{PAGE.relative_to(ROOT)} stays as it is: it wants at least {ENOUGH} rounds.")
    return 0 if run.kept else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=_count, default=ENOUGH, help="how many rounds (7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each act of a round takes (1)")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


async def _bounded(asked: Asked, folder: Path, say: Say) -> Run:
    """For so long at most. When it is told to stop, whatever it started stops with it."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with asyncio.timeout(LONGEST):
        return await bench(asked, folder, say)


def _emptied() -> Path:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    return WORK


if __name__ == "__main__":
    sys.exit(main())
