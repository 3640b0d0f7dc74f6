"""Offers, proposals and matches: the three steps between a request and two people talking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peer_support.request import How


class OfferState(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


# Ended before its supporter said anything: taken back, taken by another, or run out. They all read the same.
NEVER_ANSWERED = frozenset({OfferState.EXPIRED, OfferState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Offer:
    """One request put to one supporter, blind. Leaves `sent` once, by a conditional update; a yes may become a no."""

    id: str
    request_id: str
    supporter_id: str
    round: int
    state: OfferState
    sent_at: datetime
    answer_by: datetime
    answered_at: datetime | None = None


class ProposalState(StrEnum):
    """Released: the supporter was let go, as the requester didn't answer, said not now, or withdrew.

    Taken back: the supporter, who had said yes, can't after all.
    """

    ASKED = "asked"
    INTRODUCED = "introduced"
    SOMEONE_ELSE = "someone_else"
    RELEASED = "released"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A supporter said yes, blind; the requester is asked, and is shown the supporter."""

    id: str
    request_id: str
    offer_id: str
    supporter_id: str
    state: ProposalState
    made_at: datetime
    held_until: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How the requester wants to be reached. `phone` is deleted when the match closes."""

    how: How = How.TEAMS
    phone: str | None = None
    voicemail_safe: bool = False


class MatchState(StrEnum):
    LIVE = "live"
    CLOSED = "closed"


class MatchEnd(StrEnum):
    FINISHED = "finished"
    SWAPPED = "swapped"
    HANDED_BACK = "handed_back"
    WITHDRAWN = "withdrawn"


class HandBackReason(StrEnum):
    KNOW_THEM = "know_them"
    MANAGE_THEM = "manage_them"
    CANT = "cant"


@dataclass(frozen=True, slots=True)
class Match:
    """Two people who both said yes. The supporter may see the requester's name while it lives, and not after."""

    id: str
    request_id: str
    proposal_id: str
    requester_id: str
    supporter_id: str
    state: MatchState
    contact: Contact
    introduced_at: datetime
    first_contact_by: datetime
    in_touch_at: datetime | None = None
    closed_at: datetime | None = None
    end: MatchEnd | None = None
