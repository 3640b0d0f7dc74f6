"""A supporter said yes, and the requester is asked. Nothing of the requester has been shown to anybody yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cards import labels
from cards.fields import pick_one, switch, typed
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
    small,
    text,
)
from cards.reader import Reader
from cards.said import said_card
from cards.times import moment
from cards.verbs import Verb
from peer_support.offer import ProposalState
from peer_support.request import How
from peer_support.views import ContactView, ProposalView

PHONE_LENGTH = 30
CONTACT_WAYS = (How.TEAMS, How.CALL, How.MEET)


def proposal_card(
    view: ProposalView, reader: Reader, now: datetime, *, reminder: bool = False, dialog_forms: bool
) -> Card:
    """Who offers, as they let themselves be shown; or kindly that this one has ended."""
    if view.state is not ProposalState.ASKED:
        return ended_proposal_card(view.state, view.request_id, reader)
    given = named(view.given)
    body = [
        heading(reader.say("proposal.reminder.heading" if reminder else "proposal.heading")),
        *_who(view, reader),
        text(reader.say("proposal.unknown", given=given)),
        text(reader.say("proposal.held", by=moment(view.held_until, now, reader)), weight="Bolder"),
        text(reader.say("proposal.yes", given=given)),
    ]
    if view.last_name:
        body.append(text(reader.say("proposal.last_name")))
    actions = [
        opener(reader, "introduce", Verb.INTRODUCE, view.id, style="positive", dialog=dialog_forms),
        button(reader, "someone_else", Verb.SOMEONE_ELSE, view.id),
        button(reader, "not_now", Verb.NOT_NOW, view.id),
    ]
    return frame(body, reader, actions)


def ended_proposal_card(state: ProposalState, request_id: str, reader: Reader) -> Card:
    """How the answer about one supporter stands, without their name."""
    return said_card(f"proposal.{state}", reader, button(reader, "status", Verb.STATUS, request_id))


def contact_card(view: ContactView, reader: Reader, *, chat: bool) -> Card:
    """How to reach them, asked now and not before, with exactly what the supporter will see.

    What was typed is shown again in a dialog alone.
    """
    reader = replace(reader, dialog=not chat)
    given = named(view.given)
    how = view.how if view.how in CONTACT_WAYS else How.TEAMS
    ways = [(way.value, reader.say(f"contact.how.{way}")) for way in CONTACT_WAYS]
    body = [
        heading(reader.say("contact.heading", given=given)),
        *(mend_line(view.mend, reader) if view.mend else []),
        pick_one("how", reader.say("contact.how"), ways, how.value),
        typed(
            "phone",
            reader.say("contact.phone"),
            "" if chat else view.phone,
            most=PHONE_LENGTH,
            hint=reader.say("contact.phone.hint"),
        )
        | {"style": "Tel"},
        *([small(reader.say("contact.phone.kept"))] if chat and view.phone and not view.mend else []),
        switch("voicemail", reader.say("contact.voicemail"), on=view.voicemail),
        text(reader.say("contact.sees", given=given), weight="Bolder"),
        text(reader.say("contact.not_seen", given=given)),
    ]
    sure = button(reader, "introduce", Verb.INTRODUCE_SEND, view.proposal_id, style="positive")
    return frame(body, reader, [sure], here=f"contact.{view.proposal_id}")


def _who(view: ProposalView, reader: Reader) -> list[Element]:
    parts = [named(view.name), labels.work(view.roles), named(view.force)]
    lines = [text(", ".join(part for part in parts if part), weight="Bolder", size="Medium")]
    if view.bio:
        lines.append(own_words(reader.say("proposal.quoted", words=view.bio)))
    if view.shared:
        lines.append(
            facts((reader.say("proposal.shared"), "; ".join(labels.lived(topic) for topic in view.shared)))
        )
    return lines
