"""The channel, outside the replicas: it books all that it got, answers as the weather has it, and picks a replica."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from time import monotonic
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.connector import FakeTeams
from tests.fakes.person import Person, actions_of
from tests.ordeal.clock import Clock

ANSWERED_WITHIN = aiohttp.ClientTimeout(total=20, connect=2)
TAKEN = 300
PASSING = (
    502,
    503,
    504,
)  # the channel's own words for “try again”; any other 5xx is a letter for somebody to look at
BUSY = "couldn't do that just now"


class Fate(Enum):
    """What becomes of one call. `LOST`: it took effect, and nobody hears of it. `RESET`: it didn't, and nobody does."""

    TAKEN = "taken"
    THROTTLED = "429"
    UNWELL = "503"
    RESET = "reset"
    LOST = "lost"
    SLOW = "slow"


@dataclass(slots=True)
class Weather:
    """How often each happens, of one. `slow` is in seconds, and comes after the call took effect."""

    throttled: float = 0.0
    unwell: float = 0.0
    reset: float = 0.0
    lost: float = 0.0
    slow: float = 0.0
    slowly: float = 0.0

    def fate(self, chance: Random) -> Fate:
        """Drawn for one call."""
        drawn = chance.random()
        for fate, share in (
            (Fate.THROTTLED, self.throttled),
            (Fate.UNWELL, self.unwell),
            (Fate.RESET, self.reset),
            (Fate.LOST, self.lost),
            (Fate.SLOW, self.slow),
        ):
            if drawn < share:
                return fate
            drawn -= share
        return Fate.TAKEN


@dataclass(frozen=True, slots=True)
class Got:
    """One message that the channel took. `known_by` is the same for the same message said twice.

    `in_turn`: while its person waited for an answer, so that it may be that very answer. `moment` is the machine's
    time.
    """

    at: Any
    id: str
    conversation_id: str
    heading: str
    known_by: tuple[str, ...]
    lost: bool
    moment: float
    in_turn: bool


class NotAnswered(Exception):
    """No replica answered what a person did: they would see that it didn't go through."""


class Channel(FakeTeams):
    """`got` is every new message in the order it was taken; `addresses` gives the replicas that may be asked."""

    def __init__(self, clock: Clock, chance: Random) -> None:
        super().__init__()
        self.clock, self.chance = clock, chance
        self.weather = Weather()
        self.got: list[Got] = []
        self.fates: dict[Fate, int] = dict.fromkeys(Fate, 0)
        self.addresses: Callable[[], Sequence[str]] = list
        self.posts = self.unanswered = self.turned_away = 0
        self._http: aiohttp.ClientSession | None = None
        self._in_turn: Counter[str] = Counter()
        # How often an answer was turned away or not heard of, by what it is known by: so often it may come once more.
        self.owed: Counter[tuple[str, ...]] = Counter()

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        self._http = aiohttp.ClientSession(connector=connector, timeout=ANSWERED_WITHIN)
        return self

    async def __aexit__(self, *how: object) -> None:
        assert self._http is not None
        await self._http.close()
        await super().__aexit__(*how)

    async def post(self, activity: Any, *, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """To any replica; where it hangs up, once more the very same to another, half the time. NotAnswered else."""
        again, person = self.chance.random() < 0.5, activity["conversation"]["id"]
        self._in_turn[person] += 1
        try:
            for _ in range(2 if again else 1):
                found = await self._posted(activity, headers)
                if found is not None:
                    return found
        finally:
            self._in_turn -= Counter([person])
        self.unanswered += 1
        raise NotAnswered

    async def _posted(self, activity: Any, headers: Mapping[str, str] | None) -> tuple[int, Any] | None:
        addresses = self.addresses()
        if not addresses:
            return None
        assert self._http is not None
        self.posts += 1
        sent = {"Content-Type": "application/json"} | dict(headers or {})
        try:
            async with self._http.post(
                self.chance.choice(addresses), data=json.dumps(activity).encode(), headers=sent
            ) as answer:
                text = await answer.text()
                self.turned_away += BUSY in text
                return answer.status, json.loads(text) if text else None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    async def _update(self, request: web.Request) -> web.Response:
        """As the fake has it, but for many at once."""
        person = self.people.get(request.match_info["conversation"])
        if person and all(seen.id != request.match_info["activity"] for seen in person.sees):
            return web.json_response({"error": {"code": "ActivityNotFoundInConversation"}}, status=404)
        return await super()._update(request)

    async def _act(
        self,
        request: web.Request,
        act: str,
        body: Mapping[str, Any],
        does: Callable[[Person], None],
        answer: Mapping[str, Any],
    ) -> web.Response:
        fate = self.weather.fate(self.chance)
        self.fates[fate] += 1
        person = request.match_info["conversation"]
        heading, known_by = known(body) if act == "send" else ("", ())
        if act == "send" and fate not in (Fate.TAKEN, Fate.SLOW) and person in self._in_turn:
            self.owed[person, *known_by] += 1
        if fate is Fate.THROTTLED:
            code = {"error": {"code": "TooManyRequests"}}
            return web.json_response(code, status=429, headers={"Retry-After": "1"})
        if fate is Fate.UNWELL:
            return web.json_response({}, status=self.chance.choice(PASSING))
        if fate is Fate.RESET:
            return _hung_up(request)
        response = await super()._act(request, act, body, does, answer)
        if act == "send" and response.status < TAKEN:
            self.turned_away += BUSY in json.dumps(body)
            message = Got(
                self.clock(),
                answer["id"],
                person,
                heading,
                (person, *known_by),
                fate is Fate.LOST,
                monotonic(),
                person in self._in_turn,
            )
            self.got.append(message)
        if fate is Fate.SLOW:
            await asyncio.sleep(self.weather.slowly)
        return _hung_up(request) if fate is Fate.LOST else response


def known(body: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What a message is known by: its heading, and what its buttons are about. Not its words: hours pass in them."""
    attachments = body.get("attachments") or []
    if not attachments:
        return "", (str(body.get("text")),)
    card = attachments[0]["content"]
    heading = str(card["body"][0].get("text"))
    about = {str((action.get("data") or {}).get("id") or "") for action in actions_of(card)}
    return heading, (heading, *sorted(about - {""}))


def _hung_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
