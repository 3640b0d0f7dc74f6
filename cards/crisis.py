"""The crisis card: danger first, then who answers day and night. Schema 1.2, so that every phone can show it.

Its words come from the catalogue and its numbers from the contacts data. All of them are made once at start; should
making one raise, the packaged words below stand in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, combinations

from cards.frame import SCHEMA, VERSION, Action, Card, Element, footer_key, frame, submit, text
from cards.language import nation_buttons, place, same_card_button
from cards.reader import Reader, in_one_language
from cards.verbs import Verb
from cards.words import keys, languages
from peer_support.crisis.contacts import NATIONS, Contact

VERSION_FOR_ALL = "1.2"
MOST_ACTIONS = 6
_ORDER = (
    "police_crisis_line",
    "samaritans",
    "shout",
    "nhs_england",
    "nhs_wales",
    "nhs_scotland",
    "lifeline_ni",
    "gp",
)


class Variant(StrEnum):
    """What the card answers. The value is what logs and tests call it."""

    DANGER = "danger"
    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    SOMEONE_ELSE = "someone_else"
    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_HARM = "sexual_harm"
    SOFT = "soft"
    CANT_OPEN = "cant_open"
    READ_NOT_OPENED = "read_not_opened"
    HELP_ONLY = "help_only"


@dataclass(frozen=True, slots=True)
class CrisisMessage:
    """A card, the same words as plain text should the card be refused, and the neutral line that a toast may show."""

    card: Card
    text: str
    summary: str


Rendered = Mapping[tuple[frozenset[str], str, Variant], CrisisMessage]
_WITH_WHY = (Variant.CANT_OPEN, Variant.READ_NOT_OPENED, Variant.HELP_ONLY)
_HARM = (Variant.DOMESTIC_ABUSE, Variant.SEXUAL_HARM)
_DANGER_WORDS = {
    Variant.SOMEONE_ELSE: "crisis.danger.someone_else",
    Variant.SELF_HARM: "crisis.danger.self_harm",
    **dict.fromkeys(_HARM, "crisis.danger.harm"),
}
_TALK_WORDS = {Variant.SOMEONE_ELSE: "crisis.talk.someone_else"}
_CLOSING = {
    Variant.SOMEONE_ELSE: ("crisis.carry_alone",),
    **dict.fromkeys(_HARM, ("crisis.safe_here",)),
    **dict.fromkeys((Variant.DANGER, Variant.SUICIDE, Variant.SELF_HARM), ("crisis.near",)),
}
_MISREAD = (Variant.DANGER, Variant.SUICIDE, Variant.SELF_HARM, Variant.SOMEONE_ELSE, Variant.SOFT)


@in_one_language
def crisis_card(
    variant: Variant, reader: Reader, contacts: Sequence[Contact], *, carry_on_to: str = ""
) -> Card:
    """The card of one variant for one reader: only lines that always answer and that somebody vouches for.

    `carry_on_to` is where Carry on leads back to, where the card itself knows.
    """
    emergency = next(contact for contact in contacts if contact.id == "emergency")
    danger = reader.say(_DANGER_WORDS.get(variant, "crisis.danger"), call=emergency.call)
    body = [text(reader.say(f"crisis.{variant}.heading"), size="Large", weight="Bolder")]
    if variant in _WITH_WHY:
        body.append(text(reader.say(f"crisis.{variant}.why")))
    body.append(text(danger, weight="Bolder"))
    if variant is Variant.DOMESTIC_ABUSE:
        body.append(text(reader.say("crisis.silent", call=emergency.call, silent=emergency.silent)))
    body.append(text(reader.say(_TALK_WORDS.get(variant, "crisis.talk")), spacing="Medium"))
    body += line_elements(reader, contacts, variant)
    body.append(text(_deaf(reader, contacts, emergency), spacing="Medium"))
    body += [text(reader.say(key)) for key in _CLOSING.get(variant, ())]
    body.append(text(reader.say("crisis.program"), spacing="Medium"))
    if variant is not Variant.HELP_ONLY:
        body.append(text(reader.say("crisis.misread" if variant in _MISREAD else "crisis.carry_on")))
    card = frame(body, reader, _actions(variant, reader), help_now=False, version=VERSION_FOR_ALL)
    return leading_back(card, carry_on_to)


def leading_back(card: Card, carry_on_to: str) -> Card:
    """The card whose Carry on leads back there, by way of its other buttons too. The card given stays as it is."""
    if not carry_on_to:
        return card
    return card | {"actions": [_leading_back(action, carry_on_to) for action in card["actions"]]}


def _leading_back(action: Action, carry_on_to: str) -> Action:
    data = action["data"]
    shown = "" if data["verb"] in (Verb.CARRY_ON, Verb.CONTACT_ME) else f"{data.get('id', '').rstrip('.')}."
    return action | {"data": data | {"id": f"{shown}{carry_on_to}"}}


def line_elements(
    reader: Reader, contacts: Sequence[Contact], variant: Variant = Variant.DANGER
) -> list[Element]:
    """The lines alone, one a paragraph: for the crisis card, and for above another card's answer."""
    special = [c for c in contacts if c.nations & reader.nations and str(variant) in c.audience]
    answering = [c for c in special if c.round_the_clock and c.sure]
    usual = [
        c for c in contacts if c.always and c.nations & reader.nations and c.id != "emergency" and c.sure
    ]
    usual.sort(key=lambda c: _ORDER.index(c.id) if c.id in _ORDER else len(_ORDER))
    words = [line_words(contact, reader) for contact in (*answering, *usual)]
    if len(special) > len(answering):
        words.insert(len(answering), reader.say("crisis.more_lines"))
    return [text(line, spacing="Small") for line in words]


