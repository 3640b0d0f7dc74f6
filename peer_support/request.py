"""A request: what one person asked for, and the states it lives through."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from peer_support.people import AboutMe
from peer_support.refusals import OutOfDate


class ForceWish(StrEnum):
    """Own is only the requester's force until they're asked to widen; different is never it."""

    OWN = "own"
    DIFFERENT = "different"
    ANYONE = "anyone"


class HowSoon(StrEnum):
    TODAY = "today"
    FEW_DAYS = "few_days"
    NO_RUSH = "no_rush"


class How(StrEnum):
    ANY = "any"
    CALL = "call"
    TEAMS = "teams"
    MEET = "meet"


class When(StrEnum):
    """Parts of the week a person can talk in. None chosen means any time."""

    MORNINGS = "mornings"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    NIGHTS = "nights"
    WEEKENDS = "weekends"


JUST_TALK = "general"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the requester would like. Every part may be left as it is. `note` is the requester's own words."""

    topics: tuple[str, ...] = (JUST_TALK,)
    force_wish: ForceWish = ForceWish.ANYONE
    how: How = How.ANY
    when: frozenset[When] = frozenset()
    soon: HowSoon = HowSoon.FEW_DAYS
    note: str | None = None
    about: AboutMe = field(default_factory=AboutMe)


class RequestState(StrEnum):
    OPEN = "open"
    PROPOSED = "proposed"
    MATCHED = "matched"
    RESTING = "resting"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


LIVE = frozenset({RequestState.OPEN, RequestState.PROPOSED, RequestState.MATCHED, RequestState.RESTING})

_MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset({RequestState.PROPOSED, RequestState.WITHDRAWN, RequestState.CLOSED}),
    RequestState.PROPOSED: frozenset(
        {RequestState.MATCHED, RequestState.OPEN, RequestState.RESTING, RequestState.WITHDRAWN}
    ),
    RequestState.MATCHED: frozenset({RequestState.OPEN, RequestState.CLOSED, RequestState.WITHDRAWN}),
    RequestState.RESTING: frozenset({RequestState.OPEN, RequestState.CLOSED, RequestState.WITHDRAWN}),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.CLOSED: frozenset(),
}


class CloseReason(StrEnum):
    FINISHED = "finished"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Request:
    """`news_by` is the promise: by then the requester hears how it's going. `round` counts the times people were
    asked. `coordinator_route` says that names have run out, so only the coordinator moves it on.
    """

    id: str
    reference: str
    requester_id: str
    force_id: str
    wishes: Wishes
    state: RequestState
    created_at: datetime
    state_since: datetime
    round: int = 0
    news_by: datetime | None = None
    news_sent: int = 0
    coordinator_route: bool = False
    nobody_told: bool = False
    close_reason: CloseReason | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def live(self) -> bool:
        """Whether anything may still happen to it."""
        return self.state in LIVE

    def moved(self, to: RequestState, now: datetime, reason: CloseReason | None = None) -> Request:
        """This request in its next state. OutOfDate where the life doesn't allow the move."""
        if to not in _MOVES[self.state]:
            raise OutOfDate
        ended = to not in LIVE
        return replace(
            self,
            state=to,
            state_since=now,
            close_reason=reason,
            closed_at=now if ended else None,
            news_by=None if to is not RequestState.OPEN else self.news_by,
        )


@dataclass(frozen=True, slots=True)
class Asker:
    """How somebody stands who is about to ask. `reference_taken`: another live request bears the one meant for theirs.

    `names_shown` counts the supporters whose names they were shown of late, before a deletion of their data too.
    """

    asking: bool
    reference_taken: bool
    names_shown: int
