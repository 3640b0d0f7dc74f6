"""Learn more in a chat: the list in place, a card from it, and back, all in one message."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.databases import sqlite_address
from tests.scenarios.town import town

__all__ = ["sqlite_address"]


async def test_reading_one_card_after_another_in_place(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        jo = await place.officer()
        await jo.says("learn")
        seen, how_many = jo.newest, len(jo.sees)
        assert "Short reads" in seen.words
        await jo.presses("Where else to go", on=seen)
        await jo.presses("If you were assaulted at work", on=seen)
        assert "Operation Hampshire" in seen.words
        await jo.presses("Where else to go", on=seen)
        await jo.presses("Learn more", on=seen)
        await jo.presses("What peer support is", on=seen)
        assert "trained to listen" in seen.words
        await jo.presses("Help now", on=seen)
        assert "Samaritans" in jo.newest.words
        assert len(jo.sees) <= how_many + 1


async def test_words_that_mean_learn(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        jo = await place.officer()
        for words in ("Learn", "learn more", "lern more", "what is peer support?"):
            await jo.says(words)
            assert "Short reads" in jo.newest.words
