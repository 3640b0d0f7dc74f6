"""The buttons for the same card in the other language or another nation, and what the guard reads of their press."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cards.frame import Action, button, submit
from cards.reader import ALL_NATIONS, Reader
from cards.verbs import Verb
from cards.words import ENGLISH, WELSH, languages
from peer_support.crisis.contacts import NATIONS

_LONGEST = 99


@dataclass(frozen=True, slots=True)
class SameCard:
    """A card that is asked for again in the other language: which one, for whom, and where its Carry on leads."""

    card: str
    reader: Reader
    carry_on_to: str


def language_button(reader: Reader) -> Action:
    """On a card of the dialogs: the choice is kept, and what follows is in it where it can be."""
    return button(reader, "language", Verb.LANGUAGE, other_language(reader))


def same_card_button(reader: Reader, card: str) -> Action:
    """On a card of the guard, which gives the same one again without asking the store for anything."""
    where = place(replace(reader, spoken=other_language(reader)))
    return submit(reader.say("button.language"), Verb.LANGUAGE, f"{card}.{where}.")


def nation_buttons(reader: Reader, verb: Verb, room: int) -> list[Action]:
    """The same card for each nation that this one leaves out; where so many don't fit, one for all of the UK."""
    others = [nation for nation in NATIONS if nation not in reader.nations]
    if len(others) > room:
        return [submit(reader.say("crisis.nation.all"), verb, place(reader, ALL_NATIONS))]
    return [
        submit(reader.say(f"crisis.nation.{nation}"), verb, place(reader, frozenset({nation})))
        for nation in others
    ]


def other_language(reader: Reader) -> str:
    """The one that the card in hand isn't in."""
    return WELSH if reader.spoken == ENGLISH else ENGLISH


def place(reader: Reader, nations: frozenset[str] | None = None) -> str:
    """What a button says of a card: its nations and its language, as in `E-W-cy`."""
    shown = reader.nations if nations is None else nations
    return "-".join([*(nation for nation in NATIONS if nation in shown), reader.spoken])


def at_place(subject: str, reader: Reader) -> Reader:
    """The reader in the nations and the language that a button named; the reader's own where it named none."""
    named = frozenset(subject.split("-"))
    spoken, nations = named & languages(), named - languages()
    if len(spoken) > 1 or not nations <= ALL_NATIONS:
        return reader
    return replace(reader, language=next(iter(spoken), reader.language), nations=nations or reader.nations)


def standing(subject: str, reader: Reader) -> tuple[Reader, str]:
    """For whom a press on Help now or More support is answered, and where Carry on leads back to: `E-cy.review`."""
    where, _, carry_on_to = subject.partition(".")
    return at_place(where, reader), carry_on_to[:_LONGEST]


def same_card(subject: str, reader: Reader) -> SameCard | None:
    """The card that a press on `same_card_button` asks for; None where the press came from a card of the dialogs."""
    card, dot, rest = subject.partition(".")
    where, _, carry_on_to = rest.partition(".")
    return SameCard(card, at_place(where, reader), carry_on_to[:_LONGEST]) if dot else None


def language_asked(subject: str) -> str | None:
    """The language that a press on either button asks for."""
    _, dot, rest = subject.partition(".")
    named = (rest.partition(".")[0] if dot else subject).split("-")
    return next((language for language in named if language in languages()), None)
