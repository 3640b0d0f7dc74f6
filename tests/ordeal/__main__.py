"""`python -m tests.ordeal`: every ordeal and both races, with progress, into docs/ordeals.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from tests.fakes.databases import Server, installed
from tests.ordeal.channel import Fate
from tests.ordeal.ground import Ground, NeverCaughtUp, Size, a_ground, opened_beside
from tests.ordeal.ordeals import waves
from tests.ordeal.outside import Found
from tests.ordeal.plan import PLAN, Ordeal
from tests.ordeal.races import OFFERED, Race, contested, race, wanted_twice
from tests.ordeal.report import DOCUMENT, Line, Raced, keep, now_and_how_busy

DURABLE = {"max_connections": "60"}
DISK = "24m"
WIDE = {"PEER_SUPPORT_LANE": "64"}
PRESSES = OFFERED + 1
LAST_WAVES = 6


def _say(what: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S}  {what}\n")
    sys.stdout.flush()


@contextmanager
def _server() -> Iterator[Server | None]:
    binaries = installed()
    if binaries is None:
        _say("PostgreSQL isn't installed (Debian: apt install postgresql): its ordeals are left out")
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="peer-support-ordeal-"))
    server = Server(binaries, home, DURABLE)
    try:
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _disk(folder: Path, *, own: bool) -> Iterator[Path]:
    """A small disk of its own where this may be had; without it the size of the bot's files is limited instead."""
    place = folder / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(place)]
    mounted = own and os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0  # noqa: S603  our own words
    try:
        yield place
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=False)  # noqa: S603, S607  as above


@asynccontextmanager
async def _ground(
    ordeal: Ordeal, seed: int, size: Size, server: Server | None, folder: Path
) -> AsyncIterator[Ground]:
    with _disk(folder, own=ordeal.own_disk) as disk:
        if ordeal.sqlite:
            address = f"sqlite:///{disk / 'peer.db'}"
        else:
            assert server is not None
            address = await asyncio.to_thread(server.make_database, f"o{os.urandom(8).hex()}")
        async with a_ground(
            folder,
            address,
            seed,
            size,
            settings=ordeal.settings,
            server=None if ordeal.sqlite else server,
            by_line=ordeal.by_line,
            begins=ordeal.begins,
            apart=ordeal.apart,
        ) as ground:
            yield ground


async def _ordeal(ordeal: Ordeal, seed: int, journeys: int, server: Server | None, line: Line) -> None:
    size = Size(
        journeys=max(1, round(journeys * ordeal.share)),
        officers=max(6, min(40, journeys // 5)),
        supporters=max(10, min(60, journeys // 4)),
        replicas=ordeal.replicas,
        waves=ordeal.waves,
        after=ordeal.waves if ordeal.steady else LAST_WAVES,
    )
    with tempfile.TemporaryDirectory(prefix="peer-support-ordeal-") as folder:
        async with _ground(ordeal, seed, size, server, Path(folder)) as ground:
            try:
                await waves(ground, ordeal.breaks, hours=ordeal.hours, then=ordeal.then)
                found = await ground.judged(by_history=ordeal.by_history, steady=ordeal.steady)
            except NeverCaughtUp as never:
                found = Found()
                found.broken["live without a next step"].append(str(never))
            _note(line, seed, ground, found)


def _note(line: Line, seed: int, ground: Ground, found: Found) -> None:
    line.seeds.append(seed)
    line.journeys += found.requests
    line.introduced += found.matches
    line.messages += found.messages
    line.kills += ground.kills
    line.duplicates += found.duplicates
    line.lost += ground.channel.fates[Fate.LOST]
    line.helped += ground.journeys.helped
    line.turned_away += ground.channel.turned_away
    line.unhelped += ground.journeys.unhelped
    line.longest = max(line.longest, *ground.recoveries, 0.0)
    for name, breaks in found.broken.items():
        line.broken[name] += len(breaks)
    line.first += found.all


async def _races(server: Server | None, accepts: int, only: str) -> AsyncIterator[Raced]:
    for name, ordeal in (
        ("PostgreSQL, two replicas", Ordeal("race", settings=WIDE)),
        ("SQLite, one process", Ordeal("race", sqlite=True, replicas=1, settings=WIDE)),
    ):
        if (server is None and not ordeal.sqlite) or only not in name:
            continue
        size = Size(journeys=0, officers=0, supporters=0, replicas=ordeal.replicas)
        with tempfile.TemporaryDirectory(prefix="peer-support-ordeal-") as folder:
            async with _ground(ordeal, 1, size, server, Path(folder)) as ground:
                many, few = max(1, accepts // PRESSES), max(1, accepts // 100)
                _say(f"{name}: laying out {many:,} requests")
                async with opened_beside(ground) as store:
                    contests = await contested(store, ground.channel, ground.clock, many)
                _say(f"{name}: {many * PRESSES:,} accepts")
                began = monotonic()
                result = await race(contests)
                took = monotonic() - began
                _say(_raced(result, took))
                broken = await _broken(ground)
                yield Raced(f"{name}: contested offers", result, many, took, broken, now_and_how_busy())
                async with opened_beside(ground) as store:
                    pairs = await wanted_twice(store, ground.channel, ground.clock, few)
                began = monotonic()
                result = await race(pairs, twice=False)
                took = monotonic() - began
                _say(_raced(result, took))
                broken = await _broken(ground)
                yield Raced(f"{name}: wanted by two", result, few, took, broken, now_and_how_busy())


async def _broken(ground: Ground) -> int:
    found = (await ground.judged()).all
    for line in found[:5]:
        _say(f"  {line}")
    return len(found)


def _raced(result: Race, took: float) -> str:
    return (
        f"  {result.won:,} won, {result.kindly:,} told kindly, {len(result.wrong)} otherwise, in {took:.0f} s"
    )


async def _main(asked: argparse.Namespace) -> int:
    names = [ordeal.name for ordeal in PLAN]
    lines: list[Line] = []
    raced: list[Raced] = []
    with _server() as server:
        for ordeal in PLAN:
            if (server is None and not ordeal.sqlite) or asked.only not in ordeal.name:
                continue
            line = Line(ordeal.name, now_and_how_busy())
            lines.append(line)
            for seed in range(1, asked.seeds + 1):
                started = monotonic()
                _say(f"{ordeal.name}: seed {seed}")
                await _ordeal(ordeal, seed, asked.journeys, server, line)
                _say(f"  {line.journeys} requests, {len(line.first)} broken, {monotonic() - started:.0f} s")
                for each in line.first[:5]:
                    _say(f"  {each}")
            keep(lines, raced, asked.to, names)
        if asked.accepts:
            async for one in _races(server, asked.accepts, asked.only):
                raced.append(one)
                keep(lines, raced, asked.to, names)
    sys.stdout.write(keep(lines, raced, asked.to, names))
    wrong = any(line.first or line.unhelped for line in lines)
    return int(wrong or any(one.broken or one.race.wrong for one in raced))


def main() -> None:
    """Read what was asked for, and run it."""
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument(
        "--journeys", type=int, default=300, help="where replicas are killed; the others have fewer"
    )
    asks.add_argument("--seeds", type=int, default=1)
    asks.add_argument("--accepts", type=int, default=10_000)
    asks.add_argument(
        "--only", default="", help="ordeals whose name holds this, and databases whose races do"
    )
    asks.add_argument("--to", type=Path, default=DOCUMENT)
    sys.exit(asyncio.run(_main(asks.parse_args())))


if __name__ == "__main__":
    main()
