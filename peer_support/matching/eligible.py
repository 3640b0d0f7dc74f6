"""The hard rules: who may be asked at all. Checked at the offer, when it's accepted, and at the introduction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache

from peer_support.hours import LONDON, WeeklyHours
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.people import Alike, Reach, RosterStatus
from peer_support.policy import Policy
from peer_support.request import ForceWish, Wishes
from peer_support.taxonomy import EXPERIENCES, GRADES, ROLES


class Reason(StrEnum):
    """Why a supporter can't be asked. Never told to anybody: it says something about one of the two people."""

    # between the two
    ONESELF = "oneself"
    LEFT_OUT = "left_out"
    MANAGED_BY_REQUESTER = "managed_by_requester"
    MANAGES_REQUESTER = "manages_requester"
    SAME_TEAM = "same_team"
    CONFLICT_ROLE = "conflict_role"
    BEYOND_WISH = "beyond_wish"
    NOT_CLEARED = "not_cleared"
    ASKED_BEFORE = "asked_before"
    # the supporter alone
    COVERT_ROLE = "covert_role"
    NOT_ACTIVE = "not_active"
    NOT_SELECTED = "not_selected"
    NOT_TRAINED = "not_trained"
    OUT_OF_DATE = "out_of_date"
    NOT_SIGNED_OFF = "not_signed_off"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    FULL = "full"
    NEW_ENOUGH = "new_enough"
    NOT_ANSWERING = "not_answering"
    OUT_OF_HOURS = "out_of_hours"


class Step(StrEnum):
    """When the rules are asked. `accept` is before the proposal is made, `introduction` before the match is.

    From accept on, the supporter's own offer or hold for this request doesn't count against them, nor do their hours:
    they answered. A pause is honoured at every step.
    """

    OFFER = "offer"
    ACCEPT = "accept"
    INTRODUCTION = "introduction"


_CONFLICTS = frozenset(role.id for role in ROLES.values() if role.conflict)
_COVERT = frozenset(role.id for role in ROLES.values() if role.covert)
_ONLY_BEFORE_THE_OFFER = frozenset({Reason.ASKED_BEFORE, Reason.NOT_ANSWERING, Reason.OUT_OF_HOURS})


# Not frozen: one is made for each of thousands, and lives for no longer than it takes to judge.
@dataclass(slots=True)
class _Alone:
    candidate: Candidate
    now: datetime
    today: date
    policy: Policy
    holding: int


def why_not(
    candidate: Candidate,
    seeker: Seeker,
    now: datetime,
    policy: Policy,
    *,
    in_hours: bool = True,
    step: Step = Step.OFFER,
) -> Reason | None:
    """The first rule that keeps this supporter from this request; None where they may be asked.

    `policy` is the supporter's force's. Without `in_hours` the hours are left aside: could they be asked later?
    """
    for reason, breaks in _BETWEEN_AT[step]:
        if breaks(candidate, seeker):
            return reason
    return why_unavailable(candidate, now, policy, in_hours=in_hours, step=step)


def eligible(
    candidate: Candidate,
    seeker: Seeker,
    now: datetime,
    policy: Policy,
    *,
    in_hours: bool = True,
    step: Step = Step.OFFER,
) -> bool:
    """Whether no hard rule stands between this supporter and this request."""
    return why_not(candidate, seeker, now, policy, in_hours=in_hours, step=step) is None


def why_unavailable(
    candidate: Candidate, now: datetime, policy: Policy, *, in_hours: bool = True, step: Step = Step.OFFER
) -> Reason | None:
    """The first rule that keeps a supporter from any request just now; None where they're available."""
    own = 1 if step is Step.INTRODUCTION else 0
    case = _Alone(candidate, *_moment(now), policy, max(candidate.load.holding - own, 0))
    for reason, breaks in _ALONE_AT[step, in_hours]:
        if breaks(case):
            return reason
    return None


def own_hours(candidate: Candidate, policy: Policy) -> WeeklyHours:
    """The supporter's own hours, or their force's where they gave none."""
    return candidate.supporter.hours or policy.waking


def within_wish(force_id: str, own_force_id: str, wishes: Wishes) -> bool:
    """Whether the requester's force wish reaches supporters of this force."""
    match wishes.force_wish:
        case ForceWish.OWN:
            return force_id == own_force_id or looks_across(wishes)
        case ForceWish.DIFFERENT:
            return force_id != own_force_id
        case ForceWish.ANYONE:
            return True


def looks_across(wishes: Wishes) -> bool:
    """A senior person who asks for someone of their grade has few near them, so their own force can't be the limit."""
    grade = GRADES.get(wishes.about.grade or "")
    return wishes.about.alike is Alike.GRADE and grade is not None and grade.senior


def _moment(now: datetime) -> tuple[datetime, date]:
    """In UTC, where no two moments are equal as London's may be, and its day in London."""
    return _in_london(now.astimezone(UTC))


@lru_cache(maxsize=8)
def _in_london(now: datetime) -> tuple[datetime, date]:
    """Once for all who are looked at in one moment."""
    return now, now.astimezone(LONDON).date()


@lru_cache(maxsize=256)
def _open(hours: WeeklyHours, now: datetime) -> bool:
    """Many share their hours, and all are looked at in one moment. In UTC, as above."""
    return hours.open_at(now)


