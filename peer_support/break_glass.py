"""Break-glass: a coordinator learns who asked, where life or safety is at risk. Never on one person's yes alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from peer_support.refusals import OutOfDate

# Not settings: no force may make any of these longer.
ANSWER_WITHIN = timedelta(hours=1)
SHOWN_FOR = timedelta(hours=1)
TOLD_WITHIN = timedelta(hours=72)
REASON_LEAST, REASON_MOST = 10, 500


class Risk(StrEnum):
    """Why a name may be seen at all. LIFE alone lets the person be told later."""

    LIFE = "life"
    SERIOUS_HARM = "serious_harm"
    AT_RISK = "at_risk"


class GlassState(StrEnum):
    """Waiting for a second yes; agreed, for an hour; over after it. Refused and lapsed never showed a name."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    OVER = "over"


STANDING = frozenset({GlassState.WAITING, GlassState.AGREED})


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """One coordinator's ask to see one request's name. `asked_of` are the members who may give the second yes.

    `reason` is typed and sealed at rest. `seen_at` is when the name was first shown.
    """

    id: str
    request_id: str
    force_id: str
    asked_by: str
    risk: Risk
    reason: str
    asked_of: frozenset[str]
    asked_at: datetime
    state: GlassState = GlassState.WAITING
    answered_by: str | None = None
    answered_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def answer_by(self) -> datetime:
        """Until when a second yes counts."""
        return self.asked_at + ANSWER_WITHIN

    @property
    def shown_until(self) -> datetime | None:
        """Until when the name may be shown; None where nobody else said yes."""
        agreed = self.state in {GlassState.AGREED, GlassState.OVER}
        return self.answered_at + SHOWN_FOR if agreed and self.answered_at else None

    @property
    def told_from(self) -> datetime:
        """From when the person may see that this was asked: at once, or 72 hours on where a life is at risk."""
        return self.asked_at + (TOLD_WITHIN if self.risk is Risk.LIFE else timedelta())

    def waits(self, now: datetime) -> bool:
        """Whether an answer still counts."""
        return self.state is GlassState.WAITING and self.asked_at <= now < self.answer_by

    def shows_name(self, to: str, now: datetime) -> bool:
        """Whether this person may see the name now: the one who asked, after the second yes, for an hour."""
        until = self.shown_until
        return (
            self.state is GlassState.AGREED
            and to == self.asked_by
            and self.answered_by not in {None, self.asked_by}
            and self.answered_at is not None
            and until is not None
            and self.answered_at <= now < until
        )

    def answered(self, by: str, now: datetime, *, yes: bool) -> BreakGlass:
        """The one answer it gets. OutOfDate where it isn't theirs to give, or comes too late."""
        if by == self.asked_by or by not in self.asked_of or not self.waits(now):
            raise OutOfDate
        state = GlassState.AGREED if yes else GlassState.REFUSED
        return replace(self, state=state, answered_by=by, answered_at=now)

    def seen(self, now: datetime) -> BreakGlass:
        """The name was shown; the first time is remembered."""
        return self if self.seen_at else replace(self, seen_at=now)

    def ran_out(self, now: datetime) -> BreakGlass:
        """After its hour: lapsed where nobody answered, over where the name could be seen."""
        until = self.shown_until
        if self.state is GlassState.WAITING and now >= self.answer_by:
            return replace(self, state=GlassState.LAPSED)
        if self.state is GlassState.AGREED and until is not None and now >= until:
            return replace(self, state=GlassState.OVER)
        return self


def who_may_agree(
    nominal: Iterable[str], *, asker: str, requester: str, near: Collection[str]
) -> frozenset[str]:
    """Who is asked for the second yes: never who asks, never the person themselves, never anybody who stands near."""
    return frozenset(nominal) - {asker, requester} - frozenset(near)


def reason_fault(risk: str, reason: str) -> str | None:
    """What is to be mended in what a coordinator typed, as the words' key; None where it can be asked with."""
    if risk not in set(Risk):
        return "break_glass.mend.risk"
    if len(reason) < REASON_LEAST:
        return "break_glass.mend.reason_missing"
    return "break_glass.mend.reason_long" if len(reason) > REASON_MOST else None


def visible(asks: Iterable[BreakGlass], now: datetime) -> list[BreakGlass]:
    """Those that the person whose request it is may see by now, whatever came of them. Newest first."""
    return sorted(
        (each for each in asks if each.told_from <= now), key=lambda each: each.asked_at, reverse=True
    )
