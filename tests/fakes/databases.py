"""The databases that tests run on: a fresh SQLite file, and PostgreSQL from the system's packages.

A test module takes the fixtures by importing them into a conftest: `open_work` runs a test three times, over memory,
SQLite and PostgreSQL, and gives each a fresh, empty store.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from peer_support.ports import OpenWork
from storage import KeyRing, LookupKey, Patience, Store
from tests.fakes.memory import MemoryStore

KEYS = KeyRing.new("t1")
LOOKUP = LookupKey.new()
AnyStore = Store | MemoryStore
UNHURRIED = Patience(30)  # a busy machine fails no test; the waits themselves have tests of their own

_BINARIES = Path("/usr/lib/postgresql")
_PORTS = range(20_000, 32_000)
_QUIET = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "80"}


@asynccontextmanager
async def opened(address: str, patience: Patience = UNHURRIED) -> AsyncIterator[Store]:
    """A migrated store, closed in the end."""
    store = await Store.open(address, KEYS, LOOKUP, patience)
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


class Server:
    """A PostgreSQL server of the test run's own, gone when the run ends."""

    def __init__(self, binaries: Path, home: Path, settings: Mapping[str, str] = _QUIET) -> None:
        self._binaries = binaries
        self._home = home
        self._settings = settings
        self.data = home / "data"
        self.port = _free_port()

    def start(self) -> None:
        """Made and started by an unprivileged person, since the server refuses root."""
        _give_away(self._home)
        self._run(
            "initdb", "-D", self.data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        self.run()

    def run(self) -> None:
        """Started, the first time or again: what was committed before it was stopped is there."""
        self.start_again()

    def start_again(self) -> None:
        """Where it stood before, on the same port."""
        settings = " ".join(f"-c {name}={value}" for name, value in self._settings.items())
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._home} {settings}"
        )
        self._run(
            "pg_ctl", "-D", self.data, "-l", self._home / "log", "-w", "-t", "30", "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def address(self, database: str, port: int | None = None) -> str:
        return f"postgresql://tests@127.0.0.1:{port or self.port}/{database}"

    def make_database(self, name: str, like: str = "template1") -> str:
        """A fresh copy of nothing, or of another to which nobody is connected; its address."""
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with closing(psycopg.connect(self.address("postgres"), autocommit=True)) as conn:
            conn.execute(copy.format(sql.Identifier(name), sql.Identifier(like)))
        return self.address(name)

    def drop_database(self, name: str) -> None:
        """Gone, whoever is still connected: a run makes two thousand, each of 9 MB and each to be vacuumed.

        One that can't be in ten seconds goes with the server: no test waits for it, or fails by it.
        """
        patient = "-c statement_timeout=10s"
        with (
            suppress(psycopg.Error),
            closing(psycopg.connect(self.address("postgres"), autocommit=True, options=patient)) as conn,
        ):
            conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @asynccontextmanager
    async def lent(self, like: str = "template1") -> AsyncIterator[str]:
        """The address of a fresh copy, until it is given back."""
        name = f"t{os.urandom(8).hex()}"
        yield await asyncio.to_thread(self.make_database, name, like)
        await asyncio.to_thread(self.drop_database, name)

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        person = _person() if os.geteuid() == 0 else None
        done = subprocess.run(  # noqa: S603  the system's own programs
            command,
            cwd=self._home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            user=person and person.pw_uid,
            group=person and person.pw_gid,
            extra_groups=[] if person else None,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')[-500:]}")


def _person() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _give_away(home: Path) -> None:
    home.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(home, _person().pw_uid, _person().pw_gid)


def _free_port() -> int:
    for port in random.sample(_PORTS, 50):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def installed() -> Path | None:
    """Where the newest PostgreSQL of the system's packages has its programs; None where there is none."""

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in folder.name.split(".") if part.isdigit())

    found = sorted(
        (folder for folder in _BINARIES.glob("*") if (folder / "bin/initdb").exists()), key=version
    )
    if found:
        return found[-1] / "bin"
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server a test run. Without one the tests are skipped, except in CI, which installs it."""
    binaries = installed()
    if binaries is None:
        why = "PostgreSQL isn't installed (Debian: apt install postgresql), so its tests can't run"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    home = Path(tempfile.mkdtemp(prefix="peer-support-pg-"))
    server = Server(binaries, home)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    """The address of a file that isn't there yet."""
    return f"sqlite:///{tmp_path}/peer.db"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh, empty database of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/peer.db"
        return
    async with request.getfixturevalue("postgresql").lent() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def migrated_address(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh database of each kind in turn, migrated with `KEYS` and `LOOKUP`."""
    async with _migrated(request, tmp_path) as address:
        yield address


@pytest.fixture
async def migrated_file(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh SQLite file, migrated likewise."""
    return await _originals(request).copied_to(tmp_path / "migrated.db")


@dataclass(slots=True)
class Originals:
    """One of each kind, migrated when it is first wanted and only ever copied: migrating takes ten times as long."""

    file: Path
    on: Server | None = None

    async def copied_to(self, file: Path) -> str:
        """The address of this new file."""
        if not self.file.exists():
            async with opened(f"sqlite:///{self.file}"):
                pass
        shutil.copy(self.file, file)
        return f"sqlite:///{file}"

    @asynccontextmanager
    async def lent_on(self, server: Server) -> AsyncIterator[str]:
        """The address of a new database of this server, until it is given back."""
        if self.on is not server:
            async with opened(await asyncio.to_thread(server.make_database, "original")):
                self.on = server
        async with server.lent("original") as address:
            yield address


_ORIGINALS = pytest.StashKey[Originals]()


def _originals(request: pytest.FixtureRequest) -> Originals:
    if _ORIGINALS not in request.config.stash:
        folders: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        request.config.stash[_ORIGINALS] = Originals(folders.mktemp("original") / "peer.db")
    return request.config.stash[_ORIGINALS]


@asynccontextmanager
async def _migrated(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    originals = _originals(request)
    if request.param == "sqlite":
        yield await originals.copied_to(folder / "migrated.db")
        return
    async with originals.lent_on(request.getfixturevalue("postgresql")) as address:
        yield address


@asynccontextmanager
async def _made(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[AnyStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    async with _migrated(request, folder) as address:
        made = await Store.open(address, KEYS, LOOKUP, UNHURRIED)
        try:
            yield made
        finally:
            await made.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyStore]:
    """A fresh, empty store of each kind in turn."""
    async with _made(request, tmp_path) as made:
        yield made


@pytest.fixture
def open_work(store: AnyStore) -> OpenWork:
    """Units of work over a fresh, empty store of each kind in turn."""
    return store.work


@pytest.fixture(scope="session", params=["memory", "sqlite", "postgresql"])
async def lasting_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[AnyStore]:
    """One store of each kind for tests that try many examples. Each example brings ids of its own."""
    async with _made(request, tmp_path_factory.mktemp("lasting")) as made:
        yield made
