"""Who first, among those who may be asked: whole points under named parts, then a tie-break that favours nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from peer_support.hours import WeeklyHours
from peer_support.matching.asking import contact_hours
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import looks_across, own_hours
from peer_support.people import Alike
from peer_support.policy import Policy
from peer_support.request import JUST_TALK
from peer_support.taxonomy import EXPERIENCES, GRADES, near

EACH_SHARED = 30
GRADE_BY_DISTANCE = {0: 20, 1: 12, 2: 4}
SAME_WORK = 20
SAME_LANGUAGE = 20
ALL_HOURS = 12
LONGEST_UNOFFERED = 10
DAYS_A_POINT = 3
EACH_CARRIED = -5
ACROSS_FORCES = 10
# More than all other parts together: whoever is under scrutiny, or harmed at home, may fear their own force.
OTHER_FORCE_FIRST = 200
OTHER_WORK = "other_role"


class Part(StrEnum):
    """What points are given for."""

    EXPERIENCE = "experience"
    GRADE = "grade"
    WORK = "work"
    LANGUAGE = "language"
    HOURS = "hours"
    OTHER_FORCE = "other_force"
    LOAD = "load"
    UNOFFERED = "unoffered"


@dataclass(frozen=True, slots=True)
class Score:
    """The points by part, so that a choice can be explained; all parts stand here, the empty ones too."""

    parts: tuple[tuple[Part, int], ...]

    @property
    def total(self) -> int:
        """All points together."""
        return sum(points for _, points in self.parts)


def score(candidate: Candidate, seeker: Seeker, now: datetime, policy: Policy) -> Score:
    """The points of a supporter for a request. `policy` is the supporter's force's."""
    return Score(tuple(zip(Part, _points(candidate, seeker, now, policy), strict=True)))


def total(candidate: Candidate, seeker: Seeker, now: datetime, policy: Policy) -> int:
    """The same points together, for the thousands of whom nobody asks how they came about."""
    return sum(_points(candidate, seeker, now, policy))


def _points(candidate: Candidate, seeker: Seeker, now: datetime, policy: Policy) -> tuple[int, ...]:
    """In the order of `Part`."""
    return (
        EACH_SHARED * len(shared(candidate, seeker)),
        _grade(candidate, seeker),
        _work(candidate, seeker),
        _language(candidate, seeker),
        _hours(candidate, seeker, policy),
        _other_force(candidate, seeker),
        EACH_CARRIED * (candidate.load.active + candidate.load.holding),
        _unoffered(candidate, now),
    )


def fair(request_id: str, supporter_id: str) -> str:
    """The tie-break: as good as chance, yet the same from the same inputs; no name or place in a list matters."""
    return sha256(f"{request_id}:{supporter_id}".encode()).hexdigest()


def shared(candidate: Candidate, seeker: Seeker) -> tuple[str, ...]:
    """The experiences in common, in the requester's order. Matched on, and not to be shown: see `may_be_named`."""
    had = candidate.supporter.experiences
    return tuple(topic for topic in seeker.wishes.topics if topic != JUST_TALK and topic in had)


def may_be_named(candidate: Candidate, seeker: Seeker) -> tuple[str, ...]:
    """Of the experiences in common, those that the supporter lets be named."""
    return tuple(topic for topic in shared(candidate, seeker) if topic in candidate.supporter.named)


def _grade(candidate: Candidate, seeker: Seeker) -> int:
    own, theirs = seeker.wishes.about.grade or "", candidate.supporter.grade
    if seeker.wishes.about.alike is not Alike.GRADE or own not in GRADES or theirs not in GRADES:
        return 0
    apart = near(own, theirs)
    return 0 if apart is None else GRADE_BY_DISTANCE.get(apart, 0)


def _work(candidate: Candidate, seeker: Seeker) -> int:
    about = seeker.wishes.about
    wished = about.alike is Alike.JOB and about.work != OTHER_WORK
    return SAME_WORK if wished and about.work in candidate.supporter.roles else 0


def _language(candidate: Candidate, seeker: Seeker) -> int:
    return SAME_LANGUAGE if seeker.wishes.about.language in candidate.supporter.languages else 0


def _hours(candidate: Candidate, seeker: Seeker, policy: Policy) -> int:
    if not seeker.wishes.when:
        return 0
    wished = contact_hours(seeker.wishes.when, policy)
    return _hours_points(wished, own_hours(candidate, policy))


def _other_force(candidate: Candidate, seeker: Seeker) -> int:
    if candidate.supporter.force_id == seeker.force_id:
        return 0
    if _other_force_first(seeker.wishes.topics):
        return OTHER_FORCE_FIRST
    return ACROSS_FORCES if looks_across(seeker.wishes) else 0


@lru_cache(maxsize=64)
def _other_force_first(topics: tuple[str, ...]) -> bool:
    return any(topic in EXPERIENCES and EXPERIENCES[topic].other_force_first for topic in topics)


def _unoffered(candidate: Candidate, now: datetime) -> int:
    last = candidate.supporter.last_offered_at
    if last is None:
        return LONGEST_UNOFFERED
    waited = max(now - last, timedelta()).days
    return min(waited // DAYS_A_POINT, LONGEST_UNOFFERED)


@lru_cache(maxsize=256)  # many share their hours
def _hours_points(wished: WeeklyHours, own: WeeklyHours) -> int:
    return ALL_HOURS * _minutes_in_common(wished, own) // _minutes(wished)


def _minutes(hours: WeeklyHours) -> int:
    return sum(end - start for _, start, end in hours.spans)


def _minutes_in_common(one: WeeklyHours, other: WeeklyHours) -> int:
    return sum(
        max(min(end, other_end) - max(start, other_start), 0)
        for day, start, end in one.spans
        for other_day, other_start, other_end in other.spans
        if day == other_day
    )
