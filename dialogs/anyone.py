"""What anyone may say: hello, help, menu, learn more, privacy, carry on, and what nobody understood."""

from __future__ import annotations

from dataclasses import replace

from cards.crisis import Variant
from cards.learn import learn_card
from cards.welcome import help_card, menu_card, privacy_card, welcome_card
from dialogs.heard import who_to_ring
from dialogs.language import in_their_language
from dialogs.places import CONTACT, ELSEWHERE, PEOPLE
from dialogs.requester.asking import carry_on_asking
from dialogs.requester.people import people_open
from dialogs.requester.proposal import introduce_us
from dialogs.requester.status import status
from dialogs.supporter.availability import matches
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.meeting import leave, meet
from peer_support.crisis.ladder import Tier, tier
from peer_support.limits import opened_by
from peer_support.other_help import learn_view
from peer_support.refusals import CovertRole


async def hello(talk: Talk) -> Reply:
    """The welcome the first time; after that the short one, or the menu for someone with something going on."""
    met = await meet(talk.look, talk.desk)
    talk = talk.spoken_in(met.language)
    if met.first or not (met.view.has_request or met.view.supporter or met.view.coordinator):
        return talk.show(welcome_card(talk.reader, first=met.first, view=met.view))
    return talk.show(menu_card(met.view, talk.reader))


async def installed(talk: Talk) -> Reply:
    """The welcome, once a person: installing again says nothing more."""
    met = await meet(talk.look, talk.desk)
    talk = talk.spoken_in(met.language)
    return talk.show(welcome_card(talk.reader, first=True, view=met.view)) if met.first else Reply()


async def left(talk: Talk) -> Reply:
    """They removed the bot: nothing can be said to them, and what waits for them moves on."""
    await leave(talk.look, talk.desk)
    return Reply()


async def menu(talk: Talk) -> Reply:
    """What this person may do from here."""
    met = await meet(talk.look, talk.desk)
    talk = talk.spoken_in(met.language)
    return talk.show(menu_card(met.view, talk.reader))


async def help_words(talk: Talk) -> Reply:
    """Plain help, which opens with help now."""
    met = await meet(talk.look, talk.desk)
    talk = talk.spoken_in(met.language)
    return talk.show(help_card(met.view, talk.reader))


async def learn(talk: Talk) -> Reply:
    """The list of what there is to read, or the card of the subject picked from it."""
    forces = talk.desk.forces.of_tenant(talk.turn.actor.tenant_id)
    return talk.show(learn_card(talk.subject, learn_view(forces), talk.reader))


async def privacy(talk: Talk) -> Reply:
    """The limits of confidentiality, and what is kept."""
    talk = await in_their_language(talk)
    forces = talk.desk.forces.of_tenant(talk.turn.actor.tenant_id)
    return talk.show(
        privacy_card(
            talk.reader, talk.reader.nations, opened_by(forces), policies=[force.policy for force in forces]
        )
    )


async def not_understood(talk: Talk) -> Reply:
    """A kind menu. Someone who sounds worn out is shown who to ring, gently, and can carry on."""
    if tier(talk.turn.text) is Tier.SOFT:
        talk = await in_their_language(talk)
        return talk.show(who_to_ring(talk, Variant.SOFT), new=True)
    met = await meet(talk.look, talk.desk)
    talk = talk.spoken_in(met.language)
    if met.first:
        return talk.show(welcome_card(talk.reader, first=True, view=met.view))
    return talk.show(menu_card(met.view, talk.reader, understood=False))


async def carry_on(talk: Talk) -> Reply:
    """Exactly where they were: the form and its answers, a live request, what waits for a supporter, or the menu."""
    if talk.subject == ELSEWHERE:
        raise CovertRole
    if talk.subject == PEOPLE and (talk.turn.in_dialog or not talk.dialog_forms):
        return await people_open(talk)
    if talk.subject.startswith(CONTACT):
        fields = {"id": talk.subject.removeprefix(CONTACT)}
        return await introduce_us(replace(talk, turn=replace(talk.turn, fields=fields)))
    met = await meet(talk.look, talk.desk)
    talk = talk.spoken_in(met.language)
    if met.view.has_draft:
        return await carry_on_asking(talk)
    if met.view.has_request:
        return await status(talk)
    if met.view.offers or met.view.matches:
        return await matches(talk)
    return talk.show(menu_card(met.view, talk.reader))
