"""Asking for a peer: limits, the form, its review, and Send. The chat never holds an answer."""

from __future__ import annotations

from dataclasses import replace

from cards.crisis import Variant
from cards.form import form_card
from cards.frame import opener
from cards.limits import LIMITS_VERSION, limits_card
from cards.request import request_card
from cards.review import review_card
from cards.said import said_card
from cards.verbs import Verb
from dialogs.heard import heard, who_to_ring
from dialogs.language import in_their_language
from dialogs.places import ELSEWHERE, REVIEW
from dialogs.requester.status import open_lines, show_status
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.asking import (
    Reviewed,
    begin_asking,
    open_change,
    open_form,
    read_limits,
    review_form,
)
from peer_support.commands.own_request import see_status
from peer_support.commands.send_request import SendRequest, send_request
from peer_support.limits import version_for
from peer_support.refusals import CovertRole
from peer_support.request import RequestState
from peer_support.views import FormView

_LINES = {"domestic_abuse": Variant.DOMESTIC_ABUSE, "sexual_harm": Variant.SEXUAL_HARM}


def _limits(talk: Talk) -> str:
    """The version of the limits that this person reads."""
    return version_for(LIMITS_VERSION, talk.desk.forces.of_tenant(talk.turn.actor.tenant_id))


async def ask(talk: Talk) -> Reply:
    """The limits where they're unread, the live request where there is one, else the form or the door to it."""
    begun = await begin_asking(talk.look, talk.desk, _limits(talk))
    if begun.live is not None:
        lines = open_lines(talk)
        card = request_card(
            begun.live, talk.reader, talk.turn.now, contacts_open=lines, dialog_forms=talk.dialog_forms
        )
        return talk.show(card)
    if begun.limits is not None:
        talk = await in_their_language(talk)
        return talk.show(limits_card(begun.limits, talk.reader, dialog_forms=talk.dialog_forms))
    if begun.form is not None and (talk.turn.in_dialog or not talk.dialog_forms):
        return _form(talk, begun.form)
    return _door(talk)


def _door(talk: Talk) -> Reply:
    """In the chat, the button that opens the form in its dialog."""
    onward = opener(talk.reader, "continue", Verb.LIMITS_READ, style="positive", dialog=True)
    return talk.show(said_card("ask.door", talk.reader, onward))


def _form(talk: Talk, view: FormView) -> Reply:
    return talk.show(form_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def limits_read(talk: Talk) -> Reply:
    """The limits were shown; on to the form."""
    return _form(talk, await read_limits(talk.by, talk.desk, _limits(talk)))


async def form_change(talk: Talk) -> Reply:
    """Back to the form, with its answers."""
    return _form(talk, await open_form(talk.by, talk.desk))


async def change(talk: Talk) -> Reply:
    """The form again for an open request, to change its wishes."""
    found = await see_status(talk.look, talk.desk)
    if found.request is None or found.request.state is not RequestState.OPEN:
        return await show_status(talk, found)
    if talk.dialog_forms and not talk.turn.in_dialog:
        onward = opener(talk.reader, "change", Verb.CHANGE, found.request.id, style="positive", dialog=True)
        return talk.show(said_card("ask.change_door", talk.reader, onward))
    return _form(talk, await open_change(talk.by, talk.desk, talk.subject))


async def form_review(talk: Talk) -> Reply:
    """What to mend, or the last look. Who to ring comes first where a picked topic or anything typed asks for it."""
    typed = heard(talk.turn.fields)
    reviewed = await review_form(talk.by, talk.desk, talk.turn.fields, prefilled=talk.turn.in_dialog)
    variant = _crisis_of(reviewed, typed)
    if variant is not None:
        onward = ELSEWHERE if reviewed.covert else REVIEW
        talk = await in_their_language(talk)
        return talk.show(who_to_ring(talk, variant, onward), new=not talk.turn.in_dialog)
    return _reviewed(talk, reviewed)


def _crisis_of(reviewed: Reviewed, typed: Variant | None) -> Variant | None:
    if typed in (Variant.DANGER, Variant.SUICIDE, Variant.SELF_HARM):
        return typed
    if reviewed.crisis_first:
        return Variant.SUICIDE
    if typed is Variant.SOMEONE_ELSE:
        return typed
    return next((_LINES[line] for line in reviewed.lines if line in _LINES), None)


def _reviewed(talk: Talk, reviewed: Reviewed) -> Reply:
    if reviewed.covert:
        raise CovertRole
    if reviewed.form is not None:
        return _form(talk, reviewed.form)
    if reviewed.review is None:
        return _door(talk)
    return talk.show(review_card(reviewed.review, talk.reader, chat=not talk.turn.in_dialog))


async def carry_on_asking(talk: Talk) -> Reply:
    """After the crisis card, exactly where they were: the form, or the review of what they had answered."""
    if talk.dialog_forms and not talk.turn.in_dialog:
        to = REVIEW if talk.subject == REVIEW else ""
        onward = opener(talk.reader, "continue", Verb.CARRY_ON, to, style="positive", dialog=True)
        return talk.show(said_card("ask.kept_door", talk.reader, onward), new=True)
    if talk.subject == REVIEW:
        return _reviewed(talk, await review_form(talk.by, talk.desk, {}))
    return _form(talk, await open_form(talk.by, talk.desk))


async def sent_before(talk: Talk) -> Reply:
    """The same press once more: the dialog closes again, and the request isn't announced a second time."""
    if talk.turn.in_dialog:
        return Reply()
    return talk.show(said_card("ask.sent_below", talk.reader))


async def form_send(talk: Talk) -> Reply:
    """Sent: a new message in the chat, heading first, with the reference and the promise."""
    sent = await send_request(SendRequest(talk.by, _limits(talk)), talk.desk)
    card = request_card(
        sent.view,
        talk.chat_reader,
        talk.turn.now,
        sent=not sent.changed,
        contacts_open=open_lines(talk),
        dialog_forms=talk.dialog_forms,
    )
    reply = talk.say_in_chat(card)
    if talk.turn.in_dialog or not talk.turn.pressed:
        return reply
    return replace(reply, instead=talk.message(said_card("ask.sent_below", talk.reader)))
