"""A supporter's answer to a blind offer."""

from __future__ import annotations

from cards.frame import button
from cards.offer import apart_card, offer_card
from cards.said import said_card
from cards.verbs import Verb
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.answer_offer import AcceptOffer, DeclineOffer, accept_offer, decline_offer


async def accept(talk: Talk) -> Reply:
    """Yes, blind."""
    return await _accept(talk, apart=False)


async def accept_apart(talk: Talk) -> Reply:
    """Yes, and I have no part in what is being looked into."""
    return await _accept(talk, apart=True)


async def _accept(talk: Talk, *, apart: bool) -> Reply:
    answered = await accept_offer(AcceptOffer(talk.by, talk.subject, apart=apart), talk.desk)
    if answered.paused:
        resume = button(talk.reader, "resume", Verb.RESUME)
        return talk.show(said_card("offer.paused", talk.reader, resume))
    if answered.apart_needed:
        return talk.show(apart_card(answered.view, talk.reader))
    return talk.show(offer_card(answered.view, talk.reader, talk.turn.now))


async def decline(talk: Talk) -> Reply:
    """No, without a reason."""
    answered = await decline_offer(DeclineOffer(talk.by, talk.subject), talk.desk)
    return talk.show(offer_card(answered.view, talk.reader, talk.turn.now))


async def decline_pause(talk: Talk) -> Reply:
    """No, and nothing more until Resume."""
    answered = await decline_offer(DeclineOffer(talk.by, talk.subject, pause=True), talk.desk)
    return talk.show(offer_card(answered.view, talk.reader, talk.turn.now))
