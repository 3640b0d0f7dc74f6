"""The bot as a process of its own, as it runs in service: started, spoken to on the wire, and told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Served:
    """A process that listens, and a session that knows it by its address."""

    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession
    log: Path

    def told(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def health(self) -> tuple[int, str]:
        """What a balancer sees now; 0 where nothing listens any more."""
        try:
            async with self.session.get("/healthz") as answer:
                return answer.status, (await answer.json())["status"]
        except (aiohttp.ClientError, OSError):
            return 0, "gone"

    async def until(self, status: int) -> None:
        """Look as a balancer does, until it sees this."""
        while (await self.health())[0] != status:
            assert self.process.returncode is None, self.log.read_text()


@asynccontextmanager
async def served(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """`python -m bot serve` in local mode on a free port, killed in the end where it still runs."""
    given = {"LOCAL": "1", "PORT": "0", "DATABASE_URL": f"sqlite:///{folder}/peer.db"} | settings
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
    log = folder / "log"
    with log.open("ab") as says:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            cwd=ROOT,
            env=kept | {f"PEER_SUPPORT_{name}": value for name, value in given.items()},
            stdout=asyncio.subprocess.PIPE,
            stderr=says,
        )
    try:
        assert process.stdout is not None
        address = (await process.stdout.readline()).decode().strip().removeprefix("Serving on ")
        assert address.startswith("http://"), log.read_text()
        lasting = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(address, connector=lasting) as session:
            yield Served(process, session, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
