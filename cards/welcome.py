"""First contact, the menu, plain help, and what stays private."""

from __future__ import annotations

from collections.abc import Iterable

from cards.frame import Action, Card, Element, button, facts, frame, heading, lead, small, text
from cards.kept import kept_words
from cards.language import language_button, other_language
from cards.limits import limits_words
from cards.reader import Reader, in_one_language
from cards.verbs import Verb
from cards.words import ENGLISH, WELSH
from peer_support.policy import Policy
from peer_support.views import MenuView

# What may be typed, as the router hears it.
_WORDS = ("request", "status", "withdraw", "privacy", "my data")
_SUPPORTER_WORDS = ("my matches", "my profile", "pause", "resume", "hand back")
_COORDINATOR_WORDS = ("digest",)


@in_one_language
def welcome_card(reader: Reader, *, first: bool, view: MenuView | None = None) -> Card:
    """Who this is, what it can't do, and three things to do, and the other language. Said in full once.

    `view` adds what a supporter or a coordinator may expect here, with their own buttons.
    """
    opening = "welcome.first" if first else "welcome.again"
    body = [
        heading(reader.say(f"{opening}.heading")),
        text(reader.say("welcome.what")),
        text(reader.say("welcome.automated")),
        text(reader.say("welcome.watching")),
    ]
    actions = [_ask(reader), button(reader, "learn_more", Verb.LEARN)]
    if view is not None and view.supporter:
        body.append(text(reader.say("welcome.supporter"), weight="Bolder"))
        actions.append(button(reader, "profile", Verb.PROFILE))
    if view is not None and view.coordinator:
        body.append(text(reader.say("welcome.coordinator"), weight="Bolder"))
        actions.append(button(reader, "digest", Verb.DIGEST))
    if reader.spoken != ENGLISH:
        body.append(small(reader.say("welcome.partly")))
    return frame(body, reader, [*actions, language_button(reader)], here=Verb.MENU)


@in_one_language
def menu_card(view: MenuView, reader: Reader, *, understood: bool = True) -> Card:
    """What this person may do from here. Nobody is told that they typed something wrong."""
    key = "menu" if understood else "menu.not_understood"
    body = [heading(reader.say(f"{key}.heading")), text(reader.say(f"{key}.text")), *_standing(view, reader)]
    return frame(body, reader, _choices(view, reader), here=Verb.MENU)


@in_one_language
def help_card(view: MenuView, reader: Reader) -> Card:
    """Plain help: those who need someone now come first, and then the words that may be typed."""
    body = [
        heading(reader.say("help.heading")),
        text(reader.say("help.now")),
        lead(reader.say("help.words")),
    ]
    words = [
        *_WORDS,
        "cymraeg" if other_language(reader) == WELSH else "english",
        *(_SUPPORTER_WORDS if view.supporter else ()),
        *(_COORDINATOR_WORDS if view.coordinator else ()),
    ]
    body.append(facts(*((word, reader.say(f"help.word.{word}")) for word in words)))
    body.append(text(reader.say("welcome.automated")))
    return frame(body, reader, _choices(view, reader), here=Verb.MENU)


@in_one_language
def privacy_card(
    reader: Reader,
    nations: frozenset[str],
    opened_by: tuple[str, ...] = (),
    *,
    policies: Iterable[Policy] = (),
) -> Card:
    """The limits again, and what is kept for how long."""
    body = [
        heading(reader.say("privacy.heading")),
        *limits_words(reader, nations, opened_by),
        *kept_words(reader, policies),
    ]
    data = button(reader, "my_data", Verb.MY_DATA)
    return frame(body, reader, [data, button(reader, "menu", Verb.MENU)], here=Verb.PRIVACY)


def _ask(reader: Reader) -> Action:
    return button(reader, "ask", Verb.ASK, style="positive")


def _standing(view: MenuView, reader: Reader) -> list[Element]:
    lines = []
    if view.has_request:
        lines.append(reader.say("menu.has_request"))
    elif view.has_draft:
        lines.append(reader.say("menu.has_draft"))
    if view.supporter:
        if view.offers:
            lines.append(
                reader.say("menu.offers.one" if view.offers == 1 else "menu.offers.many", n=view.offers)
            )
        if view.paused:
            lines.append(reader.say("menu.paused"))
    return [small(line) for line in lines]


def _choices(view: MenuView, reader: Reader) -> list[Action]:
    """At most five, so that Help now is the sixth: Learn more gives way to a supporter's own buttons."""
    buttons = [button(reader, "status", Verb.STATUS) if view.has_request else _ask(reader)]
    if view.supporter:
        pause = button(reader, "resume", Verb.RESUME) if view.paused else button(reader, "pause", Verb.PAUSE)
        buttons += [button(reader, "matches", Verb.MATCHES), button(reader, "profile", Verb.PROFILE), pause]
    else:
        buttons += [button(reader, "learn_more", Verb.LEARN), button(reader, "privacy", Verb.PRIVACY)]
    if view.coordinator:
        buttons.append(button(reader, "digest", Verb.DIGEST))
    return buttons
