"""Where this bot isn't the way: the force's own team or line, by name and how to reach it."""

from __future__ import annotations

from collections.abc import Sequence

from cards.frame import Card, Element, frame, named, own_words, small, text
from cards.reader import Reader
from cards.said import menu, said
from peer_support.force import LocalContact


def elsewhere_card(key: str, contacts: Sequence[LocalContact], reader: Reader) -> Card:
    """The words of `key`, and the force's own contacts to be selected and copied."""
    return frame([*said(key, reader), *contact_lines(contacts)], reader, [menu(reader)])


def contact_lines(contacts: Sequence[LocalContact]) -> list[Element]:
    """Each contact's name, number and address, as the forces file has them."""
    lines: list[Element] = []
    for contact in contacts:
        lines.append(text(named(contact.label), weight="Bolder"))
        lines += [own_words(way, spacing="None") for way in (contact.call, contact.email) if way]
        if contact.note:
            lines.append(small(named(contact.note)))
    return lines
