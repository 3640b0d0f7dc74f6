"""Where replicas come from: one process that has imported everything forks them, so that a killed one is soon back.

`python -m tests.ordeal.nursery` reads an order a line and says, a line each, who was born and where it listens. When
whoever ordered is gone, so are all that were born.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BORN_WITHIN = 60.0


@dataclass(slots=True)
class Replica:
    """One place among the replicas, and whoever has it now."""

    place: int
    pid: int = 0
    port: int = 0
    births: int = 0
    cpu: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether it was started and not killed since."""
        return self.pid != 0

    def kill(self) -> None:
        """With -9: it can finish nothing."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, OSError):
                self.cpu += cpu_of(self.pid)
                os.kill(self.pid, signal.SIGKILL)
        self.pid = self.port = 0


@dataclass(slots=True)
class Nursery:
    """`start` gives a replica that listens. `environment` is every replica's, their settings among it."""

    process: asyncio.subprocess.Process
    environment: Mapping[str, str]
    folder: Path
    clock: Path
    replicas: list[Replica] = field(default_factory=list)
    apart: float = 0.0  # seconds between the clocks of one replica and the next
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(self, replica: Replica) -> None:
        """Born, and listening: once ordered it is waited for, even by whoever was told to stop meanwhile."""
        birth = asyncio.ensure_future(self._birth(replica))
        try:
            await asyncio.shield(birth)
        finally:
            await birth

    async def _birth(self, replica: Replica) -> None:
        order = {
            "log": str(self.folder / f"replica-{replica.place}.log"),
            "environment": dict(self.environment),
            "clock": str(self.clock),
            "ahead": self.apart * replica.place,
        }
        async with self._one:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            async with asyncio.timeout(BORN_WITHIN):
                said = json.loads(await self.process.stdout.readline())
        replica.pid, replica.port = said["pid"], said["port"]
        replica.births += 1

    @property
    def addresses(self) -> list[str]:
        """Where those that live listen."""
        return [f"http://127.0.0.1:{each.port}/api/messages" for each in self.replicas if each.alive]


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def a_parent() -> AsyncIterator[asyncio.subprocess.Process]:
    """The process that forks. What it is slow to import it imports once, for as many nurseries as share it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.ordeal.nursery",
        cwd=ROOT,
        env=inherited,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def a_nursery(
    folder: Path,
    clock: Path,
    environment: Mapping[str, str],
    places: int,
    parent: asyncio.subprocess.Process | None = None,
) -> AsyncIterator[Nursery]:
    """A nursery with so many places, none taken yet; in a process of its own unless one is given."""
    async with AsyncExitStack() as held:
        process = parent or await held.enter_async_context(a_parent())
        nursery = Nursery(process, environment, folder, clock, [Replica(place) for place in range(places)])
        try:
            yield nursery
        finally:
            for replica in nursery.replicas:
                replica.kill()


def main() -> None:
    """Fork for each order. A child that fails says so in its own log, and the line that is awaited never comes."""
    from tests.ordeal.replica import be  # noqa: PLC0415  only the nursery itself needs all of the bot

    say = os.dup(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    born: list[int] = []
    for line in sys.stdin.buffer:
        order: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if pid:
            born.append(pid)
            continue
        code = 0
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            be(order, say)
        except BaseException:  # noqa: BLE001  the child must not go on as its parent
            traceback.print_exc()
            sys.stderr.flush()
            code = 1
        os._exit(code)
    for pid in born:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
