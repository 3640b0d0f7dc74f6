"""“Ask a coordinator to contact me”: who is told what and when they work, before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.elsewhere import contact_lines
from cards.frame import Card, Element, button, frame, heading, named, own_words, text
from cards.reader import Reader
from cards.said import menu, said, said_card
from cards.times import moment
from cards.verbs import Verb
from peer_support.force import LocalContact
from peer_support.views import ContactAskedView, ContactMeView


def contact_me_card(view: ContactMeView, reader: Reader, now: datetime, carry_on_to: str = "") -> Card:
    """Asked once more, with all of it said. Without a coordinator, the wellbeing team.

    `carry_on_to` is where the crisis card's own Carry on leads back to, and so does the way out of here.
    """
    if view.asked:
        return contact_me_asked_card(view, reader, now, carry_on_to)
    if not view.coordinators:
        return nobody_card(view.wellbeing, reader, carry_on_to)
    body = [
        heading(reader.say("contact_me.heading")),
        text(reader.say("contact_me.who", names=_names(view))),
        text(reader.say("contact_me.what")),
        *_when(view, reader, now),
    ]
    sure = button(reader, "contact_me_sure", Verb.CONTACT_ME_SURE, carry_on_to)
    out = button(reader, "not_now", Verb.CARRY_ON, carry_on_to)
    return frame(body, reader, [sure, out], here=_here(carry_on_to))


def contact_me_asked_card(view: ContactMeView, reader: Reader, now: datetime, carry_on_to: str = "") -> Card:
    """It is asked. Theirs to take back."""
    body = [*said("contact_me.asked", reader, names=_names(view)), *_when(view, reader, now)]
    back = button(reader, "contact_me_back", Verb.CONTACT_ME_BACK, carry_on_to)
    out = button(reader, "carry_on", Verb.CARRY_ON, carry_on_to)
    return frame(body, reader, [back, out], here=_here(carry_on_to))


def contact_me_taken_back_card(reader: Reader, *, seen: bool, carry_on_to: str = "") -> Card:
    """Never mind, and honestly whether the name may have been seen."""
    out = button(reader, "carry_on", Verb.CARRY_ON, carry_on_to)
    return said_card("contact_me.taken_back_seen" if seen else "contact_me.taken_back", reader, out)


def nobody_card(wellbeing: Sequence[LocalContact], reader: Reader, carry_on_to: str = "") -> Card:
    """There is no coordinator to ask: who can be asked instead. Nobody was told."""
    team = contact_lines(wellbeing) or [text(reader.say("learn.wellbeing.unknown"))]
    out = button(reader, "carry_on", Verb.CARRY_ON, carry_on_to)
    return frame([*said("contact_me.nobody", reader), *team], reader, [out], here=_here(carry_on_to))


def contacted_card(reader: Reader) -> Card:
    """To the person: the coordinator says they've been in touch."""
    return said_card("contact_me.contacted", reader, button(reader, "contact_me", Verb.CONTACT_ME))


def unanswered_card(wellbeing: Sequence[LocalContact], reader: Reader) -> Card:
    """To the person: nobody has answered, so it doesn't end in silence."""
    body = [*said("contact_me.unanswered", reader), *contact_lines(wellbeing)]
    return frame(body, reader, [button(reader, "contact_me", Verb.CONTACT_ME), menu(reader)])


def contact_asked_card(view: ContactAskedView, reader: Reader) -> Card:
    """To a coordinator: who would like to hear from them. Once it is over there is no name on it."""
    if not view.open:
        return said_card("contact_asked.over", reader, button(reader, "digest", Verb.DIGEST))
    body: list[Element] = [
        heading(reader.say("contact_asked.heading")),
        text(reader.say("contact_asked.who", name=named(view.name or "")), weight="Bolder"),
        *([own_words(view.email, spacing="None")] if view.email else []),
        text(reader.say("contact_asked.chose")),
        text(reader.say("contact_asked.danger")),
        text(reader.say("contact_asked.private")),
    ]
    done = button(reader, "contacted", Verb.CONTACTED, view.member_id, style="positive")
    return frame(body, reader, [done, button(reader, "digest", Verb.DIGEST)])


def _here(carry_on_to: str) -> str:
    return f"{Verb.CONTACT_ME} {carry_on_to}" if carry_on_to else Verb.CONTACT_ME


def _names(view: ContactMeView) -> str:
    return ", ".join(named(each.name) for each in view.coordinators)


def _when(view: ContactMeView, reader: Reader, now: datetime) -> list[Element]:
    by = moment(view.by, now, reader)
    return [
        text(reader.say("contact_me.when", hours="; ".join(view.hours), by=by)),
        text(reader.say("contact_me.not_at_night"), weight="Bolder"),
    ]
