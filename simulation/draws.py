"""Made-up people: forces, their supporters, and who asks for what, when. The same seed always draws the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from peer_support.force import Force
from peer_support.forces import Forces
from peer_support.hours import LONDON, WeeklyHours
from peer_support.people import Address, Coordinator, Member, Reach, Supporter
from peer_support.policy import Policy
from peer_support.request import JUST_TALK
from peer_support.taxonomy import EXPERIENCES, GRADES, LANGUAGES, ROLES
from simulation.assumptions import Assumptions
from simulation.shifts import Shifts

STARTS = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
READ = "simulated"
_LEAST_SUPPORTERS = 3
_HOURS = {
    False: ("Mon-Fri 08:00-18:00", "Mon-Fri 09:00-17:00", "Mon-Thu 10:00-20:00"),
    True: ("Mon-Sun 12:00-22:00", "Mon-Fri 18:00-22:00; Sat-Sun 10:00-18:00"),
}
# how often somebody asks at each hour of the day, against an ordinary hour
_BY_HOUR = (*[0.3] * 6, *[0.7] * 3, *[1.0] * 9, *[1.3] * 4, *[0.9] * 2)
_GRADES: Mapping[str, float] = {
    "student": 0.06,
    "constable": 0.42,
    "sergeant": 0.10,
    "inspecting": 0.04,
    "superintending": 0.01,
    "pcso": 0.04,
    "staff": 0.27,
    "staff_manager": 0.06,
}
_PARTS = ("mornings", "afternoons", "evenings", "weekends")
_SURGE_TOPICS = ("trauma_incident", "major_incident", "colleague_death")

TOPICS = tuple(topic for topic in EXPERIENCES if topic != JUST_TALK)
WORK = tuple(role.id for role in ROLES.values() if not role.covert and not role.conflict)
SPOKEN = tuple(each for each in LANGUAGES if each != "en")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to come: when, by whom, and the form as they leave it."""

    number: int
    at: datetime
    force_id: str
    shifts: Shifts
    answers: Mapping[str, str]
    surge: bool = False


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody there is at the start. `shifts` are by member id; `pauses` are (from, to, supporter)."""

    forces: Forces
    members: tuple[Member, ...]
    supporters: tuple[Supporter, ...]
    coordinators: tuple[Coordinator, ...]
    shifts: Mapping[str, Shifts]
    pauses: tuple[tuple[datetime, datetime, str], ...]


def stream(*parts: object) -> Random:
    """Chance of its own for one thing, so that one scenario's people are those of the next."""
    return Random(" ".join(str(part) for part in parts))  # noqa: S311 - nobody here is real


def shares(forces: int, power: float) -> list[float]:
    """Each force's share of all people, the largest first."""
    sizes = [rank**-power for rank in range(1, forces + 1)]
    return [size / sum(sizes) for size in sizes]


def draw_town(seed: int, forces: int, days: int, given: Assumptions, policy: Policy) -> Town:
    """The people of a number of forces, all with the same policy."""
    found = Forces(tuple(_force(rank, policy) for rank in range(1, forces + 1)))
    members, supporters, coordinators = list[Member](), list[Supporter](), list[Coordinator]()
    shifts: dict[str, Shifts] = {}
    pauses: list[tuple[datetime, datetime, str]] = []
    for force, share in zip(found.all, shares(forces, given.largest_share_power), strict=True):
        count = max(round(share * forces * given.supporters_a_force), _LEAST_SUPPORTERS)
        for number in range(count):
            chance = stream(seed, "supporter", force.id, number)
            member = _member(f"s-{force.id}-{number:05}", force.id)
            if chance.random() < given.never_opened:
                member = _unopened(member)
            else:
                pauses += _pauses(member.id, days, stream(seed, "pauses", member.id), given)
            shifts[member.id] = draw_shifts(chance, given)
            members.append(member)
            supporters.append(_supporter(member, shifts[member.id], chance, given))
        for number in range(given.coordinators_a_force):
            member = _member(f"c-{force.id}-{number}", force.id)
            members.append(member)
            coordinators.append(Coordinator(member.id, force.id))
            shifts[member.id] = Shifts()
    pauses.sort()
    return Town(found, tuple(members), tuple(supporters), tuple(coordinators), shifts, tuple(pauses))


def draw_asks(
    seed: int, forces: int, days: int, given: Assumptions, surge_on: int | None = None
) -> list[Ask]:
    """Who asks, in order of time. `surge_on` is the day of an incident in the force of middling size."""
    asks: list[Ask] = []
    for rank, share in enumerate(shares(forces, given.largest_share_power), start=1):
        people = share * forces * given.people_a_force
        chance = stream(seed, "asks", rank)
        for at in _times(people * given.asks_a_year * days / 365, days, chance):
            asks.append(_ask(seed, at, rank, len(asks), given))
    if surge_on is not None:
        rank = (forces + 1) // 2
        people = shares(forces, given.largest_share_power)[rank - 1] * forces * given.people_a_force
        chance = stream(seed, "surge")
        incident = STARTS + timedelta(days=surge_on, hours=14)
        ends = STARTS + timedelta(days=days)
        for _ in range(round(people * given.surge_people)):
            at = incident + timedelta(days=chance.expovariate(1 / given.surge_days))
            asks.append(_ask(seed, min(at, ends), rank, len(asks), given, surge=True))
    return sorted(asks, key=lambda ask: (ask.at, ask.number))


