"""The requester's answer about one supporter. Introduce us is the only way to a name."""

from __future__ import annotations

from cards.proposal import contact_card, ended_proposal_card
from cards.request import request_card
from cards.said import said_card
from dialogs.requester.request import card_of
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
from peer_support.offer import ProposalState


async def introduce_us(talk: Talk) -> Reply:
    """First, how they'd like to be reached, and exactly what the supporter will see."""
    if talk.dialog_forms and not talk.turn.in_dialog:
        return await introduce_send(talk)
    view = await ask_contact(talk.look, talk.desk, talk.subject)
    return talk.show(contact_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def introduce_send(talk: Talk) -> Reply:
    """The introduction. Its card comes by the outbox, so that it can be mended once it has closed."""
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
        if talk.turn.in_dialog:
            return Reply()
        return talk.show(said_card("proposal.introduced_below", talk.reader))
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
    here = ended_proposal_card(ProposalState.SOMEONE_ELSE, view.id, talk.reader)
    return talk.follow(here, card_of(talk, view))


async def not_now(talk: Talk) -> Reply:
    """Their place is kept."""
    view = await say_not_now(SayNotNow(talk.by, talk.subject), talk.desk)
    here = ended_proposal_card(ProposalState.RELEASED, view.id, talk.reader)
    return talk.follow(here, card_of(talk, view))
