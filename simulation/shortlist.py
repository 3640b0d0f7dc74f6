"""Out of ten thousand supporters the few that the one rule could choose now, found by an index.

The rule itself decides: what it is given here always holds everybody it would have chosen out of all, and says the same
of when asking could start. `tests/simulation/test_shortlist.py` holds that against the whole list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, reduce
from itertools import islice
from operator import or_

from peer_support.forces import Forces
from peer_support.hours import WeeklyHours
from peer_support.matching.asking import first_in_both
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import eligible, why_unavailable
from peer_support.matching.score import fair, score
from peer_support.offer import OfferState
from peer_support.people import Alike, RosterStatus, Supporter
from peer_support.policy import Policy
from peer_support.request import ForceWish, HowSoon, Request
from peer_support.taxonomy import EXPERIENCES
from simulation.levels import Levels, plain
from simulation.rows import Rows

CandidateOf = Callable[[Rows, str, datetime], Candidate]
# a third of a force's available supporters, which are those free and in their hours, is all that one may ask at once
_THIRDS = 3
# a request is asked for again within a day or two
_fair = lru_cache(maxsize=300_000)(fair)


class Shortlist:
    """Sets of supporters by what the rule looks at. A set is a number with a bit for each: quick to cut and to join."""

    def __init__(self, rows: Rows, forces: Forces, candidate_of: CandidateOf) -> None:
        self._rows, self._candidate_of = rows, candidate_of
        self._policies: Mapping[str, Policy] = {force.id: force.policy for force in forces.all}
        self._ids: list[str] = []
        self._place: dict[str, int] = {}
        self._by_force: defaultdict[str, int] = defaultdict(int)
        self._by_hours: defaultdict[WeeklyHours, int] = defaultdict(int)
        self._by_fact: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._levels = Levels(rows, lambda id, now: candidate_of(rows, id, now), self._place, self._policies)

    def add(self, supporter: Supporter, now: datetime) -> None:
        """Somebody on the roster who may ever be asked. What is filed here never changes in a simulated year."""
        policy = self._policies[supporter.force_id]
        able = plain(self._rows, supporter.id)
        if why_unavailable(able, now, policy, in_hours=False) is None:
            bit = 1 << len(self._ids)
            self._place[supporter.id] = bit
            self._ids.append(supporter.id)
            self._by_force[supporter.force_id] |= bit
            self._by_hours[supporter.hours or policy.waking] |= bit
            self._by_fact["grade", supporter.grade] |= bit
            for kind, facts in (
                ("experience", supporter.experiences),
                ("work", supporter.roles),
                ("language", supporter.languages),
            ):
                for fact in facts:
                    self._by_fact[kind, fact] |= bit

    def knows(self, supporter_id: str) -> bool:
        """Whether they may ever be asked."""
        return supporter_id in self._place

    def everyone(self, now: datetime, force_ids: Collection[str] | None) -> Sequence[Candidate]:
        """All of them, as the store itself would list them."""
        found = sorted(self._rows.supporters.rows)
        every = (self._candidate_of(self._rows, id, now) for id in found)
        return [
            each
            for each in every
            if (force_ids is None or each.supporter.force_id in force_ids)
            and each.supporter.status is RosterStatus.ACTIVE
            and not each.supporter.paused
        ]

    def of(self, request: Request, now: datetime, scope: frozenset[str]) -> Sequence[Candidate]:
        """Whom the rule could choose for this request now; where nobody, those who say when asking could start."""
        seeker = self._seeker(request)
        offers = [self._rows.offers.rows[id] for id in self._rows.offers_of_request.of[request.id]]
        waiting = {each.supporter_id for each in offers if each.state is OfferState.SENT}
        today = request.wishes.soon is HowSoon.TODAY
        if waiting and not today:
            return []
        self._levels.bring_up_to(now)
        most = self._policies[request.force_id].offers_at_once_today if today else 1
        free = self._within(scope) & ~self._levels.busy
        pool = self._open_now(now) & free
        found = self._first(pool, seeker, now, most)
        if not found and not waiting:
            return self._later(free, seeker, now)
        return self._padded(found, waiting, pool, now, most) if today else found

    def first(self, request: Request, now: datetime, scope: frozenset[str], most: int) -> list[Candidate]:
        """The first so many by the rule, best first, with the score that the rule gives them."""
        self._levels.bring_up_to(now)
        return self._first(
            self._open_now(now) & self._within(scope) & ~self._levels.busy,
            self._seeker(request),
            now,
            most,
            spread=False,
        )

    def seeker(self, request: Request) -> Seeker:
        """The asking side, as the rules see it."""
        return self._seeker(request)

    def _seeker(self, request: Request) -> Seeker:
        asked = {
            self._rows.offers.rows[id].supporter_id for id in self._rows.offers_of_request.of[request.id]
        }
        return Seeker(
            request_id=request.id,
            member=self._rows.members.rows[request.requester_id],
            person=request.requester_id,
            force_id=request.force_id,
            wishes=replace(request.wishes, force_wish=ForceWish.ANYONE),  # the scope says how far it reaches
            asked=frozenset(asked),
        )

    def _candidate(self, id: str, now: datetime) -> Candidate:
        if id in self._levels.of:
            return self._candidate_of(self._rows, id, now)
        return plain(self._rows, id)

    def _those(self, some: int) -> Iterator[str]:
        bits = format(some, "b")[::-1]
        place = bits.find("1")
        while place >= 0:
            yield self._ids[place]
            place = bits.find("1", place + 1)

    def _within(self, scope: Iterable[str]) -> int:
        return reduce(or_, (self._by_force[force_id] for force_id in scope), 0)

    def _open_now(self, now: datetime) -> int:
        spans = (some for hours, some in self._by_hours.items() if hours.open_at(now))
        awake = (force_id for force_id, policy in self._policies.items() if policy.waking.open_at(now))
        return reduce(or_, spans, 0) & self._within(awake)

    def _first(
        self, pool: int, seeker: Seeker, now: datetime, most: int, *, spread: bool = True
    ) -> list[Candidate]:
        """In the rule's order, until `most` are found. `spread` goes on until they stand in as many forces."""
        found: list[Candidate] = []
        forces: dict[str, int] = {}
        for id in self._ranked(pool, seeker, now):
            force_id = self._rows.supporters.rows[id].force_id
            if spread and forces.get(force_id, 0) >= most:
                continue
            candidate = self._candidate(id, now)
            if eligible(candidate, seeker, now, self._policies[force_id]):
                found.append(candidate)
                forces[force_id] = forces.get(force_id, 0) + 1
                if (len(forces) if spread else len(found)) >= most:
                    break
        return found

    def _ranked(self, pool: int, seeker: Seeker, now: datetime) -> Iterator[str]:
        """The pool in the rule's order: those alike in all that the rule looks at are scored by one of them."""
        points: defaultdict[int, int] = defaultdict(int)
        for alike in self._alike(pool, seeker):
            one = self._rows.supporters.rows[next(self._those(alike & -alike))]
            never = replace(plain(self._rows, one.id), supporter=replace(one, last_offered_at=None))
            most = score(never, seeker, now, self._policies[one.force_id]).total
            left = alike
            for lost, some in self._levels.points.items():
                points[most + lost] |= alike & some
                left &= ~some
            points[most] |= left
        for total in sorted(points, reverse=True):
            yield from sorted(self._those(points[total]), key=lambda id: _fair(seeker.request_id, id))

    def _alike(self, pool: int, seeker: Seeker) -> list[int]:
        alike = [pool] if pool else []
        for some in self._facts(seeker):
            split = [part for each in alike for part in (each & some, each & ~some)]
            alike = [part for part in split if part]
        return alike

    def _facts(self, seeker: Seeker) -> Iterator[int]:
        wishes, about = seeker.wishes, seeker.wishes.about
        for topic in wishes.topics:
            yield self._by_fact["experience", topic]
            if topic in EXPERIENCES and EXPERIENCES[topic].other_force_first:
                yield self._by_force[seeker.force_id]
        if about.language:
            yield self._by_fact["language", about.language]
        if about.alike is Alike.JOB and about.work:
            yield self._by_fact["work", about.work]
        if about.alike is Alike.GRADE:
            yield self._by_force[seeker.force_id]
            yield from [some for (kind, _), some in self._by_fact.items() if kind == "grade"]
        if wishes.when:
            yield from self._by_hours.values()

    def _later(self, scope: int, seeker: Seeker, now: datetime) -> list[Candidate]:
        """Of each kind of hours one who can be asked when they next open, so that the rule finds the first moment."""
        found = []
        for hours, some in self._by_hours.items():
            for id in self._those(some & scope):
                candidate = self._candidate(id, now)
                policy = self._policies[candidate.supporter.force_id]
                opening = first_in_both(hours, policy.waking, now)
                if (
                    opening is not None
                    and eligible(candidate, seeker, now, policy, in_hours=False)
                    and eligible(candidate, seeker, opening, policy)
                ):
                    found.append(candidate)
                    break
        return found

    def _padded(
        self, found: list[Candidate], waiting: Collection[str], pool: int, now: datetime, most: int
    ) -> list[Candidate]:
        """With as many more of their forces as the rule's thirds look at, and those whose offers still wait."""
        shown = {each.supporter.id: each for each in found}
        shown |= {id: self._candidate_of(self._rows, id, now) for id in waiting}
        for force_id in {each.supporter.force_id for each in shown.values()}:
            for id in islice(self._those(pool & self._by_force[force_id]), _THIRDS * most):
                shown[id] = self._candidate(id, now)
        return list(shown.values())
