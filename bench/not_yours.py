"""`python -m bench.not_yours`: is a press on somebody else's thing told from one on nothing by how long it takes?

Each pair is one press with the id of something live that isn't the presser's, and one with an id that is nobody's, in a
random order. Half of the pairs being slower either way means that time tells nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bench.databases import Database, postgresql, sqlite
from bench.identity import BOT_ID, FORCES, KEYS, LOOKUP_KEY, MOMENT, TENANT, Person
from bench.lived import Crowd, live
from bot.backstage import open_store
from bot.logs import set_up
from bot.service import make_service
from bot.settings import Settings
from cards.verbs import Verb
from dialogs.router import INSTALLED, answer
from dialogs.turn import Turn
from peer_support.ids import new_id
from peer_support.people import Actor, Address
from peer_support.ports import Desk

CROWD = Crowd(officers=1, offers=40)
SERVICE_URL = "http://127.0.0.1:9/"  # nothing is sent
THIEF = Person(90_000)
WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One kind of press on one database, in microseconds, pair by pair."""

    database: str
    verb: str
    nobodys: Sequence[float]
    anothers: Sequence[float]

    @property
    def slower(self) -> float:
        """In how many of the pairs another's took longer; one half tells nothing."""
        longer = sum(a > n for n, a in zip(self.nobodys, self.anothers, strict=True))
        return longer / len(self.nobodys)


async def watch(kind: Database, folder: Path, pairs: int) -> list[Seen]:
    """Every kind of press on one database."""
    forces = folder / "forces.toml"
    forces.write_text(FORCES, "utf-8")
    given: dict[str, Any] = {
        "local": True,
        "database_url": SecretStr(kind.prepared),
        "forces_file": forces,
        "keys": SecretStr(KEYS),
        "lookup_key": SecretStr(LOOKUP_KEY),
    }
    settings = Settings(**given)
    store = await open_store(settings)
    try:
        await store.migrate()
    finally:
        await store.close()
    await live(settings, SERVICE_URL, CROWD)
    async with make_service(settings, lambda: MOMENT) as service:
        await service.backstage.open()
        desk = service.backstage.desk()
        if desk is None:
            raise RuntimeError(service.backstage.why)
        things = await _things(desk)
        await answer(_turn("", "", "install", happened=INSTALLED), desk)
        return [await _press(kind, desk, verb, ids, pairs) for verb, ids in things.items()]


async def _things(desk: Desk) -> Mapping[str, Sequence[str]]:
    """Live things of others, by a verb that takes their id. Half of the offers are accepted, for proposals."""
    requests: list[str] = []
    offers: list[tuple[str, str]] = []
    proposals: list[str] = []
    async with desk.open_work() as work:
        for asker in CROWD.askers:
            member = await work.members.find(TENANT, asker.directory_id)
            request = await work.requests.live_of(member.id) if member else None
            found = await work.offers.of_request(request.id) if request else []
            requests += [request.id] if request else []
            offers += [(offer.id, offer.supporter_id) for offer in found]
    people = {}
    async with desk.open_work() as work:
        for person in CROWD.roster:
            member = await work.members.find(TENANT, person.directory_id)
            if member is not None:
                people[member.id] = person
    for offer_id, supporter_id in offers[: len(offers) // 2]:
        turn = _turn(Verb.ACCEPT, offer_id, new_id(), person=people[supporter_id])
        await answer(turn, desk)
    async with desk.open_work() as work:
        for request_id in requests:
            proposal = await work.proposals.asked_of(request_id)
            proposals += [proposal.id] if proposal is not None else []
    waiting = [offer_id for offer_id, _ in offers[len(offers) // 2 :]]
    return {
        Verb.ACCEPT: waiting,
        Verb.INTRODUCE_SEND: proposals,
        Verb.WITHDRAW_SURE: requests,
        Verb.STUCK: requests,
    }


async def _press(kind: Database, desk: Desk, verb: str, ids: Sequence[str], pairs: int) -> Seen:
    nobodys: list[float] = []
    anothers: list[float] = []
    for number in range(-WARM_UP, pairs):
        took: dict[str, float] = {}
        for whose in random.sample(("nobody's", "another's"), 2):
            id = new_id() if whose == "nobody's" else random.choice(ids)  # noqa: S311 - chance guards nothing
            turn = _turn(verb, id, new_id())
            began = time.perf_counter_ns()
            await answer(turn, desk)
            took[whose] = (time.perf_counter_ns() - began) / 1000
        if number >= 0:
            nobodys.append(took["nobody's"])
            anothers.append(took["another's"])
    return Seen(f"{kind.name} {kind.version}", verb, nobodys, anothers)


def _turn(verb: str, id: str, key: str, *, person: Person = THIEF, happened: str = "") -> Turn:
    address = Address(SERVICE_URL, person.conversation_id, TENANT, person.user_id, BOT_ID)
    actor, fields = Actor(TENANT, person.directory_id, address), {"id": id, "how": "teams"}
    return Turn(actor, verb, MOMENT, fields=fields, key=key, in_dialog=True, happened=happened)


def told(seen: Sequence[Seen]) -> Table:
    """The table of one run."""
    table = Table("database", "press", "pairs", "nobody's", "another's", "difference", "slower in")
    for each in seen:
        nobodys, anothers = statistics.median(each.nobodys), statistics.median(each.anothers)
        apart = statistics.median(a - n for n, a in zip(each.nobodys, each.anothers, strict=True))
        numbers = (f"{nobodys:.0f} µs", f"{anothers:.0f} µs", f"{apart:+.0f} µs", f"{each.slower:.1%}")
        table.add_row(each.database, each.verb, str(len(each.nobodys)), *numbers)
    return table


async def _all(pairs: int) -> list[Seen]:
    with tempfile.TemporaryDirectory(prefix="peer-support-bench-") as folder:
        seen = await watch(sqlite(Path(folder)), Path(folder), pairs)
        async with postgresql() as server:
            if server is not None:
                seen += await watch(server, Path(folder), pairs)
    return seen


def main(arguments: Iterator[str] | None = None) -> int:
    """Measure, and show the table. It judges nothing: a busy machine would judge wrongly."""
    parser = argparse.ArgumentParser(prog="python -m bench.not_yours", description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000, help="how many of each kind of press")
    given = parser.parse_args(None if arguments is None else list(arguments))
    set_up(level="ERROR", console=True)
    Console(width=None if sys.stdout.isatty() else 120).print(told(asyncio.run(_all(given.pairs))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
