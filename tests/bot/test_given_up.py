"""A turn that the database gave up, since two waited for each other, is begun again; the person sees one answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.conversation import PAUSES, Conversation
from bot.guard import Guard
from bot.incoming import Incoming, Kind
from peer_support.ports import Work
from storage import StoreBusy
from tests.peer_support.village import Village


async def _says_pause(times_given_up: int, waits: list[float] | None = None) -> Village:
    village = Village()
    await village.supporter("sam")
    left = times_given_up

    @asynccontextmanager
    async def open_work() -> AsyncIterator[Work]:
        nonlocal left
        async with village.store.work() as work:
            yield work
            if left:
                left -= 1
                raise StoreBusy("given up")

    desk = replace(village.desk, open_work=open_work)

    async def sleep(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    guard = Guard(lambda _tenant: ())
    talk = Conversation(lambda: desk, guard, lambda: village.now, sleep=sleep, chance=lambda: 0.5)
    actor = village.by("sam").actor
    reply = await talk.handle(Incoming(Kind.MESSAGE, "a1", "key-1", None, actor, text="pause"))
    assert "paused" in str(reply)
    return village


@pytest.mark.parametrize("times", range(1, len(PAUSES) + 1))
async def test_a_turn_that_was_given_up_is_begun_again_after_a_pause_by_chance(times: int):
    waits: list[float] = []
    village = await _says_pause(times, waits)
    assert village.store.rows.supporters["sam"].paused
    assert waits == [pause / 2 for pause in PAUSES[:times]]


async def test_it_is_not_begun_for_ever():
    with pytest.raises(StoreBusy):
        await _says_pause(len(PAUSES) + 1)
