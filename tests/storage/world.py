"""Small, valid entities for the tests of the store: each says only what a test cares about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from peer_support.ids import new_id
from peer_support.notice import Notice, NoticeKind
from peer_support.offer import Contact, Match, MatchState, Offer, OfferState, Proposal, ProposalState
from peer_support.people import Member, Supporter
from peer_support.ports import Work
from peer_support.request import Request, RequestState, Wishes

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def member(**parts: Any) -> Member:
    return Member(**({"id": new_id(), "tenant_id": "tenant-1", "directory_id": new_id()} | parts))


def supporter(member_id: str, **parts: Any) -> Supporter:
    ready = {
        "force_id": "northmoor",
        "grade": "constable",
        "selected_on": date(2024, 1, 1),
        "trained_on": date(2024, 2, 1),
        "signed_off_by": "A. Lead",
    }
    return Supporter(**({"id": member_id} | ready | parts))


def request(requester_id: str, **parts: Any) -> Request:
    plain = {
        "id": new_id(),
        "reference": new_id(),  # a store outlives the tests, and of many short ones two are the same some day
        "force_id": "northmoor",
        "wishes": Wishes(),
        "state": RequestState.OPEN,
        "created_at": NOW,
        "state_since": NOW,
    }
    return Request(**({"requester_id": requester_id} | plain | parts))


def offer(request_id: str, supporter_id: str, **parts: Any) -> Offer:
    plain = {
        "id": new_id(),
        "round": 1,
        "state": OfferState.SENT,
        "sent_at": NOW,
        "answer_by": NOW + 4 * HOUR,
    }
    return Offer(**({"request_id": request_id, "supporter_id": supporter_id} | plain | parts))


def proposal(of: Offer, **parts: Any) -> Proposal:
    plain = {"id": new_id(), "state": ProposalState.ASKED, "made_at": NOW, "held_until": NOW + 72 * HOUR}
    known = {"request_id": of.request_id, "offer_id": of.id, "supporter_id": of.supporter_id}
    return Proposal(**(known | plain | parts))


def match(of: Proposal, requester_id: str, **parts: Any) -> Match:
    plain = {
        "id": new_id(),
        "state": MatchState.LIVE,
        "contact": Contact(),
        "introduced_at": NOW,
        "first_contact_by": NOW + 48 * HOUR,
    }
    known = {"request_id": of.request_id, "proposal_id": of.id, "supporter_id": of.supporter_id}
    return Match(**({"requester_id": requester_id} | known | plain | parts))


def notice(recipient_id: str, **parts: Any) -> Notice:
    plain = {"id": new_id(), "kind": NoticeKind.REQUEST, "subject_id": "subject", "not_before": NOW}
    return Notice(**({"recipient_id": recipient_id} | plain | parts))


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody who asks and somebody who may be asked, both stored."""

    jo: Member
    sam: Supporter
    asked: Request


async def pair(work: Work, **wanted: Any) -> Pair:
    jo, sam = member(), member(name="Sam Okafor")
    await work.members.add(jo)
    await work.members.add(sam)
    listening = supporter(sam.id)
    await work.supporters.put(listening)
    asked = request(jo.id, **wanted)
    await work.requests.add(asked)
    return Pair(jo, listening, asked)
