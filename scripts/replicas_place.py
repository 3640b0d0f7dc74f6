"""Where `scripts.replicas` tries things: a PostgreSQL that can be stopped, replicas, and an older program."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp

from bench.databases import DURABLE
from bench.identity import TENANT, Person
from bench.processes import ROOT, DidNotStart
from peer_support.roster import HEADER
from scripts.replicas_load import FIRST_SUPPORTER
from tests.fakes.databases import Server, installed

SUPPORTER = {
    "tenant_id": TENANT,
    "role": "supporter",
    "force": "northmoor",
    "grade": "constable",
    "roles": "response",
    "languages": "en",
    "bio": "Happy to listen.",
    "max_active": "3",
    "selected_on": "2024-01-01",
    "trained_on": "2024-02-01",
    "refresher_due": "2030-01-01",
    "signed_off_by": "Ria Holt",
    "status": "active",
}
START_SECONDS, STOP_SECONDS = 60.0, 60.0
MIGRATIONS = "storage/migrations/versions"


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's own, with these settings and no others of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
    return kept | dict(settings)


def bot(tree: Path, settings: Mapping[str, str], *words: str) -> None:
    """One command of the program that stands in `tree`, to its end."""
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=tree, env=environment(settings), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DidNotStart(f"{' '.join(words)}: {done.stdout}{done.stderr}")


class Replica:
    """`python -m bot serve` at a port of its own. It may be started again, of the same program or another."""

    def __init__(self, name: str, port: int, settings: Mapping[str, str], folder: Path) -> None:
        self.name, self.port, self._log = name, port, folder / f"{name}.log"
        self._settings = dict(settings) | {"PEER_SUPPORT_PORT": str(port)}
        self._process: asyncio.subprocess.Process | None = None
        self.codes: list[int] = []

    async def start(self, tree: Path, session: aiohttp.ClientSession) -> bool:
        """Started. Whether it said in time that all stands. DidNotStart where it ended by itself."""
        with self._log.open("ab") as says:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "serve"),
                cwd=tree,
                env=environment(self._settings),
                stdout=subprocess.DEVNULL,
                stderr=says,
            )
        until = time.monotonic() + START_SECONDS
        while not await self.ready(session):
            if self._process.returncode is not None:
                raise DidNotStart(f"{self.name} ended by itself; {self._log} says why")
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.1)
        return True

    async def ready(self, session: aiohttp.ClientSession) -> bool:
        """Whether it says that all stands."""
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == HTTPStatus.OK
        except (aiohttp.ClientError, OSError):
            return False

    async def end(self, how: signal.Signals) -> float:
        """Told so, and ended. How many seconds that took."""
        if self._process is None or self._process.returncode is not None:
            return 0.0
        began = time.monotonic()
        self._process.send_signal(how)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                self.codes.append(await self._process.wait())
        except TimeoutError:
            self._process.kill()
            self.codes.append(await self._process.wait())
        return time.monotonic() - began


@asynccontextmanager
async def a_server() -> AsyncIterator[Server]:
    """A PostgreSQL with its durable defaults, gone afterwards. DidNotStart where the system has none."""
    binaries = installed()
    if binaries is None:
        raise DidNotStart("PostgreSQL isn't installed (Debian: apt install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="peer-support-replicas-"))
    server = Server(binaries, home, DURABLE)
    try:
        await asyncio.to_thread(server.start)
        try:
            yield server
        finally:
            with contextlib.suppress(RuntimeError):  # it may be stopped already
                await asyncio.to_thread(server.stop)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def older_program(folder: Path) -> tuple[Path, str] | None:
    """The program as it was before the newest migration, and its commit. None where the history doesn't tell."""
    newest = max((ROOT / MIGRATIONS).glob("0*.py")).name
    found = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", f"{MIGRATIONS}/{newest}")
    commit = _git("rev-parse", "--short", f"{found}^") if found else None
    packed = folder / "older.tar"
    if not commit or _git("archive", "--output", str(packed), commit) is None:
        return None
    tree = folder / "older"
    shutil.unpack_archive(packed, tree, filter="data")
    return tree, commit


def may_come_back(tree: Path) -> bool:
    """Whether that program starts on tables that a newer one has added to; the earliest serve help alone there."""
    return "def fits(" in (tree / "storage/migrate.py").read_text("utf-8")


def _git(*words: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None


def write_roster(folder: Path, supporters: int) -> Path:
    """A roster of so many supporters, for the program to import."""
    file = folder / "roster.csv"
    with file.open("w", encoding="utf-8", newline="") as rows:
        writer = csv.DictWriter(rows, HEADER, restval="")
        writer.writeheader()
        for number in range(supporters):
            person = Person(FIRST_SUPPORTER + number)
            own = {
                "directory_id": person.directory_id,
                "name": f"Supporter {number}",
                "email": f"s{number}@police.example",
            }
            writer.writerow(SUPPORTER | own)
    return file


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nothing listens at."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
