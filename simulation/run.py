"""One scenario from its first ask to its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_support.matching.eligible import within_wish
from peer_support.matching.score import score
from peer_support.offer import OfferState
from peer_support.request import Request
from simulation.draws import STARTS, draw_asks, draw_town, poisson, stream
from simulation.figures import gini, most_even, waking_hours
from simulation.optimum import Loss, compare
from simulation.reactions import People
from simulation.rows import Rows
from simulation.scenarios import Scenario
from simulation.watch import Promises
from simulation.world import Progress, World

SURGE_AT = 0.5
_BATCHES = 12
_BATCH_AT_MOST = 120
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is. The surge comes halfway."""

    forces: int
    days: int
    seed: int

    @property
    def surge_on(self) -> int:
        """The day of the incident."""
        return int(self.days * SURGE_AT)


@dataclass(frozen=True, slots=True)
class Evenness:
    """Gini of what supporters carried; of as much dealt out as evenly as it goes; and of as much dealt by chance."""

    found: float
    least: float
    by_chance: float
    busiest: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one scenario. `waits` are waking hours to the introduction, `named` to the first supporter's yes."""

    title: str
    supporters: int
    asked: int
    waits: tuple[float | None, ...]
    named: tuple[float | None, ...]
    surge_waits: tuple[float | None, ...]
    news: Promises
    hear: Promises
    silent: Mapping[str, int]
    ends: Mapping[str, int]
    offers: Mapping[str, int]
    introductions: Evenness
    offered: Evenness
    loss: Loss | None


async def simulate(scenario: Scenario, size: Size, progress: Progress) -> Outcome:
    """Run it. The same size and scenario always have the same outcome."""
    world = World(
        size.seed,
        draw_town(size.seed, size.forces, size.days, scenario.given, scenario.policy),
        scenario.given,
        scenario.policy,
    )
    surge_on = size.surge_on if scenario.surge else None
    People(world).begin(draw_asks(size.seed, size.forces, size.days, scenario.given, surge_on))
    batches: list[list[Mapping[str, int]]] = []
    for moment in _moments(size, surge_on):
        world.at(moment, _batch(world, batches))
    await world.run(STARTS + timedelta(days=size.days), progress)
    return _outcome(scenario.title, world, compare(batches))


def _moments(size: Size, surge_on: int | None) -> list[datetime]:
    """Early afternoons, spread over the run; after an incident those that follow it."""
    if surge_on is not None:
        days = [surge_on + later for later in range(1, 7)]
    else:
        step = max(size.days // _BATCHES, 1)
        days = list(range(step, size.days, step))
    return [STARTS + timedelta(days=day, hours=13) for day in days]


def _batch(world: World, batches: list[list[Mapping[str, int]]]) -> Callable[[datetime], Awaitable[None]]:
    async def look(now: datetime) -> None:
        requests = sorted(world.rows.requests.rows.values(), key=lambda each: (each.created_at, each.id))
        lately = [each for each in requests if now - _A_DAY < each.created_at][:_BATCH_AT_MOST]
        if len(lately) > 1:
            batches.append([_points(world, each, now, len(lately)) for each in lately])

    return look


def _points(world: World, request: Request, now: datetime, most: int) -> Mapping[str, int]:
    """Of a batch of so many requests each needs no more than as many supporters, its best."""
    scope = frozenset(
        force.id for force in world.town.forces.all if within_wish(force.id, request.force_id, request.wishes)
    )
    shortlist = world.store.shortlist
    seeker = shortlist.seeker(request)
    found = shortlist.first(request, now, scope, most)
    return {each.supporter.id: score(each, seeker, now, world.policy).total for each in found}


def _outcome(title: str, world: World, loss: Loss | None) -> Outcome:
    rows = world.rows
    waits, named, surge = list[float | None](), list[float | None](), list[float | None]()
    introduced = _first(rows, {id: match.introduced_at for id, match in rows.matches.rows.items()})
    offered = _first(rows, {id: proposal.made_at for id, proposal in rows.proposals.rows.items()})
    for request in rows.requests.rows.values():
        wait, name = (
            waking_hours(world.policy.waking, request.created_at, found[request.id])
            if request.id in found
            else None
            for found in (introduced, offered)
        )
        waits.append(wait)
        named.append(name)
        if request.id in world.surge:
            surge.append(wait)
    able = [each.id for each in world.town.supporters if world.store.shortlist.knows(each.id)]
    return Outcome(
        title=title,
        supporters=len(able),
        asked=len(waits),
        waits=tuple(waits),
        named=tuple(named),
        surge_waits=tuple(surge),
        news=world.watch.news,
        hear=world.watch.hear,
        silent=world.watch.silent,
        ends=_ends(rows),
        offers=Counter(
            offer.state if offer.state is not OfferState.SENT else "waiting"
            for offer in rows.offers.rows.values()
        ),
        introductions=_evenness(world.seed, [len(rows.matches_with.of.get(id, ())) for id in able]),
        offered=_evenness(world.seed, [len(rows.offers_to.of.get(id, ())) for id in able]),
        loss=loss,
    )


def _first(rows: Rows, moments: Mapping[str, datetime]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for id, moment in moments.items():
        row = rows.matches.rows.get(id) or rows.proposals.rows[id]
        found[row.request_id] = min(moment, found.get(row.request_id, moment))
    return found


def _ends(rows: Rows) -> Counter[str]:
    """How each request ended, once each; those that still live by what they wait for."""
    return Counter(
        f"live, {request.state}" if request.live else str(request.close_reason)
        for request in rows.requests.rows.values()
    )


def _evenness(seed: int, loads: list[int]) -> Evenness:
    total, people = sum(loads), max(len(loads), 1)
    chance = stream(seed, "dealt")
    dealt = [poisson(total / people, chance) for _ in range(people)]
    return Evenness(gini(loads), gini(most_even(total, people)), gini(dealt), max(loads, default=0))
