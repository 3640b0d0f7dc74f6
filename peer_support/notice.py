"""Notices: what is to be said to whom, later. Never the words: they are made when it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from peer_support.ids import new_id

# why a notice died that may live again: its recipient couldn't be written to, or the bot was stopped where they are
UNREACHABLE, STOPPED = "unreachable", "stopped"
OUT_OF_REACH = (UNREACHABLE, STOPPED)


class NoticeKind(StrEnum):
    """One kind, one renderer, one audience. The subject is the id in brackets."""

    # to the requester
    REQUEST = "request"  # how it's going (request)
    ASKING_STARTED = "asking_started"  # the first people were asked after a night's wait (request)
    PROPOSAL = "proposal"  # someone has offered (proposal)
    PROPOSAL_REMINDER = "proposal_reminder"  # still waiting for your answer (proposal)
    RESTING = "resting"  # I've kept your place (request)
    RESTING_REMINDER = "resting_reminder"  # it closes soon (request)
    RESTING_CLOSED = "resting_closed"  # it was closed, unanswered (request)
    LOOK_WIDER = "look_wider"  # the coordinator asks whether to look wider (request)
    COORDINATOR_CONTACT = "coordinator_contact"  # the coordinator's details (coordinator's member id)
    NAMES_RUN_OUT = "names_run_out"  # the coordinator's route from here (request)
    INTRODUCED = "introduced"  # you're introduced, what happens next (match)
    IN_TOUCH = "in_touch"  # have you two spoken? (match)
    TAKEN_BACK = "taken_back"  # the supporter who said yes can't after all, I'm looking again (request)
    HANDED_BACK = "handed_back"  # it isn't about you, I'm looking again (request)
    CHECK_IN = "check_in"  # how is it going (match)
    CLOSED = "closed"  # the match has closed, three questions (match)
    NAME_OPENED = "name_opened"  # a coordinator was allowed to see your name (break-glass)
    CONTACTED = "contacted"  # the coordinator says they've been in touch (their own member id)
    CONTACT_UNANSWERED = "contact_unanswered"  # no coordinator has answered (their own member id)
    # to a supporter
    OFFER = "offer"  # could you listen to a colleague (offer)
    OFFER_ENDED = "offer_ended"  # the one neutral ending (offer)
    INTRODUCTION = "introduction"  # this is who asked (match)
    FIRST_CONTACT = "first_contact"  # please say hello (match)
    SUPPORTER_CHECK_IN = "supporter_check_in"  # how is it going (match)
    MATCH_ENDED = "match_ended"  # the one ending after an introduction, whoever ended it (match)
    MATCHES = "matches"  # my matches, as they asked (their own member id)
    # to a coordinator
    NOBODY_FOUND = "nobody_found"  # nobody can be found for (request)
    UNMATCHED = "unmatched"  # still unmatched (request)
    CONTACT_ME = "contact_me"  # somebody asked to be contacted (their member id)
    DIGEST = "digest"  # this force's morning (force)
    NAME_ASKED = "name_asked"  # how your ask to see a name stands (break-glass)
    NAME_SHOWN = "name_shown"  # the name, for its hour (break-glass)
    # to whoever may give the second yes
    SECOND_YES = "second_yes"  # would you agree to it (break-glass)


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of the outbox. Unique by recipient, kind, subject and occasion.

    `occasion` tells one time from another ("1", "2", a date). `edits` is the channel's id of a message to be edited
    instead of a new one being sent. `activity_id` is the channel's id of what was sent.
    """

    id: str
    recipient_id: str
    kind: NoticeKind
    subject_id: str
    not_before: datetime
    occasion: str = ""
    edits: str | None = None
    created_at: datetime | None = None
    sent_at: datetime | None = None
    activity_id: str | None = None
    attempts: int = 0


def mending(notice: Notice, stands: str, now: datetime) -> Notice:
    """The edit that follows a message which was taken back while it was being sent. `stands` is where it is shown."""
    return replace(
        notice,
        id=new_id(),
        occasion=f"edit {new_id()}",
        edits=stands,
        not_before=now,
        created_at=now,
        sent_at=None,
        activity_id=None,
        attempts=0,
    )
