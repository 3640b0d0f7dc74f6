"""A requester's acts on their own request: withdraw, look wider, keep looking."""

from __future__ import annotations

from cards.request import names_run_out_card, no_request_card, request_card, withdraw_card
from dialogs.requester.status import open_lines
from dialogs.talk import Talk
from dialogs.turn import Card, Reply
from peer_support.commands.own_request import (
    KeepLooking,
    LookWider,
    WithdrawRequest,
    keep_looking,
    look_wider,
    see_status,
    withdraw_request,
)
from peer_support.request import RequestState
from peer_support.views import RequestView


def shown(talk: Talk, view: RequestView) -> Reply:
    """The request as it stands after an act."""
    return talk.show(card_of(talk, view))


def card_of(talk: Talk, view: RequestView) -> Card:
    """The card of a request; once names have run out, the one that says how the coordinator helps from here."""
    if view.coordinator_route and view.state is RequestState.OPEN:
        return names_run_out_card(view, talk.reader)
    lines = open_lines(talk) if view.state is RequestState.OPEN else ()
    return request_card(view, talk.reader, talk.turn.now, contacts_open=lines, dialog_forms=talk.dialog_forms)


async def withdraw(talk: Talk) -> Reply:
    """Asked once more, since a place in the line can't be had back."""
    found = await see_status(talk.look, talk.desk)
    if found.request is None:
        return talk.show(no_request_card(talk.reader))
    return talk.show(withdraw_card(found.request, talk.reader))


async def withdraw_sure(talk: Talk) -> Reply:
    """Withdrawn, without a reason."""
    return shown(talk, await withdraw_request(WithdrawRequest(talk.by, talk.subject), talk.desk))


async def widen(talk: Talk) -> Reply:
    """Yes to supporters of any force."""
    return shown(talk, await look_wider(LookWider(talk.by, talk.subject), talk.desk))


async def keep(talk: Talk) -> Reply:
    """Look again after a rest."""
    return shown(talk, await keep_looking(KeepLooking(talk.by, talk.subject), talk.desk))
