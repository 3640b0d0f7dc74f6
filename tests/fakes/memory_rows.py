"""What the in-memory twin keeps, and the two rules that a database holds by itself: references and offsets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from peer_support.audit import AuditRow
from peer_support.break_glass import BreakGlass
from peer_support.draft import Draft
from peer_support.due import Due, DueKind
from peer_support.exclusion import Exclusion
from peer_support.feedback import Feedback
from peer_support.heard import Heard
from peer_support.notice import Notice
from peer_support.offer import Match, Offer, Proposal
from peer_support.people import Coordinator, Member, Supporter
from peer_support.request import Request
from storage import StoreRefused


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice in the outbox."""

    notice: Notice
    leased_until: datetime | None = None
    dead_at: datetime | None = None
    dead_why: str | None = None
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """Whose turn it is to be sent to. `until` is up to when each rate of the chat is used up."""

    lease: int = 0
    leased_until: datetime | None = None
    held_until: datetime | None = None
    until: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Rows:
    """Every table, by id. `noticed` says whether the present unit left something in the outbox."""

    members: dict[str, Member] = field(default_factory=dict)
    supporters: dict[str, Supporter] = field(default_factory=dict)
    coordinators: dict[str, Coordinator] = field(default_factory=dict)
    exclusions: dict[str, Exclusion] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    notices: dict[str, Queued] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    budgets: dict[str, float] = field(default_factory=dict)
    dues: dict[tuple[str, DueKind], Due] = field(default_factory=dict)
    activities: dict[str, datetime] = field(default_factory=dict)
    feedback: dict[str, Feedback] = field(default_factory=dict)
    break_glass: dict[str, BreakGlass] = field(default_factory=dict)
    audit: list[AuditRow] = field(default_factory=list)
    heard: dict[Heard, int] = field(default_factory=dict)
    statistics: dict[tuple[str, date, str, str], int] = field(default_factory=dict)
    shown_names: dict[str, tuple[tuple[str, str], datetime, datetime]] = field(default_factory=dict)
    erasures: dict[str, datetime] = field(default_factory=dict)
    handovers: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    chain: list[tuple[AuditRow, str]] = field(default_factory=list)
    noticed: bool = False

    def copy(self) -> Rows:
        """As things stand now. Entities are frozen, so copying the tables is enough."""
        return Rows(**{part.name: copy(getattr(self, part.name)) for part in fields(self)})

    def restore(self, before: Rows) -> None:
        """As things stood then."""
        for part in fields(self):
            setattr(self, part.name, getattr(before, part.name))


def refers(table: Mapping[str, Any], id: str) -> None:
    """A row may only name a row that stands."""
    if id not in table:
        raise StoreRefused("The row names another that doesn't stand.")


def aware(entity: Any) -> None:
    """A moment without an offset can't be stored."""
    for part in dataclasses.fields(entity):
        value = getattr(entity, part.name)
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise StoreRefused("a moment without an offset can't be stored")
