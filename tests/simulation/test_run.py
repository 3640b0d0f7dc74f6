"""A small run of everything: the same each time, nobody lost, nobody left without a word."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import commands_simulate
from bot.cli import app
from peer_support.due import DueKind
from peer_support.notice import NoticeKind
from peer_support.policy import Policy
from peer_support.request import RequestState
from simulation.draws import STARTS, draw_asks, draw_town
from simulation.reactions import People
from simulation.report import BEGIN, END, rows
from simulation.run import Outcome, Size, simulate
from simulation.scenarios import Scenario
from simulation.world import RuleFailed, World
from tests.simulation.test_shortlist import TIGHT

SIZE = Size(forces=2, days=9, seed=4)
SCENARIO = Scenario("Tight", replace(TIGHT, supporters_a_force=20), surge=True)


async def outcome() -> Outcome:
    return await simulate(SCENARIO, SIZE, lambda _share: None)


async def test_the_same_seed_ends_the_same_and_every_request_ends_in_one_way():
    found = await outcome()
    assert found == await outcome()
    asks = draw_asks(SIZE.seed, SIZE.forces, SIZE.days, SCENARIO.given, SIZE.surge_on)
    assert found.asked == len(asks) == sum(found.ends.values()) == len(found.waits)
    assert len(found.surge_waits) == sum(ask.surge for ask in asks) > 0
    assert not found.silent
    assert found.news.made == found.news.kept > 20
    assert found.hear.made == found.hear.kept > 5
    assert "finished" in found.ends
    introduced = sum(wait is not None for wait in found.waits)
    assert 0 < introduced <= sum(wait is not None for wait in found.named)
    assert found.loss is not None
    assert (found.loss.ruled.count, found.loss.ruled.points) <= (
        found.loss.best.count,
        found.loss.best.points,
    )
    assert found.introductions.least <= found.introductions.found <= 1


async def lived() -> World:
    world = World(4, draw_town(4, 2, 5, TIGHT, Policy()), TIGHT, Policy())
    People(world).begin(draw_asks(4, 2, 5, TIGHT))
    await world.run(STARTS + timedelta(days=5), lambda _share: None)
    return world


async def test_whoever_is_left_without_a_word_is_seen():
    world = await lived()
    rows_, watch = world.rows, world.watch
    assert not watch.silent
    live = next(each for each in rows_.requests.rows.values() if each.state is RequestState.MATCHED)
    match = next(iter(rows_.live_matches.of[live.id]))
    rows_.dues.set((match, DueKind.CHECK_IN), None)
    watch.judge_live()
    assert watch.silent == {"live and matched, with nothing due": 1}
    watch.silent.clear()
    ended = next(
        each
        for each in rows_.requests.rows.values()
        if any(kind is NoticeKind.CLOSED for _, kind in watch.told[each.id])
    )
    del watch.told[ended.id]
    watch.judge_end(world.now)
    assert watch.silent == {"ended as finished, and was not told": 1}
    unheard = next(
        id for id in watch.shown if any(kind is NoticeKind.OFFER_ENDED for _, kind in watch.heard[id])
    )
    del watch.heard[unheard]
    for id in rows_.notices_about.of.pop(unheard):
        assert id in rows_.keys
    watch.judge_end(world.now)
    assert sum(count for what, count in watch.silent.items() if what.startswith("an offer")) == 1


async def test_news_that_does_not_come_in_time_is_a_promise_broken():
    world = await lived()
    watch, before = world.watch, world.watch.news.made
    request = next(each for each in world.rows.requests.rows.values() if watch.told[each.id])
    made = world.now
    watch.judge_news(request.id, made, made + timedelta(hours=5))
    assert (watch.news.made, watch.news.broken) == (before + 1, 1)
    watch.told[request.id].append((made + timedelta(hours=5, seconds=20), NoticeKind.REQUEST))
    watch.judge_news(request.id, made, made + timedelta(hours=5))
    assert (watch.news.made, watch.news.broken) == (before + 2, 1)
    watch.pressed[request.id].append(made + timedelta(hours=9))
    watch.judge_news(request.id, made + timedelta(hours=6), made + timedelta(hours=10))
    assert watch.news.made == before + 2


async def test_a_yes_at_the_very_moment_of_a_promise_is_news_and_what_carries_the_promise_is_none():
    world = await lived()
    watch = world.watch
    request, other = list(world.rows.requests.rows.values())[:2]
    made, by = world.now, world.now + timedelta(hours=5)
    watch.told[request.id].append((made, NoticeKind.REQUEST))
    watch.judge_news(request.id, made, by)
    assert watch.news.broken == 1
    watch.told[other.id].append((made, NoticeKind.PROPOSAL))
    watch.judge_news(other.id, made, by)
    assert watch.news.broken == 1


async def test_a_rule_that_fails_stops_the_run(monkeypatch: pytest.MonkeyPatch):
    world = World(4, draw_town(4, 1, 2, TIGHT, Policy()), TIGHT, Policy())
    People(world).begin(draw_asks(4, 1, 2, TIGHT))
    monkeypatch.setattr(world.rows.supporters, "put", None)
    with pytest.raises((RuleFailed, TypeError)):
        await world.run(STARTS + timedelta(days=2), lambda _share: None)


QUICK = ["simulate", "--forces", "1", "--days", "7", "--scenario", "designed"]


ELSEWHERE = """
import asyncio
from simulation import optimum, report, run, scenarios
optimum.can_compare = lambda: False
found = asyncio.run(run.simulate(scenarios.SCENARIOS["designed"], run.Size(1, 7, 1), lambda share: None))
print("\\n".join("\\t".join(row) for row in (*report.rows([found]), *report.ends([found]))))
"""


def test_the_command_says_and_keeps_what_it_found(tmp_path: Path):
    """Another process, whose sets lie in another order, finds the same."""
    page = tmp_path / "simulation.md"
    page.write_text(f"# Ours\n\nBefore.\n\n{BEGIN}earlier figures{END}\n\nAfter.\n", "utf-8")
    said = CliRunner().invoke(app, [*QUICK, "--into", str(page)])
    assert said.exit_code == 0, said.output
    table = [line for line in said.output.splitlines() if "\t" in line]
    assert "Silent ends\t0" in table
    again = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", ELSEWHERE],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        cwd=Path(__file__).parents[2],
    )
    assert again.stdout.splitlines() == [line for line in table if "against the best" not in line]
    text = page.read_text("utf-8")
    assert text.startswith("# Ours\n\nBefore.")
    assert text.endswith("After.\n")
    assert "earlier figures" not in text
    assert "| Silent ends | 0 |" in text
    for name in ("light", "dark"):
        picture = (tmp_path / "pictures" / f"simulation-{name}.svg").read_text("utf-8")
        assert "As designed" in picture
        assert f"pictures/simulation-{name}.svg" in text


def test_what_is_asked_wrongly_is_said_kindly(tmp_path: Path):
    unknown = CliRunner().invoke(app, ["simulate", "--scenario", "paradise"])
    assert (unknown.exit_code, "There is no scenario “paradise”" in unknown.output) == (2, True)
    nowhere = CliRunner().invoke(app, [*QUICK, "--into", str(tmp_path / "none" / "a.md")])
    assert (nowhere.exit_code, "There is no folder" in nowhere.output) == (2, True)


async def test_without_scipy_it_goes_on_without_that_row(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulation.optimum.can_compare", lambda: False)
    found = await simulate(Scenario("Plain", TIGHT), Size(1, 7, 1), lambda _share: None)
    assert found.loss is None
    assert not any("against the best" in row[0] for row in rows([found]))


def test_where_scipy_is_missing_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulation.optimum.can_compare", lambda: False)
    monkeypatch.setattr(commands_simulate, "can_compare", lambda: False)
    said = CliRunner().invoke(app, QUICK)
    assert (said.exit_code, "needs scipy" in said.output) == (0, True)
