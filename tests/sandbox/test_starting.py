"""`python -m sandbox` starts, says where, and names what is wrong instead of tracing it."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.__main__ import main
from tests.sandbox.scripted_bot import PEOPLE

ROOT = Path(__file__).parents[2]


async def test_it_starts_on_loopback_and_stops_when_told() -> None:
    asked = (
        "--port",
        "0",
        "--roster",
        str(PEOPLE / "roster.csv"),
        "--officers",
        str(PEOPLE / "officers.csv"),
    )
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *asked, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout
    said = (await running.stdout.readline()).decode().strip()
    address = said.removeprefix("Local Teams: ")
    async with ClientSession() as session:
        for path, kind in (("", "html"), ("renderer.js", "javascript"), ("page/js/main.js", "javascript")):
            async with session.get(address + path) as response:
                assert response.status == 200
                assert response.content_type.endswith(kind)
        async with session.get(address + "page/../app.py") as response:
            assert response.status == 404
    running.send_signal(signal.SIGTERM)
    assert await running.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--roster", "nowhere.csv"], "nowhere.csv can't be read"),
        ([], "nobody to be"),
        (["--officers", str(PEOPLE / "officers.csv"), "--bot", "https://bot.example"], "on this machine"),
    ],
)
def test_a_mistake_is_one_clear_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1


def test_a_file_that_holds_no_chats_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "chats.json"
    kept.write_text("[{}]", encoding="utf-8")
    officers = str(PEOPLE / "officers.csv")
    assert main(["--officers", officers, "--keep", str(kept), "--port", "0"]) == 2
    assert f"{kept} can't be read" in capsys.readouterr().err
