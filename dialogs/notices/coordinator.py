"""Notices to a coordinator: a reference and what can be done, never who asked or what about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cards.coordinator import digest_card, nobody_found_card, unmatched_card
from cards.reader import Reader
from dialogs.coordinator.digest import helplines_to_check
from dialogs.notices.telling import Teller, Telling
from dialogs.turn import Card, Message
from peer_support.commands.digest import digest_of
from peer_support.commands.stuck import stuck_of
from peer_support.notice import NoticeKind
from peer_support.request import RequestState
from peer_support.views import StuckView


def _about_stuck(words: Callable[[StuckView, Reader], Card]) -> Teller:
    async def teller(telling: Telling) -> Message | None:
        view = await stuck_of(telling.desk, telling.subject, telling.member.id, telling.now)
        if view is None or view.state is not RequestState.OPEN:
            return None
        return telling.message(words(view, telling.reader))

    return teller


async def _digest(telling: Telling) -> Message | None:
    """This morning's digest; not sent where there is nothing to do, unless they want it daily."""
    checks = helplines_to_check(telling.desk, telling.now)
    view = await digest_of(telling.desk, telling.member.id, telling.now, helplines_to_check=checks)
    if view is None or (view.nothing_to_do and not view.daily):
        return None
    return telling.message(digest_card(view, telling.reader, telling.now))


TELLERS: Mapping[NoticeKind, Teller] = {
    NoticeKind.NOBODY_FOUND: _about_stuck(nobody_found_card),
    NoticeKind.UNMATCHED: _about_stuck(unmatched_card),
    NoticeKind.DIGEST: _digest,
}
