"""Due rows: everything that a person waits for has a time and a next step, kept in the store, never in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DueKind(StrEnum):
    """What falls due. The subject is the id in brackets. One row a kind and subject."""

    ROUND = "round"  # ask the next supporters (request)
    NEWS = "news"  # keep the promise (request)
    UNMATCHED = "unmatched"  # tell the coordinator (request)
    OFFER_EXPIRES = "offer_expires"  # (offer)
    PROPOSAL_REMINDER = "proposal_reminder"  # (proposal)
    PROPOSAL_SECOND_REMINDER = "proposal_second_reminder"  # (proposal)
    PROPOSAL_LAPSES = "proposal_lapses"  # (proposal)
    RESTING_REMINDER = "resting_reminder"  # (request)
    RESTING_CLOSES = "resting_closes"  # (request)
    FIRST_CONTACT = "first_contact"  # (match)
    IN_TOUCH = "in_touch"  # (match)
    CHECK_IN = "check_in"  # (match)
    DIGEST = "digest"  # (coordinator's member id)
    DRAFT_GOES = "draft_goes"  # (member)
    NOTE_GOES = "note_goes"  # (request)


@dataclass(frozen=True, slots=True)
class Due:
    """`failures` counts the times working it failed; it is put off a little longer each time, never dropped."""

    id: str
    kind: DueKind
    subject_id: str
    at: datetime
    failures: int = 0
