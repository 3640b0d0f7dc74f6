"""Notices to a coordinator: a reference and what can be done, never who asked or what about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cards.break_glass import name_asked_card, name_shown_card, second_yes_card
from cards.contact_me import contact_asked_card
from cards.coordinator import digest_card, nobody_found_card, unmatched_card
from dialogs.coordinator.digest import helplines_to_check
from dialogs.notices.telling import Teller, Telling
from dialogs.turn import Card, Message
from peer_support.commands.contact_me import contact_asked_of
from peer_support.commands.digest import digest_of
from peer_support.commands.stuck import stuck_of
from peer_support.glass_views import Answered
from peer_support.notice import NoticeKind
from peer_support.reading_glass import name_asked_of, name_shown_of, second_yes_of
from peer_support.request import RequestState


def _about_stuck(words: Callable[..., Card]) -> Teller:
    async def teller(telling: Telling) -> Message | None:
        view = await stuck_of(telling.desk, telling.subject, telling.member.id, telling.now)
        if view is None or view.state is not RequestState.OPEN:
            return None
        return telling.message(words(view, telling.reader, dialog_forms=telling.dialog_forms))

    return teller


async def _digest(telling: Telling) -> Message | None:
    """This morning's digest; not sent where there is nothing to do, unless they want it daily."""
    checks = helplines_to_check(telling.desk, telling.now)
    view = await digest_of(telling.desk, telling.member.id, telling.now, helplines_to_check=checks)
    if view is None or (view.nothing_to_do and not view.daily):
        return None
    return telling.message(digest_card(view, telling.reader, telling.now))


async def _name_asked(telling: Telling) -> Message | None:
    view = await name_asked_of(telling.desk, telling.subject, telling.member.id, telling.now)
    if view is None:
        return None
    card = name_asked_card(view, telling.reader, telling.now, dialog_forms=telling.dialog_forms)
    return telling.message(card)


async def _name_shown(telling: Telling) -> Message | None:
    """The name while its hour runs, and edited to none after it."""
    view = await name_shown_of(telling.desk, telling.subject, telling.member.id, telling.now)
    if view is None:
        return None
    card = name_shown_card(view, telling.reader, telling.now, dialog_forms=telling.dialog_forms)
    return telling.message(card)


async def _second_yes(telling: Telling) -> Message | None:
    """To whoever may agree: sent only while an answer counts; edited, how it stands for them."""
    view = await second_yes_of(telling.desk, telling.subject, telling.member.id, telling.now)
    if view is None or (view.answered is not Answered.WAITING and not telling.editing):
        return None
    card = second_yes_card(view, telling.reader, telling.now, dialog_forms=telling.dialog_forms)
    return telling.message(card)


async def _contact_me(telling: Telling) -> Message | None:
    """Who would like to hear from them; edited to no name once it is over."""
    view = await contact_asked_of(telling.desk, telling.subject, telling.member.id)
    if view is None or (not view.open and not telling.editing):
        return None
    return telling.message(contact_asked_card(view, telling.reader))


TELLERS: Mapping[NoticeKind, Teller] = {
    NoticeKind.NOBODY_FOUND: _about_stuck(nobody_found_card),
    NoticeKind.UNMATCHED: _about_stuck(unmatched_card),
    NoticeKind.DIGEST: _digest,
    NoticeKind.CONTACT_ME: _contact_me,
    NoticeKind.NAME_ASKED: _name_asked,
    NoticeKind.NAME_SHOWN: _name_shown,
    NoticeKind.SECOND_YES: _second_yes,
}
