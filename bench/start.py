"""The first help now after a process starts, beside the mere import of the libraries that the bot declares."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.findings import Part, Section, spread, times
from bench.identity import Person, help_by_button
from bench.load import BadAnswer
from bench.processes import ROOT, Running, inherited, python
from bench.rounds import CARD
from bench.stage import Stage, migrated

TARGET = 2.0
LOOK_EVERY = 0.01
PATIENCE = 60.0
IMPORTS, FIRST = "the import of the declared libraries", "start to first Help now"
_SAID = (
    (
        "The bot is `python -m bot serve`, signed in on both sides, on a migrated SQLite file; from the start of its "
        "process to the card in the answer to a signed press, sent again and again until the port is open."
    ),
    (
        "It is held against a process that imports the runtime libraries of pyproject.toml, each as it is called, and "
        "ends. Both begin with the start of Python, and find their bytecode compiled."
    ),
    (
        "CPU is the user and system time of the process by then, all its threads included; the time by the wall stands "
        "beside it."
    ),
)


@dataclass(frozen=True, slots=True)
class Started:
    """What one start took."""

    cpu: float
    wall: float


async def measured(stage: Stage) -> Section:
    """Rounds of both, in alternating order, after one of each that isn't counted."""
    sqlite = stage.kinds[0]
    await migrated(stage.place, sqlite.prepared)
    found: dict[str, list[Started]] = {IMPORTS: [], FIRST: []}
    for number in range(-1, stage.asked.rounds):
        stage.say(f"starts, round {number + 1} of {stage.asked.rounds}")
        for what in (IMPORTS, FIRST) if number % 2 == 0 else (FIRST, IMPORTS):
            took = await (_imports() if what == IMPORTS else _first(stage, sqlite.prepared))
            if number >= 0:
                found[what].append(took)
    cpu = [mine.cpu / floor.cpu for mine, floor in zip(found[FIRST], found[IMPORTS], strict=True)]
    wall = [mine.wall / floor.wall for mine, floor in zip(found[FIRST], found[IMPORTS], strict=True)]
    rows = [
        (what, spread([each.cpu for each in took]), spread([each.wall for each in took]))
        for what, took in found.items()
    ]
    rows.append(("the one by the other", f"{spread(cpu)} x", f"{spread(wall)} x"))
    return Section(
        "start",
        "The first help now after a start",
        _SAID,
        [Part("From the start of the process", ("what", "CPU s", "s by the wall"), rows)],
        [times(cpu, "First help now after process start, CPU against the import of the libraries", TARGET)],
        stage.taken(),
    )


async def _imports() -> Started:
    began = time.perf_counter()
    return await asyncio.to_thread(_waited, began)


def _waited(began: float) -> Started:
    """Run it and ask the kernel what it used."""
    pid = os.posix_spawn(sys.executable, python("bench.libraries"), inherited())
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise BadAnswer("the libraries can't be imported")
    return Started(used.ru_utime + used.ru_stime, time.perf_counter() - began)


async def _first(stage: Stage, database: str) -> Started:
    port = _free_port()
    press = help_by_button(Person(1), stage.place.service_url)
    given = stage.place.settings(database) | {
        "PEER_SUPPORT_PORT": str(port),
        "PEER_SUPPORT_HOST": "127.0.0.1",
    }
    began = time.perf_counter()
    async with _serving(stage.folder / "serve.log", given, port) as bot:
        while True:
            try:
                status, body = await stage.line.once(bot, press)
            except aiohttp.ClientConnectionError:
                status, body = 0, b""
            if CARD in body:
                return Started(bot.cpu_seconds(), time.perf_counter() - began)
            if status not in {0, 401} or time.perf_counter() - began > PATIENCE:
                raise BadAnswer(f"the first help now was answered with {status}")
            await asyncio.sleep(LOOK_EVERY)


@asynccontextmanager
async def _serving(log: Path, given: Mapping[str, str], port: int) -> AsyncIterator[Running]:
    with log.open("wb") as says:
        process = await asyncio.create_subprocess_exec(
            *python("bot", "serve"), cwd=ROOT, env=inherited() | dict(given), stdout=says, stderr=says
        )
    try:
        yield Running(process.pid, {"port": port})
    finally:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
