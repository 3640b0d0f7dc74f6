"""Several say yes at the same moment: one is first, and the others are told so kindly."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from cards.verbs import Verb
from peer_support.due import DueKind
from peer_support.notice import NoticeKind
from peer_support.offer import Offer
from peer_support.people import Address, Member, Reach
from peer_support.request import HowSoon, Request, Wishes
from storage import Store
from tests.fakes.connector import BOT_ID
from tests.fakes.person import Person, Seen
from tests.ordeal.channel import Channel, NotAnswered
from tests.ordeal.clock import Clock
from tests.scenarios.steps import ENDED
from tests.scenarios.town import NORTHMOOR
from tests.storage import world

OFFERED = 3  # at once, where today was asked
AT_ONCE = 16
WRITTEN_AT_ONCE = 40
WON = "Thank you"
PATIENCE = 200


@dataclass(slots=True)
class Contest:
    """One request's offers, or one supporter's: each with whoever may answer it."""

    offers: list[tuple[Person, str]] = field(default_factory=list)


@dataclass(slots=True)
class Race:
    """What came of all presses. `wrong` is what was said to anybody that is neither yes nor the one kind ending."""

    presses: int = 0
    won: int = 0
    kindly: int = 0
    pressed_again: int = 0
    wrong: list[str] = field(default_factory=list)


async def contested(store: Store, channel: Channel, clock: Clock, requests: int) -> list[Contest]:
    """So many requests, each offered to three supporters who have no other."""
    made: list[Contest] = []
    while len(made) < requests:
        async with _writing(store, channel, clock) as writing:
            for _ in range(min(WRITTEN_AT_ONCE, requests - len(made))):
                asked = await writing.request()
                offers = [await writing.offer(asked, await writing.supporter()) for _ in range(OFFERED)]
                made.append(Contest(offers))
    return made


async def wanted_twice(store: Store, channel: Channel, clock: Clock, supporters: int) -> list[Contest]:
    """So many supporters, each with the offers of two requests: a yes to both would be one more than a week allows."""
    made: list[Contest] = []
    while len(made) < supporters:
        async with _writing(store, channel, clock) as writing:
            for _ in range(min(WRITTEN_AT_ONCE, supporters - len(made))):
                sam = await writing.supporter()
                made.append(Contest([await writing.offer(await writing.request(), sam) for _ in range(2)]))
    return made


async def race(contests: Sequence[Contest], *, twice: bool = True) -> Race:
    """Everybody accepts at the same moment, several contests at once; `twice`: one of each presses on two devices.

    Whoever is told that it couldn't be done just now presses again, as people do.
    """
    result, places = Race(), asyncio.Semaphore(AT_ONCE)

    async def run(contest: Contest) -> None:
        presses = [*contest.offers, contest.offers[0]] if twice else contest.offers
        async with places:
            said = await asyncio.gather(*(_accepts(person, offer, result) for person, offer in presses))
        _count(contest, dict(zip(range(len(presses)), said, strict=True)), result, twice=twice)

    await asyncio.gather(*(run(contest) for contest in contests))
    return result


def _count(contest: Contest, said: dict[int, str], result: Race, *, twice: bool) -> None:
    """Two presses of one person on one offer are one answer, and must read the same."""
    if twice and said[0] != said[len(contest.offers)]:
        result.wrong.append(f"one person read “{said[0]}” and “{said[len(contest.offers)]}”")
    heads = Counter(said[place] for place in range(len(contest.offers)))
    result.won += heads.pop(WON, 0)
    result.kindly += heads.pop(ENDED, 0)
    result.wrong += [f"{times} x “{head}”" for head, times in heads.items()]


async def _accepts(person: Person, offer_id: str, result: Race) -> str:
    """The heading of the card that stands there afterwards."""
    seen = Seen("1:any", _offered(offer_id), "", "")
    result.presses += 1
    for tried in range(PATIENCE):
        result.pressed_again += tried > 0
        with contextlib.suppress(NotAnswered):
            await person.presses("Accept", on=seen)
        if seen.edits:
            assert seen.card is not None
            return str(seen.card["body"][0]["text"])
        await asyncio.sleep(0.2)
    return "nothing"


def _offered(offer_id: str) -> dict[str, object]:
    data = {"v": 1, "id": offer_id}
    accept = {"type": "Action.Execute", "title": "Accept", "verb": str(Verb.ACCEPT), "data": data}
    return {"type": "AdaptiveCard", "body": [], "actions": [accept]}


class _writing:  # noqa: N801  reads as what it is for
    """One unit of work that lays out people, requests and offers as turns would have left them."""

    def __init__(self, store: Store, channel: Channel, clock: Clock) -> None:
        self._unit = store.work()
        self._channel, self._now = channel, clock()
        self._later = self._now + timedelta(hours=6)

    async def __aenter__(self) -> Self:
        self._work = await self._unit.__aenter__()
        return self

    async def __aexit__(self, *how: object) -> None:
        await self._unit.__aexit__(*how)  # type: ignore[arg-type]

    async def supporter(self) -> tuple[Person, Member]:
        person, member = await self._member("Sam Okafor")
        in_date = (self._now + timedelta(days=99)).date()
        await self._work.supporters.put(world.supporter(member.id, refresher_due=in_date))
        return person, member

    async def request(self) -> Request:
        _, jo = await self._member("Jo Evans")
        asked = world.request(
            jo.id,
            wishes=Wishes(soon=HowSoon.TODAY),
            created_at=self._now,
            state_since=self._now,
            round=1,
            news_by=self._later,
        )
        await self._work.requests.add(asked)
        await self._work.dues.put(DueKind.NEWS, asked.id, self._later)
        return asked

    async def offer(self, asked: Request, to: tuple[Person, Member]) -> tuple[Person, str]:
        person, sam = to
        made: Offer = world.offer(asked.id, sam.id, sent_at=self._now, answer_by=self._later)
        await self._work.offers.add(made)
        await self._work.dues.put(DueKind.OFFER_EXPIRES, made.id, self._later)
        told = world.notice(sam.id, kind=NoticeKind.OFFER, subject_id=made.id, sent_at=self._now)
        await self._work.notices.add(told)
        return person, made.id

    async def _member(self, name: str) -> tuple[Person, Member]:
        person = self._channel.person(name, NORTHMOOR)
        address = Address(
            self._channel.service_url, person.conversation_id, person.tenant, person.user_id, BOT_ID
        )
        member = world.member(
            tenant_id=person.tenant,
            directory_id=person.directory,
            name=name if name.startswith("Sam") else None,
            force_id="northmoor",
            address=address,
            reach=Reach.REACHABLE,
            welcomed_at=self._now,
            seen_in=self._now.date().replace(day=1),
        )
        await self._work.members.add(member)
        return person, member
