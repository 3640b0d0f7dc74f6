"""Two replicas behind a balancer, and what is done to them: `make replicas`, which writes docs/replicas.md.

Under a steady load they are rolled from the program before the newest migration to this one, restarted one after the
other, one is killed, and the database is lost and comes back. Help now may not be missed once. No Docker: PostgreSQL
comes from the system's packages, and everything runs on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from bench.contenders import Place
from bench.identity import FORCES
from bench.processes import ROOT, DidNotStart, python, running
from bench.serving import HOST, listening
from scripts.replicas_checks import check, check_logs, look, settled, told
from scripts.replicas_load import Chats, Load, Rates
from scripts.replicas_place import (
    START_SECONDS,
    Replica,
    a_server,
    bot,
    free_ports,
    may_come_back,
    older_program,
    write_roster,
)
from scripts.replicas_report import Found, Phase, page
from tests.fakes.databases import Server

OUT = ROOT / "docs" / "replicas.md"
OWN = {
    "PEER_SUPPORT_LEAVE_SECONDS": "3",  # six looks of the balancer
    "PEER_SUPPORT_WAKING": "Mon-Sun 00:00-23:59",  # supporters are asked whenever this is run
}
SUPPORTERS = 30
QUIET, AWAY = 12.0, 6.0  # seconds
SETTLES_WITHIN, LONGEST = 30.0, 600.0
PATIENCE = aiohttp.ClientTimeout(total=60)


class Trial:
    """The replicas under load, and what is done to them one after the other."""

    def __init__(
        self, replicas: Sequence[Replica], server: Server, session: aiohttp.ClientSession, balancer: str
    ) -> None:
        self._replicas, self._server, self._session, self._balancer = replicas, server, session, balancer
        self.phases: list[Phase] = []
        self.notes: list[str] = []
        self.faults: list[str] = []

    @asynccontextmanager
    async def phase(self, name: str) -> AsyncIterator[None]:
        """A row of the table."""
        sys.stderr.write(f"{name}\n")
        began = time.perf_counter()
        yield
        self.phases.append(Phase(name, began, time.perf_counter()))

    async def roll(self, replicas: Sequence[Replica], tree: Path) -> None:
        """One after the other is told to stop, and the program of `tree` started once it has ended."""
        for replica in replicas:
            await self.end(replica)
            await self.start(replica, tree)

    async def end(self, replica: Replica, meanwhile: str = "") -> None:
        """Told to stop; it has to end well."""
        took = await replica.end(signal.SIGTERM)
        code = replica.codes[-1]
        self.notes.append(
            f"{replica.name} was told to stop{meanwhile}, and had ended with {code} after {took:.1f} s."
        )
        if code != 0:
            self.faults.append(f"{replica.name} ended with {code} where it was told to stop{meanwhile}.")

    async def end_all(self) -> None:
        """The last one has lost its database, and has to end as well as the first."""
        *others, last = self._replicas
        for replica in others:
            await self.end(replica)
        await asyncio.to_thread(self._server.stop)
        await self.end(last, " while the database was lost")

    async def start(self, replica: Replica, tree: Path) -> None:
        """Started, and in use again: the next one isn't touched before the balancer has this one back."""
        if not await replica.start(tree, self._session):
            self.faults.append(f"{replica.name} wasn't ready {START_SECONDS:.0f} s after it was started.")
        place = self._replicas.index(replica)
        while not (await look(self._session, self._balancer))["well"][place]:  # noqa: ASYNC110 - as below
            await asyncio.sleep(0.1)

    async def kill(self, replica: Replica, seconds: float) -> None:
        """Killed where it stands, away for a while, and started again."""
        await replica.end(signal.SIGKILL)
        await asyncio.sleep(seconds)
        await self.start(replica, ROOT)

    async def lose_the_database(self, seconds: float) -> None:
        """Stopped at once, as in a crash, and run again later, until both replicas work again."""
        await asyncio.to_thread(self._server.stop)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self._server.run)
        began = time.monotonic()
        while not all([await replica.ready(self._session) for replica in self._replicas]):
            if time.monotonic() - began > SETTLES_WITHIN:
                self.faults.append("The replicas didn't find the database again.")
                return
            await asyncio.sleep(0.1)
        self.notes.append(
            f"Both replicas said that they were ready {time.monotonic() - began:.1f} s after the database was back."
        )


