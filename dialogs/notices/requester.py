"""Notices to the one who asked. Each looks again whether it is still theirs and still true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cards.break_glass import name_opened_card
from cards.closing import closed_card
from cards.contact_me import contacted_card, unanswered_card
from cards.introduction import check_in_card, in_touch_card, introduced_card
from cards.proposal import proposal_card
from cards.reader import Reader
from cards.request import (
    asking_started_card,
    coordinator_contact_card,
    handed_back_card,
    look_wider_card,
    names_run_out_card,
    request_card,
    resting_closed_card,
    resting_reminder_card,
)
from dialogs.notices.telling import Teller, Telling
from dialogs.turn import Card, Message
from peer_support.commands.contact_me import own_contact_me
from peer_support.notice import NoticeKind
from peer_support.noticing import (
    contact_of,
    introduced_of,
    own_request_view,
    proposal_of,
)
from peer_support.offer import MatchState, ProposalState
from peer_support.reading_glass import opened_of
from peer_support.request import LIVE, RequestState
from peer_support.views import IntroducedView, RequestView

RequestWords = Callable[[RequestView, Reader, datetime, bool], Card]


def _about_request(states: frozenset[RequestState], words: RequestWords) -> Teller:
    """A notice about one's own request, sent only while the request is in one of these states."""

    async def teller(telling: Telling) -> Message | None:
        view = await own_request_view(telling.desk, telling.subject, telling.member.id, telling.now)
        if view is None or view.state not in states:
            return None
        return telling.message(words(view, telling.reader, telling.now, telling.dialog_forms))

    return teller


async def _proposal(telling: Telling) -> Message | None:
    """Someone has offered. When it edits an older card, it shows how that ended."""
    view = await proposal_of(telling.desk, telling.subject, telling.member.id, telling.now)
    if view is None or (view.state is not ProposalState.ASKED and not telling.editing):
        return None
    reminder = telling.notice.kind is NoticeKind.PROPOSAL_REMINDER
    return telling.message(
        proposal_card(view, telling.reader, telling.now, reminder=reminder, dialog_forms=telling.dialog_forms)
    )


def _about_match(
    words: Callable[[IntroducedView, Reader, datetime], Card], *, ended_too: bool = False
) -> Teller:
    async def teller(telling: Telling) -> Message | None:
        view = await introduced_of(telling.desk, telling.subject, telling.member.id, telling.now)
        if view is None or (view.state is not MatchState.LIVE and not (telling.editing or ended_too)):
            return None
        said = words if ended_too or view.state is MatchState.LIVE else introduced_card
        return telling.message(said(view, telling.reader, telling.now))

    return teller


async def _look_wider(telling: Telling) -> Message | None:
    """Stale once the person has widened their wish, or has been matched."""
    view = await own_request_view(telling.desk, telling.subject, telling.member.id, telling.now)
    if view is None or not view.may_widen:
        return None
    return telling.message(look_wider_card(view, telling.reader))


async def _coordinator_contact(telling: Telling) -> Message | None:
    """The coordinator's own details, as they asked to have sent."""
    contact = await contact_of(telling.desk, telling.subject)
    return telling.message(coordinator_contact_card(contact, telling.reader)) if contact else None


async def _name_opened(telling: Telling) -> Message | None:
    """That a coordinator was allowed to see their name."""
    view = await opened_of(telling.desk, telling.subject, telling.member.id, telling.now)
    return telling.message(name_opened_card(view, telling.reader)) if view else None


async def _contacted(telling: Telling) -> Message | None:
    return telling.message(contacted_card(telling.reader))


async def _contact_unanswered(telling: Telling) -> Message | None:
    return telling.message(
        unanswered_card(await own_contact_me(telling.desk, telling.member.id), telling.reader)
    )


_OPEN = frozenset({RequestState.OPEN})
_RESTING = frozenset({RequestState.RESTING})
_CLOSED = frozenset({RequestState.CLOSED})

TELLERS: Mapping[NoticeKind, Teller] = {
    NoticeKind.REQUEST: _about_request(
        LIVE, lambda view, reader, now, dialogs: request_card(view, reader, now, dialog_forms=dialogs)
    ),
    NoticeKind.ASKING_STARTED: _about_request(
        _OPEN, lambda view, reader, now, dialogs: asking_started_card(view, reader, now, dialog_forms=dialogs)
    ),
    NoticeKind.RESTING: _about_request(
        _RESTING, lambda view, reader, now, dialogs: request_card(view, reader, now, dialog_forms=dialogs)
    ),
    NoticeKind.RESTING_REMINDER: _about_request(
        _RESTING, lambda view, reader, _now, _dialogs: resting_reminder_card(view, reader)
    ),
    NoticeKind.RESTING_CLOSED: _about_request(
        _CLOSED, lambda view, reader, _now, _dialogs: resting_closed_card(view, reader)
    ),
    NoticeKind.LOOK_WIDER: _look_wider,
    NoticeKind.NAMES_RUN_OUT: _about_request(
        _OPEN, lambda view, reader, _now, _dialogs: names_run_out_card(view, reader)
    ),
    NoticeKind.HANDED_BACK: _about_request(
        _OPEN, lambda view, reader, now, _dialogs: handed_back_card(view, reader, now)
    ),
    NoticeKind.TAKEN_BACK: _about_request(
        _OPEN, lambda view, reader, now, _dialogs: handed_back_card(view, reader, now, named=False)
    ),
    NoticeKind.PROPOSAL: _proposal,
    NoticeKind.PROPOSAL_REMINDER: _proposal,
    NoticeKind.COORDINATOR_CONTACT: _coordinator_contact,
    NoticeKind.CONTACTED: _contacted,
    NoticeKind.CONTACT_UNANSWERED: _contact_unanswered,
    NoticeKind.NAME_OPENED: _name_opened,
    NoticeKind.INTRODUCED: _about_match(introduced_card),
    NoticeKind.IN_TOUCH: _about_match(lambda view, reader, _now: in_touch_card(view, reader)),
    NoticeKind.CHECK_IN: _about_match(
        lambda view, reader, _now: check_in_card(view, reader, supporter=False)
    ),
    NoticeKind.CLOSED: _about_match(
        lambda view, reader, _now: closed_card(reader, by_me=False, match_id=view.match_id), ended_too=True
    ),
}
