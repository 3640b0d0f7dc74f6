"""Not these people: open, find by typing, leave out, take back."""

from __future__ import annotations

from cards.people import people_card
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.asking import keep_typed
from peer_support.commands.people import leave_out, see_people, take_back
from peer_support.views import PeopleView


def _shown(talk: Talk, view: PeopleView) -> Reply:
    return talk.show(people_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def people_open(talk: Talk) -> Reply:
    """From the form, whose answers are kept, or from a supporter's profile, which has no draft."""
    await keep_typed(talk.by, talk.desk, talk.turn.fields)
    return _shown(talk, await see_people(talk.look, talk.desk))


async def people_find(talk: Talk) -> Reply:
    """Ten results at most, of supporters who agreed to be found."""
    return _shown(talk, await see_people(talk.look, talk.desk, talk.field("name"), searched=True))


async def people_add(talk: Talk) -> Reply:
    """Leave the ticked people out from now on."""
    ticked = [each for each in talk.field("people").split(",") if each]
    return _shown(talk, await leave_out(talk.by, talk.desk, ticked))


async def people_remove(talk: Talk) -> Reply:
    """Take one person off the list, by their own button."""
    return _shown(talk, await take_back(talk.by, talk.desk, talk.subject))
