"""Notices to a supporter. A requester's name is asked of the channel only here, and only while their match lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cards.closing import match_ended_card
from cards.introduction import check_in_card, first_contact_card, introduction_card
from cards.offer import ended_card, offer_card
from cards.reader import Reader
from cards.supporter import matches_card
from dialogs.notices.telling import Teller, Telling
from dialogs.turn import Card, Message
from peer_support.commands.availability import matches_of
from peer_support.notice import NoticeKind
from peer_support.noticing import introduction_of, offer_of, offer_was_seen
from peer_support.offer import MatchState, OfferState
from peer_support.views import IntroductionView


async def _offer(telling: Telling) -> Message | None:
    """A blind offer while it waits; edited, the answer that was given or the time that ran out."""
    view = await offer_of(telling.desk, telling.subject, telling.member.id, telling.now)
    if view is None or (view.state is not OfferState.SENT and not telling.editing):
        return None
    return telling.message(offer_card(view, telling.reader, telling.now))


async def _offer_ended(telling: Telling) -> Message | None:
    """The one neutral ending, whatever the reason was."""
    if not await offer_was_seen(telling.desk, telling.subject, telling.member.id):
        return None
    return telling.message(ended_card(telling.reader))


def _about_match(words: Callable[[IntroductionView, Reader, datetime], Card]) -> Teller:
    async def teller(telling: Telling) -> Message | None:
        view = await introduction_of(telling.desk, telling.subject, telling.member.id)
        if view is None or (view.state is not MatchState.LIVE and not telling.editing):
            return None
        said = words if view.state is MatchState.LIVE else introduction_card
        return telling.message(said(view, telling.reader, telling.now))

    return teller


async def _match_ended(telling: Telling) -> Message | None:
    """The one ending after an introduction, and how are you."""
    return telling.message(match_ended_card(telling.reader, telling.subject))


async def _matches(telling: Telling) -> Message | None:
    """My matches, as they asked; edited once one of them has ended."""
    view = await matches_of(telling.desk, telling.member.id, telling.now)
    return telling.message(matches_card(view, telling.reader, telling.now)) if view else None


TELLERS: Mapping[NoticeKind, Teller] = {
    NoticeKind.OFFER: _offer,
    NoticeKind.OFFER_ENDED: _offer_ended,
    NoticeKind.INTRODUCTION: _about_match(introduction_card),
    NoticeKind.FIRST_CONTACT: _about_match(first_contact_card),
    NoticeKind.SUPPORTER_CHECK_IN: _about_match(
        lambda view, reader, _now: check_in_card(view, reader, supporter=True)
    ),
    NoticeKind.MATCH_ENDED: _match_ended,
    NoticeKind.MATCHES: _matches,
}
