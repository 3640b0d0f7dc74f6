"""The choice: whom to ask next, out of everyone who may be asked. The same inputs always give the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from peer_support.matching.asking import PolicyOf
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import Reason, eligible, why_not, why_unavailable
from peer_support.matching.score import rank_key
from peer_support.request import HowSoon


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` are to be asked now, in order. `could` counts all who may be asked now, `kept` the others by rule."""

    chosen: tuple[Candidate, ...]
    could: int
    kept: tuple[tuple[Reason, int], ...]


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
    today = seeker.wishes.soon is HowSoon.TODAY
    most = policy_of(seeker.force_id).offers_at_once_today if today else 1
    able: list[Candidate] = []
    kept, waiting, available = Counter[Reason](), Counter[str](), Counter[str]()
    for candidate in candidates:
        force_id = candidate.supporter.force_id
        policy = policy_of(force_id)
        reason = why_not(candidate, seeker, now, policy)
        waiting[force_id] += candidate.supporter.id in live_offers
        if most > 1:  # one may always be asked, so thirds are of several
            available[force_id] += reason is None or why_unavailable(candidate, now, policy) is None
        if reason is None:
            able.append(candidate)
        else:
            kept[reason] += 1
    able.sort(key=lambda each: rank_key(each, seeker, now, policy_of(each.supporter.force_id)))
    thirds = {force_id: third(available[force_id]) for force_id in waiting}
    chosen = _within(able, most - len(live_offers), waiting, thirds)
    return Choice(chosen, len(able), tuple(sorted(kept.items())))


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
