"""Somebody with a hand in the database moves what is sealed: it is noticed, kindly said, and nobody sees another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.backstage import load_keys
from peer_support.sweep import sweep
from storage import AlreadyServing, LookupKey
from storage.rehash import Rehash
from tests.fakes.person import Person
from tests.scenarios.steps import asks, check_screens, member, offers_of, supporters
from tests.scenarios.town import Town

MOVED = {
    "two people's names changed places": "members.person_sealed",
    "two people's addresses in the chat changed places": "members.address_sealed",
    "two requests changed places": "requests.wishes_sealed",
    "two look-up hashes changed places": "members.person_hash",
}


async def change_places(place: Town, where: str) -> None:
    """Swap what stands in one column of the two rows that hold most; done twice it is as it was."""
    table, _, column = where.partition(".")
    own = "requester_id" if table == "requests" else "id"
    store: Any = place.service.backstage.store
    asking = "SELECT requester_id FROM requests"
    async with store._engine.begin() as conn:  # noqa: SLF001  a hostile hand
        found = await conn.exec_driver_sql(
            f"SELECT id, {column} FROM {table} WHERE {own} IN ({asking}) ORDER BY id"  # noqa: S608  our own names
        )
        (one, ones), (other, others) = found.all()
        for row, value in ((one, "aside"), (other, ones), (one, others)):
            text = f"UPDATE {table} SET {column} = '{value}' WHERE id = '{row}'"  # noqa: S608
            await conn.exec_driver_sql(text)


async def says_kindly(person: Person) -> None:
    """Their turn is answered, and help is as near as ever."""
    await person.says("hi")
    assert person.last_status == 200
    assert "I couldn't do that just now" in person.newest.words
    assert "116 123" in person.newest.words
    await person.says("help now")
    assert "999" in person.newest.words


async def test_what_was_moved_is_answered_kindly_and_shows_nobody_another_persons(place: Town):
    ria = await place.coordinator()
    jo, kim = await place.officer("Jo Evans"), await place.officer("Kim Hale")
    await place.asks(jo, note="Quetzal")
    await place.asks(kim, note="Ocelot")
    for what, where in MOVED.items():
        await change_places(place, where)
        before = [len(person.sees) for person in (jo, kim)]
        for person in (jo, kim):
            await says_kindly(person)
        await ria.says("hi")
        assert "I couldn't do that just now" not in ria.newest.words, what
        for person, other, seen in ((jo, "Kim", before[0]), (kim, "Jo", before[1])):
            assert not [card for card in person.sees[seen:] if other in card.words], what

        place.clock.now = await next_due(place)
        await sweep(place.desk, place.clock.now, lambda _kind, _fault: None)
        await change_places(place, where)
    await jo.says("hi")
    assert "I couldn't do that just now" not in jo.newest.words
    await place.time_passes(hours=2)
    check_screens(place)


async def next_due(place: Town) -> datetime:
    """When the next row is due."""
    store: Any = place.service.backstage.store
    async with store.work() as work:
        due = await work.dues.next(place.clock.now.replace(year=place.clock.now.year + 1))
    return max(due.at, place.clock.now) if due else place.clock.now


async def test_while_the_lookup_key_is_changed_help_and_nothing_else_is_given(place: Town):
    """A process that missed it finds out before its next turn, falls back to help, and comes back by itself."""
    jo, backstage = await place.officer("Jo Evans"), place.service.backstage
    settings = place.service.settings
    change = Rehash(settings.database_url.get_secret_value(), *load_keys(settings), LookupKey.new())
    await backstage.beat()
    with pytest.raises(AlreadyServing):
        await change.begin()
    store: Any = backstage.store
    await store.leave(backstage._id)  # noqa: SLF001  as if it had been away for a minute
    await change.begin()
    store._proven = 0  # noqa: SLF001  as above
    await says_kindly(jo)
    assert not await backstage.open()
    assert "keys rehash" in backstage.why
    await jo.says("hi")
    assert "116 123" in jo.newest.words
    assert place.service.sender() is None
    await change.give_up()
    assert await backstage.open()
    await place.asks(jo)
    assert "Your reference is" in jo.newest.words


async def test_whoever_a_changed_look_up_hash_lets_be_asked_never_hears_of_it(place: Town):
    jo, boss = await supporters(place, "Jo Evans", "Sam Boss")
    managed, manager = await member(place, jo), await member(place, boss)
    async with place.desk.open_work() as work:
        row = await work.supporters.get(managed.id)
        assert row is not None
        await work.supporters.put(replace(row, line_manager=manager.directory_id))
    store: Any = place.service.backstage.store
    async with store._engine.begin() as conn:  # noqa: SLF001  a hostile hand
        await conn.exec_driver_sql(f"UPDATE members SET person_hash = 'x' WHERE id = '{manager.id}'")  # noqa: S608  an id of ours
    before = len(boss.sees)
    await asks(place, jo)
    assert [offer.supporter_id for offer in await offers_of(place, jo)] == [manager.id]
    await place.time_passes(minutes=5)
    assert len(boss.sees) == before
