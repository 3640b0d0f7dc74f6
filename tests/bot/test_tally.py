"""What the ladder heard is counted beside the answers: whole weeks, nobody's own, and nothing where that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import bot.tally
from bot.names import NoNames
from bot.tally import Tally
from peer_support.commands.ladder_log import heard_by_week, keep_heard
from peer_support.crisis.ladder import Tier, version
from peer_support.forces import Forces
from peer_support.heard import Heard, week_of
from peer_support.ports import Desk
from tests.fakes.databases import open_work, postgresql, store
from tests.fakes.memory import MemoryStore
from tests.scenarios.town import FORCES

__all__ = ["open_work", "postgresql", "store"]
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def desk(open_work: Any, tmp_path: Path) -> Desk:
    file = tmp_path / "forces.toml"
    file.write_text(FORCES)
    return Desk(open_work, Forces.load(file), NoNames(), Random(1))


async def test_counts_are_added_up_told_of_whole_weeks_and_gone_in_time(desk: Desk) -> None:
    clock = [NOW]
    tally = Tally(lambda: clock[0])
    for _ in range(2):
        for _ in range(6):
            tally.seen(Tier.DANGER)
        tally.seen(Tier.SOFT)
        await tally.write(desk)
    assert await heard_by_week(desk, NOW) == []  # the week isn't over
    later = NOW + timedelta(days=7)
    assert await heard_by_week(desk, later) == [
        ("2026-W48", "3", 10, (version(),)),
        ("2026-W48", "soft", None, (version(),)),
    ]
    await keep_heard(desk, {Heard(week_of(later), "3", "x"): 1}, NOW + timedelta(days=900))
    assert await heard_by_week(desk, NOW + timedelta(days=900)) == []


async def test_what_cannot_be_written_waits_and_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = MemoryStore()
    tally = Tally(lambda: NOW)

    @asynccontextmanager
    async def hangs() -> AsyncIterator[Any]:
        await asyncio.Event().wait()
        yield

    forces = Forces(())
    good = Desk(memory.work, forces, NoNames(), Random(1))
    monkeypatch.setattr(bot.tally, "PATIENCE", 0.01)
    tally.seen(Tier.PASSIVE)
    await tally.write(None)
    await tally.write(replace(good, open_work=hangs))
    tally.seen(Tier.PASSIVE)
    monkeypatch.setattr(bot.tally, "PATIENCE", 30.0)
    await tally.write(good)
    assert memory.rows.heard == {Heard("2026-W48", "1", version()): 2}
    await tally.write(good)
    assert sum(memory.rows.heard.values()) == 2