def draw_shifts(chance: Random, given: Assumptions) -> Shifts:
    """One person's duties."""
    return Shifts(chance.randrange(10)) if chance.random() < given.rotating else Shifts()


def address(member_id: str, tenant_id: str) -> Address:
    """Where a made-up person's chat would be."""
    return Address("simulated", member_id, tenant_id, member_id, "simulated")


def _force(rank: int, policy: Policy) -> Force:
    id = f"force-{rank:02}"
    return Force(id, id, frozenset({"E"}), "simulated", frozenset({f"tenant-{id}"}), policy=policy)


def _member(id: str, force_id: str) -> Member:
    tenant = f"tenant-{force_id}"
    where = address(id, tenant)
    return Member(
        id, tenant, id, force_id, name=id, address=where, reach=Reach.REACHABLE, limits_version=READ
    )


def _unopened(member: Member) -> Member:
    return Member(member.id, member.tenant_id, member.directory_id, member.force_id, name=member.name)


def _supporter(member: Member, shifts: Shifts, chance: Random, given: Assumptions) -> Supporter:
    ready = chance.random() >= given.not_ready
    hours = chance.choice(_HOURS[shifts.phase is not None]) if chance.random() < given.hours_given else None
    held = chance.sample(TOPICS, min(len(TOPICS), 1 + poisson(given.experiences - 1, chance)))
    spoken = {"en"} | ({chance.choice(SPOKEN)} if chance.random() < given.other_language else set())
    return Supporter(
        id=member.id,
        force_id=member.force_id or "",
        grade=_weighted(_GRADES, chance),
        roles=frozenset(chance.sample(WORK, chance.choice((1, 1, 2)))),
        experiences=frozenset(held),
        cleared=frozenset(held) | frozenset(TOPICS)
        if chance.random() < given.cleared
        else frozenset(topic for topic in held if not EXPERIENCES[topic].needs_clearance),
        languages=frozenset(spoken),
        hours=WeeklyHours.parse(hours) if hours else None,
        selected_on=date(2024, 1, 1),
        trained_on=date(2024, 3, 1),
        refresher_due=date(2030, 1, 1) if ready else date(2025, 6, 1),
        signed_off_by="simulated",
    )


def _pauses(
    supporter_id: str, days: int, chance: Random, given: Assumptions
) -> Iterator[tuple[datetime, datetime, str]]:
    at = STARTS
    while given.pauses_a_year:
        at += timedelta(days=chance.expovariate(given.pauses_a_year / 365))
        if at >= STARTS + timedelta(days=days):
            return
        until = at + timedelta(days=chance.expovariate(1 / given.pause_days))
        yield at, until, supporter_id
        at = until


def poisson(mean: float, chance: Random) -> int:
    """How many come where `mean` come on average."""
    count, left = 0, mean
    while (left := left - chance.expovariate(1)) > 0:
        count += 1
    return count


def _times(mean: float, days: int, chance: Random) -> list[datetime]:
    found = []
    for _ in range(poisson(mean, chance)):
        day, hour = chance.randrange(days), chance.choices(range(24), _BY_HOUR)[0]
        local = STARTS.replace(tzinfo=None) + timedelta(days=day, hours=hour, seconds=chance.randrange(3600))
        found.append(local.replace(tzinfo=LONDON).astimezone(UTC))
    return found


def _weighted(weights: Mapping[str, float], chance: Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _ask(seed: int, at: datetime, rank: int, number: int, given: Assumptions, *, surge: bool = False) -> Ask:
    chance = stream(seed, "ask", number)
    soon = given.surge_today if surge else given.today
    answers = {
        "soon": _one_of({"today": soon, "no_rush": given.no_rush}, "few_days", chance),
        "force_wish": _one_of({"own": given.own_force, "different": given.different_force}, "anyone", chance),
    }
    for topic in _picked(chance, given, surge=surge):
        name = f"topics_{EXPERIENCES[topic].group}"
        answers[name] = ",".join(filter(None, (answers.get(name, ""), topic)))
    if chance.random() < given.like_me:
        answers["alike"] = chance.choice(("job", "grade"))
        answers["about_work"] = ROLES[chance.choice(WORK)].label
        answers["about_grade"] = _weighted(_GRADES, chance)
    if chance.random() < given.other_language:
        answers["about_language"] = chance.choice(SPOKEN)
    if chance.random() < given.parts_of_week:
        answers["when"] = ",".join(sorted(chance.sample(_PARTS, 2)))
    return Ask(number, at, f"force-{rank:02}", draw_shifts(chance, given), answers, surge)


def _picked(chance: Random, given: Assumptions, *, surge: bool) -> list[str]:
    if surge:
        return [chance.choice(_SURGE_TOPICS)]
    if chance.random() < given.just_talk:
        return []
    return chance.sample(TOPICS, 2 if chance.random() < given.second_topic else 1)


def _one_of(shares_of: Mapping[str, float], rest: str, chance: Random) -> str:
    left = chance.random()
    for name, share in shares_of.items():
        left -= share
        if left < 0:
            return name
    return rest


assert set(_GRADES) <= set(GRADES)  # noqa: S101 - a name that the taxonomy doesn't know would count for nothing
