"""Every card of the gallery, for every kind of reader, holds what every card must hold."""

from __future__ import annotations

import pytest

from cards.plain import plain, toast
from cards.reader import ALL_NATIONS, Reader
from cards.verbs import Verb
from tests.cards.checks import check, parts, verbs
from tests.cards.gallery import ANSWERS, EXHIBITS, LEFT_OUT, Exhibit

READERS = {
    "England": Reader(nations=frozenset({"E"})),
    "everywhere, in a dialog": Reader(nations=ALL_NATIONS, dialog=True),
}
NORTHERN_IRELAND = Reader(nations=frozenset({"NI"}))
OF_THE_GUARD = {Verb.HELP_NOW, Verb.MORE_SUPPORT, Verb.CARRY_ON}
NAMES = ("Sam", "Okafor", "Jo", "Evans", "Northmoor")

exhibits = pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)


@exhibits
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_holds_what_every_card_must(exhibit: Exhibit, reader: Reader):
    card = exhibit.make(reader)
    check(card, Reader(reader.language, reader.nations))


@exhibits
def test_northern_ireland_is_never_sent_to_nhs_111(exhibit: Exhibit):
    said = plain(exhibit.make(NORTHERN_IRELAND))
    assert "Lifeline 0808 808 8000" in said
    assert " 111" not in said


@exhibits
def test_plain_text_says_the_same(exhibit: Exhibit):
    card = exhibit.make(Reader())
    said = plain(card)
    for part in parts(card):
        if part["type"] == "TextBlock" and "id" not in part:
            assert part["text"] in said
        for choice in part.get("choices", ()):
            assert choice["title"] in said
    for action in card["actions"]:
        assert action["title"] in said
    assert said.rstrip().endswith(card["body"][-1]["items"][0]["text"])


@exhibits
def test_first_line_is_neutral(exhibit: Exhibit):
    first = exhibit.make(Reader())["body"][0]["text"]
    asks_how = exhibit.name.startswith("contact ")
    assert asks_how or not any(name in first.split() for name in NAMES)
    assert "uicid" not in first


def test_every_verb_stands_on_some_card():
    shown = {verb for exhibit in EXHIBITS for verb in verbs(exhibit.make(Reader()))}
    assert set(Verb) - OF_THE_GUARD <= shown
    assert shown <= set(Verb)


def test_toast_says_nothing():
    assert toast(Reader()) == "You have an update"


@exhibits
def test_the_chat_holds_no_answers_and_no_left_out_names(exhibit: Exhibit):
    if not exhibit.name.startswith(("form", "people", "review")) or not exhibit.name.endswith("chat"):
        return
    said = str(exhibit.make(Reader()))
    assert ANSWERS["note"] not in said
    assert LEFT_OUT[0].name not in said or "found" in exhibit.name
    for part in parts(exhibit.make(Reader())):
        if part["type"].startswith("Input.") and "answered" in exhibit.name and part["id"] != "remember":
            assert "value" not in part


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("form chat", "When (leave empty for any time)"),
        ("form answered dialog", "When (leave empty for any time)"),
        ("form answered chat", "When (leave empty to keep what you chose)"),
    ],
)
def test_an_empty_field_does_what_its_label_says(name: str, label: str):
    made = next(exhibit for exhibit in EXHIBITS if exhibit.name == name).make(Reader())
    assert next(part for part in parts(made) if part.get("id") == "when")["label"] == label
