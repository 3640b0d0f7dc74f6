"""How what waits is handed to senders: one person's to one sender at a time, at a pace that the channel takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peer_support.notice import Notice, NoticeKind

LONGEST_HOLD = timedelta(hours=2)  # one that ends later was written by a clock that has jumped since
MOST_EACH = 16  # of one person's notices to a sender at once


@dataclass(frozen=True, slots=True)
class Rate:
    """One every so many seconds, and after a quiet while `burst` of them at once. 0 seconds: as many as there are."""

    every: float
    burst: int = 1

    @property
    def tolerance(self) -> float:
        """How many seconds before its regular moment one may go."""
        return (self.burst - 1) * self.every


@dataclass(frozen=True, slots=True)
class Pace:
    """The rates of one tenant, and of one chat: over seconds, and over hours.

    `lead` is how long before it goes a notice is handed out, so that it is worded by then. A tenant whose places are
    taken for more than `ahead` seconds gets no more for the moment, so that other tenants' notices needn't wait. `most`
    is what one sender sends to a tenant within any second, where some go later than they should have.
    """

    tenant: Rate
    chat: tuple[Rate, Rate]
    lead: float = 0.2
    ahead: float = 0.45
    most: int = 35


# Teams takes 50 a second of one bot in one tenant: 35 of these are for the outbox, the rest for answers in the chat.
# 33.7 leaves room for what comes a few hundredths of a second late. One chat takes 7 in one second, 8 in two, 60 in 30,
# and 1,800 in an hour, and the two rates together let fewer through in any of these.
TEAMS = Pace(Rate(1 / 33.7), (Rate(0.54, 4), Rate(2.1, 60)))
UNMETERED = Pace(Rate(0), (Rate(0), Rate(0)))


@dataclass(frozen=True, slots=True)
class Places:
    """When notices may go to a tenant, in seconds of the clock that all senders share, and what it showed just then."""

    at: tuple[float, ...] = ()
    clock: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One person's notices in their order, for one sender alone until its lease ends.

    `lease` tells this claim from the person's others. `spent` is for how long from now the chat's rates are used up.
    """

    recipient_id: str
    tenant_id: str
    lease: int
    notices: tuple[Notice, ...]
    places: Places = Places()
    spent: tuple[float, float] = (0.0, 0.0)


class Fate(StrEnum):
    """What became of a notice that was claimed."""

    SENT = "sent"  # it is there, or needn't be any more
    TRIED = "tried"  # it keeps its place in the order, and its try counts
    LEFT = "left"  # it was never begun
    ASIDE = "aside"  # it is put off, and what comes after it goes first
    DEAD = "dead"  # it isn't tried again


@dataclass(frozen=True, slots=True)
class Dealt:
    """What became of one notice. `at` is when it was sent or given up, or until when it is put aside.

    `activity_id` is the channel's id of a new message. `why` is a static name, never a person's words.
    """

    notice: Notice
    fate: Fate
    at: datetime
    activity_id: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A sender lets a person go. Until `held_until` nothing more of theirs is claimed."""

    claim: Claim
    held_until: datetime | None = None
    spent: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A notice that isn't tried again, as an operator sees it: nobody's id, and nothing of what it is about."""

    id: str
    kind: NoticeKind
    edit: bool
    since: datetime
    why: str
    tries: int


def overtaken(notices: Sequence[Notice]) -> frozenset[str]:
    """Which of a person's due notices would say what a later one says: all are worded from the present truth."""
    last = {(notice.kind, notice.subject_id, notice.edits): notice.id for notice in notices}
    kept = frozenset(last.values())
    return frozenset(notice.id for notice in notices if notice.id not in kept)
