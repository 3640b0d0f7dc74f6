"""The moments between: when a supporter hears that it isn't going ahead, and when a person may be reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from peer_support.hours import WeeklyHours
from peer_support.people import Supporter
from peer_support.policy import Policy


def ending_at(now: datetime, supporter: Supporter | None, policy: Policy, chance: Random) -> datetime:
    """When a supporter hears the neutral ending: a random 1 to 6 h on, in their hours, so that nobody can tell why."""
    wait = chance.uniform(policy.ending_least_hours, policy.ending_most_hours)
    earliest = now + timedelta(hours=wait)
    return both_open(
        earliest, policy.waking, supporter.hours if supporter and supporter.hours else policy.waking
    )


def both_open(moment: datetime, one: WeeklyHours, other: WeeklyHours) -> datetime:
    """The first moment from `moment` on that lies in both hours; in `other` alone where the two never meet."""
    at = moment
    for _ in range(64):
        opened = other.next_open(one.next_open(at))
        if one.open_at(opened):
            return opened
        at = opened
    return other.next_open(moment)


def hear_by(held_until: datetime, policy: Policy) -> datetime:
    """By when a supporter who said yes has heard, whatever the answer."""
    return policy.waking.next_open(held_until + timedelta(hours=policy.ending_most_hours))
