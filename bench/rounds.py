"""The rounds: every contender once in each, in alternating order: whatever else the machine does strikes all alike."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import repeat
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from bench.contenders import BENEATH, OURS, PRESSES, SCRATCH, Contender, Place
from bench.databases import Database
from bench.identity import Person, help_by_button, help_by_text
from bench.lived import Crowd, Lived
from bench.load import STORING_AT_ONCE, BadAnswer, Line, Sample
from bench.processes import DidNotStart, Running, python, running
from bench.stage import Say

TEXT, BUTTON, SEND, ACCEPT = "text", "button", "send", "accept"
CARD = b"AdaptiveCard"
WARM_SECONDS = 0.2
WARM_TURNS, COUNTED_TURNS = 8, 4
LONGEST = 30.0
# However busy the machine is, nobody is turned away: that would be measured as a turn.
UNHURRIED = {"PEER_SUPPORT_LONGEST_ROUND_MS": "60000"}
COMMANDS = {OURS: python("bench.ours", "--still"), BENEATH: python("bench.beneath")}


def of(who: str, database: str) -> str:
    """Under which name a contender's figures on a database stand. Those of this bot stand under the database's."""
    return database if who == OURS else f"{who}, {database}"


@dataclass(slots=True)
class Results:
    """Samples in the order of rounds, by who and what; statements a turn likewise; and what couldn't be measured."""

    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HelpNow:
    """Help now, typed and pressed, of every contender that runs here."""

    line: Line
    place: Place
    seconds: float

    async def run(
        self, entered: Sequence[Contender], rounds: int, logs: Path, out: Results, say: Say
    ) -> None:
        """All rounds."""
        async with AsyncExitStack() as stack:
            bots: dict[str, Running] = {}
            for each in entered:
                say(f"starting {each.name}")
                if each.missing:
                    out.notes[each.name, TEXT] = out.notes[each.name, BUTTON] = each.missing
                    continue
                try:
                    bots[each.name] = await stack.enter_async_context(
                        running(each.command, logs / f"{each.name.replace(' ', '-')}.log", each.environment)
                    )
                except DidNotStart as why:
                    out.notes[each.name, TEXT] = out.notes[each.name, BUTTON] = str(why)
            await self._alike(bots, out)
            for number in range(rounds):
                order = list(bots) if number % 2 == 0 else list(reversed(bots))
                for name in order:
                    say(f"help now, round {number + 1} of {rounds}: {name}")
                    for act in (TEXT, BUTTON):
                        if (name, act) not in out.notes:
                            out.samples[name, act].append(await self._sample(bots[name], act))

    async def _alike(self, bots: dict[str, Running], out: Results) -> None:
        """Every contender must send the same card, or there is nothing to compare. Whoever can't answer is noted."""
        cards: dict[str, Any] = {}
        person = Person(1)
        for name, bot in bots.items():
            status, _ = await self.line.once(bot, help_by_text(person, self.place.service_url))
            if status >= HTTPStatus.MULTIPLE_CHOICES:
                out.notes[name, TEXT] = f"answers with HTTP {status}"
            else:
                cards[name] = (await self._seen())["last"]["attachments"][0]["content"]
            status, body = await self.line.once(bot, help_by_button(person, self.place.service_url))
            if status >= HTTPStatus.MULTIPLE_CHOICES or CARD not in body:
                out.notes[name, BUTTON] = f"can't answer a press with a card: HTTP {status}"
        if any(card != next(iter(cards.values())) for card in cards.values()):
            raise BadAnswer(f"not the same card from each of {list(cards)}")

    async def _sample(self, bot: Running, act: str) -> Sample:
        make = help_by_text if act == TEXT else help_by_button
        body, within = make(Person(1), self.place.service_url), b"" if act == TEXT else CARD
        await self.line.measure(bot, repeat(body), seconds=WARM_SECONDS, within=within)
        before = (await self._seen())["sent"]
        sample = await self.line.measure(bot, repeat(body), seconds=self.seconds, within=within)
        sent = (await self._seen())["sent"] - before
        if sent != (sample.turns if act == TEXT else 0):
            raise BadAnswer(f"{sample.turns} turns, but {sent} cards reached the connector")
        return sample

    async def _seen(self) -> dict[str, Any]:
        return await seen(self.line, self.place)


async def seen(line: Line, place: Place) -> dict[str, Any]:
    """How many messages the connector took, and the last one."""
    async with line.session.get(f"{place.service_url}seen") as answer:
        found: dict[str, Any] = await answer.json()
        return found


