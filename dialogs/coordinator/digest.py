"""The digest, when a coordinator asks for it, and how often it comes."""

from __future__ import annotations

from datetime import datetime

from cards.coordinator import digest_card
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.digest import see_digest, set_daily
from peer_support.crisis.contacts import overdue
from peer_support.hours import LONDON
from peer_support.ports import Desk


def helplines_to_check(desk: Desk, now: datetime) -> int:
    """How many help lines nobody has checked in time."""
    return len(overdue(desk.contacts, now.astimezone(LONDON).date()))


async def digest(talk: Talk) -> Reply:
    """This force's network as it is now."""
    view = await see_digest(
        talk.look, talk.desk, helplines_to_check=helplines_to_check(talk.desk, talk.turn.now)
    )
    return talk.show(digest_card(view, talk.reader, talk.turn.now))


async def digest_daily(talk: Talk) -> Reply:
    """Every working day, or only when something needs doing. `id` says which."""
    await set_daily(talk.by, talk.desk, daily=talk.subject == "on")
    return await digest(talk)
