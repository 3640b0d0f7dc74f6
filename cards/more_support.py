"""More support: the lines that the crisis card leaves out, each with whether it answers now."""

from __future__ import annotations

from itertools import groupby

from cards.crisis import (
    MOST_ACTIONS,
    VERSION_FOR_ALL,
    CrisisMessage,
    in_nation,
    line_words,
    number,
    plain,
)
from cards.frame import Card, frame, submit, text
from cards.language import nation_buttons, place, same_card_button
from cards.reader import Reader, in_one_language
from cards.verbs import Verb
from cards.words import WELSH, keys
from peer_support.crisis.opening import MoreSupport, Opening, State, SupportLine

# The line that is answered in a language, and so comes first for whoever reads in it.
_IN = {WELSH: "samaritans_cy"}


@in_one_language
def more_support_card(view: MoreSupport, reader: Reader) -> Card:
    """A line that always answers first, then the rest, those for anyone before those for one kind of trouble."""
    first, *rest = view.lines
    rest.sort(key=lambda line: (bool(line.contact.audience), line.contact.id != _IN.get(reader.spoken)))
    body = [
        text(reader.say("more_support.heading"), size="Large", weight="Bolder"),
        text(reader.say("more_support.first", line=line_words(first.contact, reader)), weight="Bolder"),
    ]
    for group, lines in groupby(rest, lambda line: "+".join(sorted(line.contact.audience)) or "anyone"):
        body.append(text(_heading(group, reader), weight="Bolder", spacing="Medium"))
        body += [text(_line(line, reader), spacing="Small") for line in lines]
    actions = [
        submit(reader.say("button.help_now"), Verb.HELP_NOW, place(reader)),
        submit(reader.say("button.contact_me"), Verb.CONTACT_ME),
        submit(reader.say("button.carry_on"), Verb.CARRY_ON),
        same_card_button(reader, Verb.MORE_SUPPORT),
    ]
    actions += nation_buttons(reader, Verb.MORE_SUPPORT, MOST_ACTIONS - len(actions))
    return frame(body, reader, actions, help_now=False, version=VERSION_FOR_ALL)


@in_one_language
def more_support_message(view: MoreSupport, reader: Reader) -> CrisisMessage:
    """The card with its plain text and toast line."""
    card = more_support_card(view, reader)
    return CrisisMessage(card, plain(card, reader), reader.say("crisis.summary"))


def opening_words(opening: Opening, reader: Reader) -> str:
    """`Closed now, opens 17:00.` The day is named where it isn't today."""
    if opening.state is not State.CLOSED or opening.opens is None:
        return reader.say(f"more_support.{opening.state}")
    time = f"{opening.opens:%H:%M}"
    if opening.today:
        return reader.say("more_support.closed_today", time=time)
    day = reader.say(f"more_support.day.{opening.opens.weekday()}")
    return reader.say("more_support.closed", day=day, time=time)


def _heading(group: str, reader: Reader) -> str:
    names = [f"more_support.group.{audience}" for audience in group.split("+")]
    return " / ".join(reader.say(name) for name in names if name in keys())


def _label(line: SupportLine, reader: Reader) -> str:
    """A line's own name; the few that say something besides are said in the reader's language."""
    key = f"more_support.label.{line.contact.id}"
    return reader.say(key) if key in keys() else line.contact.label


def _line(line: SupportLine, reader: Reader) -> str:
    words = reader.say(
        "more_support.line",
        label=_label(line, reader),
        number=number(line.contact, reader),
        opening=opening_words(line.opening, reader),
    )
    words = in_nation(words, line.contact, reader)
    return words if line.contact.sure else f"{words} {reader.say('more_support.unsure')}"
