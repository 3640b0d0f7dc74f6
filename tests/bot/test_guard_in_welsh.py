"""The guard speaks Welsh without asking anything but the activity itself."""

from __future__ import annotations

from typing import Any

import pytest

from bot.guard import CrisisAnswer
from cards.crisis import Variant
from tests.bot.test_guard import GUARD, broken, guard, presses, says, submits

ENGLISH, WELSH = "Nobody watches this chat.", "Does neb yn gwylio'r sgwrs hon."


def button(answer: CrisisAnswer, title: str) -> dict[str, Any]:
    """What the button of this title sends."""
    (data,) = [action["data"] for action in answer.message.card["actions"] if action["title"] == title]
    return dict(data)


def pressed(answer: CrisisAnswer, title: str, **more: Any) -> CrisisAnswer:
    given = GUARD.answer(says(None, value=button(answer, title), **more))
    assert given is not None
    return given


@pytest.mark.parametrize("locale", ["cy", "cy-GB", "CY-gb"])
@pytest.mark.parametrize("said", ["help now", "I want to die", "more support", "dw i eisiau marw"])
def test_by_the_locale(locale: str, said: str) -> None:
    given = GUARD.answer(says(said, locale=locale))
    assert given is not None
    assert "Angen rhywun nawr?" in given.message.text
    assert "Need someone now?" not in given.message.text
    assert given.message.summary == "Mae diweddariad i chi"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("argyfwng", WELSH),
        ("HELP NAWR!!", WELSH),
        ("cymorth rŵan", WELSH),
        ("mwy o gymorth", "Ar agor nawr, ddydd a nos"),
        ("help now", ENGLISH),
        ("more support", "Open now, day and night"),
    ],
)
def test_a_call_in_welsh_is_answered_in_welsh(said: str, words: str) -> None:
    given = GUARD.answer(says(said))
    assert given is not None
    assert words in given.message.text


@pytest.mark.parametrize(
    ("locale", "first", "second"), [("en-GB", "Cymraeg", "English"), ("cy", "English", "Cymraeg")]
)
@pytest.mark.parametrize("said", ["help now", "my mate wants to kill himself", "more support"])
def test_the_same_card_in_the_other_language_and_back(
    said: str, locale: str, first: str, second: str
) -> None:
    shown = GUARD.answer(says(said, locale=locale))
    assert shown is not None
    other = pressed(shown, first, locale=locale)
    assert other.variant == shown.variant
    assert other.message.text != shown.message.text
    back = pressed(other, second, locale=locale)
    assert (back.variant, back.message) == (shown.variant, shown.message)


def test_the_language_that_was_chosen_stays_on_the_cards_that_follow() -> None:
    shown = GUARD.answer(says("help now"))
    assert shown is not None
    welsh = pressed(shown, "Cymraeg")
    more = pressed(welsh, "Mwy o gymorth")
    assert more.message.text.startswith("Mwy o gymorth")
    everywhere = pressed(welsh, "Y DU i gyd")
    assert "Yr Alban: NHS 24 ar 111" in everywhere.message.text
    assert pressed(more, "Help nawr").message == welsh.message
    assert "Need someone now?" in pressed(pressed(more, "English"), "Help now").message.text


def test_help_now_on_a_welsh_card_of_the_dialogs_is_answered_in_welsh() -> None:
    for way in (presses, submits):
        given = GUARD.answer(way("help_now", id="cy"))
        assert given is not None
        assert WELSH in given.message.text
        assert "GIG 111" not in given.message.text


def test_carry_on_still_leads_back_after_the_language_was_changed() -> None:
    given = GUARD.answer(submits("language", id="suicide.E-cy.contact.p1"))
    assert given is not None
    assert given.variant == "suicide"
    assert button(given, "Parhau")["id"] == "contact.p1"


@pytest.mark.parametrize(
    "subject", ["no_such_card.E-cy.", "danger.E-cy-en.", "danger.nowhere.", "danger..", ".", "..."]
)
def test_a_press_that_makes_no_sense_still_shows_the_crisis_card(subject: str) -> None:
    given = GUARD.answer(submits("language", id=subject))
    assert given is not None
    assert given.variant == "danger"
    assert "116 123" in given.message.text


def test_the_choice_on_a_card_of_the_dialogs_is_for_the_dialogs() -> None:
    assert GUARD.answer(presses("language", id="cy")) is None
    assert GUARD.answer(says("cymraeg")) is None


@pytest.mark.parametrize("variant", Variant)
def test_every_variant_in_welsh_without_nations_store_or_contacts(variant: Variant) -> None:
    activity = submits("language", id=f"{variant}.cy.")
    given = guard(nations_of=broken).answer(activity)
    assert given is not None
    assert given.variant == variant
    assert "0808 808 8000" in given.message.text
    without = guard(contacts=()).answer(activity)
    assert without is not None
    assert "116 123" in without.message.text
