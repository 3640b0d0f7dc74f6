"""What comes in meanwhile: people who ask for help now, half typed and half pressed, and people who ask for a peer.

Each asks through the balancer. What is written down of a try is when it began, how long it took, and how it ended.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import web

from bench.channel import Channel
from bench.identity import Person, activity, help_by_button, help_by_text
from cards.crisis import Variant, crisis_message
from cards.reader import Reader
from cards.verbs import Verb
from cards.words import say
from peer_support.crisis.contacts import packaged

FIRST_IN_NEED, FIRST_ASKER, FIRST_SUPPORTER = 900_000, 100_000, 1_000
TYPED, PRESSED = "typed", "pressed"
DONE, KINDLY, LATER, LOST, MISSED = "done", "told kindly", "asked to send again", "lost", "missed"
STEPS = (Verb.LIMITS_READ, Verb.FORM_REVIEW, Verb.FORM_SEND)
ARRIVES_WITHIN = 15.0
TRIED_AGAIN_AFTER = 5.0
LAST_TRIES = 30.0
KIND_WORDS = tuple(say(key).encode() for key in ("busy.heading", "crisis.help_only.heading"))


def crisis_heading() -> str:
    """The first line of the card that each of them must be given."""
    card = crisis_message(Variant.DANGER, Reader("en", frozenset({"E"})), packaged()).card
    return str(card["body"][0]["text"])


class Chats(Channel):
    """The channel. It knows when somebody's chat got a card, by its first line, and how often it got the same one."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: dict[tuple[str, str], float] = {}
        self.twice = 0
        self._whole: set[tuple[str, str]] = set()
        self._news = asyncio.Condition()

    async def _take(self, request: web.Request) -> web.Response:
        answer = await super()._take(request)
        if request.method == "POST" and answer.status == HTTPStatus.CREATED:
            body = json.loads(await request.read())
            for attachment in body.get("attachments", ()):
                await self._note(request.match_info["conversation"], attachment["content"])
        return answer

    async def _note(self, conversation: str, card: dict[str, Any]) -> None:
        what, whole = (conversation, str(card["body"][0]["text"])), (conversation, json.dumps(card))
        self.twice += whole in self._whole
        self._whole.add(whole)
        async with self._news:
            self.arrived.setdefault(what, time.perf_counter())
            self._news.notify_all()

    async def until(self, what: tuple[str, str]) -> float | None:
        """When it came; None where it doesn't."""
        try:
            async with asyncio.timeout(ARRIVES_WITHIN), self._news:
                await self._news.wait_for(lambda: what in self.arrived)
        except TimeoutError:
            return None
        return self.arrived[what]


@dataclass(frozen=True, slots=True)
class Try:
    """One press or line of somebody: which, when, for how many milliseconds, and how it ended."""

    kind: str
    began: float
    ms: float
    end: str


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a second help now is asked for, and somebody begins to ask for a peer."""

    help_now: float
    journeys: float


class Load:
    """Everybody. `tries` is what they met with; `sent` are those who were told that their request is sent."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, chats: Chats, bearer: str, rates: Rates
    ) -> None:
        self._session, self._url, self._chats = session, url, chats
        self._headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
        self._crisis = crisis_heading()
        self._rates, self._stopped = rates, float("inf")
        self.tries: list[Try] = []
        self.begun = 0
        self.sent: set[str] = set()

    async def open_the_bot(self, supporters: int) -> None:
        """The supporters on the roster install it, so that they can be asked."""
        for number in range(supporters):
            said = activity(
                Person(FIRST_SUPPORTER + number),
                self._chats.base,
                "opened",
                type="installationUpdate",
                action="add",
            )
            await self._post(said)

    def stop(self) -> None:
        """Nobody new comes. Whoever is under way tries on for a while."""
        self._stopped = time.perf_counter()

    async def run(self) -> None:
        """Until stopped, and until whoever came by then is through."""
        await asyncio.gather(
            self._steadily(self._rates.help_now, self._help),
            self._steadily(self._rates.journeys, self._journey),
        )

    async def _steadily(self, per_second: float, does: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        began, number = time.perf_counter(), 0
        async with asyncio.TaskGroup() as group:
            while self._stopped > time.perf_counter():
                group.create_task(does(number))
                number += 1
                await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))

    async def _help(self, number: int) -> None:
        person = Person(FIRST_IN_NEED + number)
        kind = TYPED if number % 2 else PRESSED
        make = help_by_text if kind == TYPED else help_by_button
        began = time.perf_counter()
        status, body = await self._post(make(person, self._chats.base))
        ended: float | None = time.perf_counter()
        good = status == HTTPStatus.OK
        if kind == PRESSED:
            good = good and self._crisis.encode() in body
        elif good:
            ended = await self._chats.until((person.conversation_id, self._crisis))
            good = ended is not None
        took = (ended or time.perf_counter()) - began
        self.tries.append(Try(kind, began, 1000 * took, DONE if good else MISSED))

    async def _journey(self, number: int) -> None:
        """Limits read, review, send: whoever is told to try again does so, as a person would."""
        person = Person(FIRST_ASKER + number)
        self.begun += 1
        for step in STEPS:
            again = 0
            while await self._turn(person, step, again) != DONE:
                if time.perf_counter() > self._stopped + LAST_TRIES:
                    return
                again += 1
                await asyncio.sleep(TRIED_AGAIN_AFTER * min(again, 4))
        self.sent.add(person.directory_id)

    async def _turn(self, person: Person, verb: Verb, again: int) -> str:
        value = {"data": {"verb": verb, "v": 1}}
        said = activity(
            person, self._chats.base, f"{verb}:{again}", type="invoke", name="task/submit", value=value
        )
        began = time.perf_counter()
        status, body = await self._post(said)
        end = LOST
        if status == HTTPStatus.OK:
            end = KINDLY if any(words in body for words in KIND_WORDS) else DONE
        elif status == HTTPStatus.SERVICE_UNAVAILABLE:
            end = LATER
        self.tries.append(Try("turn", began, 1000 * (time.perf_counter() - began), end))
        return end

    async def _post(self, data: bytes) -> tuple[int, bytes]:
        """The status and the body; status 0 where nobody answered."""
        try:
            async with self._session.post(self._url, data=data, headers=self._headers) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, b""
