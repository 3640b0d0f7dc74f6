"""Microsoft 365 Agents Playground: a client by Microsoft, fetched only by who asks for it, and never a dependency.

One process of it is one person in front of one page. It is told who they are by a file in the folder it starts in.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

PACKAGE, VERSION = "@microsoft/m365agentsplayground", "0.2.28"
LICENCE = (
    f"Microsoft 365 Agents Playground {VERSION} is pre-release software under Microsoft's own licence, for "
    "evaluation. It isn't part of this project."
)
SETTINGS_FILE = ".m365agentsplayground.yml"
OLDEST_NODE = 20
FETCHED_WITHIN = 300.0
STARTS_WITHIN = 90.0
_LISTENING = re.compile(r"Listening on (\d+)")
_STUB = "#!/bin/sh\nexit 0\n"


class PlaygroundUnusable(Exception):
    """It can't be fetched or started. One sentence says why, and what to do."""


def taken(ports: Sequence[int]) -> list[int]:
    """Those of the ports that somebody has. The Playground would quietly take another one."""
    return [port for port in ports if not _free(port)]


def _free(port: int) -> bool:
    for family, host in ((socket.AF_INET, ""), (socket.AF_INET6, "::")):
        with socket.socket(family) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                one.bind((host, port))
            except OSError:
                return False
    return True


@dataclass(frozen=True, slots=True)
class Tool:
    """The Playground in the folder `place`, once `fetch` has put it there."""

    place: Path

    @property
    def script(self) -> Path:
        """What node runs."""
        return (self.place / "node_modules" / PACKAGE / "cli.js").resolve()

    @property
    def fetched(self) -> bool:
        """Whether this very version is there."""
        try:
            told = json.loads(self.script.with_name("package.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return self.script.is_file() and told.get("version") == VERSION

    async def fetch(self) -> None:
        """By npm, into its own folder: neither package.json nor the lock file learns of it."""
        npm = _found("npm", "it comes with Node.js")
        self.place.mkdir(parents=True, exist_ok=True)
        quietly = ("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")
        command = (npm, "install", "--prefix", ".", *quietly, "--loglevel=error", "--fetch-retries=1")
        running = await asyncio.create_subprocess_exec(
            *command, f"{PACKAGE}@{VERSION}", cwd=self.place, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
        )
        try:
            async with asyncio.timeout(FETCHED_WITHIN):
                said, _ = await running.communicate()
        except TimeoutError:
            raise PlaygroundUnusable("npm didn't answer in five minutes. Please try again later.") from None
        finally:
            await _stop(running)
        if running.returncode or not self.fetched:
            why = re.search(r"npm error code (\w+)", said.decode(errors="replace"))
            raise PlaygroundUnusable(
                f"npm couldn't fetch the Playground ({why[1] if why else f'exit code {running.returncode}'}). "
                "Look at the network and at npm's settings, and try again."
            )

    @asynccontextmanager
    async def page(
        self, folder: Path, settings: str, port: int, bot: str, session: aiohttp.ClientSession
    ) -> AsyncIterator[Process]:
        """One person's page, from when it really answers until the end."""
        stubs = _furnish(folder, settings)
        options = ("start", "-e", bot, "-c", "msteams", "-p", str(port), "--disable-telemetry")
        running = await asyncio.create_subprocess_exec(
            await node(), str(self.script), *options,
            cwd=folder, env=_environment(stubs), stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                await _listening(running, port)
                await _answering(running, port, session)
            drained = asyncio.create_task(_drain(running))
            yield running
            drained.cancel()
        except TimeoutError:
            raise PlaygroundUnusable(f"The Playground on port {port} didn't start in time.") from None
        finally:
            await _stop(running)


async def node() -> str:
    """Where a new enough node is."""
    path = _found("node", "install it from nodejs.org or your system's packages")
    asked = await asyncio.create_subprocess_exec(path, "--version", stdout=PIPE)
    said, _ = await asked.communicate()
    version = re.match(rb"v(\d+)", said)
    if version is None or int(version[1]) < OLDEST_NODE:
        raise PlaygroundUnusable(f"Node.js {OLDEST_NODE} or newer is needed; this one is older.")
    return path


def _found(program: str, hint: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise PlaygroundUnusable(f"{program} is needed for the Playground and was not found: {hint}.")
    return path


def _environment(stubs: Path) -> Mapping[str, str]:
    """Nothing of ours goes along, and it tells nobody of what it does."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
    return ours | {
        "PATH": f"{stubs.resolve()}{os.pathsep}{os.environ.get('PATH', '')}",
        "APPLICATION_INSIGHTS_NO_STATSBEAT": "1",
    }


def _furnish(folder: Path, settings: str) -> Path:
    """The folder it starts in, with its file, and a stub in place of a browser: without one it ends at once."""
    stubs = folder / "bin"
    stubs.mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS_FILE).write_text(settings, encoding="utf-8")
    path = stubs / "xdg-open"
    path.write_text(_STUB, encoding="ascii")
    path.chmod(0o755)
    return stubs


async def _listening(running: Process, port: int) -> None:
    said = ""
    while not (found := _LISTENING.search(said)):
        line = await running.stdout.readline() if running.stdout is not None else b""
        if not line:
            last = said.strip().rpartition("\n")[2] or "it said nothing"
            raise PlaygroundUnusable(f"The Playground on port {port} ended at its start: {last}")
        said += line.decode(errors="replace")
    if int(found[1]) != port:
        raise PlaygroundUnusable(f"Port {port} is taken. Choose others with --port.")


async def _answering(running: Process, port: int, session: aiohttp.ClientSession) -> None:
    """It says that it listens before it has read its file or met the bot; a wrong file ends it after that."""
    address = f"http://127.0.0.1:{port}/_internal/v1/config"
    while running.returncode is None:
        try:
            async with session.get(address, timeout=aiohttp.ClientTimeout(total=5)) as answer:
                if answer.ok:
                    return
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(0.2)
    raise PlaygroundUnusable(f"The Playground on port {port} couldn't use its settings file.")


async def _drain(running: Process) -> None:
    """What it goes on to say is let go: a full pipe would stop it."""
    while running.stdout is not None and await running.stdout.readline():
        pass


async def _stop(running: Process) -> None:
    if running.returncode is None:
        running.terminate()
        try:
            async with asyncio.timeout(5):
                await running.wait()
        except TimeoutError:
            running.kill()
            await running.wait()
