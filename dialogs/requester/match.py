"""The requester's side of a match: have you spoken, swap, close, three questions."""

from __future__ import annotations

from cards.closing import closed_card, feedback_thanks_card, supporter_closed_card
from cards.frame import button
from cards.introduction import close_confirm_card, not_yet_card, swap_confirm_card
from cards.said import said_card
from cards.verbs import Verb
from dialogs.requester.request import card_of
from dialogs.requester.status import status
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.give_feedback import GiveFeedback, give_feedback
from peer_support.commands.own_request import see_status
from peer_support.commands.tend_match import (
    CloseMatch,
    Swap,
    close_match,
    say_not_yet,
    say_spoken,
    say_still_talking,
    see_side,
    swap,
)


async def spoken(talk: Talk) -> Reply:
    """They have spoken."""
    await say_spoken(talk.by, talk.desk, talk.subject)
    return talk.show(said_card("match.spoken", talk.reader))


async def not_yet(talk: Talk) -> Reply:
    """Not yet: the supporter is nudged, and a swap is offered."""
    await say_not_yet(talk.by, talk.desk, talk.subject)
    found = await see_status(talk.look, talk.desk)
    if found.match is None:
        return await status(talk)
    return talk.show(not_yet_card(found.match, talk.reader))


async def still_talking(talk: Talk) -> Reply:
    """Either side: it goes on."""
    await say_still_talking(talk.by, talk.desk, talk.subject)
    return talk.show(said_card("match.still_talking", talk.reader))


async def swap_ask(talk: Talk) -> Reply:
    """Asked once more: the introduction can't be had back."""
    side = await see_side(talk.look, talk.desk, talk.subject, requester=True)
    return talk.show(swap_confirm_card(side.match_id, talk.reader))


async def swap_sure(talk: Talk) -> Reply:
    """Someone else, without a reason."""
    view = await swap(Swap(talk.by, talk.subject), talk.desk)
    status_button = button(talk.reader, "status", Verb.STATUS)
    return talk.follow(said_card("introduced.moved_on", talk.reader, status_button), card_of(talk, view))


async def close(talk: Talk) -> Reply:
    """Either side, asked once more."""
    side = await see_side(talk.look, talk.desk, talk.subject)
    return talk.show(close_confirm_card(side.match_id, talk.reader, supporter=side.supporter))


async def close_sure(talk: Talk) -> Reply:
    """Closed by either: each is asked their own few questions."""
    closed = await close_match(CloseMatch(talk.by, talk.subject), talk.desk)
    if closed.supporter:
        here = said_card("introduction.closed", talk.reader, button(talk.reader, "matches", Verb.MATCHES))
        return talk.follow(here, supporter_closed_card(talk.reader, closed.match_id))
    here = said_card("introduced.closed", talk.reader, button(talk.reader, "ask", Verb.ASK))
    return talk.follow(here, closed_card(talk.reader, by_me=True, match_id=closed.match_id))


async def feedback(talk: Talk) -> Reply:
    """Three answers, kept apart."""
    command = GiveFeedback(
        talk.by, talk.subject, talk.field("listened"), talk.field("easy"), talk.field("otherwise")
    )
    await give_feedback(command, talk.desk)
    return talk.show(feedback_thanks_card(talk.reader))
