"""The moments between: when a supporter hears that it isn't going ahead, and when a person may be reminded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from peer_support.hours import WeeklyHours
from peer_support.matching.asking import contact_hours
from peer_support.people import Supporter
from peer_support.policy import Policy
from peer_support.request import When

# What is due may be worked, and sent, a little late.
MARGIN = timedelta(minutes=30)


def ending_at(now: datetime, supporter: Supporter | None, policy: Policy, chance: Random) -> datetime:
    """When a supporter hears the neutral ending: a random 1 to 6 h on, in their hours, so that nobody can tell why."""
    wait = chance.uniform(policy.ending_least_hours, policy.ending_most_hours)
    return _in_their_hours(now + timedelta(hours=wait), supporter, policy)


def _in_their_hours(moment: datetime, supporter: Supporter | None, policy: Policy) -> datetime:
    return both_open(moment, policy.waking, (supporter.hours if supporter else None) or policy.waking)


def both_open(moment: datetime, one: WeeklyHours, other: WeeklyHours) -> datetime:
    """The first moment from `moment` on that lies in both hours; in `other` alone where the two never meet."""
    at = moment
    for _ in range(64):
        opened = other.next_open(one.next_open(at))
        if one.open_at(opened):
            return opened
        at = opened
    return other.next_open(moment)


def reminder_at(moment: datetime, when: Iterable[When], policy: Policy) -> datetime:
    """The first moment from `moment` on to remind a requester: while people wake, in the parts of the week they chose.

    In those parts alone where the two never meet, such as for somebody who works nights.
    """
    return both_open(moment, policy.waking, contact_hours(when, policy))


def hear_by(held_until: datetime, supporter: Supporter | None, policy: Policy) -> datetime:
    """By when a supporter who said yes has heard, whatever the answer: the latest ending there can be, in their hours.

    `policy` is the supporter's force's, as it is for the ending itself.
    """
    latest = held_until + timedelta(hours=policy.ending_most_hours)
    return _in_their_hours(latest, supporter, policy) + MARGIN
