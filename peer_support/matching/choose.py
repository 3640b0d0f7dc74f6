"""The choice: whom to ask next, out of everyone who may be asked. The same inputs always give the same people."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from peer_support.matching.asking import Opening, PolicyOf
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import Reason, eligible, why_not, why_unavailable
from peer_support.matching.score import fair, total
from peer_support.policy import Policy
from peer_support.request import HowSoon

Ranked = tuple[tuple[int, str], Candidate]


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` are to be asked now, in order. `could` counts all who may be asked now, `kept` the others by rule.

    `starts` is the first moment at which anybody can be asked: now where somebody can, None where nobody ever can.
    """

    chosen: tuple[Candidate, ...]
    could: int
    kept: tuple[tuple[Reason, int], ...]
    starts: datetime | None


class Choosing:
    """The choice while candidates come a few at a time. Of each force only those who could be chosen are kept."""

    def __init__(
        self, seeker: Seeker, now: datetime, policy_of: PolicyOf, live_offers: Collection[str] = ()
    ) -> None:
        self._seeker, self._now, self._policy_of, self._live_offers = seeker, now, policy_of, live_offers
        today = seeker.wishes.soon is HowSoon.TODAY
        self._at_once = policy_of(seeker.force_id).offers_at_once_today if today else 1
        self._most = self._at_once - len(live_offers)
        self._best: dict[str, list[Ranked]] = {}
        self._could = 0
        self._opening = Opening(seeker, now)
        self._kept, self._waiting, self._available = Counter[Reason](), Counter[str](), Counter[str]()

    def take(self, candidates: Iterable[Candidate]) -> None:
        """Look at these too."""
        several = self._at_once > 1  # one may always be asked, so thirds are of several
        for candidate in candidates:
            force_id = candidate.supporter.force_id
            policy = self._policy_of(force_id)
            reason = why_not(candidate, self._seeker, self._now, policy)
            if candidate.supporter.id in self._live_offers:
                self._waiting[force_id] += 1
            if several and (reason is None or why_unavailable(candidate, self._now, policy) is None):
                self._available[force_id] += 1
            if reason is None:
                self._could += 1
                self._weigh(candidate, policy)
            else:
                self._kept[reason] += 1
                if reason is Reason.OUT_OF_HOURS:  # the last rule of all: no other stands against them
                    self._opening.look(candidate, policy)

    def _weigh(self, candidate: Candidate, policy: Policy) -> None:
        """Keep them where they come before one of the best. Whoever has fewer points than all needs no tie-break."""
        best = self._best.setdefault(candidate.supporter.force_id, [])
        points = total(candidate, self._seeker, self._now, policy)
        if len(best) < self._most or (best and points >= -best[-1][0][0]):
            key = -points, fair(self._seeker.request_id, candidate.supporter.id)
            insort(best, (key, candidate), key=itemgetter(0))
            del best[max(self._most, 0) :]

    def choice(self) -> Choice:
        """Out of all who were looked at."""
        ranked = sorted((each for best in self._best.values() for each in best), key=itemgetter(0))
        thirds = {force_id: third(self._available[force_id]) for force_id in self._best}
        chosen = _within((candidate for _, candidate in ranked), self._most, self._waiting, thirds)
        starts = self._now if self._could else self._opening.first
        return Choice(chosen, self._could, tuple(sorted(self._kept.items())), starts)


def choose(
    candidates: Iterable[Candidate],
    seeker: Seeker,
    now: datetime,
    policy_of: PolicyOf,
    live_offers: Collection[str] = (),
) -> Choice:
    """Whom to ask now. `live_offers` are the supporters whose offers of this very request still wait.

    One after the other; for today, several at once, and never more than a third of a force's available supporters
    (one may always be asked).
    """
    choosing = Choosing(seeker, now, policy_of, live_offers)
    choosing.take(candidates)
    return choosing.choice()


async def choose_in_lots(
    lots: AsyncGenerator[Sequence[Candidate], None],
    seeker: Seeker,
    now: datetime,
    policy_of: PolicyOf,
    live_offers: Collection[str] = (),
) -> Choice:
    """The same choice while they are read, so that they are never all there at once."""
    choosing = Choosing(seeker, now, policy_of, live_offers)
    async with aclosing(lots):
        async for some in lots:
            choosing.take(some)
    return choosing.choice()


def can_be_offered(
    candidates: Iterable[Candidate],
    seeker: Seeker,
    now: datetime,
    policy_of: PolicyOf,
    *,
    in_hours: bool = True,
) -> int:
    """How many could be asked now: all that a coordinator learns of them."""
    return sum(
        eligible(each, seeker, now, policy_of(each.supporter.force_id), in_hours=in_hours)
        for each in candidates
    )


def third(available: int) -> int:
    """How many of a force's available supporters one request may ask at once."""
    return max(available // 3, 1)


def _within(
    ranked: Iterable[Candidate], most: int, waiting: Counter[str], thirds: Mapping[str, int]
) -> tuple[Candidate, ...]:
    asked, chosen = waiting.copy(), list[Candidate]()
    for candidate in ranked:
        force_id = candidate.supporter.force_id
        if len(chosen) < most and asked[force_id] < thirds[force_id]:
            chosen.append(candidate)
            asked[force_id] += 1
    return tuple(chosen)
