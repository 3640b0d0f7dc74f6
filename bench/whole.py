"""One run of the bench from beginning to end: the channel, the data, the contenders, the rounds."""

from __future__ import annotations

import json
import os
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp

from bench.contenders import Place, contenders
from bench.databases import Database, postgresql, sqlite
from bench.identity import APP_ID, APP_PASSWORD, APP_TENANT, FORCES
from bench.lived import Crowd, Lived, live
from bench.load import PATIENCE, Line
from bench.processes import python, running
from bench.report import Run
from bench.rounds import HelpNow, Journeys, Results, Say
from bot.backstage import open_store
from bot.settings import PREFIX, Settings
from cards.crisis import Variant, crisis_message
from cards.reader import Reader
from peer_support.crisis.contacts import packaged


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is measured. Without `others` it is the floor and this bot on SQLite, and nothing is installed."""

    rounds: int
    seconds: float
    crowd: Crowd
    others: bool = True


async def bench(asked: Asked, folder: Path, say: Say) -> Run:
    """Everything, once. The folder is empty, and keeps what the contenders logged."""
    busy, began, results = os.getloadavg()[0], time.monotonic(), Results()
    async with AsyncExitStack() as stack:
        place = await make_place(stack, folder)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=PATIENCE))
        line = Line(session, place.bearer)
        kinds = [sqlite(folder)]
        server = await stack.enter_async_context(postgresql()) if asked.others else None
        kinds += [server] if server is not None else []
        prepared: list[tuple[Database, Lived]] = []
        for kind in kinds:
            say(f"preparing data: {kind.name}")
            prepared.append((kind, await _prepare(kind, place, asked.crowd)))
        say("making the contenders ready")
        entered = await contenders(place, kinds[0].copy("help"), others=asked.others)
        await HelpNow(line, place, asked.seconds).run(entered, asked.rounds, folder, results, say)
        await Journeys(line, place, asked.crowd).run(prepared, asked.rounds, folder, results, say)
    return Run(
        day=date.today(),  # noqa: DTZ011 - the day as the reader's calendar has it
        rounds=asked.rounds,
        seconds=asked.seconds,
        took=time.monotonic() - began,
        busy=busy,
        entered=entered,
        databases=[(kind, lived.supporters) for kind, lived in prepared],
        results=results,
    )


async def _prepare(kind: Database, place: Place, crowd: Crowd) -> Lived:
    return await live(await migrated(place, kind.prepared), place.service_url, crowd)


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
