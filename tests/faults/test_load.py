"""However many turns are held, help now waits for none of them: few are let in, the rest are turned away kindly."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from tests.bot.doorway import doorway
from tests.fakes.person import Person, Seen
from tests.faults.place import CARD, HANGS

LANE, HELD = 4, 90


async def test_help_now_waits_for_no_turn_that_is_held() -> None:
    """By order alone: the database never answers, every place is taken, and each help comes before any turn ends."""
    with capture_logs() as lines:
        await _held_up()
    told = [line["turned_away"] for line in lines if line["event"] == "lane_full"]
    assert told[0] == 1
    assert 1 <= len(told) < (HELD - LANE) / 2, "a line for each would itself hold up help now"
    assert sum(told) <= HELD - LANE


async def _held_up() -> None:
    async with doorway(lane=LANE) as door:
        door.talk.gate = asyncio.Event()
        crowd = [door.teams.person(f"Sam {number}") for number in range(HELD)]
        held = [asyncio.create_task(sam.says("status")) for sam in crowd[:LANE]]
        async with asyncio.timeout(HANGS):
            while len(door.talk.came) < LANE:
                door.talk.entered.clear()
                await door.talk.entered.wait()
        turned_away = [asyncio.create_task(sam.says("status")) for sam in crowd[LANE:]]
        people = [door.teams.person(f"Jo {number}") for number in range(10)]
        async with asyncio.timeout(HANGS):
            await asyncio.gather(*map(asks, people))
            assert not [task for task in held if task.done()]
            await asyncio.gather(*turned_away)
            await asyncio.gather(*map(asks, people))
        assert len(door.talk.came) == LANE
        answered = [sam for sam in crowd[LANE:] if sam.last_status == 200]
        assert all("A moment, please" in sam.newest.words for sam in answered)
        assert {sam.last_status for sam in crowd[LANE:]} <= {200, 503}
        assert not [task for task in held if task.done()]
        door.talk.gate.set()
        await asyncio.gather(*held)
        assert ["hello" in sam.newest.words for sam in crowd[:LANE]] == [True] * LANE


async def asks(jo: Person) -> None:
    """By button and by text."""
    pressed = Seen("1:any", CARD, "", "")
    await jo.presses("Help now", on=pressed)
    assert "Samaritans" in pressed.words
    await jo.says("help now")
    assert "Samaritans" in jo.newest.words
