"""The two sides of a match as the rules see them."""

from __future__ import annotations

from dataclasses import dataclass

from peer_support.people import Member, Supporter
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
    """A supporter who might be asked, with the member they are and the load they carry.

    Where they are written to, and what they told about themselves as a requester, is left out: no rule asks for it.
    """

    member: Member
    supporter: Supporter
    load: Load = Load()


@dataclass(frozen=True, slots=True)
class Seeker:
    """The asking side. `team` and `line_manager` are known only where the requester is on the roster themselves.

    `excluded` are member ids that either side named; `asked` those already offered this request.
    """

    request_id: str
    member: Member
    force_id: str
    wishes: Wishes
    excluded: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    team: str | None = None
    line_manager: str | None = None
