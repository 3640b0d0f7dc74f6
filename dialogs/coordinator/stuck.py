"""A stuck request, by reference alone: look wider, offer it to one, send my details."""

from __future__ import annotations

from dataclasses import replace

from cards.coordinator import choose_card, stuck_card
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.stuck import (
    OfferToChosen,
    ask_to_look_wider,
    choose_supporter,
    offer_to_chosen,
    see_stuck,
    send_contact,
)
from peer_support.refusals import CantBeOffered
from peer_support.views import StuckView


async def stuck(talk: Talk) -> Reply:
    """One request and what can be done for it."""
    return _shown(talk, await see_stuck(talk.look, talk.desk, talk.subject))


def _shown(talk: Talk, view: StuckView) -> Reply:
    return talk.show(stuck_card(view, talk.reader, dialog_forms=talk.dialog_forms))


async def ask_wider(talk: Talk) -> Reply:
    """Ask the person, through the bot, whether to look wider."""
    return _shown(talk, await ask_to_look_wider(talk.by, talk.desk, talk.subject))


async def contact(talk: Talk) -> Reply:
    """Send the person this coordinator's details, through the bot."""
    return _shown(talk, await send_contact(talk.by, talk.desk, talk.subject))


async def choose(talk: Talk) -> Reply:
    """Find one's own supporters by typing."""
    view = await choose_supporter(talk.look, talk.desk, talk.subject, talk.field("name"))
    return talk.show(choose_card(view, talk.reader))


async def offer_to(talk: Talk) -> Reply:
    """Offer it to the ticked supporter. The rules still hold, and a "can't" gives no reason."""
    command = OfferToChosen(talk.by, talk.subject, talk.field("supporter"))
    try:
        view = await offer_to_chosen(command, talk.desk)
    except CantBeOffered:
        found = await choose_supporter(talk.look, talk.desk, talk.subject)
        return talk.show(choose_card(replace(found, said="cant"), talk.reader))
    return _shown(talk, view)
