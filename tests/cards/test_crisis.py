from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from importlib import resources
from typing import Any

import jsonschema
import pytest

import cards.crisis
from cards.crisis import Variant, crisis_card, line_elements, nation_sets, packaged_message, render_all
from cards.frame import footer_key
from cards.more_support import more_support_card, more_support_message
from cards.reader import ALL_NATIONS, Reader
from cards.words import keys, languages, say
from peer_support.crisis.contacts import Certainty, packaged
from peer_support.crisis.opening import more_support
from peer_support.hours import LONDON
from tests.cards.checks import MOST_BYTES, actions, parts

RENDERED = render_all(packaged())
MADE = [pytest.param(*key, id="-".join(["+".join(sorted(key[0])), *key[1:]])) for key in RENDERED]
NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=LONDON)
SCHEMA = jsonschema.Draft6Validator(
    json.loads(resources.files("adaptive_cards").joinpath("schemas/schema-1.2.json").read_text("utf-8-sig"))
)
NUMBER = re.compile(r"(?<![\d:])\d[\d ]{0,18}\d(?![\d:])")
FORBIDDEN = re.compile(
    r"commit(?:ted|s)? suicide|committed|100 ?%|\banonym|calm down|how you feel|so much to live for|overdos"
    r"|\bhang(?:ed|ing)"
    r"|\bpills?\b|\brope\b|\bknife|\bone in \w+|per ?cent|\bdiagnos|\bstay strong|\bbe strong|cheer up|!",
    re.IGNORECASE,
)


def words(card: dict[str, Any]) -> list[str]:
    return [part["text"] for part in parts(card) if part["type"] == "TextBlock"]


def english(variant: Variant, *nations: str) -> list[str]:
    return words(RENDERED[frozenset(nations), "en", variant].card)


def check(card: dict[str, Any], reader: Reader) -> None:
    faults = sorted(SCHEMA.iter_errors(card), key=str)
    assert not faults, faults[0].message
    assert card["version"] == "1.2"
    assert len(json.dumps(card, ensure_ascii=False).encode()) < MOST_BYTES / 2
    assert {part["type"] for part in parts(card)} <= {
        "AdaptiveCard",
        "TextBlock",
        "Container",
        "Action.Submit",
    }
    assert all(part["wrap"] for part in parts(card) if part["type"] == "TextBlock")
    assert len(actions(card)) <= 6
    assert "http" not in json.dumps({**card, "$schema": ""}).replace("https://", "")
    assert words(card)[-1] == reader.say(footer_key(reader))


def test_every_nation_language_and_variant_is_made() -> None:
    assert len(RENDERED) == 15 * len(languages()) * len(Variant)
    assert packaged_message() not in RENDERED.values()


@pytest.mark.parametrize(("nations", "language", "variant"), MADE)
def test_each_card(nations: frozenset[str], language: str, variant: Variant) -> None:
    made, reader = RENDERED[nations, language, variant], Reader(language, nations, spoken=language)
    check(made.card, reader)
    shown = words(made.card)
    assert all(line in made.text for line in shown)
    assert made.text.endswith(shown[-1])
    assert made.summary == say("toast", language)
    assert any("999" in line and "A&E" in line for line in shown[:3])
    assert say("crisis.program", language) in shown
    assert any("18000" in line for line in shown)
    known = {c.call for c in packaged()} | {c.text for c in packaged()} | {c.deaf for c in packaged()}
    known |= {"24", "55", "85258"}  # NHS 24 is a name; 85258 is what SHOUT is sent to
    assert {number.strip() for line in shown for number in NUMBER.findall(line)} <= known


@pytest.mark.parametrize(
    ("nations", "expected"),
    [
        ("E", ["0300 131 2789", "116 123", "SHOUT to 85258", "111, mental health option (2)", "GP"]),
        ("W", ["0300 131 2789", "116 123", "SHOUT to 85258", "111 Wales, press 2", "GP"]),
        ("S", ["116 123", "SHOUT to 85258", "NHS 24 on 111", "GP"]),
        ("NI", ["116 123", "SHOUT to 85258", "0808 808 8000", "GP"]),
    ],
)
def test_the_lines_of_each_nation_in_their_order(nations: str, expected: list[str]) -> None:
    shown = [element["text"] for element in line_elements(Reader(nations=frozenset({nations})), packaged())]
    assert len(shown) == len(expected)
    assert all(part in line for part, line in zip(expected, shown, strict=True))


def test_northern_ireland_alone_has_no_111_and_others_have_no_policing_line() -> None:
    assert "111" not in " ".join(english(Variant.DANGER, "NI"))
    for nations in (["S"], ["NI"], ["S", "NI"]):
        assert "0300 131 2789" not in " ".join(english(Variant.DANGER, *nations))


def test_across_borders_each_line_says_where_it_is_for() -> None:
    shown = english(Variant.DANGER, *ALL_NATIONS)
    assert "England and Wales: Police crisis line 0300 131 2789, counsellors outside policing." in shown
    assert "Northern Ireland: Lifeline 0808 808 8000, free." in shown
    assert "Samaritans 116 123, free." in shown


