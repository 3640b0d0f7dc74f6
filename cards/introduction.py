"""The introduction, for each side. Once it has closed there is no name on it."""

from __future__ import annotations

from datetime import datetime

from cards import labels
from cards.closing import after_card
from cards.fields import pick_one
from cards.frame import Action, Card, Element, button, frame, heading, link, named, own_words, text
from cards.reader import Reader
from cards.request import coordinator_lines
from cards.said import menu, said, said_card
from cards.times import moment
from cards.verbs import Verb
from peer_support.offer import HandBackReason, MatchEnd, MatchState
from peer_support.request import How
from peer_support.views import CoordinatorContact, IntroducedView, IntroductionView


def introduced_card(view: IntroducedView, reader: Reader, now: datetime) -> Card:
    """The requester's side: who, by when they'll say hello, and that it may be ended at any time."""
    if view.state is MatchState.CLOSED:
        if view.end in (MatchEnd.SWAPPED, MatchEnd.HANDED_BACK):
            return said_card("introduced.moved_on", reader, button(reader, "status", Verb.STATUS))
        return said_card("introduced.closed", reader, button(reader, "ask", Verb.ASK))
    given, name = named(view.given), named(view.name)
    body = [
        heading(reader.say("introduced.heading")),
        text(reader.say("introduced.who", name=name, force=named(view.force)), weight="Bolder"),
    ]
    if not view.in_touch:
        by = moment(view.first_contact_by, now, reader)
        body.append(text(reader.say("introduced.hello_by", given=given, by=by)))
    chat = link(reader, "chat", view.chat_url, given=given)
    body += [
        text(reader.say("introduced.link" if chat else "introduced.no_link", given=given)),
        text(reader.say("introduced.private")),
        text(reader.say("introduced.end", given=given)),
    ]
    return frame(body, reader, [*chat, _swap(view.match_id, reader), _close(view.match_id, reader)])


def introduction_card(view: IntroductionView, reader: Reader, now: datetime) -> Card:
    """The supporter's side: who asked, how to reach them, and the ways out."""
    if view.state is MatchState.CLOSED:
        return said_card("introduction.closed", reader, button(reader, "matches", Verb.MATCHES))
    body = [heading(reader.say("introduction.heading")), *who_and_how(view, reader, now)]
    chat = link(reader, "chat", view.chat_url, given=_called(view, reader))
    if chat:
        body.append(text(reader.say("introduction.link")))
    if not view.in_touch:
        body.append(text(reader.say("introduction.plain_line")))
    body += [text(reader.say("introduction.know_them")), text(reader.say("introduction.worried"))]
    return frame(body, reader, [*chat, *match_actions(view, reader)], here=Verb.MATCHES)


def who_and_how(view: IntroductionView, reader: Reader, now: datetime) -> list[Element]:
    """Name, number, times, and by when to say hello."""
    who = (
        reader.say("introduction.who", name=named(view.name))
        if view.name
        else reader.say("introduction.no_name")
    )
    lines = [text(who, weight="Bolder"), text(_wish(view, reader))]
    if view.contact.how is How.CALL and view.contact.phone:
        lines.append(own_words(view.contact.phone, spacing="Small"))
    if not view.in_touch:
        by = moment(view.first_contact_by, now, reader)
        lines.append(text(reader.say("introduction.hello_by", by=by), weight="Bolder"))
    return lines


def match_actions(view: IntroductionView, reader: Reader) -> list[Action]:
    """What a supporter may do with one of their introductions."""
    hello = [] if view.in_touch else [_said_hello(view, reader)]
    hand_back, close = _hand_back(view.match_id, reader), _close(view.match_id, reader)
    return [*hello, hand_back, close, button(reader, "worried", Verb.WORRIED, view.match_id)]


def hand_back_card(view: IntroductionView, reader: Reader) -> Card:
    """One of three reasons. The person is told only that it isn't about them."""
    reasons = [(reason.value, reader.say(f"hand_back.{reason}")) for reason in HandBackReason]
    body = [
        *said("hand_back", reader),
        pick_one("reason", reader.say("hand_back.reason"), reasons, HandBackReason.CANT.value),
    ]
    actions = [
        button(reader, "hand_back", Verb.HAND_BACK_SURE, view.match_id, style="positive"),
        button(reader, "matches", Verb.MATCHES),
    ]
    return frame(body, reader, actions, here=f"{Verb.HAND_BACK} {view.match_id}")


def handed_back_thanks_card(reader: Reader) -> Card:
    """Thanks, a reminder that the name stays private, and how did it leave you?"""
    return after_card("hand_back.thanks", reader)


