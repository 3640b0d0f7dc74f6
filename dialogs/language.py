"""The language that cards are shown in: what the person chose, or else that of their Teams."""

from __future__ import annotations

from dataclasses import replace

from cards.language import language_asked
from cards.welcome import welcome_card
from cards.words import ENGLISH, WELSH
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.choose_language import choose_language, chosen_language
from peer_support.commands.meeting import meet


async def in_their_language(talk: Talk) -> Talk:
    """For the cards of acts that don't say it themselves. A store that can't tell leaves it to their Teams."""
    try:
        return talk.spoken_in(await chosen_language(talk.look, talk.desk))
    except Exception:  # noqa: BLE001 - who to ring is never held up by the language it is said in
        return talk


async def language(talk: Talk) -> Reply:
    """The other language's button on a card of the dialogs."""
    return await _speak(talk, language_asked(talk.subject) or talk.reader.language)


async def in_welsh(talk: Talk) -> Reply:
    """They typed cymraeg."""
    return await _speak(talk, WELSH)


async def in_english(talk: Talk) -> Reply:
    """They typed english."""
    return await _speak(talk, ENGLISH)


async def _speak(talk: Talk, chosen: str) -> Reply:
    met = await meet(talk.look, talk.desk)
    await choose_language(talk.look, talk.desk, chosen)
    reader = replace(talk.reader, language=chosen)
    return replace(talk, reader=reader).show(welcome_card(reader, first=met.first, view=met.view))
