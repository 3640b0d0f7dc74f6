"""Looks on from outside while a simulated year runs: what was promised, what was told, and whether anybody was left."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from peer_support.due import DueKind
from peer_support.life.waiting import hear_by
from peer_support.notice import Notice, NoticeKind
from peer_support.offer import NEVER_ANSWERED, Offer, OfferState, ProposalState
from peer_support.policy import Policy
from peer_support.request import CloseReason, Request, RequestState
from simulation.rows import Rows

# what is due is worked at the next tick, and sent then
LATE = timedelta(minutes=1)
_NEWS = frozenset(
    {
        *(NoticeKind.REQUEST, NoticeKind.PROPOSAL, NoticeKind.PROPOSAL_REMINDER, NoticeKind.RESTING),
        *(NoticeKind.TAKEN_BACK, NoticeKind.HANDED_BACK, NoticeKind.NAMES_RUN_OUT),
    }
)
_HEARD = frozenset({NoticeKind.OFFER_ENDED, NoticeKind.INTRODUCTION})
_NEXT: dict[RequestState, frozenset[DueKind]] = {
    RequestState.OPEN: frozenset({DueKind.NEWS}),
    RequestState.PROPOSED: frozenset({DueKind.PROPOSAL_LAPSES}),
    RequestState.MATCHED: frozenset({DueKind.CHECK_IN}),
    RequestState.RESTING: frozenset({DueKind.RESTING_CLOSES}),
}


@dataclass(slots=True)
class Promises:
    """How many were made and could be kept, and how many were."""

    made: int = 0
    kept: int = 0

    @property
    def broken(self) -> int:
        return self.made - self.kept


@dataclass(slots=True)
class Watch:
    """`pressed` is when a requester last acted on their own request; `silent` names what was left without a word."""

    rows: Rows
    policy: Policy
    news: Promises = field(default_factory=Promises)
    hear: Promises = field(default_factory=Promises)
    silent: Counter[str] = field(default_factory=Counter)
    told: defaultdict[str, list[tuple[datetime, NoticeKind]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    heard: defaultdict[str, list[tuple[datetime, NoticeKind]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    pressed: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    shown: set[str] = field(default_factory=set)
    _promised: dict[str, datetime] = field(default_factory=dict)

    def promise_of(self, request: Request) -> datetime | None:
        """A promise of news that is new since the last look; None where there is none."""
        by = request.news_by if request.state is RequestState.OPEN else None
        if by is None or self._promised.get(request.id) == by:
            return None
        self._promised[request.id] = by
        return by

    def sent(self, notice: Notice, request_id: str | None, now: datetime) -> None:
        """Somebody was told something."""
        request = self.rows.requests.rows.get(request_id or "")
        if request is not None and notice.recipient_id == request.requester_id:
            self.told[request.id].append((now, notice.kind))
        if notice.kind in _HEARD:
            self.heard[self._offer_behind(notice)].append((now, notice.kind))
        if notice.kind is NoticeKind.OFFER:
            self.shown.add(notice.subject_id)

    def judge_news(self, request_id: str, made: datetime, by: datetime) -> None:
        """Whether there was news by then. A requester's own press meanwhile showed them how it stands.

        What is told at the very moment of the promise carries it, and is no news; but for a yes, which ends the wait.
        """
        told = any(
            kind in _NEWS and (made < at <= by + LATE or (at == made and kind is NoticeKind.PROPOSAL))
            for at, kind in self.told[request_id]
        )
        if told or not any(made < at <= by for at in self.pressed[request_id]):
            self.news.made += 1
            self.news.kept += told

    def hears_by(self, proposal_id: str) -> datetime | None:
        """By when a supporter who said yes was promised to hear."""
        proposal = self.rows.proposals.rows[proposal_id]
        return hear_by(proposal.held_until, self.rows.supporters.rows[proposal.supporter_id], self.policy)

    def judge_heard(self, proposal_id: str, by: datetime) -> None:
        """Whether they had heard. Whoever took their own yes back needs no ending."""
        proposal = self.rows.proposals.rows[proposal_id]
        offer = self.rows.offers.rows[proposal.offer_id]
        if proposal.state is ProposalState.TAKEN_BACK or offer.state is OfferState.DECLINED:
            return
        self.hear.made += 1
        self.hear.kept += any(at <= by + LATE for at, _ in self.heard[offer.id])

    def judge_live(self) -> None:
        """Whoever still waits has a next step that is due, whatever they wait for."""
        for ids in self.rows.live_requests.of.values():
            for id in ids:
                request = self.rows.requests.rows[id]
                subjects = (
                    id,
                    *self.rows.proposals_of_request.of.get(id, ()),
                    *self.rows.live_matches.of.get(id, ()),
                )
                kinds = {kind for subject in subjects for kind in self.rows.dues_of.of.get(subject, ())}
                if not kinds & _NEXT[request.state]:
                    self.silent[f"live and {request.state}, with nothing due"] += 1

    def judge_end(self, end: datetime) -> None:
        """Whoever's request ended knows it, and whoever saw an offer heard how it ended."""
        for request in self.rows.requests.rows.values():
            if not request.live and not self._knows(request):
                self.silent[f"ended as {request.close_reason}, and was not told"] += 1
        for id in self.shown:
            offer = self.rows.offers.rows[id]
            if offer.state in NEVER_ANSWERED and not self.heard[id] and not self._will_hear(offer, end):
                self.silent[f"an offer {offer.state}, and its supporter was not told"] += 1

    def _knows(self, request: Request) -> bool:
        if request.close_reason is CloseReason.WITHDRAWN or request.closed_at in self.pressed[request.id]:
            return True
        last = (
            NoticeKind.RESTING_CLOSED if request.close_reason is CloseReason.UNANSWERED else NoticeKind.CLOSED
        )
        return any(kind is last for _, kind in self.told[request.id])

    def _will_hear(self, offer: Offer, end: datetime) -> bool:
        """The ending is queued for after the last simulated day, or their own pause was what ended it."""
        found = (self.rows.notices.rows[self.rows.keys[id]] for id in self.rows.notices_about.of[offer.id])
        return any(
            row.notice.kind is NoticeKind.OFFER_ENDED
            and not row.dropped
            and (row.notice.not_before > end - LATE or row.notice.edits is not None)
            for row in found
        )

    def _offer_behind(self, notice: Notice) -> str:
        if notice.kind is NoticeKind.OFFER_ENDED:
            return notice.subject_id
        match = self.rows.matches.rows[notice.subject_id]
        return self.rows.proposals.rows[match.proposal_id].offer_id
