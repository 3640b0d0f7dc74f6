"""A quarter's numbers, for whoever answers for the service: from counts that name nobody, and only as sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from peer_support.feedback import Answer, Feedback
from peer_support.hours import LONDON
from peer_support.keeping_ports import Count, Measure
from peer_support.numbers import LEAST, Cell, Places, Quarter, Sheet, publish
from peer_support.people import RosterStatus
from peer_support.ports import Desk, Work
from peer_support.taxonomy import groups

# How each request ended: one that led to an introduction counts under the weeks until it, and nowhere else besides.
INTRODUCED = "introduced"
WAITED = ("introduced in 0 weeks", "introduced in 1 week", "introduced in 2 weeks", "introduced later")
ENDED = ("finished", "unanswered", "withdrawn", "other")
QUESTIONS = ("listened", "easy", "otherwise")


class TooEarly(ValueError):
    """Counts are made when a request is forgotten. Until nearly all are, the same quarter would be told twice."""


@dataclass(frozen=True, slots=True)
class QuarterNumbers:
    """How requests ended, by kind of topic, and the three questions; each by force, region and all forces."""

    quarter: Quarter
    outcomes: Sheet
    kinds: Sheet
    feedback: Mapping[str, Sheet]


async def see_numbers(desk: Desk, quarter: Quarter, now: datetime) -> QuarterNumbers:
    """The sheets of one quarter. TooEarly until half a year after its end."""
    if not quarter.settled(now.astimezone(LONDON).date()):
        raise TooEarly
    async with desk.open_work() as work:
        places = await _places(work, desk, now)
        counted = [each for each in await work.statistics.all() if quarter.holds(each.starts)]
        answers = [each for each in await work.feedback.all() if quarter.holds(_monday(each.week))]
    return QuarterNumbers(
        quarter=quarter,
        outcomes=publish(_outcomes(counted), places, (*WAITED, *ENDED)),
        kinds=publish(_kinds(counted), places, [group.id for group in groups()]),
        feedback={name: publish(_answers(answers, name), places, list(Answer)) for name in QUESTIONS},
    )


async def _places(work: Work, desk: Desk, now: datetime) -> Places:
    """The forces of this deployment. One with under 10 active supporters counts within its region alone."""
    small = set()
    for force in desk.forces.all:
        network = await work.supporters.network(force.id, now)
        if sum(each.supporter.status is RosterStatus.ACTIVE for each in network) < LEAST:
            small.add(force.id)
    return Places({force.id: force.region for force in desk.forces.all}, frozenset(small))


def _outcomes(counted: list[Count]) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for each in counted:
        if each.measure is Measure.WAITED:
            found[each.force_id, WAITED[min(int(each.value), len(WAITED) - 1)]] += each.count
        elif each.measure is Measure.OUTCOME and each.value != INTRODUCED:
            found[each.force_id, each.value if each.value in ENDED else ENDED[-1]] += each.count
    return found


def _kinds(counted: list[Count]) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for each in counted:
        if each.measure is Measure.GROUP:
            found[each.force_id, each.value] += each.count
    return found


def _answers(answers: list[Feedback], question: str) -> Counter[Cell]:
    said: list[tuple[str, Answer | None]] = [(each.force_id, getattr(each, question)) for each in answers]
    return Counter((force_id, answer.value) for force_id, answer in said if answer is not None)


def _monday(week: str) -> date:
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)
