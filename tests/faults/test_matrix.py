"""Whatever is broken, whoever asks for help now is answered: each fault, in three nations, six ways, every time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes.databases import postgresql
from tests.fakes.person import Person
from tests.faults.lines import wrong_with
from tests.faults.matrix import MATRIX, Fault, Otherwise, Typed, table
from tests.faults.place import HANGS, PRESSES, WRITTEN, Place, a_place

__all__ = ["postgresql"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"
OTHERWISE = {
    Otherwise.HELP_ONLY: "I can't take requests just now",
    Otherwise.KIND: "I couldn't do that just now",
    Otherwise.CRISIS: "Nobody has been alerted",
}


@pytest.mark.parametrize("fault", MATRIX, ids=lambda fault: fault.name)
async def test_help_now_is_answered(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    async with a_place(tmp_path, monkeypatch, lambda: request.getfixturevalue("postgresql")) as place:
        await fault.before(place)
        await place.starts()
        await fault.during(place)
        if fault.otherwise is Otherwise.WAITS:
            await _asked(place, fault)
            return
        bob = place.others[0]
        bob.sees.clear()
        ordinary = asyncio.create_task(bob.says("menu"))
        await _asked(place, fault)
        await _otherwise(place, fault, bob, ordinary)
        await place.ends()


async def _asked(place: Place, fault: Fault) -> None:
    """Everybody, every way. A press asks nothing of the channel; what is written is answered as the fault allows."""

    async def asks(person: Person) -> None:
        nation = person.name.removeprefix("Jo ")
        for press in PRESSES:
            words = await press(place, person)
            assert wrong_with(words, nation, all_nations=fault.all_nations) == [], press.__doc__
        for write in WRITTEN:
            words = await write(place, person)
            assert wrong_with(words, nation, all_nations=fault.all_nations) == [], write.__doc__
            assert (person.newest.card is None) is (fault.typed is Typed.PLAIN)

    calls = len(place.teams.calls)
    person = place.people["E"]
    assert wrong_with(await PRESSES[0](place, person), "E", all_nations=fault.all_nations) == []
    assert len([call for call in place.teams.calls[calls:] if _theirs(call, person)]) == 0
    await place.everybody(asks)


def _theirs(call: object, person: Person) -> bool:
    return getattr(call, "conversation_id", "") == person.conversation_id


async def _otherwise(place: Place, fault: Fault, bob: Person, ordinary: asyncio.Task[None]) -> None:
    if place.teams.meanwhile is not None:
        await place.teams.until(lambda: bool(bob.sees), HANGS)
        place.later.append(ordinary)
    else:
        async with asyncio.timeout(HANGS):
            await ordinary
    said = bob.newest.words
    assert "Samaritans 116 123" in said
    if fault.otherwise in OTHERWISE:
        assert OTHERWISE[fault.otherwise] in said
    elif fault.otherwise is Otherwise.AS_EVER:
        assert "Ask for a peer" in said


def test_the_document_holds_the_matrix() -> None:
    assert table() in DOCUMENT.read_text("utf-8"), f"docs/faults.md should hold this:\n{table()}"
