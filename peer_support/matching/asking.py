"""When people are asked, by when they answer, and by when the requester is promised news."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

from peer_support.hours import LONDON, WeeklyHours
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import eligible, own_hours
from peer_support.policy import Policy
from peer_support.request import HowSoon, When

PolicyOf = Callable[[str], Policy]

# Weekly hours come round in a week; a clock change can hide an opening once.
_LOOK_AHEAD = timedelta(days=15)

_PARTS = {
    When.MORNINGS: "Mon-Sun 06:00-12:00",
    When.AFTERNOONS: "Mon-Sun 12:00-17:00",
    When.EVENINGS: "Mon-Sun 17:00-22:00",
    When.NIGHTS: "Mon-Sun 22:00-06:00",
    When.WEEKENDS: "Sat-Sun 00:00-24:00",
}


def contact_hours(when: Iterable[When], policy: Policy) -> WeeklyHours:
    """When a requester may be contacted: the parts of the week they chose, or their force's waking hours."""
    chosen = frozenset(when)
    return _together(chosen) if chosen else policy.waking


@cache
def _together(when: frozenset[When]) -> WeeklyHours:
    return WeeklyHours.parse("; ".join(_PARTS[part] for part in sorted(when)))


class Opening:
    """The first moment at which somebody can be asked of those whom their hours alone keep from it now; None so far."""

    def __init__(self, seeker: Seeker, now: datetime) -> None:
        self._seeker, self._now = seeker, now
        self._opens: dict[tuple[WeeklyHours, WeeklyHours], datetime | None] = {}
        self.first: datetime | None = None

    def look(self, candidate: Candidate, policy: Policy) -> None:
        """At one of them. Somebody may be out of date by the time that they wake."""
        pair = own_hours(candidate, policy), policy.waking
        if pair not in self._opens:
            self._opens[pair] = first_in_both(*pair, self._now)
        opens = self._opens[pair]
        sooner = opens is not None and (self.first is None or opens < self.first)
        if sooner and opens is not None and eligible(candidate, self._seeker, opens, policy):
            self.first = opens


def first_in_both(one: WeeklyHours, other: WeeklyHours, now: datetime) -> datetime | None:
    """The first moment from `now` on (UTC) that lies in both hours; None where they never meet."""
    at = now.astimezone(UTC)
    while at <= now + _LOOK_AHEAD:
        if not one.open_at(at):
            at = one.next_open(at)
        elif not other.open_at(at):
            at = other.next_open(at)
        else:
            return at
    return None


def waits_long(starts: datetime | None, now: datetime, policy: Policy) -> bool:
    """Whether nobody can be asked for so long that the person is told at once when asking starts."""
    return starts is None or starts - now >= timedelta(hours=policy.night_gap_hours)


def answer_by(now: datetime, soon: HowSoon, policy: Policy) -> datetime:
    """By when an offer sent now is answered, in the supporter's force's waking hours."""
    hours = policy.offer_open_hours_today if soon is HowSoon.TODAY else policy.offer_open_hours
    return policy.waking.add_open(now, timedelta(hours=hours))


def news_by(round_ends: datetime, policy: Policy) -> datetime:
    """The promise while people are being asked: a little after the last of them has answered or let it pass.

    `policy` is the requester's force's, so that nobody is promised news in the night.
    """
    return policy.waking.add_open(round_ends, timedelta(hours=policy.news_after_round_hours))


def next_news(now: datetime, policy: Policy) -> datetime:
    """The promise where no offer is out: the same time tomorrow by the clock, or when people next wake after that."""
    local = now.astimezone(LONDON)
    tomorrow = (local.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=LONDON)
    return policy.waking.next_open(tomorrow)
