"""Contenders as processes of their own, and the CPU time that each has used."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 60.0
STOP_SECONDS = 15.0
ROOT = Path(__file__).parents[1]
_LEFT_OUT = ("PEER_SUPPORT_", "PYTHONDONTWRITEBYTECODE")
_SCHEDULED = 2  # the kernel's clock of what the scheduler gave to all threads of a process, user and system


class DidNotStart(Exception):
    """A contender ended, or said nothing, before it listened. Names the file that says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that listens. `ready` is what it said when it did."""

    pid: int
    ready: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Where the channel's activities go."""
        return f"http://127.0.0.1:{self.ready['port']}/api/messages"

    def cpu_seconds(self) -> float:
        """User and system time of the whole process so far, threads that ended among it, to the nanosecond."""
        return time.clock_gettime_ns((~self.pid << 3) | _SCHEDULED) / 1e9


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """A contender that is one of our own modules."""
    return (sys.executable, "-m", module, *arguments)


def inherited() -> dict[str, str]:
    """The environment of every contender, without the settings of whoever measures. It is compiled once for all."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return found | {"PYTHONPYCACHEPREFIX": str(ROOT / "build/bench/bytecode")}


@asynccontextmanager
async def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """Start it, wait until it listens, and end it by hanging up."""
    with log.open("wb") as says:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=inherited() | dict(environment or {}),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=says,
        )
    try:
        yield Running(process.pid, await _ready(process, log))
    finally:
        await _end(process)


async def _ready(process: asyncio.subprocess.Process, log: Path) -> dict[str, Any]:
    if process.stdout is None:
        raise DidNotStart(str(log))
    try:
        async with asyncio.timeout(START_SECONDS):
            found: dict[str, Any] = json.loads(await process.stdout.readline())
            return found
    except (TimeoutError, ValueError) as fault:
        raise DidNotStart(f"it didn't begin to listen; {log} says why") from fault


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
