"""The bench measures what it says: a small round of it on the wire, and what it refuses to compare."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from rich.console import Console

from bench import throwaway
from bench.__main__ import main
from bench.contenders import FLOOR, OURS, Contender
from bench.lived import Crowd
from bench.load import BadAnswer, Line
from bench.processes import DidNotStart, Running, python, running
from bench.report import Run, parts, short, show, spread, write
from bench.rounds import ACCEPT, BUTTON, COUNTED_TURNS, SEND, TEXT, WARM_TURNS
from bench.serving import listening
from bench.whole import Asked, bench

SMALL = Crowd(WARM_TURNS + COUNTED_TURNS + 2, WARM_TURNS + COUNTED_TURNS + 2)


@pytest.fixture(scope="module")
async def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One short round of the floor and this bot, on SQLite."""
    said: list[str] = []
    folder = tmp_path_factory.mktemp("bench")
    return await bench(Asked(1, 0.1, SMALL, others=False), folder, said.append)


async def test_a_round_measures_help_now_of_both(small: Run):
    for name in (FLOOR, OURS):
        for act in (TEXT, BUTTON):
            (sample,) = small.results.samples[name, act]
            assert sample.turns >= 1
            assert 0 < sample.cpu_seconds < 10
            assert sample.per_second > 0
    assert small.ratios(FLOOR, TEXT) == [1.0]
    assert small.results.notes == {}


async def test_a_round_measures_and_counts_the_turns_that_store_something(small: Run):
    for act in (SEND, ACCEPT):
        (sample,) = small.results.samples["SQLite", act]
        assert sample.turns == 2
        (statements,) = small.results.statements["SQLite", act]
        assert statements == int(statements)
        assert 5 <= statements <= 60


async def test_the_page_says_what_was_measured_and_no_more(small: Run, tmp_path: Path):
    lost = Contender("microsoft-agents 1.9.0", "an echo", missing="uv isn't installed")
    small.results.notes[lost.name, TEXT] = small.results.notes[lost.name, BUTTON] = lost.missing
    run = replace(small, entered=[*small.entered, lost])
    page = tmp_path / "bench.md"
    write(run, page)
    found = page.read_text("utf-8")
    assert f"| {lost.name} | not measured |  |  | {lost.missing} |" in found
    assert spread([small.results.samples[OURS, TEXT][0].cpu_ms]) in found
    assert run.verdict in found
    assert ("Kept." in found) is run.kept
    with (tmp_path / "screen").open("w") as screen:
        show(run, Console(file=screen, width=200))
    assert lost.missing in (tmp_path / "screen").read_text("utf-8")
    assert [len(part.rows) for part in parts(run)] == [3, 3, 2]


async def test_the_promise_is_missed_where_the_median_is_too_high(small: Run):
    (floor,) = small.results.samples[FLOOR, TEXT]
    slow = replace(floor, cpu_seconds=floor.cpu_seconds * 2.5)
    fast = replace(floor, cpu_seconds=floor.cpu_seconds * 1.1)
    samples = dict.fromkeys([(FLOOR, TEXT), (FLOOR, BUTTON)], [floor] * 3) | {(OURS, BUTTON): [fast] * 3}
    for typed, kept in (([fast, fast, slow], True), ([fast, slow, slow], False)):
        results = replace(small.results, samples=samples | {(OURS, TEXT): typed})
        run = replace(small, results=results)
        assert run.kept is kept
        assert run.verdict.endswith("Kept." if kept else "Missed.")


@pytest.mark.parametrize(
    ("value", "shown"), [(1234.5, "1234"), (99.96, "100"), (12.34, "12.3"), (0.9481, "0.948")]
)
def test_figures_are_short(value: float, shown: str):
    assert short(value) == shown
    assert spread([value, value]) == f"{shown} ({shown} to {shown})"


@pytest.fixture
async def wrong(tmp_path: Path) -> AsyncIterator[tuple[Line, Running]]:
    """A bot that answers every other turn with an error."""
    turns = 0

    async def answer(_request: web.Request) -> web.Response:
        nonlocal turns
        turns += 1
        return web.Response(status=500 if turns % 2 == 0 else 200)

    app = web.Application()
    app.router.add_post("/api/messages", answer)
    async with listening(app) as port, aiohttp.ClientSession() as session:
        process = await asyncio.create_subprocess_exec("sleep", "60")
        yield Line(session, "t"), Running(process.pid, {"port": port})
        process.kill()
        await process.wait()


async def test_a_wrong_answer_is_never_a_turn(wrong: tuple[Line, Running]):
    line, bot = wrong
    with pytest.raises(BadAnswer, match="500"):
        await line.measure(bot, [b"{}"] * 8, seconds=5)
    with pytest.raises(BadAnswer, match="200"):
        await line.measure(bot, [b"{}"], seconds=5, within=b"AdaptiveCard")
    with pytest.raises(BadAnswer, match="no turn"):
        await line.measure(bot, [], seconds=5)


async def test_a_contender_that_ends_at_once_says_where_to_look(tmp_path: Path):
    log = tmp_path / "log"
    with pytest.raises(DidNotStart, match=str(log)):
        async with running(python("bench.nothing"), log):
            pass
    assert "No module named bench.nothing" in log.read_text("utf-8")


async def test_without_uv_the_successor_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(throwaway.NotInstalled, match="uv isn't installed"):
        await throwaway.agents(tmp_path)


def test_no_rounds_is_a_mistake(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(["--rounds", "0"])
    assert stopped.value.code == 2
    assert "--rounds" in capsys.readouterr().err