def first_contact_card(view: IntroductionView, reader: Reader, now: datetime) -> Card:
    """A nudge to the supporter: somebody is waiting to hear from them."""
    body = [heading(reader.say("first_contact.heading")), *who_and_how(view, reader, now)]
    body += [text(reader.say("introduction.plain_line")), text(reader.say("first_contact.cant"))]
    chat = link(reader, "chat", view.chat_url, given=_called(view, reader))
    worried = button(reader, "worried", Verb.WORRIED, view.match_id)
    shown = [*chat, _said_hello(view, reader), _hand_back(view.match_id, reader), worried]
    return frame(body, reader, shown, here=Verb.MATCHES)


def in_touch_card(view: IntroducedView, reader: Reader) -> Card:
    """Have you two spoken? Asked of the requester once the supporter should have said hello."""
    given = named(view.given)
    body = [heading(reader.say("in_touch.heading")), text(reader.say("in_touch.text", given=given))]
    actions = [
        button(reader, "spoken", Verb.SPOKEN, view.match_id, style="positive"),
        button(reader, "not_yet", Verb.NOT_YET, view.match_id),
        _swap(view.match_id, reader),
    ]
    return frame(body, reader, actions)


def not_yet_card(view: IntroducedView, reader: Reader) -> Card:
    """The supporter gets a gentle word, and the person a choice."""
    body = [heading(reader.say("not_yet.heading")), text(reader.say("not_yet.text", given=named(view.given)))]
    chat = link(reader, "chat", view.chat_url, given=named(view.given))
    return frame(body, reader, [*chat, _swap(view.match_id, reader), menu(reader)])


def check_in_card(view: IntroducedView | IntroductionView, reader: Reader, *, supporter: bool) -> Card:
    """How is it going? Both are asked, and neither hears what the other said."""
    side = "check_in.supporter" if supporter else "check_in"
    actions = [
        button(reader, "still_talking", Verb.STILL_TALKING, view.match_id, style="positive"),
        _close(view.match_id, reader),
        _hand_back(view.match_id, reader) if supporter else _swap(view.match_id, reader),
    ]
    if supporter:
        actions.append(button(reader, "worried", Verb.WORRIED, view.match_id))
    return frame(said(side, reader), reader, actions)


def close_confirm_card(match_id: str, reader: Reader, *, supporter: bool) -> Card:
    """Sure? Either side may end it, and no reason is asked."""
    back = button(reader, "matches", Verb.MATCHES) if supporter else button(reader, "back", Verb.STATUS)
    side = "close.supporter" if supporter else "close"
    sure = button(reader, "close_sure", Verb.CLOSE_SURE, match_id)
    return frame(said(side, reader), reader, [sure, back], here=f"{Verb.CLOSE} {match_id}")


def swap_confirm_card(match_id: str, reader: Reader) -> Card:
    """Someone else, without a reason."""
    sure = button(reader, "swap_sure", Verb.SWAP_SURE, match_id)
    shown = [sure, button(reader, "back", Verb.STATUS)]
    return frame(said("swap", reader), reader, shown, here=f"{Verb.SWAP} {match_id}")


def worried_card(reader: Reader, coordinators: tuple[CoordinatorContact, ...], match_id: str = "") -> Card:
    """A supporter worries about the person: danger first, then who carries it with them."""
    body: list[Element] = [
        heading(reader.say("worried.heading")),
        text(reader.say("worried.danger"), weight="Bolder"),
        text(reader.say("worried.stay")),
        text(reader.say("worried.coordinator")),
        *coordinator_lines(coordinators, reader),
        text(reader.say("worried.not_at_night")),
        text(reader.say("worried.oh")),
        text(reader.say("worried.alone"), weight="Bolder"),
        text(reader.say("worried.nobody_told")),
    ]
    shown = [button(reader, "matches", Verb.MATCHES), menu(reader)]
    return frame(body, reader, shown, here=f"{Verb.WORRIED} {match_id}".strip())


def _wish(view: IntroductionView, reader: Reader) -> str:
    contact = view.contact
    called = _called(view, reader)
    way = contact.how if contact.how is not How.ANY else How.TEAMS
    key = f"introduction.how.{way}"
    if way is How.CALL:
        key += ".voicemail" if contact.voicemail_safe else ".no_voicemail"
    return reader.say(key, given=called, when=labels.times(view.when, reader))


def _called(view: IntroductionView, reader: Reader) -> str:
    return named(view.given) if view.given else reader.say("introduction.they")


def _said_hello(view: IntroductionView, reader: Reader) -> Action:
    return button(reader, "said_hello", Verb.SAID_HELLO, view.match_id, style="positive")


def _hand_back(match_id: str, reader: Reader) -> Action:
    return button(reader, "hand_back", Verb.HAND_BACK, match_id)


def _close(match_id: str, reader: Reader) -> Action:
    return button(reader, "close", Verb.CLOSE, match_id)


def _swap(match_id: str, reader: Reader) -> Action:
    return button(reader, "someone_else", Verb.SWAP, match_id)
