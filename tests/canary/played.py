"""The scenario played once on each database, and all that it left gathered: every check looks at this one run."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.canary import gathering, operator
from tests.canary.acts import play
from tests.canary.canaries import Canary
from tests.canary.cast import Cast, forces_with
from tests.canary.gathering import APART, Gathered
from tests.canary.hunt import Hunt
from tests.canary.listening import listening
from tests.canary.stage import Stage
from tests.canary.wire import Tap
from tests.fakes.databases import Server
from tests.scenarios.town import Town, town

SQLITE_FILE, DATABASE = "peer.db", "canary"
FULLEST = "kim_asks_again"  # the act after which the most is stored; later ones delete
LIBRARIES_FROM = {
    "kit_hands_back": logging.WARNING,
    "kim_closes_and_answers": logging.DEBUG,
    "kim_asks_again": logging.WARNING,
}  # enough, and half the time
Files = Callable[[Gathered, str], None]
_TALKATIVE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "log_statement": "all",
    "log_min_error_statement": "debug1",
    "max_connections": "40",
}


@dataclass(slots=True, repr=False)
class Played:
    """One run: what was gathered, its canaries, and the ciphertext and hashes that are no longer stored."""

    gathered: Gathered
    cast: Cast
    hunt: Hunt
    gone: frozenset[str]
    kept: frozenset[str]
    folder: Path

    @property
    def canaries(self) -> list[Canary]:
        return list(self.cast.nest)


async def sqlite_run(folder: Path) -> Played:
    """On one file, with what lies beside it."""

    def files(gathered: Gathered, when: str) -> None:
        for name, content in gathering.files_of(folder):
            gathered.put(place_of_file(name), f"{name}{when}", content)

    return await _run(f"sqlite:///{folder}/{SQLITE_FILE}", folder, files, console=False)


async def postgresql_run(folder: Path, binaries: Path) -> Played:
    """On a server of its own, so that its whole data folder may be searched. It logs every statement and value."""
    home = Path(tempfile.mkdtemp(prefix="peer-support-canary-"))
    server = Server(binaries, home, _TALKATIVE)

    def files(gathered: Gathered, when: str) -> None:
        gathering.settled(server, DATABASE)
        for name, content in gathering.files_of(server.data, before):
            place = gathering.kind_of_file(name)
            gathered.put(place, name if place == gathering.WAL else f"{name}{when}", content)
        gathered.put("a dump", f"pg_dump{when}", gathering.dump_of(server, DATABASE))
        gathered.put("PostgreSQL's own log", "log", (home / "log").read_bytes())
        for name, content in gathering.files_of(folder):
            gathered.put("beside the database", name, content)

    try:
        server.start()
        address = server.make_database(DATABASE)
        before = gathering.hashes_of(server.data)
        played = await _run(address, folder, files, console=True)
        server.stop()
        return played
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _run(address: str, folder: Path, files: Files, *, console: bool) -> Played:
    """The scenario, then what it left; commands come last, as an operator's own processes."""
    cast, gathered = Cast(), Gathered()
    with listening(console=console) as heard:
        async with town(address, folder, listed=forces_with(cast.approver)) as place:
            tap = Tap(place)
            stored = set[str]()
            engine = _engine(place)

            async def look() -> None:
                stored.update(await gathering.secrets_of(engine))
                if tap.act in LIBRARIES_FROM:
                    heard.libraries_at(LIBRARIES_FROM[tap.act])
                if tap.act == FULLEST:
                    await _put_stored(gathered, engine, files, f", after {FULLEST}")

            await play(Stage(place, cast, tap), look)
            await _put_stored(gathered, engine, files, "")
            kept = await gathering.secrets_of(engine)
            gathered.said, gathered.left = tap.said, list(gathering.screens_of(cast.people))
            gathered.put("answers to no screen, pages and exceptions", "all", gathering.joined(tap.plain))
            gathered.put("metrics", "scrape", gathering.metrics())
            settings = place.service.settings
    gathered.put("the log", "console" if console else "JSON", heard.log.getvalue().encode())
    gathered.put("the libraries' own words", "DEBUG", "\n".join(heard.libraries.lines).encode())
    gathered.put("standard output and error", "all", heard.printed.getvalue().encode())
    for words, output in (await operator.looks(settings, folder, operator.COMMANDS)).items():
        gathered.put("the terminal", words, output)
    return Played(gathered, cast, Hunt.for_canaries(cast.nest), frozenset(stored) - kept, kept, folder)


async def _put_stored(gathered: Gathered, engine: AsyncEngine, files: Files, when: str) -> None:
    for table, content in (await gathering.rows_of(engine)).items():
        place = f"rows of {table}" if table in APART else "rows of the other tables"
        gathered.put(place, f"{table}{when}", content)
    files(gathered, when)


def place_of_file(name: str) -> str:
    """Which place a file in SQLite's folder belongs to."""
    if name == SQLITE_FILE:
        return "SQLite's file"
    return "SQLite's write-ahead log" if name.endswith("-wal") else "beside the database"


def _engine(place: Town) -> AsyncEngine:
    store = place.service.backstage.store
    assert store is not None
    return store._engine  # noqa: SLF001  the rows as they lie
