"""My data, who has seen it, the file, putting it right, deleting it. The chat only ever holds counts."""

from __future__ import annotations

from cards.correct import about_card, correct_card, delete_card, deleted_card, number_card, number_saved_card
from cards.my_data import file_card, my_data_card, my_data_door_card, seen_card
from dialogs.talk import Talk
from dialogs.turn import Reply
from peer_support.commands.correct import save_about, save_contact, see_about, see_contact, see_correct
from peer_support.commands.erase import DeleteMyData, delete_my_data
from peer_support.commands.my_data import open_handover, see_my_data
from peer_support.keeping import HANDOVER_MINUTES
from peer_support.policy import Policy

HANDOVER = "/my-data/"


async def my_data(talk: Talk) -> Reply:
    """Everything in a window of its own; in the chat how much there is."""
    view = await see_my_data(talk.look, talk.desk)
    if talk.turn.in_dialog:
        return talk.show(my_data_card(view, talk.reader))
    return talk.show(my_data_door_card(view, talk.reader, dialog_forms=talk.dialog_forms))


async def who_has_seen(talk: Talk) -> Reply:
    """Names that were shown are for the window alone."""
    view = await see_my_data(talk.look, talk.desk)
    if talk.turn.in_dialog:
        return talk.show(seen_card(view, talk.reader))
    return talk.show(my_data_door_card(view, talk.reader, dialog_forms=talk.dialog_forms))


async def as_file(talk: Talk) -> Reply:
    """The file is fetched from the bot's own page, once. The same press again makes a new address."""
    url = ""
    if talk.desk.pages:
        url = talk.desk.pages + HANDOVER + await open_handover(talk.look, talk.desk)
    return talk.show(file_card(url, HANDOVER_MINUTES, talk.reader))


async def correct(talk: Talk) -> Reply:
    """What can be changed here, and whom to ask about the rest."""
    view = await see_correct(talk.look, talk.desk)
    return talk.show(correct_card(view, talk.reader, dialog_forms=talk.dialog_forms))


async def about(talk: Talk) -> Reply:
    """What is remembered About me."""
    view = await see_about(talk.look, talk.desk)
    return talk.show(about_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def about_save(talk: Talk) -> Reply:
    """Remember it so instead."""
    view = await save_about(talk.by, talk.desk, talk.turn.fields)
    return talk.show(about_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def number(talk: Talk) -> Reply:
    """How their supporter reaches them."""
    view = await see_contact(talk.look, talk.desk)
    return talk.show(number_card(view, talk.reader, chat=not talk.turn.in_dialog))


async def number_save(talk: Talk) -> Reply:
    """The new number, on the supporter's cards too."""
    voicemail = talk.field("voicemail") == "true"
    saved = await save_contact(
        talk.by, talk.desk, talk.field("how"), talk.field("phone"), voicemail=voicemail
    )
    if saved.contact is not None:
        return talk.show(number_card(saved.contact, talk.reader, chat=not talk.turn.in_dialog))
    return talk.show(number_saved_card(talk.reader))


async def delete(talk: Talk) -> Reply:
    """What goes, what stays, and until when. Nothing is done yet."""
    view = await see_my_data(talk.look, talk.desk)
    forces = talk.desk.forces.of_tenant(talk.turn.actor.tenant_id)
    policy = next((force.policy for force in forces if force.name == view.force), Policy())
    return talk.show(delete_card(view, policy, talk.reader))


async def delete_sure(talk: Talk) -> Reply:
    """At once."""
    deleted = await delete_my_data(DeleteMyData(talk.by), talk.desk)
    return talk.show(deleted_card(talk.reader, rostered=deleted.rostered))
