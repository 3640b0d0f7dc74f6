"""Put right, and delete: what one can change here, what somebody else has to, and what goes and stays."""

from __future__ import annotations

from dataclasses import replace

from cards.fields import pick_one, switch, typed
from cards.form import about_fields
from cards.frame import Card, Element, button, frame, heading, lead, mend_line, named, opener, text
from cards.proposal import CONTACT_WAYS, PHONE_LENGTH
from cards.reader import Reader
from cards.said import menu
from cards.spans import days, months
from cards.verbs import Verb
from peer_support.keeping import ERASED_DAYS
from peer_support.policy import Policy
from peer_support.request import How
from peer_support.rights import AboutView, CorrectView, HeldView
from peer_support.views import ContactView


def correct_card(view: CorrectView, reader: Reader, *, dialog_forms: bool) -> Card:
    """The ways to each thing that can be changed, and whom to ask about the rest."""
    body = [heading(reader.say("correct.heading")), text(reader.say("correct.text"))]
    body.append(text(reader.say("correct.name.rostered" if view.rostered else "correct.name")))
    ways = [opener(reader, "about_me", Verb.ABOUT, dialog=dialog_forms)]
    if view.may_change_number:
        ways.append(opener(reader, "number", Verb.NUMBER, dialog=dialog_forms))
    elif view.may_change_request:
        ways.append(opener(reader, "change", Verb.CHANGE, dialog=dialog_forms))
    ways.append(opener(reader, "people", Verb.PEOPLE_OPEN, dialog=dialog_forms))
    if view.supporter:
        ways.append(opener(reader, "profile", Verb.PROFILE, dialog=dialog_forms))
        body.append(text(reader.say("correct.roster")))
    return frame(body, reader, [*ways, menu(reader)])


def about_card(view: AboutView, reader: Reader, *, chat: bool) -> Card:
    """About me as it is remembered. In the chat it isn't shown, and what is saved stands instead of it."""
    reader = replace(reader, dialog=not chat)
    body = [heading(reader.say("correct.about.heading"))]
    if view.saved:
        body.append(text(reader.say("correct.saved"), weight="Bolder"))
    body.append(text(reader.say("correct.about.text")))
    body += about_fields({} if chat else view.answers, view.mends, view.near_work, reader)
    actions = [
        button(reader, "save", Verb.ABOUT_SAVE, style="positive"),
        button(reader, "back", Verb.CORRECT),
    ]
    return frame(body, reader, actions)


def number_card(view: ContactView, reader: Reader, *, chat: bool) -> Card:
    """How their supporter reaches them, to be changed while they are introduced."""
    reader = replace(reader, dialog=not chat)
    how = view.how if view.how in CONTACT_WAYS else How.TEAMS
    ways = [(way.value, reader.say(f"contact.how.{way}")) for way in CONTACT_WAYS]
    number = typed("phone", reader.say("contact.phone"), "" if chat else view.phone, most=PHONE_LENGTH)
    body: list[Element] = [
        heading(reader.say("correct.number.heading")),
        text(reader.say("correct.number.text", given=named(view.given))),
        *(mend_line(view.mend, reader) if view.mend else []),
        pick_one("how", reader.say("contact.how"), ways, how.value),
        number | {"style": "Tel"},
        switch("voicemail", reader.say("contact.voicemail"), on=view.voicemail),
    ]
    actions = [
        button(reader, "save", Verb.NUMBER_SAVE, style="positive"),
        button(reader, "back", Verb.CORRECT),
    ]
    return frame(body, reader, actions)


def number_saved_card(reader: Reader) -> Card:
    """The supporter's cards are being edited."""
    body = [heading(reader.say("correct.number.heading")), text(reader.say("correct.number.saved"))]
    return frame(body, reader, [button(reader, "back", Verb.CORRECT)])


def delete_card(view: HeldView, policy: Policy, reader: Reader) -> Card:
    """What goes at once, what stays and until when. Nothing has been done yet."""
    goes = ["all", "left_out"]
    if view.live is not None:
        goes.append("live")
    stays = ["names", "cards", "audit", "counts"]
    if view.rostered:
        stays.append("roster")
    stays.append("teams")
    spans = {
        "names": days(policy.names_shown_days, reader),
        "cards": days(ERASED_DAYS, reader),
        "audit": months(policy.audit_kept_months, reader),
        "counts": months(policy.statistics_kept_months, reader),
        "roster": months(policy.roster_kept_months, reader),
    }
    body = [heading(reader.say("delete.heading")), lead(reader.say("delete.goes"))]
    body += [text(reader.say(f"delete.goes.{part}"), spacing="Small") for part in goes]
    body.append(lead(reader.say("delete.stays")))
    body += [
        text(reader.say(f"delete.stays.{part}", time=spans.get(part, "")), spacing="Small") for part in stays
    ]
    actions = [button(reader, "delete_sure", Verb.DELETE_SURE), button(reader, "keep_data", Verb.MENU)]
    return frame(body, reader, actions)


def deleted_card(reader: Reader, *, rostered: bool) -> Card:
    """It is done. No button leads back: the next word typed begins anew."""
    body = [heading(reader.say("deleted.heading")), text(reader.say("deleted.text"))]
    if rostered:
        body.append(text(reader.say("deleted.roster")))
    return frame(body, reader)
