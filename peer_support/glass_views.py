"""What each audience of break-glass may know of it: the one who asks, the one who may agree, the one it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peer_support.break_glass import GlassState, Risk


@dataclass(frozen=True, slots=True)
class AskNameView:
    """Before it is asked. `nobody`: there is no second person. `mend` says what to mend; nothing typed is lost."""

    request_id: str
    reference: str
    nobody: bool = False
    mend: str | None = None
    risk: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GlassView:
    """How it stands, for the one who asked. `name` is set only for its hour; `unknown`: it can't be had just now."""

    id: str
    reference: str
    state: GlassState
    answer_by: datetime
    shown_until: datetime | None = None
    name: str | None = None
    email: str | None = None
    unknown: bool = False


class Answered(StrEnum):
    """How an ask stands for one who may agree. ENDED says nothing of who ended it, or why."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SecondYesView:
    """What the second person is told: who asks, about which reference, why. Never whose name it is.

    `reason` is set only where it is read.
    """

    id: str
    reference: str
    force: str
    asker: str
    risk: Risk
    answer_by: datetime
    answered: Answered
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedView:
    """What the person it is about may know: that it was asked, why, and what came of it. No names of others."""

    force: str
    risk: Risk
    asked_at: datetime
    state: GlassState
    seen_at: datetime | None = None
