"""The two sides of a match as the rules see them."""

from __future__ import annotations

from dataclasses import dataclass

from peer_support.people import Member, Reach, Supporter
from peer_support.request import Wishes


@dataclass(frozen=True, slots=True)
class Load:
    """What a supporter carries. `active` live matches; over seven days, `new_in_week` matches and `unanswered_in_week`
    offers that are sent or expired (a withdrawn one counts for nothing). `holding`: has said yes and waits.
    """

    active: int = 0
    new_in_week: int = 0
    unanswered_in_week: int = 0
    holding: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supporter who might be asked, with the load they carry. Who they are stays sealed: no rule asks for a name.

    `person` is a key that tells one person from another, and nothing else.
    """

    supporter: Supporter
    tenant_id: str
    person: str
    reach: Reach
    load: Load = Load()


@dataclass(frozen=True, slots=True)
class Seeker:
    """The asking side. `team` and `manager` are known only where the requester is on the roster themselves.

    `person` and `manager` (their line manager) are keys, as a candidate's. `excluded` are member ids that either side
    named; `asked` those already offered this request.
    """

    request_id: str
    member: Member
    person: str
    force_id: str
    wishes: Wishes
    excluded: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    team: str | None = None
    manager: str | None = None