@in_one_language
def crisis_message(
    variant: Variant, reader: Reader, contacts: Sequence[Contact], *, carry_on_to: str = ""
) -> CrisisMessage:
    """The card with its plain text and toast line."""
    card = crisis_card(variant, reader, contacts, carry_on_to=carry_on_to)
    return CrisisMessage(card, plain(card, reader), reader.say("crisis.summary"))


def plain(card: Card, reader: Reader) -> str:
    """The card's words as plain text, and how to go on without its buttons. The footer is among them."""
    *words, last = _words(card["body"])
    if last != reader.say(footer_key(reader)):
        raise ValueError("a card without its footer")
    goes_on = any(action["data"]["verb"] == Verb.CARRY_ON for action in card["actions"])
    return "\n\n".join([*words, reader.say("crisis.plain" if goes_on else "crisis.plain_more"), last])


def render_all(contacts: Sequence[Contact]) -> Rendered:
    """Every card for every set of nations, language and variant. One that raises is replaced by the packaged words."""
    return {
        (nations, language, variant): _safely(variant, Reader(language, nations), contacts)
        for nations in nation_sets()
        for language in sorted(languages())
        for variant in Variant
    }


def nation_sets() -> Iterator[frozenset[str]]:
    """Every set of nations that a force may work in."""
    sizes = range(1, len(NATIONS) + 1)
    return map(frozenset, chain.from_iterable(combinations(NATIONS, size) for size in sizes))


def _safely(variant: Variant, reader: Reader, contacts: Sequence[Contact]) -> CrisisMessage:
    try:
        return crisis_message(variant, reader, contacts)
    except Exception:  # noqa: BLE001 - whatever is broken, the words must be there
        return packaged_message()


def line_words(contact: Contact, reader: Reader) -> str:
    """A line and its number in words."""
    key = f"crisis.line.{contact.id}"
    if key in keys():
        line = reader.say(key, call=contact.call, text=texted(contact, reader))
    else:
        line = reader.say("crisis.line", label=contact.label, number=number(contact, reader))
    return in_nation(line, contact, reader)


def in_nation(line: str, contact: Contact, reader: Reader) -> str:
    """The words, with the nations that the line serves in front where the reader may be in others."""
    if reader.nations <= contact.nations:
        return line
    where = [
        reader.say(f"crisis.nation.{nation}")
        for nation in NATIONS
        if nation in contact.nations & reader.nations
    ]
    return reader.say("crisis.in_nation", nation=reader.say("crisis.nations_and").join(where), line=line)


def number(contact: Contact, reader: Reader) -> str:
    """How to reach a line: its number, its text number, or both."""
    if contact.call and contact.text:
        return reader.say("crisis.number.both", call=contact.call, text=texted(contact, reader))
    return contact.call or reader.say("crisis.number.text", text=texted(contact, reader))


def texted(contact: Contact, reader: Reader) -> str:
    """A word and the number to text it to; the word itself is the line's own."""
    return reader.say("crisis.number.to").join(contact.text.split(" to "))


def _deaf(reader: Reader, contacts: Iterable[Contact], emergency: Contact) -> str:
    shout = next(contact for contact in contacts if contact.id == "shout")
    here = [c for c in contacts if c.deaf and c.nations & reader.nations and c is not emergency]
    first = reader.say("crisis.deaf", shout=texted(shout, reader), relay=emergency.deaf)
    return " ".join(
        [first, *(reader.say(f"crisis.deaf.{contact.id}", deaf=contact.deaf) for contact in here)]
    )


def _actions(variant: Variant, reader: Reader) -> list[Action]:
    actions = [submit(reader.say("button.more_support"), Verb.MORE_SUPPORT, place(reader))]
    if variant is not Variant.HELP_ONLY:
        actions.append(submit(reader.say("button.contact_me"), Verb.CONTACT_ME))
        actions.append(submit(reader.say("button.carry_on"), Verb.CARRY_ON))
    actions.append(same_card_button(reader, variant))
    return [*actions, *nation_buttons(reader, Verb.HELP_NOW, MOST_ACTIONS - len(actions))]


def _words(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "TextBlock":
            yield element["text"]
        yield from _words(element.get("items", ()))


_PACKAGED_WORDS = (
    "Help now",
    "If your life is in danger now: 999, ask for an ambulance, or go to A&E.",
    "Someone to talk to, day or night:",
    "England and Wales: Police crisis line 0300 131 2789, counsellors outside policing.",
    "Samaritans 116 123, free.",
    "Text SHOUT to 85258 if you'd rather not speak, free.",
    "England: NHS 111, mental health option (2). Wales: NHS 111, press 2. Scotland: NHS 24 on 111.",
    "Northern Ireland: Lifeline 0808 808 8000, free.",
    "If you're deaf or can't speak: text SHOUT to 85258. In danger, 18000 by text relay.",
    "I'm a computer program. Nobody watches this chat. Nobody has been alerted and I can't call for you.",
    (
        "Need someone now? Samaritans 116 123. Text SHOUT to 85258. 111 (Northern Ireland: Lifeline 0808 808 8000). "
        "Your GP. In danger: 999."
    ),
)


def packaged_message() -> CrisisMessage:
    """The words for when the catalogue or the contacts can't be used. They lean on nothing; a test compares them."""
    card: Card = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION_FOR_ALL,
        "body": [
            text(_PACKAGED_WORDS[0], size="Large", weight="Bolder"),
            *map(text, _PACKAGED_WORDS[1:]),
        ],
        "actions": [
            {
                "type": "Action.Submit",
                "title": "Carry on",
                "data": {"verb": str(Verb.CARRY_ON), "v": VERSION},
            },
        ],
    }
    return CrisisMessage(card, "\n\n".join(_PACKAGED_WORDS), "You have an update")
