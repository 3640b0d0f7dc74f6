"""What the two busiest turns ask of the database: few statements, counted on the wire, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.fakes.person import Person
from tests.scenarios.steps import headings, member, offers_of, supporters
from tests.scenarios.town import Town

MOST = 12
GROWING = ("requests", "offers", "proposals", "matches", "notices", "audit", "activities", "dues")

Asked = tuple[str, Any]


@contextmanager
def counted(place: Town) -> Iterator[list[Asked]]:
    """Every statement that the store's engine is given meanwhile. BEGIN and COMMIT say nothing, so they don't count."""
    store = place.service.backstage.store
    assert store is not None
    engine, found = store._engine.sync_engine, list[Asked]()  # noqa: SLF001  as the bench does

    def note(_conn: object, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            found.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _sends(place: Town, person: Person, **fields: str) -> list[Asked]:
    await person.says("request")
    await person.presses("Continue")
    await person.presses("Review", fields=fields)
    with counted(place) as statements:
        await person.presses("Send request")
    await place.settle()
    return statements


async def _accepts(place: Town, people: list[Person], asker: Person) -> list[Asked]:
    by_id = {(await member(place, person)).id: person for person in people}
    chosen = by_id[(await offers_of(place, asker))[0].supporter_id]
    with counted(place) as statements:
        await chosen.presses("Accept")
    await place.settle()
    assert headings(chosen)[-1] == "Thank you"
    return statements


async def test_sending_and_accepting_ask_little_of_the_database(place: Town) -> None:
    people = await supporters(place, *(f"Sam {chr(65 + n)}dams" for n in range(6)))
    jo, kim = await place.officer("Jo Evans"), await place.officer("Kim Lowe")
    turns = {"sent": await _sends(place, jo)}
    turns["accepted"] = await _accepts(place, people, jo)
    await place.supporter("Una Ward")
    turns["sent for today"] = await _sends(place, kim, soon="today", remember="true", about_grade="sergeant")
    assert len(await offers_of(place, kim)) == 2
    assert {turn: len(found) for turn, found in turns.items() if not 0 < len(found) <= MOST} == {}, turns
    if place.service.settings.database_url.get_secret_value().startswith("sqlite"):
        plans = await _plans(place, [asked for found in turns.values() for asked in found])
        assert [step for step in plans if step.startswith(tuple(f"SCAN {table}" for table in GROWING))] == []
        # What a supporter carries now is told without a look at everything that they ever carried.
        assert "SEARCH matches USING INDEX ix_matches_live_of (supporter_id=?)" in plans


async def _plans(place: Town, asked: list[Asked]) -> list[str]:
    """How SQLite goes about statements, step by step."""
    store = place.service.backstage.store
    assert store is not None
    async with store._engine.connect() as conn:  # noqa: SLF001  as above
        steps = []
        for statement, given in asked:
            of_one = given[0] if given and isinstance(given[0], tuple) else given
            answer = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", of_one)
            steps += [row[3] for row in answer]
        return steps
