"""`make playground` with a stand-in for the Playground: three people's pages, one clear line for each thing missing."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.backstage import DEMO
from bot.demo.agents_playground import PACKAGE, VERSION, taken
from bot.demo.playground import TRIO
from bot.demo.playground_people import read_people, settings_for

STAND_IN = Path(__file__).parents[1] / "fakes" / "agents_playground.js"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js isn't installed")
pytestmark = pytest.mark.xdist_group("playground")


def three_ports() -> int:
    """The first of three neighbours that nobody has; no two processes begin to look at the same place."""
    first = 21_000 + os.getpid() % 1_000 * 11
    return next(
        port
        for port in (*range(first, 32_000, 3), *range(21_000, first, 3))
        if not taken(range(port, port + 3))
    )


def fetched(folder: Path) -> None:
    """As if npm had put the Playground there."""
    place = folder / "build" / "playground" / "node_modules" / PACKAGE
    place.mkdir(parents=True)
    (place / "package.json").write_text(json.dumps({"version": VERSION}), "utf-8")
    shutil.copy(STAND_IN, place / "cli.js")


@asynccontextmanager
async def started(
    folder: Path, port: int, **settings: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The command, and what it said until it was ready or ended."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        bot = str(one.getsockname()[1])
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
    ours |= {
        "PEER_SUPPORT_PORT": bot,
        "PEER_SUPPORT_DATABASE_PATIENCE": "30",
        "PEER_SUPPORT_LONGEST_ROUND_MS": "60000",
        "PYTHONUNBUFFERED": "1",
    } | settings
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.demo.playground", "--port", str(port),
        cwd=folder, env=ours, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert running.stdout is not None
    said = ""
    try:
        while "Ctrl-C" not in said and (line := await running.stdout.readline()):
            said += line.decode()
        yield running, said
    finally:
        if running.returncode is None:
            running.terminate()
        await running.communicate()


@needs_node
async def test_three_people_have_a_page_each_until_it_is_stopped(tmp_path: Path):
    fetched(tmp_path)
    port = three_ports()
    async with started(tmp_path, port) as (running, said):
        assert f"Jo Evans, officer: http://localhost:{port}/" in said
        assert f"Amara Blake, coordinator: http://localhost:{port + 2}/" in said
        for number, name in enumerate(("jo", "sam", "amara")):
            place = tmp_path / "var" / "playground" / name
            told = json.loads((place / "started.json").read_text("utf-8"))
            assert told["settings"]["currentUser"]["givenName"].lower() == name
            assert told["bot"].endswith("/api/messages")
            assert "--disable-telemetry" in told["arguments"]
            assert shutil.which("xdg-open", path=told["path"]) == str(place / "bin" / "xdg-open")
            assert taken([port + number])
        running.terminate()
        rest, _ = await running.communicate()
        assert running.returncode == 0
        assert b"Traceback" not in rest
    assert not taken(range(port, port + 3))


@needs_node
async def test_a_page_that_ends_at_its_start_is_told_of_and_the_others_stop(tmp_path: Path):
    fetched(tmp_path)
    (tmp_path / "var" / "playground").mkdir(parents=True)
    (tmp_path / "var" / "playground" / "spoilt").touch()
    port = three_ports()
    async with started(tmp_path, port) as (running, said):
        await running.wait()
    assert running.returncode == 2
    assert "ended at its start: Nothing can be shown" in said
    assert "Traceback" not in said
    assert not taken(range(port, port + 3))


async def test_a_taken_port_is_named(tmp_path: Path):
    port = three_ports()
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", port + 1))
        one.listen()
        async with started(tmp_path, port) as (running, said):
            await running.wait()
    assert running.returncode == 2
    assert said == f"Port {port + 1} is taken. PEER_SUPPORT_PORT moves the bot, and --port the three pages.\n"


async def test_a_missing_node_is_named(tmp_path: Path):
    async with started(tmp_path, three_ports(), PATH=str(tmp_path)) as (running, said):
        await running.wait()
    assert running.returncode == 2
    assert said.startswith("node is needed for the Playground and was not found")


@needs_node
async def test_npm_that_reaches_nobody_is_told_of_in_one_line(tmp_path: Path):
    (tmp_path / "npm").write_text("#!/bin/sh\necho 'npm error code ENOTFOUND'\nexit 1\n", "ascii")
    (tmp_path / "npm").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    async with started(tmp_path, three_ports(), PATH=path) as (running, said):
        await running.wait()
    assert running.returncode == 2
    licence, why = said.splitlines()
    assert "Microsoft's own licence, for evaluation" in licence
    assert why.startswith("npm couldn't fetch the Playground (ENOTFOUND).")


def test_each_person_is_told_to_the_playground_as_it_wants_it():
    people = read_people(DEMO / "officers.csv", DEMO / "roster.csv")
    told = [json.loads(settings_for(people[name], list(people.values()))) for name in TRIO]
    assert len({each["personalChat"]["id"] for each in told}) == len(TRIO)
    assert len({each["tenantId"] for each in told}) == 1
    for each in told:
        assert len(each["users"]) == 5
        assert each["currentUser"] not in each["users"]
        assert "userPrincipleName" in each["currentUser"]