@dataclass(frozen=True, slots=True)
class Journeys:
    """A request sent, an offer accepted: turns that store something, each round on a fresh copy of the same data."""

    line: Line
    place: Place
    crowd: Crowd

    async def run(
        self, prepared: Sequence[tuple[Database, Lived]], rounds: int, logs: Path, out: Results, say: Say
    ) -> None:
        """All rounds, the databases in alternating order, and on each this bot and the floor beneath it."""
        for number in range(rounds):
            order = prepared if number % 2 == 0 else list(reversed(prepared))
            for database, lived in order:
                presses = logs / f"{database.name}-presses.json"
                texts = [press.decode() for press in (*lived.accepts, *lived.sends)]
                presses.write_text(json.dumps(texts), "utf-8")
                says: dict[str, list[dict[str, Any]]] = {}
                for who in (BENEATH, OURS) if number % 2 == 0 else (OURS, BENEATH):
                    say(f"requests and offers, round {number + 1} of {rounds}: {who} on {database.name}")
                    address = await asyncio.to_thread(database.copy, f"round{number}{who[:4].strip()}")
                    given = self.place.settings(address) | UNHURRIED
                    if who == BENEATH:
                        scratch = await asyncio.to_thread(database.copy, f"round{number}scratch")
                        given |= {SCRATCH: scratch, PRESSES: str(presses)}
                    async with running(COMMANDS[who], logs / f"{database.name}-{who}.log", given) as bot:
                        says[who] = [
                            await self._act(bot, (of(who, database.name), act), acts, out)
                            for act, acts in ((ACCEPT, lived.accepts), (SEND, lived.sends))
                        ]
                    await asyncio.to_thread(_stored, address, self.crowd)
                _same(says[BENEATH], says[OURS], database.name)

    async def _act(
        self, bot: Running, key: tuple[str, str], presses: Sequence[bytes], out: Results
    ) -> dict[str, Any]:
        """A few to warm up, a few one by one to count statements in, and the rest measured with nobody counting.

        One by one, for two turns at once may want the same supporter, and then one of them is begun again.

        Gives what must be the same of both: the statements asked, and how long the first answer and message were.
        """
        status, body = await self.line.once(bot, presses[0])
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise BadAnswer(f"HTTP {status}")
        last = (await self._seen())["last"] if key[1] == SEND else {}
        counted_to = WARM_TURNS + COUNTED_TURNS
        await self._press(bot, presses[1:WARM_TURNS])
        counting = f"http://127.0.0.1:{bot.ready['counting']}"
        async with self.line.session.post(f"{counting}/start"):
            pass
        await self._press(bot, presses[WARM_TURNS:counted_to], at_once=1)
        async with self.line.session.post(f"{counting}/stop") as answer:
            statements: list[str] = json.loads(await answer.read())
        out.statements[key].append(len(statements) / COUNTED_TURNS)
        out.samples[key].append(await self._press(bot, presses[counted_to:]))
        return {"asked": sorted(statements), "answer": len(body), "message": len(json.dumps(last))}

    async def _press(self, bot: Running, presses: Sequence[bytes], at_once: int = STORING_AT_ONCE) -> Sample:
        return await self.line.measure(bot, presses, seconds=LONGEST, at_once=at_once)

    async def _seen(self) -> dict[str, Any]:
        return await seen(self.line, self.place)


def _same(beneath: Sequence[dict[str, Any]], ours: Sequence[dict[str, Any]], database: str) -> None:
    """Both must have asked the same of the database and answered alike, or the one is no floor of the other."""
    for act, theirs, own in zip((ACCEPT, SEND), beneath, ours, strict=True):
        for what in own:
            if theirs[what] != own[what]:
                raise BadAnswer(f"not the same from both on {database}: {act}, {what}")


def _stored(address: str, crowd: Crowd) -> None:
    """Every press must have done what it says: each request is stored, and each offer led to a proposal."""
    engine = create_engine(address)
    try:
        with engine.connect() as conn:
            requests = conn.scalar(text("SELECT count(*) FROM requests"))
            proposals = conn.scalar(text("SELECT count(*) FROM proposals"))
    finally:
        engine.dispose()
    if (requests, proposals) != (crowd.officers + crowd.offers, crowd.offers):
        raise BadAnswer(f"{requests} requests and {proposals} proposals were stored")
