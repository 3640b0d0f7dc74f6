"""The request form. Everything on it may be left as it is; the server says what to mend, and Help now always works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cards import labels
from cards.fields import MOST_CHOICES, Choice, choose_any, choose_one, fold, switch, typed
from cards.frame import Card, Element, button, frame, heading, lead, mend_line, small, text
from cards.people import people_left_out
from cards.reader import Reader
from cards.verbs import Verb
from peer_support import taxonomy
from peer_support.people import Alike
from peer_support.request import JUST_TALK, ForceWish, How, HowSoon, When
from peer_support.views import FormView

NOTE_LENGTH = 300
WORK_LENGTH = 60
JUST_TALK_FIELD = "topics_just_talk"
_ABOUT = ("about_grade", "about_work", "about_language", "alike")
_TOPICS_MEND = "topics"

# What the form shows before anybody has answered. "Anyone suitable" is usually the quickest.
DEFAULTS = {
    JUST_TALK_FIELD: JUST_TALK,
    "force_wish": ForceWish.ANYONE.value,
    "how": How.ANY.value,
    "soon": HowSoon.FEW_DAYS.value,
    "alike": Alike.NOTHING.value,
}


def form_card(view: FormView, reader: Reader, *, chat: bool) -> Card:
    """The form, short until unfolded. In the chat it never shows an answer: Teams keeps what a chat holds."""
    reader = replace(reader, dialog=not chat)
    shown = _shown(view, chat=chat)
    body = [
        heading(reader.say("form.heading.change" if view.changing else "form.heading")),
        text(reader.say("form.kept" if chat and view.answers else "form.leave")),
        *_at_once(view, reader),
        *_mends(view, reader),
        *_about_what(view, shown, reader),
        *_wishes(view, shown, reader),
        *_field_mend("note", view, reader),
        typed(
            "note",
            reader.say("form.note"),
            shown.get("note", ""),
            most=NOTE_LENGTH,
            lines=True,
            hint=reader.say("form.note.hint"),
        ),
        small(reader.say("form.note.help")),
        *_left_out(view, reader),
        *_about_me(view, shown, reader, remember=view.answers.get("remember") == "true"),
    ]
    actions = [
        button(reader, "review", Verb.FORM_REVIEW, style="positive"),
        button(reader, "people", Verb.PEOPLE_OPEN),
    ]
    return frame(body, reader, actions)


def _at_once(view: FormView, reader: Reader) -> list[Element]:
    """Review and Help now at the top too: nobody who leaves it all as it is, or needs someone, has to scroll."""
    actions = [button(reader, "help_now", Verb.HELP_NOW)]
    if not view.mends:
        actions.insert(0, button(reader, "review", Verb.FORM_REVIEW, style="positive"))
    return [{"type": "ActionSet", "actions": actions}]


def few(reader: Reader) -> Element:
    """Why a small force's own supporters may not be the best wish."""
    return small(reader.say("form.few_supporters"))


def _shown(view: FormView, *, chat: bool) -> dict[str, str]:
    """What the fields hold. A chat's fields stay empty once there are answers, so that none is sent over them."""
    if not view.answers:
        return dict(DEFAULTS)
    return {} if chat else {**_blank(view), **view.answers}


def _blank(view: FormView) -> dict[str, str]:
    """The defaults of the lists that always show a choice. Topics keep what was said, even where that is nothing."""
    topics_said = any(name.startswith("topics_") for name in view.answers)
    return {name: value for name, value in DEFAULTS.items() if name != JUST_TALK_FIELD or not topics_said}


def _mends(view: FormView, reader: Reader) -> list[Element]:
    if not view.mends:
        return []
    lines = [text(f"- {reader.say(words)}", spacing="None") for words in dict.fromkeys(view.mends.values())]
    return [
        {
            "type": "Container",
            "style": "emphasis",
            "items": [text(reader.say("form.mend.heading"), weight="Bolder"), *lines],
        }
    ]


def _field_mend(name: str, view: FormView, reader: Reader) -> list[Element]:
    return mend_line(view.mends[name], reader) if name in view.mends else []


def _about_what(view: FormView, shown: dict[str, str], reader: Reader) -> list[Element]:
    first, *others = taxonomy.groups()
    body = [
        *_field_mend(_TOPICS_MEND, view, reader),
        _topics(first, reader.say("form.about_what"), shown),
        small(reader.say("form.about_what.help")),
    ]
    for group in others:
        name = f"topics_{group.id}"
        inside = [
            *_field_mend(name, view, reader),
            _topics(group, reader.say("form.topics", group=group.label), shown),
        ]
        body += fold(name, group.label, inside, reader, is_open=bool(shown.get(name)) or name in view.mends)
    return body


