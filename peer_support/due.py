"""Due rows: everything that a person waits for has a time and a next step, kept in the store, never in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PURGE = "purge"


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
    CONTACT_REMINDER = (
        "contact_reminder"  # remind the coordinators that somebody asked to hear from them (member)
    )
    CONTACT_UNANSWERED = "contact_unanswered"  # nobody has said that they've been in touch (member)
    ROSTER_GOES = "roster_goes"  # whoever left the roster (member)
    PURGE = "purge"  # what is past its time (PURGE)
    SCRUB = "scrub"  # nothing of it is left in the database's files (a table's name)
    SECOND_YES_ENDS = "second_yes_ends"  # nobody answered (break-glass)
    NAME_HIDES = "name_hides"  # its hour is over (break-glass)
    OPENING_TOLD = "opening_told"  # tell the person that their name could be seen (break-glass)


@dataclass(frozen=True, slots=True)
class Due:
    """`failures` counts the times working it failed; it is put off a little longer each time, never dropped."""

    id: str
    kind: DueKind
    subject_id: str
    at: datetime
    failures: int = 0
