"""The Welsh catalogue: what must be there is there, says what the English says, and a card is never half in each."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import cards.words
from cards.crisis import Variant, crisis_message, line_words, render_all
from cards.frame import footer_key
from cards.limits import limits_card
from cards.more_support import more_support_card
from cards.plain import plain
from cards.reader import ALL_NATIONS, Reader, in_one_language
from cards.verbs import Verb
from cards.welcome import help_card, menu_card, welcome_card
from cards.words import Unspoken, keys, say
from peer_support.crisis.contacts import packaged
from peer_support.crisis.opening import more_support
from peer_support.views import LimitsView, MenuView
from tests.cards.checks import MOST_BYTES, actions, official, parts, strict
from tests.cards.gallery import EXHIBITS, NIGHT
from tests.cards.test_crisis import check as check_crisis

MUST = ("crisis.", "footer.", "more_support.", "welcome.", "menu.", "help.", "limits.", "busy.")
MUST_ALONE = {"toast"} | {
    f"button.{name}"
    for name in (
        "ask", "carry_on", "continue", "digest", "help_now", "language", "learn_more", "matches", "menu",
        "more_support", "not_now", "pause", "privacy", "profile", "resume", "status",
    )
}  # fmt: skip
# What names the other language, or is a line's own name and its numbers alone.
SAME_IN_BOTH = re.compile(r"crisis\.(in_nation|line(\.(refuge|scotland_da|ni_dsa))?)|more_support\.line")
CYMRO, ENGLISH = Reader("cy"), Reader()
HOLES = re.compile(r"{(\w+)}")
NUMBERS = re.compile(r"\d[\d ]*\d|\d")


def _entries() -> list[Message]:
    with resources.files(cards.words).joinpath("cy.po").open("rb") as lines:
        return [entry for entry in read_po(lines, locale="cy") if entry.id]


ENTRIES = _entries()


def words(card: dict[str, Any]) -> list[str]:
    """Every sentence and every title of a card."""
    found = [part["text"] for part in parts(card) if part["type"] in {"TextBlock", "TextRun"}]
    found += [part["title"] for part in parts(card) if "title" in part]
    return [*found, *(fact["value"] for part in parts(card) for fact in part.get("facts", ()))]


def test_what_must_be_welsh_is_and_was_made_from_the_english_of_today():
    must = {key for key in keys() if key.startswith(MUST)} | MUST_ALONE
    missing = must - keys("cy")
    assert not missing, "add these to cards/words/cy.po, or look at their Welsh again: their English changed"
    assert keys("cy") <= keys()


def test_no_entry_is_fuzzy_empty_or_twice_there():
    named = [entry.id for entry in ENTRIES]
    assert len(named) == len(set(named))
    assert not [entry.id for entry in ENTRIES if entry.fuzzy or not str(entry.string).strip()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_it_says_what_the_english_says(entry: Message):
    english, welsh = say(entry.id), str(entry.string)
    assert sorted(HOLES.findall(welsh)) == sorted(HOLES.findall(english))
    assert sorted(NUMBERS.findall(welsh)) == sorted(NUMBERS.findall(english))
    assert (welsh == english) == bool(SAME_IN_BOTH.fullmatch(entry.id)) or entry.id == "button.language"
    assert _end(welsh) == _end(english) or entry.id == "crisis.nations_and"


def _end(words: str) -> str:
    return words.rstrip()[-1] if words.rstrip()[-1] in ".?:," else ""


def test_words_made_from_an_english_that_has_changed_are_not_said():
    english = cards.words._english() | {"button.help_now": "Help at once"}  # noqa: SLF001 - the rule itself
    today = cards.words._translated("cy", english)  # noqa: SLF001
    assert "button.help_now" not in today
    assert "button.more_support" in today


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)
def test_every_card_is_in_one_language(exhibit):
    """Either each of its sentences is Welsh, or it is the English card, but for the language its Help now asks for."""
    theirs, english = exhibit.make(CYMRO), exhibit.make(ENGLISH)
    strict(theirs)
    official(theirs)
    if theirs["body"][-1]["items"][0]["text"] == say("footer.all"):
        assert words(theirs) == words(english)
    else:
        assert not set(words(theirs)) & (set(words(english)) - {"pause", "resume", "status", "withdraw"})
    assert theirs["actions"][-1]["data"]["id"].partition(".")[0] == "cy"


def test_the_cards_that_are_welsh():
    found = {
        exhibit.name
        for exhibit in EXHIBITS
        if words(exhibit.make(CYMRO))[0] != words(exhibit.make(ENGLISH))[0]
    }
    assert {
        "welcome",
        "welcome again",
        "welcome on the roster",
        "limits",
        "menu officer",
        "help coordinator",
    } <= found
    assert not {name for name in found if name.startswith(("form", "offer", "request", "introduc", "digest"))}


def test_one_missing_word_turns_the_whole_card_to_english(monkeypatch: pytest.MonkeyPatch):
    missing = {key: cards.words.say(key, "cy") for key in keys("cy") - {"crisis.near", "help.now"}}
    monkeypatch.setitem(cards.words._CATALOGUES, "cy", missing)  # noqa: SLF001 - the file is what is tried
    contacts = packaged()
    made = crisis_message(Variant.DANGER, CYMRO, contacts)
    assert made == crisis_message(Variant.DANGER, ENGLISH, contacts)
    assert crisis_message(Variant.SOFT, CYMRO, contacts).text.startswith("Mae hynny'n swnio'n llawer")
    assert help_card(MenuView(), CYMRO)["body"] == help_card(MenuView(), ENGLISH)["body"]
    assert welcome_card(CYMRO, first=True)["body"][0]["text"] == "Helo"


def test_a_part_leaves_it_to_the_whole():
    @in_one_language
    def part(reader: Reader) -> str:
        return reader.say("offer.heading")

    @in_one_language
    def whole(reader: Reader) -> tuple[str, str]:
        return reader.say("button.menu"), part(reader)

    assert whole(CYMRO) == (say("button.menu"), say("offer.heading"))
    assert whole(reader=CYMRO) == whole(ENGLISH)
    with pytest.raises(Unspoken):
        say("offer.heading", "cy")
    with pytest.raises(KeyError):
        say("no such key", "cy")


@pytest.mark.parametrize("variant", Variant)
def test_the_welsh_crisis_card_has_the_same_lines_in_the_same_order(variant: Variant):
    for nations in (ALL_NATIONS, frozenset({"W"}), frozenset({"E", "W"}), frozenset({"NI"})):
        reader = Reader("cy", nations, spoken="cy")
        made, english = (
            crisis_message(variant, who, packaged()) for who in (reader, Reader(nations=nations))
        )
        check_crisis(made.card, reader)
        assert len(str(made.card)) < MOST_BYTES / 2
        assert [NUMBERS.findall(line) for line in words(made.card)] == [
            NUMBERS.findall(line) for line in words(english.card)
        ]
        assert made.text.endswith(say(footer_key(reader), "cy"))
        assert [a["data"]["verb"] for a in actions(made.card)] == [
            a["data"]["verb"] for a in actions(english.card)
        ]


def test_the_samaritans_welsh_line_comes_first_for_whoever_reads_welsh():
    view = more_support(packaged(), frozenset({"W"}), NIGHT)
    card = more_support_card(view, Reader("cy", frozenset({"W"})))
    shown = words(card)
    assert shown[1] == f"Ar agor nawr, ddydd a nos: {line_words(view.lines[0].contact, Reader(spoken='cy'))}"
    assert shown[3] == (
        "Llinell Gymraeg Samaritans: 0808 164 0123. Ar gau nawr, yn agor am 19:00. "
        "Dyw eich heddlu ddim wedi gwirio'r rhif hwn eto."
    )
    assert "Byw Heb Ofn" in " ".join(shown)


def test_labels_that_are_translated_are_the_contacts_own_in_english():
    labels = {contact.id: contact.label for contact in packaged()}
    for key in keys():
        if key.startswith("more_support.label."):
            assert say(key) == labels[key.removeprefix("more_support.label.")]


def test_each_language_is_offered_in_its_own_name():
    for reader, title, other in ((ENGLISH, "Cymraeg", "cy"), (CYMRO, "English", "en")):
        card = welcome_card(reader, first=True, view=MenuView(supporter=True, coordinator=True))
        (shown,) = [each for each in card["actions"] if each["title"] == title]
        assert (shown["verb"], shown["data"]["id"]) == (Verb.LANGUAGE, other)
        assert len(card["actions"]) == 6


def test_the_plain_text_is_welsh_as_well():
    card = limits_card(LimitsView(frozenset({"W"})), CYMRO, dialog_forms=False)
    said = plain(card)
    assert said.startswith("Cyn i chi ofyn")
    assert "[Ymlaen] [Ddim nawr] [Help nawr]" in said
    assert plain(menu_card(MenuView(), CYMRO)).endswith(say("footer.all", "cy"))


def test_all_are_made_at_start_in_both():
    made = render_all(packaged())
    assert {language for _, language, _ in made} == {"en", "cy"}
    for (nations, language, variant), message in made.items():
        assert say(f"crisis.{variant}.heading", language) in message.text, (nations, language)
