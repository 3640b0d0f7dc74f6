"""Not these people: found by typing, ten at most, and never told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cards.fields import choose_any, typed
from cards.frame import Card, Element, button, frame, heading, lead, named, small, text
from cards.reader import Reader
from cards.verbs import Verb
from peer_support.views import Found, LeftOut, PeopleView

MOST_FOUND = 10
MOST_LISTED = 20
NAME_LENGTH = 60


def people_card(view: PeopleView, reader: Reader, *, chat: bool) -> Card:
    """Find somebody by name and leave them out. In the chat nobody who is left out is named."""
    reader = replace(reader, dialog=not chat)
    body = [
        heading(reader.say("people.heading")),
        text(reader.say("people.text")),
        typed(
            "name",
            reader.say("people.name"),
            "" if chat else view.typed,
            most=NAME_LENGTH,
            hint=reader.say("people.hint"),
        ),
    ]
    actions = [button(reader, "find", Verb.PEOPLE_FIND, style=None if view.found else "positive")]
    if view.found:
        body += found_people(view.found, reader)
        actions.append(button(reader, "leave_out", Verb.PEOPLE_ADD, style="positive"))
    elif view.searched:
        body += [text(reader.say("people.nobody"), weight="Bolder"), text(reader.say("people.nobody.why"))]
    body += _left_out(view.left_out, reader, chat=chat)
    back = button(reader, "back", Verb.FORM_CHANGE if view.asking else Verb.PROFILE)
    return frame(body, reader, [*actions, back], here="people")


def people_left_out(count: int, reader: Reader) -> str:
    """How many are left out, and that they won't be told. Never who."""
    key = ("none", "one")[count] if count <= 1 else "many"
    return reader.say(f"form.people.{key}", n=count)


def found_people(found: Iterable[Found], reader: Reader) -> list[Element]:
    """Who was found, to be picked."""
    choices = [(each.id, f"{named(each.name)}, {named(each.force)}") for each in found][:MOST_FOUND]
    return [choose_any("people", reader.say("people.found"), choices)]


def _left_out(people: tuple[LeftOut, ...], reader: Reader, *, chat: bool) -> list[Element]:
    if not people:
        return []
    count = len(people)
    body = [lead(reader.say("people.left_out.one" if count == 1 else "people.left_out.many", n=count))]
    for number, person in enumerate(people[:MOST_LISTED], start=1):
        unnamed = reader.say("people.person", number=number)
        body.append(_row(person, unnamed if chat else named(person.name) or unnamed, reader))
    if count > MOST_LISTED:
        body.append(small(reader.say("people.more", n=count - MOST_LISTED)))
    return body


def _row(person: LeftOut, name: str, reader: Reader) -> Element:
    remove = button(reader, "remove", Verb.PEOPLE_REMOVE, person.id)
    remove["tooltip"] = reader.say("people.remove", name=name)
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {
                "type": "Column",
                "width": "stretch",
                "verticalContentAlignment": "Center",
                "items": [text(name)],
            },
            {"type": "Column", "width": "auto", "items": [{"type": "ActionSet", "actions": [remove]}]},
        ],
    }