def test_the_silent_call_stands_on_the_domestic_abuse_card_alone() -> None:
    for (_, _, variant), made in RENDERED.items():
        assert (" 55 " in made.text) == (variant is Variant.DOMESTIC_ABUSE)


@pytest.mark.parametrize(
    ("variant", "nation", "number"),
    [
        (Variant.DOMESTIC_ABUSE, "E", "0808 2000 247"),
        (Variant.DOMESTIC_ABUSE, "W", "0808 80 10 800"),
        (Variant.DOMESTIC_ABUSE, "S", "0800 027 1234"),
        (Variant.DOMESTIC_ABUSE, "NI", "0808 802 1414"),
        (Variant.SEXUAL_HARM, "W", "0808 80 10 800"),
        (Variant.SEXUAL_HARM, "NI", "0808 802 1414"),
    ],
)
def test_harm_has_its_own_lines_first(variant: Variant, nation: str, number: str) -> None:
    shown = " ".join(english(variant, nation))
    assert shown.index(number) < shown.index("Samaritans")
    assert "Is it safe to message you here?" in shown


def test_a_line_still_to_check_comes_onto_the_card_once_confirmed() -> None:
    reader = Reader(nations=frozenset({"E"}))
    assert not any(c.call in " ".join(english(Variant.SEXUAL_HARM, "E")) for c in packaged() if not c.sure)
    confirmed = [
        replace(c, certainty=Certainty.CONFIRMED) if c.id == "rape_crisis_ew" else c for c in packaged()
    ]
    assert "0808 500 2222" in " ".join(words(crisis_card(Variant.SEXUAL_HARM, reader, confirmed)))


@pytest.mark.parametrize("nations", list(nation_sets()), ids=lambda nations: "+".join(sorted(nations)))
def test_buttons(nations: frozenset[str]) -> None:
    for variant in Variant:
        shown = [(a["title"], a["data"]) for a in RENDERED[nations, "en", variant].card["actions"]]
        titles = [title for title, _ in shown]
        assert titles[0] == "More support"
        assert "Cymraeg" in titles
        assert ("Carry on" in titles) == (variant is not Variant.HELP_ONLY)
        others = {data["id"] for _, data in shown if data["verb"] == "help_now"}
        left_out = {f"{nation}-en" for nation in ALL_NATIONS - nations}
        assert others in (left_out, {"E-W-S-NI-en"} if left_out else set())


def test_one_that_raises_is_replaced_by_the_packaged_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(made == packaged_message() for made in render_all(()).values())

    def broken(*_: object) -> str:
        raise KeyError("crisis.danger")

    monkeypatch.setattr(cards.crisis, "footer_key", broken)
    assert all(made == packaged_message() for made in render_all(packaged()).values())


def test_the_packaged_words_agree_with_the_contacts_and_the_catalogue() -> None:
    made = packaged_message()
    check(made.card, Reader())
    for contact in packaged():
        if contact.always and contact.id != "gp":
            assert (contact.call or contact.text) in made.text
    assert say("crisis.danger", call="999") in made.text
    assert say("crisis.program") in made.text


@pytest.mark.parametrize("key", ["footer.gb", "footer.ni", "footer.all"])
def test_the_footers_numbers_are_the_contacts(key: str) -> None:
    by_id = {contact.id: contact for contact in packaged()}
    footer = say(key)
    named = ["emergency", "samaritans", *(["lifeline_ni"] if key != "footer.gb" else [])]
    named += ["nhs_england", "nhs_wales", "nhs_scotland"] if key != "footer.ni" else []
    assert all(by_id[name].call in footer for name in named)
    assert by_id["shout"].text in footer
    assert "Your GP" in footer
    assert ("111" in footer) == (key != "footer.ni")


@pytest.mark.parametrize("nations", list(nation_sets()), ids=lambda nations: "+".join(sorted(nations)))
def test_more_support(nations: frozenset[str]) -> None:
    reader = Reader(nations=nations)
    view = more_support(packaged(), nations, NIGHT)
    card = more_support_card(view, reader)
    check(card, reader)
    shown = words(card)
    assert shown[1] == "Open now, day and night: Samaritans 116 123, free."
    calm = next(line for line in shown if "CALM" in line)
    assert calm == "CALM: 0800 58 58 58. Closed now, opens 17:00. Your force hasn't checked this number yet."
    assert any("Police Care UK: 0300 012 0030. Closed now, opens Monday 09:00." in line for line in shown)
    assert all(each.contact.label in " ".join(shown) for each in view.lines)
    assert more_support_message(view, reader).text.endswith(shown[-1])


def test_the_whole_catalogue_keeps_the_wording_rules() -> None:
    for language in languages():
        for key in keys(language):
            assert not FORBIDDEN.search(say(key, language)), key
    assert not FORBIDDEN.search(packaged_message().text)
    assert not any(FORBIDDEN.search(contact.label) for contact in packaged())
