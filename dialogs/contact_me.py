"""“Ask a coordinator to contact me”: never by itself, and never at one press."""

from __future__ import annotations

from cards.contact_me import contact_asked_card, contact_me_card, contact_me_taken_back_card
from dialogs.places import known
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.contact_me import (
    ask_to_be_contacted,
    say_contacted,
    see_contact_me,
    take_back_contact_me,
)
from peer_support.views import ContactAskedView


async def contact_me(talk: Talk) -> Reply:
    """Who is told what. A new message, so that who to ring now stays in sight."""
    view = await see_contact_me(talk.look, talk.desk)
    card = contact_me_card(view, talk.reader, talk.turn.now, known(talk.subject))
    return talk.show(card, new=not talk.turn.in_dialog)


async def sure(talk: Talk) -> Reply:
    """Asked."""
    view = await ask_to_be_contacted(talk.by, talk.desk)
    return talk.show(contact_me_card(view, talk.reader, talk.turn.now, known(talk.subject)))


async def take_back(talk: Talk) -> Reply:
    """Not after all."""
    seen = await take_back_contact_me(talk.by, talk.desk)
    return talk.show(contact_me_taken_back_card(talk.reader, seen=seen, carry_on_to=known(talk.subject)))


async def contacted(talk: Talk) -> Reply:
    """A coordinator has been in touch."""
    await say_contacted(talk.by, talk.desk, talk.subject)
    return talk.show(contact_asked_card(ContactAskedView(talk.subject, open=False), talk.reader))
