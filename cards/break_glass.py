"""See who asked, where life or safety is at risk: the ask, the second yes, the name, and telling the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cards.fields import pick_one, typed
from cards.frame import (
    Card,
    Element,
    button,
    facts,
    frame,
    heading,
    mend_line,
    named,
    opener,
    own_words,
    text,
)
from cards.reader import Reader
from cards.said import menu, said
from cards.times import day, moment
from cards.verbs import Verb
from peer_support.break_glass import REASON_MOST, GlassState, Risk
from peer_support.glass_views import Answered, AskNameView, GlassView, OpenedView, SecondYesView


def ask_name_card(view: AskNameView, reader: Reader, *, chat: bool) -> Card:
    """What it takes and what comes of it, and the two things to fill in. The chat never shows a reason again."""
    reader = replace(reader, dialog=not chat)
    back = button(reader, "back", Verb.STUCK, view.request_id)
    if view.nobody:
        return frame(said("break_glass.nobody", reader, reference=view.reference), reader, [back])
    risks = [(risk.value, reader.say(f"break_glass.risk.{risk}")) for risk in Risk]
    body = [
        heading(reader.say("break_glass.form.heading", reference=view.reference)),
        text(reader.say("break_glass.form.first"), weight="Bolder"),
        text(reader.say("break_glass.form.how")),
        text(reader.say("break_glass.form.kept")),
        *(mend_line(view.mend, reader) if view.mend else []),
        pick_one("risk", reader.say("break_glass.form.risk"), risks, "" if chat else view.risk),
        typed(
            "why",
            reader.say("break_glass.form.reason"),
            "" if chat else view.reason,
            most=REASON_MOST,
            hint=reader.say("break_glass.form.reason.hint"),
            lines=True,
        ),
    ]
    ask = button(reader, "break_glass_ask", Verb.BREAK_GLASS_ASK, view.request_id, style="positive")
    return frame(body, reader, [ask, back])


def name_asked_card(view: GlassView, reader: Reader, now: datetime, *, dialog_forms: bool) -> Card:
    """How it stands, for the one who asked. The name is behind a button while its hour runs."""
    body = said(f"break_glass.{view.state}", reader, reference=view.reference, by=_by(view, now, reader))
    if view.unknown:
        body.append(text(reader.say("break_glass.unknown"), weight="Bolder"))
    if view.state is GlassState.AGREED:
        see = opener(reader, "see_name", Verb.SEE_NAME, view.id, style="positive", dialog=dialog_forms)
        return frame(body, reader, [see, menu(reader)])
    return frame(body, reader, [menu(reader)])


def name_shown_card(view: GlassView, reader: Reader, now: datetime, *, dialog_forms: bool) -> Card:
    """The name, for its hour; how it stands after it, without one."""
    if view.name is None:
        return name_asked_card(view, reader, now, dialog_forms=dialog_forms)
    body = [
        heading(reader.say("break_glass.name.heading", reference=view.reference)),
        facts(
            (reader.say("break_glass.name"), named(view.name)),
            (reader.say("break_glass.email"), named(view.email or "")),
        ),
        text(reader.say("break_glass.name.text", by=_by(view, now, reader))),
        text(reader.say("break_glass.form.first"), weight="Bolder"),
    ]
    return frame(body, reader, [menu(reader)])


def _by(view: GlassView, now: datetime, reader: Reader) -> str:
    return moment(view.shown_until or view.answer_by, now, reader)


def second_yes_card(view: SecondYesView, reader: Reader, now: datetime, *, dialog_forms: bool) -> Card:
    """Would you agree? In the chat without the reason, which is read behind its button."""
    if view.answered is not Answered.WAITING:
        return _answered(view, reader)
    body = [
        heading(reader.say("second_yes.heading")),
        _facts(view, reader),
        text(reader.say("second_yes.by", by=moment(view.answer_by, now, reader)), weight="Bolder"),
        text(reader.say("second_yes.text")),
    ]
    read = opener(
        reader, "second_yes_read", Verb.SECOND_YES_READ, view.id, style="positive", dialog=dialog_forms
    )
    return frame(body, reader, [read])


def second_yes_read_card(view: SecondYesView, reader: Reader, now: datetime) -> Card:
    """The reason as it was typed, and the answer."""
    if view.answered is not Answered.WAITING or view.reason is None:
        return _answered(view, reader)
    body = [
        heading(reader.say("second_yes.heading")),
        _facts(view, reader),
        text(reader.say("second_yes.reason"), weight="Bolder"),
        own_words(view.reason),
        text(reader.say("second_yes.weigh")),
        text(reader.say("second_yes.by", by=moment(view.answer_by, now, reader))),
    ]
    actions = [
        button(reader, "second_yes", Verb.SECOND_YES, view.id),
        button(reader, "second_no", Verb.SECOND_NO, view.id),
    ]
    return frame(body, reader, actions)


def _facts(view: SecondYesView, reader: Reader) -> Element:
    return facts(
        (reader.say("second_yes.asker"), named(view.asker)),
        (reader.say("second_yes.force"), named(view.force)),
        (reader.say("second_yes.reference"), view.reference),
        (reader.say("break_glass.form.risk"), reader.say(f"break_glass.risk.{view.risk}")),
    )


def _answered(view: SecondYesView, reader: Reader) -> Card:
    return frame(
        said(f"second_yes.{view.answered}", reader, reference=view.reference), reader, [menu(reader)]
    )


def name_opened_card(view: OpenedView, reader: Reader) -> Card:
    """To the person whose name it is: that it could be seen, by whom, why, and what wasn't shown."""
    risk = reader.say(f"break_glass.because.{view.risk}")
    body = [
        heading(reader.say("name_opened.heading")),
        text(
            reader.say("name_opened.text", day=day(view.asked_at, reader), force=named(view.force), risk=risk)
        ),
        text(reader.say("name_opened.only")),
        text(reader.say("name_opened.ask")),
    ]
    return frame(body, reader, [button(reader, "privacy", Verb.PRIVACY), menu(reader)])
