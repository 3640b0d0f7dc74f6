"""What is broken while people act: replicas, the database, the channel, the time. Each mends what it broke."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psycopg

from tests.fakes.line import Line
from tests.ordeal.channel import Weather
from tests.ordeal.ground import Ground
from tests.ordeal.ordeals import Breaks, beside

SOON = 0.6  # seconds into a wave, at most, before something breaks
BROKEN_FOR, WELL_FOR = (1.0, 6.0), (1.0, 4.0)  # seconds, where something breaks at times
FOREVER = 3600.0
_FILL = 64 * 1024
_LEFT = 32 * 1024


async def nothing(_ground: Ground) -> None:
    """All is well."""


def at_times(breaks: Breaks) -> Breaks:
    """Broken for some seconds, mended for some, again and again: people get on between."""

    async def on_and_off(ground: Ground) -> None:
        while True:
            async with beside(breaks(ground)):
                await asyncio.sleep(ground.chance.uniform(*BROKEN_FOR))
            await asyncio.sleep(ground.chance.uniform(*WELL_FOR))

    return on_and_off


# ---- replicas


async def killed(ground: Ground) -> None:
    """One replica or another is killed with -9 at any moment, and started again."""
    while True:
        await _at_a_moment(ground)
        replica = ground.chance.choice(ground.nursery.replicas)
        if replica.alive:
            ground.kill(replica)
        await ground.nursery.start(replica)


# ---- PostgreSQL


async def restarted(ground: Ground) -> None:
    """The server is stopped as by a crash, and started again."""
    server = ground.server
    assert server is not None
    await _at_a_moment(ground)
    with _torn(ground):
        restarting = asyncio.gather(asyncio.to_thread(_restart, ground))
        try:
            await asyncio.shield(restarting)
        finally:
            await restarting
    await _lasts(ground)


def _restart(ground: Ground) -> None:
    assert ground.server is not None
    ground.server.stop()
    ground.server.start_again()


async def black_holed(ground: Ground) -> None:
    """The server takes every call and says nothing."""
    line = _line(ground)
    await _at_a_moment(ground)
    with _torn(ground):
        line.fall_silent()
        try:
            await _lasts(ground)
        finally:
            line.mend()


async def slow(ground: Ground) -> None:
    """Each piece of each answer takes its time."""
    line = _line(ground)
    await _at_a_moment(ground)
    with _torn(ground):
        line.slowly = ground.chance.uniform(0.02, 0.2)
        try:
            await _lasts(ground)
        finally:
            line.mend()


async def without_connections(ground: Ground) -> None:
    """Every connection that the bot has is ended, and others hold all that the server gives."""
    assert ground.server is not None
    await _at_a_moment(ground)
    with _torn(ground):
        held: list[psycopg.AsyncConnection[object]] = []
        try:
            await _hold_all(ground.server.address("postgres"), held)
            await _lasts(ground)
        finally:
            for connection in held:
                await connection.close()


async def _hold_all(address: str, held: list[psycopg.AsyncConnection[object]]) -> None:
    held.append(await psycopg.AsyncConnection.connect(address, autocommit=True))
    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'peer-support'"
    while True:
        try:
            held.append(await psycopg.AsyncConnection.connect(address, autocommit=True))
        except psycopg.OperationalError:
            ended = await held[0].execute(ours)
            if not ended.rowcount:
                return


def _line(ground: Ground) -> Line:
    assert ground.line is not None, "this one needs a line to the server"
    return ground.line


# ---- SQLite


async def locked(ground: Ground) -> None:
    """Another program has the file, and keeps it."""
    await _at_a_moment(ground)
    with _torn(ground):
        other = _another(ground)
        locking = asyncio.ensure_future(asyncio.to_thread(other.execute, "BEGIN IMMEDIATE"))
        try:
            await asyncio.shield(locking)
            await _lasts(ground)
        finally:
            await asyncio.shield(_unlocked(other, locking))


async def _unlocked(other: sqlite3.Connection, locking: Awaitable[object]) -> None:
    """However often its wait is ended: a thread has the connection until then, and must not lose it."""
    try:
        await locking
    finally:
        other.close()


def _another(ground: Ground) -> sqlite3.Connection:
    return sqlite3.connect(_file(ground), timeout=60, isolation_level=None, check_same_thread=False)


def _file(ground: Ground) -> Path:
    return Path(ground.nursery.environment["PEER_SUPPORT_DATABASE_URL"].removeprefix("sqlite:///"))


async def full(ground: Ground) -> None:
    """No file of the bot's grows any more. On a disk of its own, that disk is full."""
    await _at_a_moment(ground)
    with _torn(ground):
        ballast = _file(ground).with_name("ballast")
        try:
            _fill_up(ground, ballast)
            await _lasts(ground)
        finally:
            ballast.unlink(missing_ok=True)
            _limit(ground, resource.RLIM_INFINITY)


def _fill_up(ground: Ground, ballast: Path) -> None:
    if ballast.parent.is_mount():
        _fill(ballast)
    else:
        grown = [*ballast.parent.glob("*.db-wal"), *ground.nursery.folder.glob("replica-*.log")]
        _limit(ground, max(file.stat().st_size for file in grown) + _LEFT)  # it must still be able to log


def _fill(ballast: Path) -> None:
    piece = _FILL
    with ballast.open("wb", buffering=0) as file:
        while piece:
            try:
                file.write(b"\0" * piece)
            except OSError:
                piece //= 2


def _limit(ground: Ground, most: int) -> None:
    for replica in ground.living:
        resource.prlimit(replica.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


# ---- the channel


async def throttled(ground: Ground) -> None:
    """Every third call gets 429."""
    await _weather(ground, Weather(throttled=0.33))


async def unwell(ground: Ground) -> None:
    """Every third call gets 502, 503 or 504."""
    await _weather(ground, Weather(unwell=0.33))


async def reset(ground: Ground) -> None:
    """Every third call is hung up on."""
    await _weather(ground, Weather(reset=0.33))


async def slow_answers(ground: Ground) -> None:
    """Every third call is answered late."""
    await _weather(ground, Weather(slow=0.33, slowly=1.0))


async def lost_answers(ground: Ground) -> None:
    """Every tenth call takes effect, and its answer never comes."""
    await _weather(ground, Weather(lost=0.1))


async def storm(ground: Ground) -> None:
    """All of these at once, and replicas are killed."""
    ground.channel.weather = Weather(throttled=0.08, unwell=0.08, reset=0.08, lost=0.05, slow=0.1, slowly=0.5)
    try:
        await killed(ground)
    finally:
        ground.channel.weather = Weather()


async def _weather(ground: Ground, weather: Weather) -> None:
    ground.channel.weather = weather
    try:
        await _lasts(ground)
    finally:
        ground.channel.weather = Weather()


# ---- time


async def clock_jumps(ground: Ground) -> None:
    """The clock of all is set forward or back by hours."""
    while True:
        await _at_a_moment(ground)
        ground.clock.move(hours=ground.chance.uniform(-6, 6))


async def _lasts(ground: Ground) -> None:
    """Until people have acted; whoever wants to feel it may, from now on."""
    ground.broken.set()
    try:
        await asyncio.sleep(FOREVER)
    finally:
        ground.broken.clear()


async def _at_a_moment(ground: Ground) -> None:
    await asyncio.sleep(ground.chance.uniform(0.05, SOON))


@contextmanager
def _torn(ground: Ground) -> Iterator[None]:
    """While this lasts the bot may be unable to write down what the channel answered."""
    began = monotonic()
    try:
        yield
    finally:
        ground.tears(began)
