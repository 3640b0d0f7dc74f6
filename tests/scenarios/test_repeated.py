"""Everything is delivered twice at the same moment, to two replicas: it is done once, and answered the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.service import make_service
from peer_support.sending import UNMETERED
from storage.engine import reading
from storage.tables import matches, notices, offers, proposals, requests
from tests.fakes.databases import database_address, postgresql
from tests.fakes.person import Person
from tests.scenarios.steps import headings
from tests.scenarios.town import Town, town

__all__ = ["database_address", "postgresql"]


@dataclass(slots=True)
class Twice:
    """Every activity goes to each of these doors at once. `answers` are all that came back, by kind of activity."""

    doors: list[TestClient[Any, Any]]
    answers: list[tuple[str, list[Any]]] = field(default_factory=list)

    async def post(self, activity: Any, **_more: Any) -> tuple[int, Any]:
        found = await asyncio.gather(*(self._one(door, activity) for door in self.doors))
        self.answers.append((str(activity.get("name") or activity["type"]), found))
        return found[0]

    async def _one(self, door: TestClient[Any, Any], activity: Mapping[str, Any]) -> tuple[int, Any]:
        async with door.post("/api/messages", json=activity) as response:
            return response.status, await response.json() if await response.text() else None


@asynccontextmanager
async def everything_twice(address: str, folder: Path) -> AsyncIterator[tuple[Town, Twice]]:
    """On PostgreSQL two replicas; a SQLite file is served by one, which then gets both."""
    async with town(address, folder) as place:
        if address.startswith("sqlite"):
            twice = Twice([place.teams.client] * 2)
            place.teams.post = twice.post  # type: ignore[method-assign]
            yield place, twice
            return
        given = place.service.settings
        async with make_service(given, place.clock, pace=UNMETERED) as other:
            assert await other.backstage.open(), other.backstage.why
            async with TestClient(TestServer(other.app, host="127.0.0.1")) as door:
                twice = Twice([place.teams.client, door])
                place.teams.post = twice.post  # type: ignore[method-assign]
                yield place, twice


async def counts(place: Town) -> dict[str, int]:
    store = place.service.backstage.store
    assert store is not None
    async with store._engine.connect() as plain:  # noqa: SLF001
        conn = await reading(plain)
        return {
            table.name: (await conn.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (requests, offers, proposals, matches)
        }


async def new_messages(place: Town, person: Person) -> list[str]:
    """The kinds of what the outbox sent, or will send, somebody anew."""
    async with place.desk.open_work() as work:
        member = await work.members.find(person.tenant, person.directory)
    assert member is not None
    store = place.service.backstage.store
    assert store is not None
    async with store.look() as unit:
        theirs = (notices.c.recipient_id == member.id, notices.c.edits == "")
        rows = await unit.all(select(notices.c.kind, notices.c.occasion).where(*theirs))
    return sorted(row["kind"] for row in rows if not row["occasion"].startswith("shown "))


async def test_a_journey_in_which_everything_comes_twice(database_address: str, tmp_path: Path):
    async with everything_twice(database_address, tmp_path) as (place, twice):
        jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
        await jo.says("request")
        assert headings(jo)[-1] == headings(jo)[-2]
        await jo.presses("Continue")
        await jo.presses("Review", fields={"note": "Nights."})
        await jo.presses("Send request")
        await place.settle()
        await sam.presses("Accept")
        await place.settle()
        await jo.presses("Introduce us")
        await jo.presses("Introduce us", fields={"how": "teams"})
        await place.settle()
        assert await counts(place) == {"requests": 1, "offers": 1, "proposals": 1, "matches": 1}
        assert await new_messages(place, sam) == ["introduction", "offer"]
        await jo.presses("Close")
        await jo.presses("Yes, close it")
        assert await new_messages(place, sam) == ["introduction", "match_ended", "offer"]
        kinds = {kind for kind, _ in twice.answers}
        assert {"message", "adaptiveCard/action", "task/fetch", "task/submit"} <= kinds
        for kind, (first, second) in twice.answers:
            assert (first[0], first) == (200, second), kind
