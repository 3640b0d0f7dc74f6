"""Learn more: short cards on one subject each, picked from one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.elsewhere import contact_lines
from cards.frame import Action, Card, Element, button, frame, heading, lead, press, submit, text
from cards.reader import Reader
from cards.said import menu
from cards.verbs import Verb
from peer_support.other_help import LearnView

ELSEWHERE = "elsewhere"
_ABOUT = ("what", "right", "happens", "trained", "yourself")
_OTHER = (ELSEWHERE, "network")
_PLACES = ("wellbeing", "health", "assaulted", "incident", "leaders", "communicators")
# What stands under a subject's first words, each part with a line in bold above it.
_PARTS: Mapping[str, Sequence[str]] = {
    "what": ("helps", "equal", "not"),
    "right": ("yours", "stories", "fits"),
    "happens": ("ask", "look", "choose", "meet", "end"),
    "trained": ("course", "backing", "asked", "limits"),
    "yourself": ("notice", "share", "breaks", "ready"),
    "network": ("wider", "start"),
    "wellbeing": (),
    "health": ("reach", "told"),
    "assaulted": ("hampshire", "staff_side"),
    "incident": ("both", "lasting"),
    "leaders": ("apart", "associations"),
    "communicators": ("apart",),
}
_WITH_CONTACTS = frozenset({"wellbeing", "network"})


def learn_card(subject: str, view: LearnView, reader: Reader) -> Card:
    """The card of one subject. An empty or unknown subject gives the list."""
    if subject == ELSEWHERE:
        return _elsewhere(view, reader)
    if subject not in _PARTS:
        return _index(reader)
    numbers = {"names": view.names_shown, "hours": view.hello_hours, "today": view.hello_hours_today}
    body = [heading(_title(subject, reader)), text(reader.say(f"learn.{subject}.text"))]
    if subject in _WITH_CONTACTS:
        body += contact_lines(view.wellbeing) or [text(reader.say("learn.wellbeing.unknown"))]
    for part in _PARTS[subject]:
        key = f"learn.{subject}.{part}"
        body += [lead(reader.say(f"{key}.lead")), text(reader.say(key, **numbers), spacing="None")]
    back = _open(ELSEWHERE, reader) if subject in _PLACES else button(reader, "learn_more", Verb.LEARN)
    return frame(
        body, reader, [button(reader, "ask", Verb.ASK), back, menu(reader)], here=f"{Verb.LEARN} {subject}"
    )


def subjects() -> tuple[str, ...]:
    """Every subject that has a card."""
    return (*_ABOUT, *_OTHER, *_PLACES)


def _index(reader: Reader) -> Card:
    body = [heading(reader.say("learn.heading")), text(reader.say("learn.text"))]
    for group, listed in (("about", _ABOUT), ("other", _OTHER)):
        body += [lead(reader.say(f"learn.{group}.lead")), *_list(listed, reader)]
    ask = button(reader, "ask", Verb.ASK, style="positive")
    return frame(body, reader, [ask, button(reader, "privacy", Verb.PRIVACY), menu(reader)], here=Verb.LEARN)


def _elsewhere(view: LearnView, reader: Reader) -> Card:
    body = [heading(_title(ELSEWHERE, reader)), text(reader.say("learn.elsewhere.text"))]
    body += _list(_PLACES, reader)
    if view.lines:
        body += [lead(reader.say("learn.elsewhere.lines")), *contact_lines(view.lines)]
    shown = [button(reader, "learn_more", Verb.LEARN), menu(reader)]
    return frame(body, reader, shown, here=f"{Verb.LEARN} {ELSEWHERE}")


def _list(listed: Sequence[str], reader: Reader) -> list[Element]:
    """One button a line, which reads as a list and is easy to hit with a thumb."""
    return [
        {"type": "ActionSet", "spacing": "Small", "actions": [_open(subject, reader)]} for subject in listed
    ]


def _open(subject: str, reader: Reader) -> Action:
    make = submit if reader.dialog else press
    return make(_title(subject, reader), Verb.LEARN, subject)


def _title(subject: str, reader: Reader) -> str:
    return reader.say(f"learn.{subject}.heading")
