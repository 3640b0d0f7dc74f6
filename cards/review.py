"""One last look before a request is sent."""

from __future__ import annotations

from dataclasses import replace

from cards import labels
from cards.frame import Card, Element, button, facts, frame, heading, lead, named, own_words, text
from cards.reader import Reader
from cards.verbs import Verb
from peer_support.people import AboutMe, Alike
from peer_support.request import JUST_TALK, ForceWish, Wishes
from peer_support.views import ReviewView


def review_card(view: ReviewView, reader: Reader, *, chat: bool) -> Card:
    """The answers in a dialog; in the chat only how many there are."""
    reader = replace(reader, dialog=not chat)
    body = [heading(reader.say("review.heading")), text(reader.say("review.text"))]
    body += [text(_counted(view, reader), weight="Bolder")] if chat else _answers(view, reader)
    if view.across_forces:
        body.append(text(reader.say("review.across_forces")))
    if view.note_dropped:
        body.append(text(reader.say("review.note_dropped")))
    if view.representative:
        body.append(text(reader.say("review.representative"), weight="Bolder"))
    body.append(text(reader.say("review.name")))
    send = button(reader, "send_change" if view.changing else "send", Verb.FORM_SEND, style="positive")
    return frame(body, reader, [send, button(reader, "change", Verb.FORM_CHANGE)], here="review")


def _counted(view: ReviewView, reader: Reader) -> str:
    """2 topics, a note, 1 person left out."""
    topics = view.wishes.topics
    only_talk = topics in ((), (JUST_TALK,))
    parts = [reader.say("review.just_talk") if only_talk else _number("review.topics", len(topics), reader)]
    if view.wishes.note:
        parts.append(reader.say("review.a_note"))
    if view.wishes.about != AboutMe():
        parts.append(reader.say("review.about_you"))
    if view.left_out:
        parts.append(_number("review.left_out", view.left_out, reader))
    return labels.together(parts, reader)


def _number(key: str, count: int, reader: Reader) -> str:
    return reader.say(f"{key}.one" if count == 1 else f"{key}.many", n=count)


def _answers(view: ReviewView, reader: Reader) -> list[Element]:
    wishes = view.wishes
    force = reader.say(f"form.force_wish.{wishes.force_wish}")
    if wishes.force_wish is ForceWish.OWN:
        force = reader.say("review.own_force", force=named(view.force))
    listed = facts(
        (reader.say("form.about_what"), ", ".join(labels.asking(topic) for topic in wishes.topics)),
        (reader.say("form.force_wish"), force),
        (reader.say("form.soon"), reader.say(f"form.soon.{wishes.soon}")),
        (reader.say("form.how"), reader.say(f"form.how.{wishes.how}")),
        (reader.say("review.when"), labels.times(wishes.when, reader)),
        (
            reader.say("form.people"),
            _number("review.left_out", view.left_out, reader) if view.left_out else "",
        ),
        (reader.say("form.about"), _about(wishes, reader)),
    )
    note = [lead(reader.say("form.note")), own_words(wishes.note, spacing="None")] if wishes.note else []
    return [listed, *note]


def _about(wishes: Wishes, reader: Reader) -> str:
    about = wishes.about
    parts = [
        labels.grade(about.grade) if about.grade else "",
        labels.work([about.work]) if about.work else "",
        labels.language(about.language) if about.language else "",
        _alike(about.alike, reader) if about.alike is not Alike.NOTHING else "",
    ]
    return ", ".join(part for part in parts if part)


def _alike(alike: Alike, reader: Reader) -> str:
    return reader.say("review.alike", what=reader.say(f"form.alike.{alike}").lower())