def _counts(reason: Reason, step: Step) -> bool:
    return step is Step.OFFER or reason not in _ONLY_BEFORE_THE_OFFER


def _plain(text: str | None) -> str:
    return (text or "").strip().casefold()


def _oneself(candidate: Candidate, seeker: Seeker) -> bool:
    return candidate.supporter.id == seeker.member.id or candidate.person == seeker.person


def _managed_by_requester(candidate: Candidate, seeker: Seeker) -> bool:
    boss, asks = candidate.supporter.line_manager, seeker.member
    return bool(boss) and candidate.tenant_id == asks.tenant_id and _plain(boss) == _plain(asks.directory_id)


def _manages_requester(candidate: Candidate, seeker: Seeker) -> bool:
    return seeker.manager == candidate.person


def _same_team(candidate: Candidate, seeker: Seeker) -> bool:
    team = _plain(seeker.team) if seeker.team else ""
    same_force = candidate.supporter.force_id == seeker.force_id
    return bool(team) and same_force and _plain(candidate.supporter.team) == team


def _conflict_role(candidate: Candidate, seeker: Seeker) -> bool:
    conflicting = not _CONFLICTS.isdisjoint(candidate.supporter.roles)
    return conflicting and seeker.wishes.about.work not in _CONFLICTS


def _beyond_wish(candidate: Candidate, seeker: Seeker) -> bool:
    return not within_wish(candidate.supporter.force_id, seeker.force_id, seeker.wishes)


def _not_cleared(candidate: Candidate, seeker: Seeker) -> bool:
    return not _sensitive(seeker.wishes.topics) <= candidate.supporter.cleared


@lru_cache(maxsize=64)
def _sensitive(topics: tuple[str, ...]) -> frozenset[str]:
    asked = (EXPERIENCES.get(topic) for topic in topics)
    return frozenset(topic.id for topic in asked if topic is not None and topic.needs_clearance)


def _covert(case: _Alone) -> bool:
    return not _COVERT.isdisjoint(case.candidate.supporter.roles)


def _by(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _in_date(case: _Alone) -> bool:
    due = case.candidate.supporter.refresher_due
    return due is not None and due >= case.today


def _full(case: _Alone) -> bool:
    most = min(case.policy.max_active, case.candidate.supporter.max_active)
    return case.candidate.load.active + case.holding >= most


def _open_now(case: _Alone) -> bool:
    hours = own_hours(case.candidate, case.policy)
    return _open(hours, case.now) and _open(case.policy.waking, case.now)


_BETWEEN: tuple[tuple[Reason, Callable[[Candidate, Seeker], bool]], ...] = (
    (Reason.ONESELF, _oneself),
    (Reason.LEFT_OUT, lambda candidate, seeker: candidate.supporter.id in seeker.excluded),
    (Reason.MANAGED_BY_REQUESTER, _managed_by_requester),
    (Reason.MANAGES_REQUESTER, _manages_requester),
    (Reason.SAME_TEAM, _same_team),
    (Reason.CONFLICT_ROLE, _conflict_role),
    (Reason.BEYOND_WISH, _beyond_wish),
    (Reason.NOT_CLEARED, _not_cleared),
    (Reason.ASKED_BEFORE, lambda candidate, seeker: candidate.supporter.id in seeker.asked),
)

_ALONE: tuple[tuple[Reason, Callable[[_Alone], bool]], ...] = (
    (Reason.COVERT_ROLE, _covert),
    (Reason.NOT_ACTIVE, lambda case: case.candidate.supporter.status is not RosterStatus.ACTIVE),
    (Reason.NOT_SELECTED, lambda case: not _by(case.candidate.supporter.selected_on, case.today)),
    (Reason.NOT_TRAINED, lambda case: not _by(case.candidate.supporter.trained_on, case.today)),
    (Reason.OUT_OF_DATE, lambda case: not _in_date(case)),
    (Reason.NOT_SIGNED_OFF, lambda case: not _plain(case.candidate.supporter.signed_off_by)),
    (Reason.PAUSED, lambda case: case.candidate.supporter.paused),
    (Reason.UNREACHABLE, lambda case: case.candidate.reach is not Reach.REACHABLE),
    (Reason.FULL, _full),
    (
        Reason.NEW_ENOUGH,
        lambda case: case.candidate.load.new_in_week + case.holding >= case.policy.new_matches_in_week,
    ),
    (
        Reason.NOT_ANSWERING,
        lambda case: case.candidate.load.unanswered_in_week >= case.policy.unanswered_offers_in_week,
    ),
    (Reason.OUT_OF_HOURS, lambda case: not _open_now(case)),
)

# The rules that count at a step, and where hours are left aside, so that nothing is asked of each supporter anew.
_BETWEEN_AT = {step: tuple(rule for rule in _BETWEEN if _counts(rule[0], step)) for step in Step}
_ALONE_AT = {
    (step, in_hours): tuple(
        rule for rule in _ALONE if _counts(rule[0], step) and (in_hours or rule[0] is not Reason.OUT_OF_HOURS)
    )
    for step in Step
    for in_hours in (True, False)
}
