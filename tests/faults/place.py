"""Where the faults are tried: the whole bot as it is served, in three nations, with six ways to ask for help now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

import bot.service
from bot.service import Service, make_service, working
from bot.settings import Settings
from cards.reader import Reader
from cards.said import said_card
from storage.keys import KeyRing, LookupKey
from tests.fakes.connector import FakeTeams
from tests.fakes.line import Line
from tests.fakes.openid import APP_ID, FakeOpenId
from tests.fakes.person import Person, Seen
from tests.faults.lines import NATIONS

KEYS, LOOKUP = KeyRing.new("f1"), LookupKey.new()
HANGS = 20.0  # nothing here takes so long: only what would never come is given up
CARD = said_card("busy", Reader())
HALF_FILLED = {"note": "Someone patient.", "soon": "today", "about_work": "resp"}


@dataclass(slots=True)
class Place:
    """What a fault may break before the bot starts, and, once it runs, all that stands around it."""

    folder: Path
    patch: pytest.MonkeyPatch
    server: Callable[[], Any]
    settings: dict[str, Any] = field(default_factory=dict)
    signed: bool = False
    openid: FakeOpenId | None = None
    teams: FakeTeams = field(default_factory=FakeTeams)
    running: Service | None = None
    people: dict[str, Person] = field(default_factory=dict)
    others: list[Person] = field(default_factory=list)
    held: AsyncExitStack = field(default_factory=AsyncExitStack)
    line: Line | None = None
    later: list[asyncio.Task[None]] = field(default_factory=list)
    release: Callable[[], None] = lambda: None
    waits_for_the_store: bool = True

    @property
    def service(self) -> Service:
        assert self.running is not None, "it doesn't run yet"
        return self.running

    @property
    def database(self) -> Path:
        """The file of the database, where it is one."""
        return self.folder / "peer.db"

    async def starts(self) -> None:
        """Serve, with whatever is broken. Three people may ask for help; Bob and Ann want something else."""
        await self.held.enter_async_context(self.teams)
        if self.waits_for_the_store:
            self.patch.setattr(bot.service, "START_PATIENCE", HANGS)
        service = await self.held.enter_async_context(make_service(await self._settings()))
        client = await self.held.enter_async_context(TestClient(TestServer(service.app, host="127.0.0.1")))
        self.teams.meets(client, self.openid.token if self.openid else None)
        await self.held.enter_async_context(working(service))
        self.running = service
        self.people = {
            nation: self.teams.person(f"Jo {nation}", tenant) for nation, tenant in NATIONS.items()
        }
        self.others = [self.teams.person(name, NATIONS["E"]) for name in ("Bob Price", "Ann Gray")]
        async with client.get("/healthz") as health:
            assert health.status == 200

    async def everybody(self, does: Callable[[Person], Awaitable[None]]) -> None:
        """All three at once."""
        async with asyncio.timeout(HANGS):
            await asyncio.gather(*map(does, self.people.values()))

    async def ends(self) -> None:
        """Let go of what was held, and wait for what it held up."""
        self.release()
        async with asyncio.timeout(HANGS):
            await asyncio.gather(*self.later)

    async def _settings(self) -> Settings:
        forces = self.folder / "forces.toml"
        if not forces.exists():
            forces.write_text(_forces())
        who: dict[str, Any] = {"local": True}
        if self.signed:
            self.openid = await self.held.enter_async_context(FakeOpenId())
            who = {
                "app_id": APP_ID,
                "app_password": SecretStr("secret"),
                "app_tenant_id": "t",
                "openid_metadata_url": self.openid.metadata_url,
                "token_url": self.openid.token_url,
            }
        given = {
            "database_url": SecretStr(f"sqlite:///{self.database}"),
            "forces_file": forces,
            "keys": SecretStr(KEYS.text()),
            "lookup_key": SecretStr(LOOKUP.text()),
            "database_patience": 2.0,
            "longest_round_ms": 60_000,
        }
        return Settings(**who | given | self.settings)


@asynccontextmanager
async def a_place(folder: Path, patch: pytest.MonkeyPatch, server: Callable[[], Any]) -> AsyncIterator[Place]:
    """A place that doesn't run yet."""
    place = Place(folder, patch, server)
    async with place.held:
        yield place


def _forces() -> str:
    return "".join(
        f'[[force]]\nid = "made-up-{nation.lower()}"\nfictional = true\nname = "Force {nation}"\n'
        f'nations = ["{nation}"]\nregion = "north_west"\ntenants = ["{tenant}"]\n'
        for nation, tenant in NATIONS.items()
    )


async def pressed(_place: Place, person: Person) -> str:
    """The button of any card in the chat."""
    seen = Seen("1:any", CARD, "", "")
    await person.presses("Help now", on=seen)
    return seen.words


async def pressed_in_window(_place: Place, person: Person) -> str:
    """The button inside a form's window, with the form half filled."""
    data = {"verb": "help_now", "v": 1, **HALF_FILLED}
    await person.sends(person.activity(type="invoke", name="task/submit", value={"data": data}))
    assert person.dialog is not None
    words = person.dialog.words
    person.dialog = None
    return words


async def pressed_old(place: Place, person: Person) -> str:
    """A button of schema 1.2, which comes as a message."""
    return await _answered(place, person, type="message", value={"verb": "help_now", "v": 1})


async def typed(place: Place, person: Person) -> str:
    """Typed."""
    return await _answered(place, person, type="message", text="HELP NOW!!")


async def typed_otherwise(place: Place, person: Person) -> str:
    """Typed as nobody would call a command."""
    return await _answered(place, person, type="message", text="I want to die")


async def edited(place: Place, person: Person) -> str:
    """An older message, changed to it."""
    return await _answered(place, person, type="messageUpdate", text="help now please")


PRESSES = (pressed, pressed_in_window)
WRITTEN = (pressed_old, typed, typed_otherwise, edited)


async def _answered(place: Place, person: Person, **activity: Any) -> str:
    """The words of the new message. Nobody waits for what the channel itself still says to the bot."""
    before = len(person.sees)
    sending = asyncio.create_task(person.sends(person.activity(**activity)))
    await place.teams.until(lambda: len(person.sees) > before, HANGS)
    if place.teams.meanwhile is None:
        await sending
    else:
        place.later.append(sending)
    return person.sees[before].words
