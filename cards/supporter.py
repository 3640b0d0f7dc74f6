"""What a supporter sees of their own: whom they listen to, what waits, and what others may see of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cards import labels
from cards.fields import MOST_CHOICES, choose_any, fold, switch, typed
from cards.frame import (
    Action,
    Card,
    Element,
    button,
    facts,
    frame,
    heading,
    lead,
    link,
    mend_line,
    named,
    opener,
    small,
    text,
)
from cards.introduction import match_actions, who_and_how
from cards.offer import offer_facts
from cards.people import people_left_out
from cards.reader import Reader
from cards.said import menu, said_card
from cards.times import moment
from cards.verbs import Verb
from peer_support.roster_reader import BIO_LENGTH
from peer_support.views import IntroductionView, MatchesView, OfferView, ProfileView

MOST_SHOWN = 4


def matches_card(view: MatchesView, reader: Reader, now: datetime) -> Card:
    """Everyone this supporter is introduced to, and the offers that wait, each folded away where there are several."""
    single = len(view.matches) + len(view.offers) == 1
    body = [heading(reader.say("matches.heading"))]
    if view.paused:
        body.append(text(reader.say("menu.paused")))
    if not view.matches and not view.offers:
        body.append(text(reader.say("matches.none")))
    for number, match in enumerate(view.matches[:MOST_SHOWN], start=1):
        body += _match(f"match_{number}", match, reader, now, is_open=single)
    for number, offer in enumerate(view.offers[:MOST_SHOWN], start=1):
        body += _offer(f"offer_{number}", offer, reader, now, is_open=single)
    more = max(len(view.matches) - MOST_SHOWN, 0) + max(len(view.offers) - MOST_SHOWN, 0)
    if more:
        body.append(small(reader.say("matches.more", n=more)))
    shown = [*_availability(reader, paused=view.paused), menu(reader)]
    return frame(body, reader, shown, here=Verb.MATCHES)


def profile_card(view: ProfileView, reader: Reader, *, chat: bool) -> Card:
    """What others may see. An experience is matched on, and named only where its box is ticked."""
    reader = replace(reader, dialog=not chat)
    body = [heading(reader.say("profile.heading"))]
    if view.saved:
        body.append(text(reader.say("profile.saved"), weight="Bolder"))
    body += [
        text(reader.say("profile.text")),
        facts((reader.say("profile.hours"), view.hours)),
        *(mend_line(view.mend, reader) if view.mend else []),
        typed(
            "bio",
            reader.say("profile.bio"),
            view.bio,
            most=BIO_LENGTH,
            lines=True,
            hint=reader.say("profile.bio.hint"),
        ),
        *_experiences(view, reader),
        switch("listed", reader.say("profile.listed"), on=view.listed),
        lead(reader.say("form.people")),
        text(people_left_out(len(view.left_out), reader), spacing="None"),
    ]
    actions = [
        button(reader, "save", Verb.PROFILE_SAVE, style="positive"),
        button(reader, "people", Verb.PEOPLE_OPEN),
        *_availability(reader, paused=view.paused),
    ]
    return frame(body, reader, [*actions, menu(reader)], here=Verb.PROFILE)


def profile_door_card(view: ProfileView, reader: Reader) -> Card:
    """In the chat, which Teams keeps copies of, only how many: the list and the words open in a dialog."""
    body = [
        heading(reader.say("profile.heading")),
        text(reader.say("profile.text")),
        facts((reader.say("profile.hours"), view.hours)),
        text(_counted(view, reader)),
        text(people_left_out(len(view.left_out), reader)),
        text(reader.say("profile.door")),
    ]
    onward = opener(reader, "profile", Verb.PROFILE, style="positive", dialog=True)
    shown = [onward, *_availability(reader, paused=view.paused), menu(reader)]
    return frame(body, reader, shown, here=Verb.PROFILE)


def _counted(view: ProfileView, reader: Reader) -> str:
    count, shown = len(view.experiences), len([each for each in view.experiences if each[2]])
    if not count:
        return reader.say("profile.count.none")
    if count == 1:
        return reader.say("profile.count.one_named" if shown else "profile.count.one_unnamed")
    return reader.say(
        "profile.count.many_named" if shown else "profile.count.many_unnamed", n=count, named=shown
    )


def paused_card(reader: Reader) -> Card:
    """Paused, for as long as they like."""
    return said_card("paused", reader, button(reader, "resume", Verb.RESUME))


def resumed_card(reader: Reader) -> Card:
    """Back, with thanks."""
    return said_card("resumed", reader, button(reader, "matches", Verb.MATCHES))


def _match(
    name: str, view: IntroductionView, reader: Reader, now: datetime, *, is_open: bool
) -> list[Element]:
    title = named(view.name) if view.name else reader.say("matches.unnamed")
    given = named(view.given) if view.given else reader.say("introduction.they")
    actions = [*link(reader, "chat", view.chat_url, given=given), *match_actions(view, reader)]
    return fold(name, title, [*who_and_how(view, reader, now), _row(actions)], reader, is_open=is_open)


def _offer(name: str, view: OfferView, reader: Reader, now: datetime, *, is_open: bool) -> list[Element]:
    by = text(reader.say("offer.answer_by", by=moment(view.answer_by, now, reader)))
    actions = [
        button(reader, "accept", Verb.ACCEPT, view.id, style="positive"),
        button(reader, "decline", Verb.DECLINE, view.id),
    ]
    title = reader.say("matches.offer", about=labels.told(view.groups, reader))
    return fold(name, title, [offer_facts(view, reader), by, _row(actions)], reader, is_open=is_open)


def _row(actions: list[Action]) -> Element:
    return {"type": "ActionSet", "actions": actions}


def _experiences(view: ProfileView, reader: Reader) -> list[Element]:
    """Named in twelves, since a longer list is lost on a phone: `named`, `named_2`, `named_3`."""
    if not view.experiences:
        return []
    body = [lead(reader.say("profile.named")), small(reader.say("profile.named.help"))]
    starts = range(0, len(view.experiences), MOST_CHOICES)
    for number, start in enumerate(starts, start=1):
        some = view.experiences[start : start + MOST_CHOICES]
        chosen = ",".join(topic for topic, _, shown in some if shown)
        name = "named" if number == 1 else f"named_{number}"
        choices = ((topic, named(label)) for topic, label, _ in some)
        body.append(choose_any(name, reader.say("profile.named.list"), choices, chosen))
    return body


def _availability(reader: Reader, *, paused: bool) -> list[Action]:
    return [button(reader, "resume", Verb.RESUME) if paused else button(reader, "pause", Verb.PAUSE)]
