"""How one's own request stands: the one place that shows the present truth."""

from __future__ import annotations

from cards.crisis import number
from cards.introduction import introduced_card
from cards.proposal import proposal_card
from cards.request import no_request_card, request_card
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.own_request import Status, keep_status_true, see_status
from peer_support.request import RequestState

_SHOWN_OPEN = ("police_crisis_line", "samaritans", "lifeline_ni")


def open_lines(talk: Talk) -> tuple[str, ...]:
    """The lines that answer at any hour, by name and number, for somebody who has to wait."""
    reader = talk.chat_reader
    lines = [
        c
        for c in talk.desk.contacts
        if c.id in _SHOWN_OPEN and c.nations & reader.nations and c.round_the_clock
    ]
    lines.sort(key=lambda contact: _SHOWN_OPEN.index(contact.id))
    return tuple(f"{contact.label} {number(contact, reader)}" for contact in lines)


async def status(talk: Talk) -> Reply:
    """The present truth about one's own request."""
    return await show_status(talk, await see_status(talk.look, talk.desk))


async def show_status(talk: Talk, found: Status) -> Reply:
    """A request as the card that fits its state. In the chat a card with a name is a notice, so that it is mended."""
    reader, now = talk.reader, talk.turn.now
    if found.request is None:
        return talk.show(no_request_card(reader))
    named = found.proposal is not None or found.match is not None
    if named and not talk.turn.in_dialog:
        await keep_status_true(talk.look, talk.desk, found, talk.turn.key, talk.turn.pressed)
        if not talk.turn.pressed:
            return Reply()
    if found.proposal is not None:
        return talk.show(proposal_card(found.proposal, reader, now, dialog_forms=talk.dialog_forms))
    if found.match is not None:
        return talk.show(introduced_card(found.match, reader, now))
    lines = open_lines(talk) if found.request.state is RequestState.OPEN else ()
    card = request_card(found.request, reader, now, contacts_open=lines, dialog_forms=talk.dialog_forms)
    return talk.show(card)
