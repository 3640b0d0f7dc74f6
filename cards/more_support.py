"""More support: the lines that the crisis card leaves out, each with whether it answers now."""

from __future__ import annotations

from itertools import groupby

from cards.crisis import VERSION_FOR_ALL, CrisisMessage, in_nation, line_words, nation_buttons, number, plain
from cards.frame import Card, frame, submit, text
from cards.reader import Reader
from cards.verbs import Verb
from cards.words import keys
from peer_support.crisis.opening import MoreSupport, Opening, State, SupportLine


def more_support_card(view: MoreSupport, reader: Reader) -> Card:
    """A line that always answers first, then the rest, those for anyone before those for one kind of trouble."""
    first, *rest = view.lines
    body = [
        text(reader.say("more_support.heading"), size="Large", weight="Bolder"),
        text(reader.say("more_support.first", line=line_words(first.contact, reader)), weight="Bolder"),
    ]
    for group, lines in groupby(rest, lambda line: "+".join(sorted(line.contact.audience)) or "anyone"):
        body.append(text(_heading(group, reader), weight="Bolder", spacing="Medium"))
        body += [text(_line(line, reader), spacing="Small") for line in lines]
    actions = [
        submit(reader.say("button.help_now"), Verb.HELP_NOW),
        submit(reader.say("button.carry_on"), Verb.CARRY_ON),
        *nation_buttons(reader, Verb.MORE_SUPPORT),
    ]
    return frame(body, reader, actions, help_now=False, version=VERSION_FOR_ALL)


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


def _line(line: SupportLine, reader: Reader) -> str:
    words = reader.say(
        "more_support.line",
        label=line.contact.label,
        number=number(line.contact, reader),
        opening=opening_words(line.opening, reader),
    )
    words = in_nation(words, line.contact, reader)
    return words if line.contact.sure else f"{words} {reader.say('more_support.unsure')}"
