"""Who may do what: role x action x condition as data, denied by default, checked at every press on the stored truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from peer_support.break_glass import BreakGlass
from peer_support.offer import Match, Offer
from peer_support.people import Coordinator, Member, RosterStatus, Supporter
from peer_support.refusals import NotACoordinator, NotASupporter, NotFound
from peer_support.request import Request


@dataclass(frozen=True, slots=True)
class Standing:
    """Who a member is to the bot, as stored: the input of every access decision. Roles come from the roster alone."""

    member: Member
    supporter: Supporter | None = None
    coordinator: Coordinator | None = None


class Action(StrEnum):
    """Every act that a command may name."""

    ASK = "ask"
    SEE_REQUEST = "see_request"
    CHANGE_REQUEST = "change_request"
    ANSWER_PROPOSAL = "answer_proposal"
    END_OWN_MATCH = "end_own_match"
    GIVE_FEEDBACK = "give_feedback"
    ANSWER_OFFER = "answer_offer"
    TEND_MATCH = "tend_match"
    SEE_OWN_NETWORK = "see_own_network"
    SET_AVAILABILITY = "set_availability"
    SEE_DIGEST = "see_digest"
    HELP_STUCK_REQUEST = "help_stuck_request"
    CHOOSE_LANGUAGE = "choose_language"
    ASK_TO_BE_CONTACTED = "ask_to_be_contacted"
    ANSWER_CONTACT_ASK = "answer_contact_ask"
    OWN_DATA = "own_data"
    ASK_TO_SEE_NAME = "ask_to_see_name"
    SEE_NAME = "see_name"
    GIVE_SECOND_YES = "give_second_yes"


class Role(StrEnum):
    MEMBER = "member"
    SUPPORTER = "supporter"
    COORDINATOR = "coordinator"


Subject = Request | Offer | Match | BreakGlass | Member | None
Condition = Callable[[Standing, Subject], bool]


def _always(_standing: Standing, _subject: Subject) -> bool:
    return True


def _own_request(standing: Standing, subject: Subject) -> bool:
    return isinstance(subject, Request) and subject.requester_id == standing.member.id


def _requester_of_match(standing: Standing, subject: Subject) -> bool:
    return isinstance(subject, Match) and subject.requester_id == standing.member.id


def _supporter_of_match(standing: Standing, subject: Subject) -> bool:
    return isinstance(subject, Match) and subject.supporter_id == standing.member.id


def _own_offer(standing: Standing, subject: Subject) -> bool:
    return isinstance(subject, Offer) and subject.supporter_id == standing.member.id


def _request_of_own_force(standing: Standing, subject: Subject) -> bool:
    return (
        standing.coordinator is not None
        and isinstance(subject, Request)
        and subject.force_id == standing.coordinator.force_id
    )


def _another_of_own_force(standing: Standing, subject: Subject) -> bool:
    return (
        standing.coordinator is not None
        and isinstance(subject, Member)
        and subject.force_id == standing.coordinator.force_id
        and subject.id != standing.member.id
    )


def _anothers_request_of_own_force(standing: Standing, subject: Subject) -> bool:
    return _request_of_own_force(standing, subject) and not _own_request(standing, subject)


def _own_break_glass(standing: Standing, subject: Subject) -> bool:
    return (
        standing.coordinator is not None
        and isinstance(subject, BreakGlass)
        and subject.asked_by == standing.member.id
        and subject.force_id == standing.coordinator.force_id
    )


def _asked_for_second_yes(standing: Standing, subject: Subject) -> bool:
    return (
        isinstance(subject, BreakGlass)
        and standing.member.id in subject.asked_of
        and standing.member.id != subject.asked_by
    )


RULES: Mapping[Action, tuple[Role, Condition]] = {
    Action.CHOOSE_LANGUAGE: (Role.MEMBER, _always),
    Action.OWN_DATA: (Role.MEMBER, _always),
    Action.ASK: (Role.MEMBER, _always),
    Action.SEE_REQUEST: (Role.MEMBER, _own_request),
    Action.CHANGE_REQUEST: (Role.MEMBER, _own_request),
    Action.ANSWER_PROPOSAL: (Role.MEMBER, _own_request),
    Action.END_OWN_MATCH: (Role.MEMBER, _requester_of_match),
    Action.GIVE_FEEDBACK: (Role.MEMBER, _requester_of_match),
    Action.ANSWER_OFFER: (Role.SUPPORTER, _own_offer),
    Action.TEND_MATCH: (Role.SUPPORTER, _supporter_of_match),
    Action.SEE_OWN_NETWORK: (Role.SUPPORTER, _always),
    Action.SET_AVAILABILITY: (Role.SUPPORTER, _always),
    Action.ASK_TO_BE_CONTACTED: (Role.MEMBER, _always),
    Action.ANSWER_CONTACT_ASK: (Role.COORDINATOR, _another_of_own_force),
    Action.SEE_DIGEST: (Role.COORDINATOR, _always),
    Action.HELP_STUCK_REQUEST: (Role.COORDINATOR, _request_of_own_force),
    Action.ASK_TO_SEE_NAME: (Role.COORDINATOR, _anothers_request_of_own_force),
    Action.SEE_NAME: (Role.COORDINATOR, _own_break_glass),
    Action.GIVE_SECOND_YES: (Role.MEMBER, _asked_for_second_yes),
}


def _has(standing: Standing, role: Role) -> bool:
    """A supporter who is on leave or has left still tends the matches they have, so that nobody is left hanging."""
    if role is Role.SUPPORTER:
        return standing.supporter is not None
    if role is Role.COORDINATOR:
        return standing.coordinator is not None and standing.coordinator.status is RosterStatus.ACTIVE
    return True


def may(standing: Standing, action: Action, subject: Subject = None) -> None:
    """Pass, or refuse. Where there is a subject, wrong role and wrong owner both answer NotFound, like a wrong id."""
    role, condition = RULES[action]
    if not _has(standing, role):
        if condition is not _always:
            raise NotFound
        raise NotASupporter if role is Role.SUPPORTER else NotACoordinator
    if not condition(standing, subject):
        raise NotFound
