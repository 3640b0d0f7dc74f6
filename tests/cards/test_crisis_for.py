"""Which card words ask for: self-harm has its own, and a word of dying beside it brings the other."""

from __future__ import annotations

import pytest

from cards.crisis import Variant
from cards.crisis_for import asked_for
from peer_support.crisis.ladder import Tier


@pytest.mark.parametrize(
    "words",
    [
        "I've been cutting myself again",
        "self harming most nights",
        "I burn my arms with a lighter when it gets bad",
        "been hurting myself",
        "dwi'n torri fy hun",
    ],
)
def test_self_harm_has_a_card_of_its_own(words: str) -> None:
    assert asked_for([words]) == (Tier.ACTIVE, Variant.SELF_HARM)


@pytest.mark.parametrize(
    ("words", "variant"),
    [
        ("I want to kill myself", Variant.SUICIDE),
        ("I cut myself and I want to die", Variant.SUICIDE),
        ("my flatmate cut me down last Tuesday, I tried to hang myself", Variant.SUICIDE),
        ("my mate is suicidal", Variant.SOMEONE_ELSE),
        ("I've cut my wrists and it won't stop", Variant.DANGER),
        ("good morning", None),
    ],
)
def test_any_word_of_dying_brings_the_other_card(words: str, variant: Variant | None) -> None:
    assert asked_for([words])[1] is variant


def test_several_fields_are_one_message() -> None:
    assert asked_for(["been cutting myself", "I want to die"])[1] is Variant.SUICIDE
    assert asked_for(["been cutting myself", "thanks", ""])[1] is Variant.SELF_HARM
    assert asked_for([]) == (Tier.NONE, None)
