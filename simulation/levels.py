"""How each supporter stands who carries something, was lately offered something, or paused: kept up as time goes on."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from peer_support.matching.candidate import Candidate, Load, Seeker
from peer_support.matching.eligible import why_unavailable
from peer_support.matching.score import DAYS_A_POINT, LONGEST_UNOFFERED, score
from peer_support.people import Member
from peer_support.policy import Policy
from peer_support.request import Wishes
from simulation.rows import Rows

_STEP, _WEEK = timedelta(days=DAYS_A_POINT), timedelta(days=7, microseconds=1)
_PLAIN = Policy()
_NOTHING = Load()
_NOBODY = Seeker("", Member("", "", ""), "", "", Wishes())


def plain(rows: Rows, member_id: str, load: Load = _NOTHING) -> Candidate:
    """A supporter as the rules see them. An id tells one person from another."""
    member = rows.members.rows[member_id]
    return Candidate(rows.supporters.rows[member_id], member.tenant_id, member_id, member.reach, load)


class _Theirs(Protocol):
    @property
    def supporter_id(self) -> str: ...


class Levels:
    """`points` holds sets of supporters by the points they have less than somebody who carries nothing and was never
    offered anything; `of` says the same of each. `busy` are those whom no request could be offered to just now.

    The rules themselves say so, asked again whenever it may have changed: by an offer, an answer, an introduction or
    its end, a pause, and as the days go by that the rules count.
    """

    def __init__(
        self,
        rows: Rows,
        candidate: Callable[[str, datetime], Candidate],
        place: Mapping[str, int],
        policies: Mapping[str, Policy],
    ) -> None:
        self._rows, self._candidate, self._place, self._policies = rows, candidate, place, policies
        self.points: defaultdict[int, int] = defaultdict(int)
        self.of: dict[str, int] = {}
        self.busy = 0
        self._changed: dict[str, None] = {}
        self._later: list[tuple[datetime, str]] = []
        rows.offers.also(self._theirs)
        rows.proposals.also(self._theirs)
        rows.matches.also(self._theirs)
        rows.supporters.also(lambda _before, after: self._note(after.id) if after else None)

    def _theirs(self, before: _Theirs | None, after: _Theirs | None) -> None:
        row = after or before
        if row is not None:
            self._note(row.supporter_id)

    def _note(self, id: str) -> None:
        if id in self._place:
            self._changed[id] = None

    def bring_up_to(self, now: datetime) -> None:
        """As it stands at `now`."""
        while self._later and self._later[0][0] <= now:
            self._changed[heapq.heappop(self._later)[1]] = None
        for id in self._changed:
            self._weigh(id, now)
        self._changed.clear()

    def _weigh(self, id: str, now: datetime) -> None:
        candidate, bit = self._candidate(id, now), self._place[id]
        policy = self._policies[candidate.supporter.force_id]
        available = why_unavailable(candidate, now, policy, in_hours=False) is None
        self.busy = self.busy & ~bit if available else self.busy | bit
        lost = score(candidate, _NOBODY, now, _PLAIN).total - LONGEST_UNOFFERED
        before = self.of.pop(id, None)
        if before is not None:
            self.points[before] &= ~bit
        last = candidate.supporter.last_offered_at
        if last is None or (lost == 0 and now - last >= _STEP * LONGEST_UNOFFERED):
            return
        self.of[id] = lost
        self.points[lost] |= bit
        self._again(id, last, now)

    def _again(self, id: str, last: datetime, now: datetime) -> None:
        """Weigh them anew when the next of the days has gone by that the rules count."""
        rows = self._rows
        moments = [last + ((now - last) // _STEP + 1) * _STEP]
        moments += [rows.offers.rows[each].sent_at + _WEEK for each in rows.offers_to.of.get(id, ())]
        moments += [
            rows.matches.rows[each].introduced_at + _WEEK for each in rows.matches_with.of.get(id, ())
        ]
        heapq.heappush(self._later, (min(moment for moment in moments if moment > now), id))
