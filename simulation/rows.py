"""What the simulated service holds: tables in memory, whose changes are undone where a unit of work fails."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Generic, TypeVar

from peer_support.draft import Draft
from peer_support.due import Due, DueKind
from peer_support.notice import Notice
from peer_support.offer import Match, MatchState, Offer, OfferState, Proposal, ProposalState
from peer_support.people import Coordinator, Member, Supporter
from peer_support.request import Request

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _own_id(row: Any) -> str:
    return str(row.id)


class Journal:
    """What changed in the present unit of work."""

    def __init__(self) -> None:
        self._entries: list[tuple[Table[Any, Any], Any, Any]] = []

    def note(self, table: Table[Any, Any], key: Any, before: Any) -> None:
        """One row as it was."""
        self._entries.append((table, key, before))

    def clear(self) -> None:
        """It is done, and stands."""
        self._entries.clear()

    def undo(self) -> None:
        """It failed: all as before, the last change first."""
        while self._entries:
            table, key, before = self._entries.pop()
            table.set(key, before)


class Table(Generic[K, V]):
    """Rows by key. `changed` keeps what is looked up otherwise than by key."""

    def __init__(self, journal: Journal, *changed: Callable[[V | None, V | None], None]) -> None:
        self.rows: dict[K, V] = {}
        self._journal, self._changed = journal, list(changed)

    def also(self, changed: Callable[[V | None, V | None], None]) -> None:
        """Somebody else who looks these rows up otherwise."""
        self._changed.append(changed)

    def put(self, key: K, value: V | None) -> None:
        """Write a row; None takes it out."""
        self._journal.note(self, key, self.rows.get(key))
        self.set(key, value)

    def set(self, key: K, value: V | None) -> None:
        """The same without a way back."""
        before = self.rows.pop(key, None) if value is None else self.rows.get(key)
        if value is not None:
            self.rows[key] = value
        for each in self._changed:
            each(before, value)


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice, and whether it was taken back before it was sent."""

    notice: Notice
    dropped: bool = False


class Index(Generic[V]):
    """Rows' ids by what each belongs to, as `owner` says; None for a row that isn't listed just now."""

    def __init__(self, owner: Callable[[V], str | None], id: Callable[[V], str] = _own_id) -> None:
        self.of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._owner, self._id = owner, id

    def changed(self, before: V | None, after: V | None) -> None:
        """A row was written or taken out."""
        was = None if before is None else self._owner(before)
        is_now = None if after is None else self._owner(after)
        if was == is_now:
            return
        if before is not None and was is not None:
            self.of[was].pop(self._id(before), None)
        if after is not None and is_now is not None:
            self.of[is_now][self._id(after)] = None


class Rows:
    """Every table that the simulated journeys touch."""

    def __init__(self) -> None:
        self.journal = journal = Journal()
        self.persons: dict[tuple[str, str], str] = {}
        self.coordinators: dict[str, Coordinator] = {}
        self.live_requests = Index[Request](lambda row: row.requester_id if row.live else None)
        self.offers_of_request = Index[Offer](lambda row: row.request_id)
        self.offers_to = Index[Offer](lambda row: row.supporter_id)
        self.sent_to = Index[Offer](lambda row: row.supporter_id if row.state is OfferState.SENT else None)
        self.proposals_of_request = Index[Proposal](lambda row: row.request_id)
        self.proposed = Index[Proposal](lambda row: row.offer_id)
        self.holding = Index[Proposal](
            lambda row: row.supporter_id if row.state is ProposalState.ASKED else None
        )
        self.live_matches = Index[Match](lambda row: row.request_id if row.state is MatchState.LIVE else None)
        self.matches_with = Index[Match](lambda row: row.supporter_id)
        self.notices_about = Index[Queued](lambda row: row.notice.subject_id, lambda row: row.notice.id)
        self.dues_of = Index[Due](lambda row: row.subject_id, lambda row: row.kind.value)

        self.members: Table[str, Member] = Table(journal, self._met)
        self.supporters: Table[str, Supporter] = Table(journal)
        self.drafts: Table[str, Draft] = Table(journal)
        self.requests: Table[str, Request] = Table(journal, self.live_requests.changed, self._saved)
        self.offers: Table[str, Offer] = Table(
            journal, self.offers_of_request.changed, self.offers_to.changed, self.sent_to.changed
        )
        self.proposals: Table[str, Proposal] = Table(
            journal, self.proposals_of_request.changed, self.proposed.changed, self.holding.changed
        )
        self.matches: Table[str, Match] = Table(journal, self.live_matches.changed, self.matches_with.changed)
        self.notices: Table[tuple[str, ...], Queued] = Table(journal, self.notices_about.changed)
        self.dues: Table[tuple[str, DueKind], Due] = Table(journal, self.dues_of.changed, self._due)

        self.queued: list[Notice] = []
        self.keys: dict[str, tuple[str, ...]] = {}
        self.at_hand: str | None = None
        self.begun: Request | None = None
        self.taken: Draft | None = None
        self.saved: set[str] = set()
        self.acts = 0
        self._heap: list[tuple[datetime, int, tuple[str, DueKind]]] = []
        self._count = count()

    def first_due(self) -> Due | None:
        """The row that falls due first."""
        while self._heap:
            at, _, key = self._heap[0]
            due = self.dues.rows.get(key)
            if due is not None and due.at == at:
                return due
            heapq.heappop(self._heap)
        return None

    def _met(self, _before: Member | None, after: Member | None) -> None:
        if after is not None:
            self.persons[after.tenant_id, after.directory_id] = after.id

    def _saved(self, _before: Request | None, after: Request | None) -> None:
        if after is not None:
            self.saved.add(after.id)

    def _due(self, _before: Due | None, after: Due | None) -> None:
        if after is not None:
            heapq.heappush(self._heap, (after.at, next(self._count), (after.subject_id, after.kind)))
