"""A supporter's side of a match: hello, hand back, worried, and how they are afterwards."""

from __future__ import annotations

from cards.closing import debrief_card, fine_card
from cards.frame import button
from cards.introduction import hand_back_card, handed_back_thanks_card, introduction_card, worried_card
from cards.said import said_card
from cards.verbs import Verb
from dialogs.supporter.availability import matches
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.availability import see_introduction, see_matches
from peer_support.commands.tend_match import HandBack, hand_back, say_hello_was_said, see_own_coordinators
from peer_support.refusals import NotFound, OutOfDate


async def said_hello(talk: Talk) -> Reply:
    """They've been in touch."""
    await say_hello_was_said(talk.by, talk.desk, talk.subject)
    view = await see_introduction(talk.look, talk.desk, talk.subject)
    if view is None:
        raise OutOfDate
    return talk.show(introduction_card(view, talk.reader, talk.turn.now))


async def hand_back_ask(talk: Talk) -> Reply:
    """Which of three reasons; none is passed on to the person."""
    view = await see_introduction(talk.look, talk.desk, talk.subject)
    if view is None:
        raise NotFound
    return talk.show(hand_back_card(view, talk.reader))


async def hand_back_typed(talk: Talk) -> Reply:
    """Typed: at once where there is one introduction, by choosing where there are several."""
    view = await see_matches(talk.look, talk.desk)
    if len(view.matches) == 1:
        return talk.show(hand_back_card(view.matches[0], talk.reader))
    return await matches(talk)


async def hand_back_sure(talk: Talk) -> Reply:
    """Handed back, with a reminder that the name stays private."""
    done = await hand_back(HandBack(talk.by, talk.subject, talk.field("reason")), talk.desk)
    if not done:
        return await hand_back_ask(talk)
    here = said_card("introduction.closed", talk.reader, button(talk.reader, "matches", Verb.MATCHES))
    return talk.follow(here, handed_back_thanks_card(talk.reader))


async def worried(talk: Talk) -> Reply:
    """999, their coordinator, occupational health. A new message, so that the introduction stays in sight."""
    coordinators, match_id = await see_own_coordinators(talk.look, talk.desk, talk.subject)
    return talk.show(worried_card(talk.reader, coordinators, match_id), new=True)


async def fine(talk: Talk) -> Reply:
    """I'm fine."""
    return talk.show(fine_card(talk.reader))


async def debrief(talk: Talk) -> Reply:
    """Whom to ask for a debrief: their own choice to write, and nobody is told."""
    coordinators, match_id = await see_own_coordinators(talk.look, talk.desk, talk.subject)
    return talk.show(debrief_card(talk.reader, coordinators, match_id))
