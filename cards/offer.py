"""The blind offer to a supporter: enough to say yes or no to, and nothing that says who asks."""

from __future__ import annotations

from datetime import datetime

from cards import labels
from cards.frame import Card, Element, button, facts, frame, heading, text
from cards.reader import Reader
from cards.said import menu, said, said_card
from cards.times import moment
from cards.verbs import Verb
from peer_support.offer import OfferState
from peer_support.views import OfferView


def offer_card(view: OfferView, reader: Reader, now: datetime) -> Card:
    """The offer as it stands. However it ended, the supporter reads the one neutral ending."""
    if view.ended:
        return ended_card(reader)
    match view.state:
        case OfferState.SENT:
            return _sent(view, reader, now)
        case OfferState.ACCEPTED:
            return _accepted(view, reader, now)
        case OfferState.DECLINED:
            return declined_card(reader, paused=view.paused)
        case OfferState.EXPIRED | OfferState.WITHDRAWN:
            return ended_card(reader)


def offer_facts(view: OfferView, reader: Reader) -> Element:
    """What a blind offer tells."""
    return facts(
        (reader.say("offer.about"), labels.told(view.groups, reader)),
        (reader.say("offer.soon"), reader.say(f"offer.soon.{view.soon}")),
        (reader.say("offer.how"), reader.say(f"offer.how.{view.how}")),
        (reader.say("offer.when"), labels.times(view.when, reader)),
    )


def apart_card(view: OfferView, reader: Reader) -> Card:
    """Before a name in anything under investigation: the supporter has no part in it."""
    actions = [
        button(reader, "apart", Verb.ACCEPT_APART, view.id, style="positive"),
        button(reader, "decline", Verb.DECLINE, view.id),
    ]
    return frame(said("offer.apart", reader), reader, actions, here=Verb.MATCHES)


def declined_card(reader: Reader, *, paused: bool) -> Card:
    """Thanks for answering. No reason is owed."""
    if not paused:
        return said_card("offer.declined", reader)
    body = [*said("offer.declined", reader), text(reader.say("offer.declined.paused"))]
    return frame(body, reader, [button(reader, "resume", Verb.RESUME), menu(reader)])


def ended_card(reader: Reader) -> Card:
    """The one neutral ending: the same words whoever ended it, and why."""
    return said_card("offer.ended", reader)


def _sent(view: OfferView, reader: Reader, now: datetime) -> Card:
    body = [
        heading(reader.say("offer.heading")),
        offer_facts(view, reader),
        text(reader.say("offer.blind")),
        text(reader.say("offer.others")),
        *([text(reader.say("offer.scrutiny"))] if view.scrutiny else []),
        text(reader.say("offer.answer_by", by=moment(view.answer_by, now, reader)), weight="Bolder"),
    ]
    actions = [
        button(reader, "accept", Verb.ACCEPT, view.id, style="positive"),
        button(reader, "decline", Verb.DECLINE, view.id),
    ]
    if not view.paused:
        actions.append(button(reader, "decline_pause", Verb.DECLINE_PAUSE, view.id))
    return frame(body, reader, actions, here=Verb.MATCHES)


def _accepted(view: OfferView, reader: Reader, now: datetime) -> Card:
    if view.introduced:
        return frame(
            said("offer.introduced", reader), reader, [button(reader, "matches", Verb.MATCHES), menu(reader)]
        )
    body = said("offer.accepted", reader)
    if view.hear_by:
        body.append(text(reader.say("offer.hear_by", by=moment(view.hear_by, now, reader)), weight="Bolder"))
    return frame(body, reader, [button(reader, "cant_after_all", Verb.DECLINE, view.id), menu(reader)])
