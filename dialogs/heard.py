"""What is typed on a form is heard too: a call for help, or signs of danger. Read for this answer, and kept nowhere.

A requester's form shows who to ring first, and Carry on leads back to it. Any other act is done, with the contacts
above its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from cards.crisis import Variant, crisis_card, leading_back, line_elements, packaged_message
from cards.crisis_for import asked_for
from cards.frame import Element, heading, text
from cards.verbs import Verb
from dialogs.places import CONTACT, PEOPLE
from dialogs.talk import Talk, message_of
from dialogs.turn import Card, Message, Reply
from peer_support.commands.answer_proposal import keep_contact
from peer_support.crisis.help_now import asks_for_help_now

_PICKED = ("topics_", "named")
_CHOSEN = frozenset(
    {
        *("own_force", "force_wish", "how", "soon", "when", "about_grade", "about_language", "alike"),
        *("remember", "people", "supporter", "listed", "voicemail", "listened", "easy", "otherwise", "risk"),
        "reason",
    }
)
_PEOPLE = frozenset({Verb.PEOPLE_OPEN, Verb.PEOPLE_FIND, Verb.PEOPLE_ADD})
_KEEPING = 0.3
_HELD = frozenset({Verb.INTRODUCE, Verb.INTRODUCE_SEND})


def heard(fields: Mapping[str, str]) -> Variant | None:
    """Which card the fields ask for. What is picked from a list isn't words: topics are for their own rule.

    A choice is one of its field's own values, in which there is no space; anything else in that field was typed.
    """
    said = {name: each for name, each in fields.items() if name != "id" and not name.startswith(_PICKED)}
    if any(asks_for_help_now(each) for each in said.values()):
        return Variant.DANGER
    typed = {name: each for name, each in said.items() if any(map(str.isalpha, each))}
    words = [each for name, each in typed.items() if name not in _CHOSEN or " " in each.strip()]
    return asked_for(words)[1]


def who_to_ring(talk: Talk, variant: Variant, carry_on_to: str = "") -> Card:
    """The crisis card, or the packaged words where the contacts or the catalogue can't be used."""
    try:
        return crisis_card(variant, talk.reader, talk.desk.contacts, carry_on_to=carry_on_to)
    except Exception:  # noqa: BLE001 - whatever is broken, the words must be there
        return leading_back(packaged_message().card, carry_on_to)


async def held(talk: Talk, variant: Variant | None) -> Reply | None:
    """Before an introduction, which can't be had back: who to ring, and Carry on to the same form as it was left."""
    if variant in (None, Variant.SOFT) or talk.turn.verb not in _HELD:
        return None
    with suppress(Exception):  # the card is what counts, whatever the store does
        async with asyncio.timeout(_KEEPING):
            await keep_contact(talk.look, talk.desk, talk.subject, talk.turn.fields)
    return _first(talk, variant, f"{CONTACT}{talk.subject}")


def answered(talk: Talk, variant: Variant | None, reply: Reply, *, refused: bool) -> Reply:
    """The answer with who to ring: in its place on a requester's form, above it on any other."""
    if variant is None:
        return reply
    if variant is not Variant.SOFT:
        if talk.turn.verb == Verb.FORM_REVIEW:
            return _first(talk, variant, "") if refused else reply
        if talk.turn.verb in _PEOPLE:
            return _first(talk, variant, PEOPLE)
    return _above(talk, variant, reply)


def _first(talk: Talk, variant: Variant, carry_on_to: str) -> Reply:
    return talk.show(who_to_ring(talk, variant, carry_on_to), new=not talk.turn.in_dialog)


def _above(talk: Talk, variant: Variant, reply: Reply) -> Reply:
    lines = _lines(talk, variant)
    if reply.page is not None:
        return replace(reply, page=replace(reply.page, card=_under(lines, reply.page.card)))
    if reply.instead is not None:
        return replace(reply, instead=_message(talk, _under(lines, reply.instead.card)))
    if reply.messages:
        first, *others = reply.messages
        return replace(reply, messages=(_message(talk, _under(lines, first.card)), *others))
    chat = replace(talk, reader=talk.chat_reader)
    return Reply(messages=(_message(chat, who_to_ring(chat, variant)),))


def _lines(talk: Talk, variant: Variant) -> list[Element]:
    try:
        return _lines_of(talk, variant)
    except Exception:  # noqa: BLE001 - as above
        return list(packaged_message().card["body"])


def _lines_of(talk: Talk, variant: Variant) -> list[Element]:
    emergency = next(contact for contact in talk.desk.contacts if contact.id == "emergency")
    return [
        heading(talk.reader.say(f"crisis.{variant}.heading")),
        text(talk.reader.say("crisis.danger", call=emergency.call), weight="Bolder"),
        *line_elements(talk.reader, talk.desk.contacts, variant),
    ]


def _under(lines: list[Element], card: Card) -> Card:
    """A card that is itself the help, with its own lines, stays as it is."""
    if any(action.get("data", {}).get("verb") == Verb.MORE_SUPPORT for action in card["actions"]):
        return card
    return card | {"body": [*lines, *card["body"]]}


def _message(talk: Talk, card: Card) -> Message:
    return message_of(card, talk.reader)
