"""A supporter's own say: pause, resume, my matches, my profile."""

from __future__ import annotations

from cards.supporter import matches_card, paused_card, profile_card, profile_door_card, resumed_card
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.availability import (
    SaveProfile,
    save_profile,
    see_profile,
    set_paused,
    show_matches,
)
from peer_support.refusals import Repeated


async def pause(talk: Talk) -> Reply:
    """No more offers until Resume."""
    await set_paused(talk.by, talk.desk, paused=True)
    return talk.show(paused_card(talk.reader))


async def resume(talk: Talk) -> Reply:
    """Offers may come again."""
    await set_paused(talk.by, talk.desk, paused=False)
    return talk.show(resumed_card(talk.reader))


async def matches(talk: Talk) -> Reply:
    """Everyone they're introduced to, and the offers that wait."""
    try:
        view = await show_matches(talk.by, talk.desk)
    except Repeated:
        if not talk.turn.pressed:
            return Reply()
        raise
    return Reply() if view is None else talk.show(matches_card(view, talk.reader, talk.turn.now))


async def profile(talk: Talk) -> Reply:
    """What is said of them, and what of it may be shown. Where there are dialogs the chat holds only counts."""
    view = await see_profile(talk.look, talk.desk)
    if talk.dialog_forms and not talk.turn.in_dialog:
        return talk.show(profile_door_card(view, talk.reader))
    return talk.show(profile_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def profile_save(talk: Talk) -> Reply:
    """Keep their choices. Chosen experiences come in several lists, none over twelve."""
    named = [
        each
        for name, value in talk.turn.fields.items()
        if name.startswith("named")
        for each in value.split(",")
        if each
    ]
    command = SaveProfile(talk.by, talk.field("bio"), named, talk.field("listed") == "true")
    view = await save_profile(command, talk.desk)
    if talk.dialog_forms and not talk.turn.in_dialog:
        return talk.show(profile_door_card(view, talk.reader))
    return talk.show(profile_card(view, talk.reader, chat=not talk.turn.in_dialog))
