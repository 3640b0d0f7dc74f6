"""See who asked, where life or safety is at risk: a coordinator's ask, the second yes, and the name for an hour."""

from __future__ import annotations

from cards.break_glass import ask_name_card, name_asked_card, name_shown_card, second_yes_read_card
from cards.frame import button
from cards.said import said_card
from cards.verbs import Verb
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.break_glass import (
    AnswerAsk,
    AskForName,
    answer_ask,
    ask_for_name,
    begin_to_ask,
    read_ask,
    see_name,
)
from peer_support.glass_views import AskNameView, GlassView


async def break_glass(talk: Talk) -> Reply:
    """What it takes, and the form; or how one's own ask stands."""
    return _begun(talk, await begin_to_ask(talk.look, talk.desk, talk.subject))


def _begun(talk: Talk, view: AskNameView | GlassView) -> Reply:
    if isinstance(view, AskNameView):
        return talk.show(ask_name_card(view, talk.reader, chat=not talk.turn.in_dialog))
    return _stands(talk, view)


def _stands(talk: Talk, view: GlassView) -> Reply:
    return talk.show(name_asked_card(view, talk.reader, talk.turn.now, dialog_forms=talk.dialog_forms))


async def ask(talk: Talk) -> Reply:
    """Asked: how it stands comes as a message of its own, which is kept true."""
    command = AskForName(talk.by, talk.subject, talk.field("risk"), talk.field("why"))
    view = await ask_for_name(command, talk.desk)
    if isinstance(view, AskNameView):
        return _begun(talk, view)
    if talk.turn.in_dialog:
        return Reply()
    onward = button(talk.reader, "digest", Verb.DIGEST)
    return talk.show(said_card("break_glass.asked", talk.reader, onward, reference=view.reference))


async def see(talk: Talk) -> Reply:
    """The name: in the dialog where there is one, so that the chat holds none."""
    view = await see_name(talk.by, talk.desk, talk.subject, in_chat=not talk.turn.in_dialog)
    if view is None:
        return Reply()
    return talk.show(name_shown_card(view, talk.reader, talk.turn.now, dialog_forms=talk.dialog_forms))


async def second_yes_read(talk: Talk) -> Reply:
    """Why it is asked."""
    view = await read_ask(talk.look, talk.desk, talk.subject)
    return talk.show(second_yes_read_card(view, talk.reader, talk.turn.now))


async def second_yes(talk: Talk) -> Reply:
    """Agreed."""
    return await _answer(talk, yes=True)


async def second_no(talk: Talk) -> Reply:
    """Not agreed, without a reason."""
    return await _answer(talk, yes=False)


async def _answer(talk: Talk, *, yes: bool) -> Reply:
    view = await answer_ask(AnswerAsk(talk.by, talk.subject, yes), talk.desk)
    return talk.show(second_yes_read_card(view, talk.reader, talk.turn.now))