def _topics(group: taxonomy.Group, label: str, shown: dict[str, str]) -> Element:
    name = f"topics_{group.id}"
    topics = ((topic.id, topic.asking) for topic in taxonomy.in_group(group.id))
    return choose_any(name, label, topics, shown.get(name, ""))


def _wishes(view: FormView, shown: dict[str, str], reader: Reader) -> list[Element]:
    body: list[Element] = []
    if view.forces:
        own = shown.get("own_force") or ("" if view.answers else view.own_force)
        body += [
            *_field_mend("own_force", view, reader),
            choose_one(
                "own_force", reader.say("form.own_force"), view.forces, own, hint=reader.say("form.choose")
            ),
        ]
    body += _list("force_wish", ForceWish, view, shown, reader)
    if view.few_supporters:
        body.append(few(reader))
    body += _list("soon", HowSoon, view, shown, reader)
    body += _list("how", How, view, shown, reader)
    parts = [(part.value, reader.say(f"form.when.{part}")) for part in When]
    kept = view.answers and not reader.dialog
    body += [
        *_field_mend("when", view, reader),
        choose_any(
            "when", reader.say("form.when.kept" if kept else "form.when"), parts, shown.get("when", "")
        ),
    ]
    return body


def _list(
    name: str,
    values: Iterable[ForceWish | How | HowSoon | Alike],
    view: FormView,
    shown: Mapping[str, str],
    reader: Reader,
) -> list[Element]:
    choices = [(value.value, reader.say(f"form.{name}.{value}")) for value in values]
    label, hint = reader.say(f"form.{name}"), reader.say("form.as_before")
    return [
        *_field_mend(name, view, reader),
        choose_one(name, label, choices, shown.get(name, ""), hint=hint),
    ]


def _near_work(view: FormView, reader: Reader) -> list[Element]:
    """What the typed work may mean. Not in the chat, where it would say what was typed."""
    kinds = labels.work(view.near_work)
    return [text(reader.say("form.mend.near_work", kinds=kinds))] if kinds and reader.dialog else []


def _left_out(view: FormView, reader: Reader) -> list[Element]:
    return [
        lead(reader.say("form.people")),
        *_field_mend("people", view, reader),
        text(people_left_out(len(view.left_out), reader), spacing="None"),
    ]


def _about_me(view: FormView, shown: dict[str, str], reader: Reader, *, remember: bool) -> list[Element]:
    inside = [
        small(reader.say("form.about.help")),
        *about_fields(shown, view.mends, view.near_work, reader),
        switch("remember", reader.say("form.remember"), on=remember),
    ]
    answered = any(shown.get(name, DEFAULTS.get(name, "")) != DEFAULTS.get(name, "") for name in _ABOUT)
    is_open = answered or any(name in view.mends for name in _ABOUT)
    return fold("about_me", reader.say("form.about"), inside, reader, is_open=is_open)


def about_fields(
    shown: Mapping[str, str], mends: Mapping[str, str], near_work: tuple[str, ...], reader: Reader
) -> list[Element]:
    """Grade, work, language, and whom they'd like to be like them."""
    view = FormView(mends=mends, near_work=near_work)
    grades: list[Choice] = [
        (grade.id, grade.label) for grade in taxonomy.GRADES.values() if grade.id not in _NOT_LISTED
    ]
    languages = [(each.id, each.label) for each in taxonomy.LANGUAGES.values() if each.common][:MOST_CHOICES]
    unsaid = reader.say("form.rather_not_say")
    return [
        *_field_mend("about_grade", view, reader),
        choose_one(
            "about_grade", reader.say("form.about_grade"), grades, shown.get("about_grade", ""), hint=unsaid
        ),
        *_field_mend("about_work", view, reader),
        *_near_work(view, reader),
        typed(
            "about_work",
            reader.say("form.about_work"),
            shown.get("about_work", ""),
            most=WORK_LENGTH,
            hint=reader.say("form.about_work.hint"),
        ),
        *_field_mend("about_language", view, reader),
        choose_one(
            "about_language",
            reader.say("form.about_language"),
            languages,
            shown.get("about_language", ""),
            hint=unsaid,
        ),
        *_list("alike", Alike, view, shown, reader),
    ]


# The form's list is short on purpose; these say so to their coordinator, or simply don't say.
_NOT_LISTED = frozenset({"volunteer", "contractor", "former"})
