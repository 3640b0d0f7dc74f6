"""A small town for whole journeys on the wire: the real bot over the real doorway and store, a Teams, and a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.service import Service, make_service
from bot.settings import Settings
from peer_support.commands.import_roster import ImportRoster, import_roster
from peer_support.due import DueKind
from peer_support.hours import LONDON
from peer_support.ports import Desk
from peer_support.roster import HEADER
from peer_support.roster_reader import read_roster
from peer_support.sending import UNMETERED
from peer_support.sweep import sweep
from storage.engine import reading
from storage.tables import dues, notices
from tests.fakes.connector import FakeTeams
from tests.fakes.databases import KEYS, LOOKUP, UNHURRIED
from tests.fakes.person import Person, Seen

NORTHMOOR = "11111111-0000-4000-8000-000000000001"
WESTVALE = "2222abcd-0000-4000-8000-000000000002"
SHARED = "33333333-0000-4000-8000-000000000003"
FORCES = f"""
[[force]]
id = "northmoor"
fictional = true
name = "Northmoor Police"
nations = ["E"]
region = "yorkshire_humber"
tenants = ["{NORTHMOOR}"]

[[force]]
id = "westvale"
fictional = true
name = "Westvale Constabulary"
nations = ["E"]
region = "south_west"
tenants = ["{WESTVALE}"]

[[force]]
id = "eastmere"
fictional = true
name = "Eastmere Police"
nations = ["E"]
region = "east"
tenants = ["{SHARED}"]

[[force]]
id = "southfell"
fictional = true
name = "Southfell Police"
nations = ["W"]
region = "wales"
tenants = ["{SHARED}"]
"""
STEP = timedelta(minutes=20)
TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON).astimezone(UTC)


@dataclass(slots=True)
class Clock:
    """The time, which passes only when a test says so."""

    now: datetime = TUESDAY_TEN

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Town:
    """Everything of one journey. `time_passes` does what the clock and the sender would have done meanwhile."""

    teams: FakeTeams
    service: Service
    clock: Clock
    rows: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[DueKind, Exception]] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """The desk that the bot works at."""
        desk = self.service.backstage.desk()
        assert desk is not None, self.service.backstage.why
        return desk

    async def officer(
        self, name: str = "Jo Evans", tenant: str = NORTHMOOR, *, opened: bool = True
    ) -> Person:
        """Somebody on no roster."""
        person = self.teams.person(name, tenant)
        if opened:
            await person.installs()
        return person

    async def supporter(
        self, name: str = "Sam Okafor", tenant: str = NORTHMOOR, *, opened: bool = True, **columns: str
    ) -> Person:
        """A trained supporter, who has opened the bot unless told otherwise. `columns` are the roster's."""
        return await self._rostered("supporter", name, tenant, opened=opened, **columns)

    async def coordinator(
        self, name: str = "Ria Holt", tenant: str = NORTHMOOR, *, opened: bool = True, **columns: str
    ) -> Person:
        """Whoever runs a force's network."""
        return await self._rostered("coordinator", name, tenant, opened=opened, **columns)

    async def _rostered(self, role: str, name: str, tenant: str, *, opened: bool, **columns: str) -> Person:
        person = self.teams.person(name, tenant)
        training = {"selected_on": "2024-01-01", "trained_on": "2024-02-01", "refresher_due": "2030-01-01"}
        self.rows.append(
            dict.fromkeys(HEADER, "")
            | (training if role == "supporter" else {})
            | {
                "tenant_id": tenant,
                "directory_id": person.directory,
                "name": name,
                "email": person.email,
                "role": role,
                "force": "northmoor" if tenant == NORTHMOOR else "westvale",
                "grade": "constable",
                "roles": "response" if role == "supporter" else "",
                "languages": "en",
                "bio": "Happy to listen." if role == "supporter" else "",
                "max_active": "3" if role == "supporter" else "",
                "signed_off_by": "Ria Holt" if role == "supporter" else "",
                "status": "active",
            }
            | columns
        )
        await self.imports()
        if opened:
            await person.installs()
            await self.settle()
        return person

    async def imports(self) -> None:
        """Import the roster as it stands in `rows`."""
        reading = read_roster(self.rows, self.desk.forces)
        assert not reading.faults, reading.faults
        await import_roster(ImportRoster(reading.rows, self.clock.now), self.desk)

    def row(self, person: Person) -> dict[str, str]:
        """A person's own row of the roster."""
        return next(row for row in self.rows if row["directory_id"] == person.directory)

    async def settle(self) -> None:
        """Let everything that waits in the outbox be sent."""
        sender = self.service.sender()
        assert sender is not None
        while await sender.send_due():
            pass

    async def time_passes(self, **how_long: float) -> None:
        """Step by step to a later time, with what falls due on the way. Steps in which nothing does are left out."""
        until = self.clock.now + timedelta(**how_long)
        while True:
            await sweep(self.desk, self.clock.now, lambda kind, fault: self.faults.append((kind, fault)))
            await self.settle()
            assert not self.faults, self.faults
            if self.clock.now >= until:
                return
            wait = (await self._next_due(until) - self.clock.now) / STEP
            self.clock.now = min(self.clock.now + max(1, ceil(wait)) * STEP, until)

    async def _next_due(self, until: datetime) -> datetime:
        """When the clock or the sender has something to do again, or `until` if nothing comes before."""
        store = self.service.backstage.store
        assert store is not None
        waiting = notices.c.sent_at.is_(None), notices.c.dead_at.is_(None), notices.c.dropped.is_(False)
        nexts = select(func.min(dues.c.at)), select(func.min(notices.c.not_before)).where(*waiting)
        async with store._engine.connect() as conn:  # noqa: SLF001  only tests ask when
            asked = await reading(conn)
            found = [(await asked.execute(each)).scalar() for each in nexts]
        return min([until, *(at for at in found if at is not None)])

    async def asks(self, person: Person, **fields: str) -> None:
        """From the welcome to sent, with these fields of the form."""
        await person.says("request")
        await person.presses("Continue")
        await person.presses("Review", fields=fields)
        await person.presses("Send request")
        await self.settle()


@asynccontextmanager
async def town(
    address: str,
    folder: Path,
    *,
    forms: str = "dialog",
    listed: str = FORCES,
    migrated: bool = False,
    **settings: Any,
) -> AsyncIterator[Town]:
    """A town on this database. `listed` is its forces file. `migrated`: with the keys of the tests' databases."""
    forces = folder / "forces.toml"
    forces.write_text(listed)
    given = Settings(
        local=True,
        database_url=SecretStr(address),
        forces_file=forces,
        forms=forms,
        **{"database_patience": UNHURRIED.answer, "longest_round_ms": 60_000} | settings,
    )
    if migrated or not address.startswith("sqlite"):
        keys = {"keys": SecretStr(KEYS.text()), "lookup_key": SecretStr(LOOKUP.text())}
        given = given.model_copy(update=keys)
    clock = Clock()
    async with FakeTeams() as teams, make_service(given, clock, pace=UNMETERED) as service:
        assert await service.backstage.open(), service.backstage.why
        async with TestClient(TestServer(service.app, host="127.0.0.1")) as client:
            teams.meets(client)
            yield Town(teams, service, clock)


def last(person: Person) -> Seen:
    """What stands at the bottom of somebody's chat."""
    return person.newest
