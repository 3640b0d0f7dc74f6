"""The bench measures what it says: a small round of it on the wire, and what it refuses to compare."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from rich.console import Console

from bench import page, report, throwaway
from bench.__main__ import main
from bench.contenders import BENEATH, FLOOR, HELD, OURS, Contender
from bench.findings import Section, Taken, kept_in, short, spread, times
from bench.lived import Crowd
from bench.load import BadAnswer, Line
from bench.processes import DidNotStart, Running, python, running
from bench.report import Run
from bench.rounds import ACCEPT, BUTTON, COUNTED_TURNS, SEND, TEXT, WARM_TURNS, of
from bench.serving import listening
from bench.stage import Asked, set_up
from bench.whole import measured_help, measured_requests

SMALL = Crowd(WARM_TURNS + COUNTED_TURNS + 2, WARM_TURNS + COUNTED_TURNS + 2)
TAKEN = Taken("22 November 2026", 1, 12.0, 0.5, "python -m bench")

pytestmark = pytest.mark.xdist_group("bench")  # what they start is started once


@dataclass(frozen=True)
class Small:
    """One short round of the floors and this bot, on SQLite."""

    help: Run
    requests: Run


@pytest.fixture(scope="module")
async def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    said: list[str] = []
    folder = tmp_path_factory.mktemp("bench")
    asked = Asked(1, 0.1, SMALL, others=False)
    async with set_up(asked, folder / "help", said.append) as stage:
        helped = await measured_help(stage)
    async with set_up(asked, folder / "requests", said.append) as stage:
        return Small(helped, await measured_requests(stage))


async def test_a_round_measures_help_now_of_all_three(small: Small):
    for name in (FLOOR, HELD, OURS):
        for act in (TEXT, BUTTON):
            (sample,) = small.help.results.samples[name, act]
            assert sample.turns >= 1
            assert 0 < sample.cpu_seconds < 10
            assert sample.per_second > 0
    assert small.help.ratios(FLOOR, TEXT) == small.help.ratios(HELD, TEXT, HELD) == [1.0]
    assert small.help.results.notes == {}


async def test_a_round_measures_and_counts_the_turns_that_store_something(small: Small):
    for act in (SEND, ACCEPT):
        for name in ("SQLite", of(BENEATH, "SQLite")):
            (sample,) = small.requests.results.samples[name, act]
            assert sample.turns == 2
        (statements,) = small.requests.results.statements["SQLite", act]
        assert [statements] == small.requests.results.statements[of(BENEATH, "SQLite"), act]
        assert statements == int(statements)
        assert 5 <= statements <= 12


async def test_turns_are_held_against_their_own_statements(small: Small):
    section = report.requests(small.requests, TAKEN)
    assert [row[2] for part in section.tables for row in part.rows] == [BENEATH, OURS] * 2
    assert len(section.promises) == 4
    assert report.few([11.0, 13.0], "it", small.requests.databases[0][0]).kept is False


async def test_the_page_says_what_was_measured_and_no_more(small: Small, tmp_path: Path):
    lost = Contender("microsoft-agents 1.9.0", "an echo", missing="uv isn't installed")
    small.help.results.notes[lost.name, TEXT] = small.help.results.notes[lost.name, BUTTON] = lost.missing
    run = replace(small.help, entered=[*small.help.entered, lost])
    section = report.help_now(run, TAKEN)
    assert [len(part.rows) for part in section.tables] == [4, 4]
    with (tmp_path / "screen").open("w") as screen:
        page.show(section, Console(file=screen, width=250))
    screen_says = (tmp_path / "screen").read_text("utf-8")
    assert lost.missing in screen_says
    written = tmp_path / "bench.md"
    page.write([section], ["help", "requests"], written)
    page.write([report.requests(small.requests, TAKEN)], ["help", "requests"], written)
    found = written.read_text("utf-8")
    assert f"| {lost.name} | not measured |  |  |  | {lost.missing} |" in found
    assert spread([small.help.results.samples[OURS, TEXT][0].cpu_ms]) in found
    assert found.count(TAKEN.sentence) == 2
    assert found.index("## Help now") < found.index("## A request sent")
    for promise in section.promises:
        assert promise.sentence in screen_says
        assert f"| {promise.target} | {promise.found} | {'kept' if promise.kept else '**missed**'} |" in found
    assert [each.name for each in kept_in(written.with_suffix(".json"))] == ["help", "requests"]


@pytest.mark.parametrize(
    ("typed", "kept"), [([1.1, 1.4, 2.5], True), ([1.1, 1.6, 2.5], False), ([1.6, 1.6, 1.4], False)]
)
def test_a_promise_is_missed_where_the_median_is_too_high(typed: list[float], kept: bool):
    promise = times(typed, "it", 1.5)
    assert promise.kept is kept
    assert promise.sentence.endswith("Kept." if kept else "Missed.")
    section = Section("it", "It", [], [], [times([1.0], "that", 1.5), promise], TAKEN)
    assert section.kept is kept


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