async def conduct(
    trial: Trial,
    replicas: Sequence[Replica],
    settings: Mapping[str, str],
    older: tuple[Path, str] | None,
) -> None:
    """The acts, in order."""
    async with trial.phase("nothing is done"):
        await asyncio.sleep(QUIET)
    if older is not None:
        tree, commit = older
        async with trial.phase(f"tables migrated under the program of {commit}, which is rolled to this one"):
            await asyncio.to_thread(bot, ROOT, settings, "migrate")
            await asyncio.sleep(QUIET / 3)  # the older program on the newer tables
            if may_come_back(tree):
                await trial.roll([replicas[1]], tree)
            await trial.roll(replicas, ROOT)
    async with trial.phase("rolling restart of both"):
        await trial.roll(replicas, ROOT)
    async with trial.phase(f"kill -9 of one, started again after {AWAY:.0f} s"):
        await trial.kill(replicas[0], AWAY)
    async with trial.phase(f"the database lost for {2 * AWAY:.0f} s, and back"):
        await trial.lose_the_database(2 * AWAY)
    async with trial.phase("nothing is done again"):
        await asyncio.sleep(QUIET)


@asynccontextmanager
async def under(load: Load) -> AsyncIterator[None]:
    """While people come. In the end whoever came is waited for."""
    task = asyncio.create_task(load.run())
    try:
        yield
    except BaseException:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    load.stop()
    await task


async def try_all(stack: AsyncExitStack, folder: Path, rates: Rates) -> Found:
    """Everything, once."""
    busy, began = os.getloadavg()[0], time.monotonic()
    session = await stack.enter_async_context(
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=PATIENCE)
    )
    chats = Chats()
    chats.base = f"http://{HOST}:{await stack.enter_async_context(listening(chats.app()))}/"
    server = await stack.enter_async_context(a_server())
    address = server.make_database("replicas")
    place = Place(chats.base, "", "", chats.bearer(), folder / "config.json", folder / "forces.toml")
    place.forces.write_text(FORCES, "utf-8")
    settings = place.settings(address) | OWN
    older = older_program(folder)
    tree = older[0] if older else ROOT
    bot(tree, settings, "migrate")
    bot(tree, settings, "roster", "import", str(write_roster(folder, SUPPORTERS)), "--yes")
    ports = free_ports(2)
    replicas = [
        Replica(f"Replica {name}", port, settings, folder) for name, port in zip("AB", ports, strict=True)
    ]
    for replica in replicas:
        stack.push_async_callback(replica.end, signal.SIGKILL)
        if not await replica.start(tree, session):
            raise DidNotStart(f"{replica.name} isn't ready; its log in {folder} says why")
    balancer = await stack.enter_async_context(
        running(python("scripts.replicas_balancer", *map(str, ports)), folder / "balancer.log")
    )
    seen = balancer.url.replace("api/messages", "seen")
    while not all((await look(session, seen))["well"]):  # noqa: ASYNC110 - another process's state
        await asyncio.sleep(0.1)
    load = Load(session, balancer.url, chats, place.bearer, rates)
    await load.open_the_bot(SUPPORTERS)
    trial = Trial(replicas, server, session, seen)
    async with under(load):
        await conduct(trial, replicas, settings, older)
    trial.notes.append(told(await look(session, seen), chats))
    check(load, await settled(address), trial)
    await trial.end_all()
    check_logs(folder, trial)
    took = time.monotonic() - began
    return Found(trial.phases, load.tries, trial.faults, trial.notes, rates, busy, took)


async def main(rates: Rates) -> int:
    """Try it, write the page, and show it."""
    folder = Path(tempfile.mkdtemp(prefix="peer-support-replicas-"))
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        async with asyncio.timeout(LONGEST), AsyncExitStack() as stack:
            found = await try_all(stack, folder, rates)
    except TimeoutError:
        sys.stderr.write(f"It took over {LONGEST:.0f} s.\nThe logs are in {folder}.\n")
        return 2
    except DidNotStart as why:
        sys.stderr.write(f"{why}\nThe logs are in {folder}.\n")
        return 2
    written = page(found)
    OUT.write_text(written, "utf-8")
    sys.stdout.write(written)
    return 0 if found.kept else 1


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--help-now", type=float, default=20.0, help="asked for so often a second")
    given.add_argument("--journeys", type=float, default=3.0, help="people a second who send a request")
    chosen = given.parse_args()
    sys.exit(asyncio.run(main(Rates(chosen.help_now, chosen.journeys))))
