"""What a coordinator sees: their own network, and stuck requests by reference alone. Never who asked or what about."""

from __future__ import annotations

from datetime import datetime

from cards.fields import choose_one, pick_one, typed
from cards.frame import Action, Card, Element, button, facts, frame, heading, lead, named, opener, small, text
from cards.people import MOST_FOUND, NAME_LENGTH
from cards.reader import Reader
from cards.said import menu, said, said_card
from cards.times import LONDON
from cards.verbs import Verb
from peer_support.request import RequestState
from peer_support.views import ChooseView, DigestView, StuckView

MOST_STUCK = 12
MOST_NAMED = 12


def digest_card(view: DigestView, reader: Reader, now: datetime) -> Card:
    """One force's morning: what needs the coordinator, then how the network is."""
    weekday = reader.say(f"day.{now.astimezone(LONDON).isoweekday()}")
    body = [heading(reader.say("digest.heading", day=weekday)), small(named(view.force))]
    body += _needs_you(view, reader) if view.stuck else [text(reader.say("digest.nothing"))]
    body += [lead(reader.say("digest.supporters", n=view.supporters)), _network(view, reader)]
    if view.refresher_due:
        body.append(text(reader.say("digest.refresher", names=_names(view.refresher_due, reader))))
    if view.helplines_to_check:
        body.append(text(reader.say("digest.helplines", n=view.helplines_to_check)))
    body.append(small(reader.say("digest.unseen")))
    name, wanted = ("digest_if_needed", "off") if view.daily else ("digest_daily", "on")
    daily = button(reader, name, Verb.DIGEST_DAILY, wanted) | {"associatedInputs": "none"}
    return frame(body, reader, [*_see(view, reader), daily, menu(reader)], here=Verb.DIGEST)


def stuck_card(view: StuckView, reader: Reader, *, dialog_forms: bool = False) -> Card:
    """One stuck request and what can be done for it, through the bot."""
    body = [heading(reader.say("stuck.heading", reference=view.reference))]
    if view.said:
        body.append(text(reader.say(f"coordinator.{view.said}.text"), weight="Bolder"))
    return _stuck(body, view, reader, dialog_forms=dialog_forms)


def nobody_found_card(view: StuckView, reader: Reader, *, dialog_forms: bool = False) -> Card:
    """At once: nobody can be found for this one."""
    body = said("nobody_found", reader, reference=view.reference)
    return _stuck(body, view, reader, dialog_forms=dialog_forms)


def unmatched_card(view: StuckView, reader: Reader, *, dialog_forms: bool = False) -> Card:
    """Half a day has passed without a match."""
    body = said("unmatched", reader, reference=view.reference)
    return _stuck(body, view, reader, dialog_forms=dialog_forms)


def choose_card(view: ChooseView, reader: Reader) -> Card:
    """A supporter of the coordinator's own. Who can't take this one isn't said beforehand, nor why."""
    body = [heading(reader.say("choose.heading", reference=view.reference)), text(reader.say("choose.text"))]
    if view.said:
        body.append(text(reader.say(f"coordinator.{view.said}.text"), weight="Bolder"))
    body.append(
        typed("name", reader.say("choose.name"), view.typed, most=NAME_LENGTH, hint=reader.say("people.hint"))
    )
    actions = [button(reader, "find", Verb.CHOOSE, view.request_id)]
    if view.found:
        found = [(each.id, named(each.name)) for each in view.found[:MOST_FOUND]]
        body.append(pick_one("supporter", reader.say("choose.found"), found))
        actions.append(button(reader, "offer_to", Verb.OFFER_TO, view.request_id, style="positive"))
    elif view.typed:
        body.append(text(reader.say("choose.nobody"), weight="Bolder"))
    back = button(reader, "back", Verb.STUCK, view.request_id)
    return frame(body, reader, [*actions, back], here=f"{Verb.CHOOSE} {view.request_id}")


def coordinator_said_card(key: str, reader: Reader) -> Card:
    """A short answer to a coordinator: asked_wider, sent_contact, offered, daily_on, daily_off."""
    return said_card(f"coordinator.{key}", reader, button(reader, "digest", Verb.DIGEST))


def _stuck(body: list[Element], view: StuckView, reader: Reader, *, dialog_forms: bool) -> Card:
    opening = opener(reader, "break_glass", Verb.BREAK_GLASS, view.request_id, dialog=dialog_forms)
    open_name = [opening] if view.may_open_name else []
    if view.state is not RequestState.OPEN:
        moved_on = [*body, text(reader.say("stuck.moved_on"))]
        return frame(moved_on, reader, [*open_name, _digest(reader), menu(reader)])
    today, waiting = (
        reader.say("stuck.today.yes" if view.today else "stuck.today.no"),
        f"stuck.waiting.{view.waiting}",
    )
    body += [
        facts(
            (reader.say("stuck.waiting"), reader.say(waiting)),
            (reader.say("stuck.today"), today),
            (reader.say("stuck.offers"), str(view.offers_made)),
            (reader.say("stuck.can_be_offered"), str(view.can_be_offered)),
        ),
        text(reader.say("stuck.text")),
    ]
    wider = [button(reader, "ask_wider", Verb.ASK_WIDER, view.request_id)] if view.may_ask_wider else []
    actions = [
        *wider,
        button(reader, "choose", Verb.CHOOSE, view.request_id),
        button(reader, "send_contact", Verb.SEND_CONTACT, view.request_id),
        *open_name,
        _digest(reader),
    ]
    return frame(body, reader, actions, here=f"{Verb.STUCK} {view.request_id}")


def _needs_you(view: DigestView, reader: Reader) -> list[Element]:
    count = len(view.stuck)
    body = [lead(reader.say("digest.needs_you.one" if count == 1 else "digest.needs_you.many", n=count))]
    if count == 1:
        return [*body, text(_line(view.stuck[0], reader), spacing="Small")]
    choices = [(stuck.request_id, _line(stuck, reader)) for stuck in view.stuck[:MOST_STUCK]]
    return [*body, choose_one("id", reader.say("digest.which"), choices, choices[0][0])]


def _see(view: DigestView, reader: Reader) -> list[Action]:
    """One button: it carries the one request's id, or the list above it does."""
    if not view.stuck:
        return []
    subject = view.stuck[0].request_id if len(view.stuck) == 1 else ""
    return [button(reader, "see_stuck", Verb.STUCK, subject, style="positive")]


def _line(stuck: StuckView, reader: Reader) -> str:
    key = "digest.line.today" if stuck.today else "digest.line"
    return reader.say(key, reference=stuck.reference, waiting=reader.say(f"stuck.waiting.{stuck.waiting}"))


def _network(view: DigestView, reader: Reader) -> Element:
    counts = ("available", "full", "paused", "not_answering", "never_opened")
    return facts(*((reader.say(f"digest.{name}"), str(getattr(view, name))) for name in counts))


def _names(names: tuple[str, ...], reader: Reader) -> str:
    shown = ", ".join(named(name) for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return reader.say("digest.names_more", names=shown, n=more) if more > 0 else shown


def _digest(reader: Reader) -> Action:
    return button(reader, "digest", Verb.DIGEST)
