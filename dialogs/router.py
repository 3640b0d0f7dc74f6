"""Which dialog answers which verb, and what is said where a rule says no. Nothing is met with silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cards.closing import feedback_thanks_card
from cards.crisis import Variant
from cards.elsewhere import elsewhere_card
from cards.said import refusal_card
from cards.verbs import Verb
from dialogs import anyone, contact_me, language, own_data, typed
from dialogs.coordinator import break_glass, digest, stuck
from dialogs.heard import answered, heard, held
from dialogs.places import LOOKS
from dialogs.requester import asking, match, people, proposal, request, status
from dialogs.supporter import availability, offer
from dialogs.supporter import match as supporter_match
from dialogs.talk import Handler, Talk, reader_for
from dialogs.turn import Reply, Turn
from peer_support.commands.own_request import see_status
from peer_support.force import LocalContact
from peer_support.ports import Desk
from peer_support.refusals import (
    AlreadyAsking,
    CovertRole,
    FormUnfinished,
    LimitsUnread,
    MetTwice,
    NoNetwork,
    Refusal,
    Repeated,
)

ROUTES: Mapping[str, Handler] = {
    Verb.MENU: anyone.menu,
    Verb.CARRY_ON: anyone.carry_on,
    Verb.LEARN: anyone.learn,
    Verb.PRIVACY: anyone.privacy,
    Verb.MY_DATA: own_data.my_data,
    Verb.DATA_SEEN: own_data.who_has_seen,
    Verb.DATA_FILE: own_data.as_file,
    Verb.CORRECT: own_data.correct,
    Verb.ABOUT: own_data.about,
    Verb.ABOUT_SAVE: own_data.about_save,
    Verb.NUMBER: own_data.number,
    Verb.NUMBER_SAVE: own_data.number_save,
    Verb.DELETE: own_data.delete,
    Verb.DELETE_SURE: own_data.delete_sure,
    Verb.LANGUAGE: language.language,
    Verb.ASK: asking.ask,
    Verb.LIMITS_READ: asking.limits_read,
    Verb.FORM_REVIEW: asking.form_review,
    Verb.FORM_CHANGE: asking.form_change,
    Verb.FORM_SEND: asking.form_send,
    Verb.PEOPLE_OPEN: people.people_open,
    Verb.PEOPLE_FIND: people.people_find,
    Verb.PEOPLE_ADD: people.people_add,
    Verb.PEOPLE_REMOVE: people.people_remove,
    Verb.CONTACT_ME: contact_me.contact_me,
    Verb.CONTACT_ME_SURE: contact_me.sure,
    Verb.CONTACT_ME_BACK: contact_me.take_back,
    Verb.CONTACTED: contact_me.contacted,
    Verb.STATUS: status.status,
    Verb.CHANGE: asking.change,
    Verb.WITHDRAW: request.withdraw,
    Verb.WITHDRAW_SURE: request.withdraw_sure,
    Verb.WIDEN: request.widen,
    Verb.KEEP_LOOKING: request.keep,
    Verb.INTRODUCE: proposal.introduce_us,
    Verb.INTRODUCE_SEND: proposal.introduce_send,
    Verb.SOMEONE_ELSE: proposal.someone_else,
    Verb.NOT_NOW: proposal.not_now,
    Verb.SPOKEN: match.spoken,
    Verb.NOT_YET: match.not_yet,
    Verb.SWAP: match.swap_ask,
    Verb.SWAP_SURE: match.swap_sure,
    Verb.FEEDBACK: match.feedback,
    Verb.CLOSE: match.close,
    Verb.CLOSE_SURE: match.close_sure,
    Verb.STILL_TALKING: match.still_talking,
    Verb.ACCEPT: offer.accept,
    Verb.ACCEPT_APART: offer.accept_apart,
    Verb.DECLINE: offer.decline,
    Verb.DECLINE_PAUSE: offer.decline_pause,
    Verb.SAID_HELLO: supporter_match.said_hello,
    Verb.HAND_BACK: supporter_match.hand_back_ask,
    Verb.HAND_BACK_SURE: supporter_match.hand_back_sure,
    Verb.WORRIED: supporter_match.worried,
    Verb.IM_FINE: supporter_match.fine,
    Verb.DEBRIEF: supporter_match.debrief,
    Verb.PAUSE: availability.pause,
    Verb.RESUME: availability.resume,
    Verb.MATCHES: availability.matches,
    Verb.PROFILE: availability.profile,
    Verb.PROFILE_SAVE: availability.profile_save,
    Verb.DIGEST: digest.digest,
    Verb.DIGEST_DAILY: digest.digest_daily,
    Verb.STUCK: stuck.stuck,
    Verb.ASK_WIDER: stuck.ask_wider,
    Verb.CHOOSE: stuck.choose,
    Verb.OFFER_TO: stuck.offer_to,
    Verb.SEND_CONTACT: stuck.contact,
    Verb.BREAK_GLASS: break_glass.break_glass,
    Verb.BREAK_GLASS_ASK: break_glass.ask,
    Verb.SEE_NAME: break_glass.see,
    Verb.SECOND_YES_READ: break_glass.second_yes_read,
    Verb.SECOND_YES: break_glass.second_yes,
    Verb.SECOND_NO: break_glass.second_no,
}
TYPED: Mapping[str, Handler] = {
    typed.HELLO: anyone.hello,
    typed.HELP: anyone.help_words,
    typed.HAND_BACK: supporter_match.hand_back_typed,
    typed.IN_WELSH: language.in_welsh,
    typed.IN_ENGLISH: language.in_english,
}
INSTALLED, LEFT = "installed", "left"
EVENTS: Mapping[str, Handler] = {INSTALLED: anyone.installed, LEFT: anyone.left}


async def answer(turn: Turn, desk: Desk) -> Reply:
    """Answer one turn. A refusal is worded kindly; a repeated activity is answered with how things stand now."""
    turn = _back_where_they_were(turn)
    reader = reader_for(desk, turn.actor.tenant_id, turn.actor.locale, dialog=turn.in_dialog)
    talk = Talk(turn, desk, reader)
    variant = heard(turn.fields)
    first = await held(talk, variant)
    if first is not None:
        return first
    handler = _handler(turn)
    try:
        reply = await _begun(talk, handler)
    except Repeated:
        reply = await _again(talk, handler)
    except Refusal as refusal:
        return answered(await _theirs(talk, variant), variant, await _refused(talk, refusal), refused=True)
    return answered(await _theirs(talk, variant), variant, reply, refused=False)


async def _theirs(talk: Talk, variant: Variant | None) -> Talk:
    """Who to ring is said in the language that the person chose, once the store has answered in this turn."""
    return talk if variant is None else await language.in_their_language(talk)


def _back_where_they_were(turn: Turn) -> Turn:
    """Carry on, from a card that only looked at something: the same look again."""
    verb, _, subject = turn.fields.get("id", "").partition(" ")
    if turn.verb != Verb.CARRY_ON or verb not in LOOKS:
        return turn
    return replace(turn, verb=verb, fields={"id": subject} if subject else {})


def _handler(turn: Turn) -> Handler:
    if turn.happened:
        return EVENTS[turn.happened]
    if turn.verb:
        return ROUTES.get(turn.verb) or anyone.menu
    meant = typed.meaning(turn.text)
    if meant is None:
        return anyone.not_understood
    return TYPED.get(meant) or ROUTES[meant]


async def _begun(talk: Talk, handler: Handler) -> Reply:
    try:
        return await handler(talk)
    except MetTwice:
        return await handler(talk)


async def _again(talk: Talk, handler: Handler) -> Reply:
    """The same activity once more: the same answer, from what it left behind. Every act but one is safe by state."""
    if handler is match.feedback:
        return talk.show(feedback_thanks_card(talk.reader))
    if handler is asking.form_send:
        return await asking.sent_before(talk)
    try:
        return await handler(replace(talk, turn=replace(talk.turn, key=""), again=True))
    except Refusal as refusal:
        return await _refused(talk, refusal)


async def _refused(talk: Talk, refusal: Refusal) -> Reply:
    if isinstance(refusal, AlreadyAsking):
        return await status.status(talk)
    if isinstance(refusal, LimitsUnread):
        return await asking.ask(talk)
    if isinstance(refusal, FormUnfinished):
        return await _unfinished(talk, refusal)
    if isinstance(refusal, CovertRole | NoNetwork):
        return talk.show(
            elsewhere_card(f"refusal.{type(refusal).__name__}", _own_ways(talk, refusal), talk.reader)
        )
    return talk.show(refusal_card(refusal, talk.reader))


def _own_ways(talk: Talk, refusal: Refusal) -> list[LocalContact]:
    """The force's own route for covert roles, or its wellbeing team, as its forces file names them."""
    forces = talk.desk.forces.of_tenant(talk.turn.actor.tenant_id)
    ways = [force.covert_route if isinstance(refusal, CovertRole) else force.wellbeing for force in forces]
    return [way for way in ways if way is not None]


async def _unfinished(talk: Talk, refusal: Refusal) -> Reply:
    """Send, with no draft to send: it was sent already, or a day has passed."""
    found = await see_status(talk.look, talk.desk)
    if found.request is not None:
        return await status.show_status(talk, found)
    return talk.show(refusal_card(refusal, talk.reader))
