"""Steps that several journeys share, and what must hold of every screen whatever was pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from peer_support.offer import Offer
from peer_support.people import Member
from peer_support.request import Request
from storage.engine import reading
from storage.tables import requests
from tests.fakes.person import Person, words_of
from tests.scenarios.town import NORTHMOOR, Town

ENDED = "This one isn't going ahead with you"
MOVED_ON = "Things have moved on"
NOT_FOUND = "I can't find that"
HEADED = {"size": "Large", "weight": "Bolder"}
MACHINE_WORDS = ("Traceback", "Error", "Exception", "None", "null", "{", "NoneType", "sqlite", "refusal.")


def heading(card: dict[str, Any]) -> str:
    """What a screen reader says first."""
    first: dict[str, Any] = card["body"][0]
    assert first["type"] == "TextBlock", first
    assert HEADED.items() <= first.items(), first
    return str(first["text"])


def shown(person: Person) -> str:
    """The heading of what the person looks at now: the dialog, or the newest message."""
    card = person.dialog.card if person.dialog else person.newest.card
    assert card is not None
    return heading(card)


def headings(person: Person) -> list[str]:
    """The headings of the chat as it stands, oldest first."""
    return [heading(seen.card) for seen in person.sees if seen.card]


def check_screens(place: Town) -> None:
    """Every card that was shown: heading first, help under it, a toast that says nothing, no machine's words."""
    for person in place.teams.people.values():
        for card in (*person.chat_cards, *person.pages):
            words = "\n".join(words_of(card))
            assert heading(card)
            assert "999" in words
            assert not [each for each in MACHINE_WORDS if each in words], words
        for seen in person.sees:
            assert seen.summary in {"You have an update", "Mae diweddariad i chi"}
        assert not [line for line in person.told if any(each in line for each in MACHINE_WORDS)]


def nowhere(people: Iterable[Person], *secrets: str) -> None:
    """None of these words ever stood in the chat of any of these people, in a card, its plain words or its toast."""
    for person in people:
        said = [words for card in person.chat_cards for words in words_of(card)]
        said += [each for seen in person.sees for each in (seen.text, seen.summary)]
        whole = "\n".join([*said, *person.told])
        assert not [secret for secret in secrets if secret in whole]


async def member(place: Town, person: Person) -> Member:
    """The person as stored."""
    async with place.desk.open_work() as work:
        found = await work.members.find(person.tenant, person.directory)
    assert found is not None
    return found


async def request_of(place: Town, person: Person) -> Request:
    """The person's newest request."""
    own = await member(place, person)
    store = place.service.backstage.store
    assert store is not None
    newest = select(requests.c.id).where(requests.c.requester_id == own.id)
    newest = newest.order_by(requests.c.created_at.desc(), requests.c.closed_at.is_not(None)).limit(1)
    async with store._engine.connect() as conn:  # noqa: SLF001  only tests ask for one that isn't live
        id = (await (await reading(conn)).execute(newest)).scalar_one()
    async with place.desk.open_work() as work:
        found = await work.requests.look(id)
    assert found is not None
    return found


async def offers_of(place: Town, person: Person) -> list[Offer]:
    """Every offer of the person's newest request, in the order they were made."""
    request = await request_of(place, person)
    async with place.desk.open_work() as work:
        found = await work.offers.of_request(request.id)
    return sorted(found, key=lambda offer: (offer.sent_at, offer.round))


async def kept() -> None:
    """Until what Help now left to be kept is kept: the card was given before."""
    keeping = [task for task in asyncio.all_tasks() if "Adapter._keep " in repr(task.get_coro())]
    await asyncio.gather(*keeping)


async def pause_stored(place: Town, person: Person, *, paused: bool = True) -> None:
    """Paused or not, as if by another device: nothing that waits is taken back."""
    own = await member(place, person)
    async with place.desk.open_work() as work:
        await work.supporters.set_paused(own.id, paused=paused)


async def asks(place: Town, person: Person, **fields: str) -> None:
    """From a typed word to sent, by whichever way forms are shown."""
    await person.says("request")
    if "Before you ask" in shown(person) or place.desk.forms == "dialog":
        await person.presses("Continue")
    await person.presses("Review", fields=fields)
    await person.presses("Send request")
    await place.settle()


async def introduce(place: Town, jo: Person, **contact: str) -> None:
    """The requester's yes, with how they'd like to be reached."""
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "teams"} | contact)
    await place.settle()


async def saves_profile(person: Person, **fields: str) -> None:
    """A supporter's own choices, by whichever way forms are shown."""
    await person.says("my profile")
    if "Save" not in person.newest.words:
        await person.presses("My profile", on=person.newest)
    await person.presses("Save", fields=fields)
    if person.dialog:
        await person.closes()


async def proposed(place: Town, jo_asks: dict[str, str] | None = None) -> tuple[Person, Person]:
    """An officer who is asked about one supporter."""
    jo = await place.officer("Jo Evans")
    sam = await place.supporter("Sam Okafor", bio="Twelve years of nights.")
    await asks(place, jo, **(jo_asks or {}))
    await sam.presses("Accept")
    await place.settle()
    return jo, sam


async def introduced(place: Town, **contact: str) -> tuple[Person, Person]:
    """Two people who both said yes."""
    jo, sam = await proposed(place)
    await introduce(place, jo, **contact)
    return jo, sam


async def supporters(place: Town, *names: str, tenant: str = NORTHMOOR, **columns: Any) -> list[Person]:
    """Several of them."""
    return [await place.supporter(name, tenant, **columns) for name in names]


def notices_sent(place: Town, person: Person) -> int:
    """How many messages came to somebody's chat."""
    calls = place.teams.calls
    return sum(call.act == "send" and call.conversation_id == person.conversation_id for call in calls)
