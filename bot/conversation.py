"""From what came in to what is answered: Incoming, Turn, Reply. Where there is no store, help and nothing else."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.guard import Guard
from bot.incoming import Incoming, Kind
from bot.spoken import Spoken
from cards.language import language_asked
from cards.said import busy_card
from cards.verbs import Verb
from cards.words import ENGLISH, WELSH
from dialogs import typed
from dialogs.places import CONTACT
from dialogs.router import INSTALLED, LEFT, answer
from dialogs.talk import message_of, reader_for
from dialogs.turn import Message, Reply, Turn
from peer_support.acting import By
from peer_support.commands.answer_proposal import keep_contact
from peer_support.commands.asking import keep_typed
from peer_support.commands.choose_language import choose_language
from peer_support.ports import Desk
from storage.errors import StoreBusy

log = structlog.get_logger()

# Seconds at most before a turn that was given up is begun again. Many who ask at one moment want the same supporter,
# and find their way one after the other, each by its own chance.
PAUSES = (0.0, 0.02, 0.05, 0.1, 0.2)

_EVENTS = {Kind.INSTALLED: INSTALLED, Kind.LEFT: LEFT}
_DIALOGS = frozenset({Kind.DIALOG_OPEN, Kind.DIALOG_SUBMIT})
_PRESSED = frozenset({Kind.PRESS, Kind.SUBMIT})


class Conversation:
    """`desk_of` gives the desk, or None while the store can't be used: help-only mode."""

    def __init__(
        self,
        desk_of: Callable[[], Desk | None],
        guard: Guard,
        clock: Callable[[], datetime],
        *,
        spoken: Spoken | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._desk_of, self._guard, self._clock = desk_of, guard, clock
        self._spoken = spoken or Spoken()
        self._sleep, self._chance = sleep, chance

    async def handle(self, incoming: Incoming) -> Reply:
        """Answer one activity."""
        desk = self._desk_of()
        if desk is None:
            return self._help_only(incoming)
        reply = await self._answered(turn_of(incoming, self._clock()), desk)
        self._note_language(incoming, reply)
        return reply

    async def _answered(self, turn: Turn, desk: Desk) -> Reply:
        for pause in PAUSES:
            try:
                return await answer(turn, desk)
            except StoreBusy:  # nothing of it was kept, its key neither
                await self._sleep(pause * self._chance())
        return await answer(turn, desk)

    def _note_language(self, incoming: Incoming, reply: Reply) -> None:
        """What they asked for now, or chose earlier. English in an answer says nothing: some cards have no other.

        Nor does Welsh in a Teams in Welsh, which says so itself for as long as it is.
        """
        said = {message.language for message in (*reply.messages, reply.instead) if message is not None}
        chosen = WELSH if WELSH in said and not incoming.locale.casefold().startswith(WELSH) else None
        language = _language(incoming) or chosen
        if language is not None:
            self._spoken.note(incoming.actor.address.conversation_id, language)

    def busy(self, incoming: Incoming) -> Message:
        """What is said where there is no place now, or a turn failed: try again, and who to ring meanwhile."""
        desk = self._desk_of()
        if desk is None:
            return self._guard.help_only(_seen(incoming)).message
        reader = reader_for(desk, incoming.actor.tenant_id, incoming.locale, dialog=incoming.kind in _DIALOGS)
        return message_of(busy_card(reader), reader)

    async def keep(self, incoming: Incoming) -> None:
        """Help now was pressed on a form, or the other language on a crisis card: keep what it held or asked for.

        Nothing waits for this.
        """
        desk = self._desk_of()
        if desk is not None and incoming.fields:
            by = By(incoming.actor, self._clock())
            language = _language(incoming)
            if language is not None:
                self._spoken.note(incoming.actor.address.conversation_id, language)
                await choose_language(by, desk, language)
                return
            _, _, here = incoming.fields.get("id", "").partition(".")
            if here.startswith(CONTACT):
                await keep_contact(by, desk, here.removeprefix(CONTACT), incoming.fields)
            await keep_typed(by, desk, incoming.fields, prefilled=incoming.kind in _DIALOGS)

    def _help_only(self, incoming: Incoming) -> Reply:
        if incoming.kind in _EVENTS:
            return Reply()
        message = self._guard.help_only(_seen(incoming)).message
        if incoming.kind in _DIALOGS or incoming.kind is Kind.PRESS:
            return Reply(instead=message)
        return Reply(messages=(message,))


def turn_of(incoming: Incoming, now: datetime) -> Turn:
    """The same activity as the dialogs know it."""
    return Turn(
        actor=incoming.actor,
        verb=incoming.verb,
        now=now,
        fields=incoming.fields,
        text=incoming.text,
        key=incoming.key,
        pressed=incoming.pressed if incoming.kind in _PRESSED else None,
        in_dialog=incoming.kind in _DIALOGS,
        happened=_EVENTS.get(incoming.kind, ""),
    )


def _language(incoming: Incoming) -> str | None:
    """The language that this very activity asks for."""
    if incoming.verb == Verb.LANGUAGE:
        return language_asked(incoming.fields.get("id", ""))
    if incoming.verb:
        return None
    return {typed.IN_WELSH: WELSH, typed.IN_ENGLISH: ENGLISH}.get(typed.meaning(incoming.text) or "")


def _seen(incoming: Incoming) -> Mapping[str, Any]:
    """As much of the activity as the guard needs to choose nations and language."""
    locale = _language(incoming) or incoming.locale
    return {"locale": locale, "channelData": {"tenant": {"id": incoming.actor.tenant_id}}}
