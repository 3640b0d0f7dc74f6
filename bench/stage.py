"""What every part of the bench stands on: the channel, the way to a contender, and the databases that there are."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.contenders import Place
from bench.databases import Database, postgresql, sqlite
from bench.findings import Taken
from bench.identity import APP_ID, APP_PASSWORD, APP_TENANT, FORCES
from bench.lived import Crowd
from bench.load import PATIENCE, Line
from bench.processes import python, running
from bot.backstage import open_store
from bot.settings import PREFIX, Settings
from cards.crisis import Variant, crisis_message
from cards.reader import Reader
from peer_support.crisis.contacts import packaged

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is measured. Without `others` it is on SQLite alone, nothing is installed and no SDK takes part."""

    rounds: int
    seconds: float
    crowd: Crowd
    others: bool = True
    how: str = "python -m bench"


@dataclass(frozen=True, slots=True)
class Stage:
    """Set for one part, and gone after it. The folder keeps what the contenders logged."""

    asked: Asked
    folder: Path
    place: Place
    line: Line
    kinds: list[Database]
    say: Say
    _began: float = field(default_factory=time.monotonic)
    _busy: float = field(default_factory=lambda: os.getloadavg()[0])

    def taken(self, rounds: int | None = None) -> Taken:
        """How the figures came about, at the end of it."""
        took = time.monotonic() - self._began
        return Taken.today(rounds or self.asked.rounds, took, self._busy, self.asked.how)


@asynccontextmanager
async def set_up(
    asked: Asked, folder: Path, say: Say, server: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """In an empty folder. `server` are PostgreSQL's settings, where a part wants others than the durable defaults."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        place = await make_place(stack, folder)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=PATIENCE, connector=aiohttp.TCPConnector(limit=0))
        )
        kinds = [sqlite(folder)]
        found = await stack.enter_async_context(postgresql(server)) if asked.others else None
        kinds += [found] if found is not None else []
        yield Stage(asked, folder, place, Line(session, place.bearer), kinds, say)


async def migrated(place: Place, database: str) -> Settings:
    """The settings of a bot on this database, which is brought to its newest migration."""
    given: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value for name, value in place.settings(database).items()
    }
    settings = Settings(**given)
    store = await open_store(settings)
    try:
        await store.migrate()
    finally:
        await store.close()
    return settings


async def make_place(stack: AsyncExitStack, folder: Path) -> Place:
    """The channel, and the files that everybody is told of it by."""
    channel = await stack.enter_async_context(
        running(python("bench.channel", str(folder)), folder / "channel.log")
    )
    place = Place(**channel.ready, config=folder / "config.json", forces=folder / "forces.toml")
    place.forces.write_text(FORCES, "utf-8")
    made = crisis_message(Variant.DANGER, Reader("en", frozenset({"E"})), packaged())
    told = {
        "metadata_url": f"{place.service_url}openid",
        "keys_url": f"{place.service_url}keys",
        "token_url": f"{place.service_url}token",
        "authority": place.authority,
        "app_id": APP_ID,
        "app_password": APP_PASSWORD,
        "app_tenant": APP_TENANT,
        "card": made.card,
        "summary": made.summary,
    }
    place.config.write_text(json.dumps(told), "utf-8")
    return place
