"""The requester's answer about one supporter. Introduce us is the only way to a name."""

from __future__ import annotations

from dataclasses import replace

from cards.introduction import introduced_card
from cards.proposal import contact_card
from cards.request import names_run_out_card, request_card
from cards.said import said_card
from dialogs.requester.request import shown
from dialogs.requester.status import open_lines
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.answer_proposal import (
    ChooseSomeoneElse,
    Introduce,
    SayNotNow,
    ask_contact,
    choose_someone_else,
    introduce,
    say_not_now,
)


async def introduce_us(talk: Talk) -> Reply:
    """First, how they'd like to be reached, and exactly what the supporter will see."""
    if talk.dialog_forms and not talk.turn.in_dialog:
        return await introduce_send(talk)
    view = await ask_contact(talk.look, talk.desk, talk.subject)
    return talk.show(contact_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def introduce_send(talk: Talk) -> Reply:
    """The introduction: shown as a new message in the chat, from where they can go on."""
    command = Introduce(
        talk.by,
        talk.subject,
        how=talk.field("how"),
        phone=talk.field("phone"),
        voicemail=talk.field("voicemail") == "true",
    )
    answered = await introduce(command, talk.desk)
    if answered.contact is not None:
        return talk.show(contact_card(answered.contact, talk.reader, chat=not talk.turn.in_dialog))
    if answered.introduced is not None:
        reply = talk.say_in_chat(introduced_card(answered.introduced, talk.chat_reader, talk.turn.now))
        if talk.turn.in_dialog or not talk.turn.pressed:
            return reply
        return replace(reply, instead=talk.message(said_card("proposal.introduced_below", talk.reader)))
    if answered.request is None:
        return talk.show(said_card("refusal.OutOfDate", talk.reader))
    card = request_card(
        answered.request,
        talk.chat_reader,
        talk.turn.now,
        contacts_open=open_lines(talk),
        dialog_forms=talk.dialog_forms,
    )
    gone = talk.message(said_card("proposal.gone", talk.chat_reader))
    return Reply(messages=(gone, talk.message(card)))


async def someone_else(talk: Talk) -> Reply:
    """No to this one, without a reason; or, once names have run out, the coordinator's route."""
    view = await choose_someone_else(ChooseSomeoneElse(talk.by, talk.subject), talk.desk)
    if view.coordinator_route:
        return talk.show(names_run_out_card(view, talk.reader))
    return shown(talk, view)


async def not_now(talk: Talk) -> Reply:
    """Their place is kept."""
    return shown(talk, await say_not_now(SayNotNow(talk.by, talk.subject), talk.desk))
