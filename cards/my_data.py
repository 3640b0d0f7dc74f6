"""My data: everything held of a person, who has seen it, the file, and what goes and stays when they delete it.

The chat never holds any of it: there only counts are said, and the rest is shown in a window of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cards import labels
from cards.frame import (
    Action,
    Card,
    Element,
    button,
    facts,
    frame,
    heading,
    lead,
    named,
    opener,
    own_words,
    small,
    text,
)
from cards.reader import Reader
from cards.said import menu
from cards.times import LONDON, clock, day
from cards.verbs import Verb
from peer_support.people import AboutMe, Alike
from peer_support.rights import HeldRequest, HeldSupporter, HeldView, Sight, SightKind

MOST_REQUESTS, MOST_SIGHTS, MOST_NAMES = 5, 20, 20


def my_data_door_card(view: HeldView, reader: Reader, *, dialog_forms: bool) -> Card:
    """In the chat: how much there is, and the ways to it."""
    body = [
        heading(reader.say("data.heading")),
        text(reader.say("data.door" if dialog_forms else "data.door.chat")),
        facts(*counted(view, reader)),
        text(reader.say("data.rights")),
    ]
    ways = (("my_data", Verb.MY_DATA), ("who_has_seen", Verb.DATA_SEEN)) if dialog_forms else ()
    actions = [opener(reader, name, verb, dialog=True) for name, verb in ways]
    if not dialog_forms:
        actions.append(button(reader, "as_file", Verb.DATA_FILE))
    actions += [button(reader, "correct", Verb.CORRECT), button(reader, "delete_data", Verb.DELETE)]
    return frame(body, reader, [*actions, menu(reader)])


def counted(view: HeldView, reader: Reader) -> list[tuple[str, str]]:
    """How many of each, and nothing of what they say."""
    yes, no = reader.say("data.yes"), reader.say("data.no")
    return [
        (reader.say("data.requests"), str(len(view.requests))),
        (reader.say("data.draft"), yes if view.draft else no),
        (reader.say("form.people"), str(len(view.left_out))),
        (reader.say("data.about"), yes if view.about else no),
        (reader.say("data.seen"), str(len(view.sights))),
    ]


def my_data_card(view: HeldView, reader: Reader) -> Card:
    """All of it, to be read, in a window of its own."""
    reader = replace(reader, dialog=True)
    body = [heading(reader.say("data.heading")), text(reader.say("data.text")), *_you(view, reader)]
    for request in reversed(view.requests[-MOST_REQUESTS:]):
        body += _request(request, reader)
    if len(view.requests) > MOST_REQUESTS:
        body.append(small(reader.say("data.more", n=len(view.requests) - MOST_REQUESTS)))
    body += _left_out(view, reader)
    if view.supporter is not None:
        body += _supporter(view.supporter, reader)
    if view.coordinator is not None:
        body += [
            lead(reader.say("data.coordinator")),
            facts((reader.say("data.force"), named(view.coordinator.force))),
        ]
    if view.rostered:
        body.append(text(reader.say("data.roster")))
    actions = [
        button(reader, "who_has_seen", Verb.DATA_SEEN),
        button(reader, "as_file", Verb.DATA_FILE),
        button(reader, "correct", Verb.CORRECT),
        button(reader, "delete_data", Verb.DELETE),
    ]
    return frame(body, reader, actions)


def seen_card(view: HeldView, reader: Reader) -> Card:
    """Who has seen what, the newest first; and who may always see something."""
    reader = replace(reader, dialog=True)
    body = [heading(reader.say("seen.heading")), text(reader.say("seen.text"))]
    if not view.sights:
        body.append(text(reader.say("seen.nobody"), weight="Bolder"))
    body += [text(_sight(each, reader), spacing="Small") for each in view.sights[:MOST_SIGHTS]]
    if len(view.sights) > MOST_SIGHTS:
        body.append(small(reader.say("data.more", n=len(view.sights) - MOST_SIGHTS)))
    body.append(text(reader.say("seen.always")))
    return frame(body, reader, [button(reader, "my_data", Verb.MY_DATA)])


def file_card(url: str, minutes: int, reader: Reader) -> Card:
    """Where the file is fetched: once, and soon. The address says nothing of anybody."""
    if not url:
        body = [heading(reader.say("data.file.heading")), text(reader.say("data.file.none"))]
        return frame(body, reader, [menu(reader)])
    body = [
        heading(reader.say("data.file.heading")),
        text(reader.say("data.file.text", minutes=minutes)),
        own_words(url),
    ]
    return frame(body, reader, [*_fetch(url, reader), menu(reader)])


def _fetch(url: str, reader: Reader) -> tuple[Action, ...]:
    if not url.startswith("https://"):
        return ()  # on this machine alone: the address is there to be copied
    return ({"type": "Action.OpenUrl", "title": reader.say("button.fetch_file"), "url": url},)


def on(at: datetime, reader: Reader) -> str:
    """A day with its year, and the time: what is kept may be from last year."""
    year = at.astimezone(LONDON).year
    return reader.say("data.at", day=day(at, reader), year=year, time=clock(at))


def _you(view: HeldView, reader: Reader) -> list[Element]:
    yes = reader.say("data.yes")
    limits = on(view.limits_read_at, reader) if view.limits_read_at else ""
    if view.limits_version and limits:
        limits = reader.say("data.limits.read", version=view.limits_version, at=limits)
    lines = facts(
        (reader.say("data.id"), view.directory_id),
        (reader.say("data.tenant"), view.tenant_id),
        (reader.say("data.name"), named(view.name or "")),
        (reader.say("data.email"), named(view.email or "")),
        (reader.say("data.force"), named(view.force)),
        (reader.say("data.address"), yes if view.has_address else ""),
        (reader.say("data.language"), named(view.locale)),
        (reader.say("data.welcomed"), on(view.welcomed_at, reader) if view.welcomed_at else ""),
        (reader.say("data.last"), view.last_month.strftime("%m/%Y") if view.last_month else ""),
        (reader.say("data.limits"), limits),
        (reader.say("data.about"), about_words(view.about, reader) if view.about else ""),
        (reader.say("data.draft"), on(view.draft_saved_at, reader) if view.draft_saved_at else ""),
        (reader.say("data.phone"), named(view.phone)),
        (reader.say("data.messages"), str(view.messages)),
    )
    return [lead(reader.say("data.you")), lines]


def about_words(about: AboutMe, reader: Reader) -> str:
    """What somebody told about themselves, as one line."""
    parts = [
        labels.grade(about.grade) if about.grade else "",
        labels.work([about.work]) if about.work else "",
        labels.language(about.language) if about.language else "",
        reader.say("review.alike", what=reader.say(f"form.alike.{about.alike}").lower())
        if about.alike is not Alike.NOTHING
        else "",
    ]
    return ", ".join(part for part in parts if part)


def _request(held: HeldRequest, reader: Reader) -> list[Element]:
    wishes = held.wishes
    lines = facts(
        (reader.say("data.asked"), on(held.asked_at, reader)),
        (reader.say("data.state"), reader.say(f"data.state.{held.state}")),
        (reader.say("data.force"), named(held.force)),
        (reader.say("form.about_what"), ", ".join(labels.asking(topic) for topic in wishes.topics)),
        (reader.say("form.force_wish"), reader.say(f"form.force_wish.{wishes.force_wish}")),
        (reader.say("form.soon"), reader.say(f"form.soon.{wishes.soon}")),
        (reader.say("form.how"), reader.say(f"form.how.{wishes.how}")),
        (reader.say("review.when"), labels.times(wishes.when, reader)),
        (reader.say("form.about"), about_words(wishes.about, reader)),
        (reader.say("data.until"), on(held.goes_at, reader) if held.goes_at else ""),
    )
    note = [lead(reader.say("form.note")), own_words(wishes.note, spacing="None")] if wishes.note else []
    return [lead(reader.say("data.request", reference=held.reference)), lines, *note]


def _left_out(view: HeldView, reader: Reader) -> list[Element]:
    if not view.left_out:
        return []
    unknown = reader.say("data.unknown_person")
    names = [named(each.name) or unknown for each in view.left_out[:MOST_NAMES]]
    more = len(view.left_out) - MOST_NAMES
    lines = [lead(reader.say("form.people")), text(", ".join(names), spacing="None")]
    return [*lines, *([small(reader.say("data.more", n=more))] if more > 0 else [])]


def _supporter(held: HeldSupporter, reader: Reader) -> list[Element]:
    roster = held.roster
    days = {
        "data.selected": roster.selected_on,
        "data.trained": roster.trained_on,
        "data.refresher": roster.refresher_due,
    }
    lines = facts(
        (reader.say("data.force"), named(held.force)),
        (reader.say("data.grade"), labels.grade(roster.grade)),
        (reader.say("data.work"), labels.work(sorted(roster.roles))),
        (reader.say("data.team"), named(roster.team or "")),
        (reader.say("data.lived"), "; ".join(labels.lived(each) for each in sorted(roster.experiences))),
        (reader.say("data.named"), "; ".join(labels.lived(each) for each in sorted(roster.named))),
        (reader.say("data.languages"), ", ".join(labels.language(each) for each in sorted(roster.languages))),
        (reader.say("profile.hours"), roster.hours.text() if roster.hours else ""),
        *((reader.say(key), at.strftime("%d/%m/%Y") if at else "") for key, at in days.items()),
        (reader.say("data.signed"), named(roster.signed_off_by or "")),
        (reader.say("data.paused"), reader.say("data.yes" if roster.paused else "data.no")),
        (reader.say("data.offers"), str(len(held.offers))),
        (reader.say("data.matches"), str(len(held.matches))),
    )
    bio = [lead(reader.say("profile.bio")), own_words(roster.bio, spacing="None")] if roster.bio else []
    return [lead(reader.say("data.supporter")), lines, *bio]


def _sight(sight: Sight, reader: Reader) -> str:
    values = {
        "at": on(sight.at, reader),
        "reference": sight.reference,
        "who": named(sight.who) or reader.say("seen.somebody"),
        "force": named(sight.force) or reader.say("seen.some_force"),
        "n": sight.count,
    }
    key = sight.words or f"seen.{sight.kind}"
    if sight.kind is SightKind.ASKED_BLIND:
        key = f"{key}.one" if sight.count == 1 else f"{key}.many"
    return reader.say(key, **values)
