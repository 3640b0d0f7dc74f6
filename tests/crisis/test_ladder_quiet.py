"""What people send without a word of their own stays quiet: choices, commands, buttons, names, numbers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from cards.words import keys, say
from dialogs.typed import WORDS
from peer_support.crisis.ladder import Tier, tier
from peer_support.request import ForceWish, How, HowSoon, When
from peer_support.taxonomy import EXPERIENCES, FORCES, GRADES

QUIET_TOPICS = [id for id, topic in EXPERIENCES.items() if not topic.crisis_first and not topic.lines]
CHOICES = [*ForceWish, *How, *HowSoon, *When, *GRADES, *QUIET_TOPICS, "true", "false", "1", "0", "en", "cy"]
NAMES = (Path(__file__).parent / "data" / "names.txt").read_text("utf-8").partition("\n")[2]
GIVEN, FAMILY = (part.split() for part in NAMES.split("\n\n"))
NUMBERS = [
    "07700 900123",
    "+44 7700 900123",
    "01632 960 123 ext 9",
    "K7QF",
    "jo.evans@force.police.example",
    "PC 1234",
]


@pytest.mark.parametrize("words", sorted({str(each) for each in CHOICES}))
def test_a_choice(words: str) -> None:
    assert tier(words) is Tier.NONE


@pytest.mark.parametrize("words", sorted({*WORDS, *NUMBERS}))
def test_a_command_or_a_number(words: str) -> None:
    assert tier(words) is Tier.NONE


def test_names_of_people() -> None:
    names = [f"{given} {family}" for given, family in product(GIVEN, FAMILY)]
    loud = [name for name in [*GIVEN, *FAMILY, *names] if tier(name) is not Tier.NONE]
    assert len(names) > 5000
    assert loud == []


def test_names_of_forces() -> None:
    names = [force.name for force in FORCES.values()]
    assert [name for name in names if tier(name) is not Tier.NONE] == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_buttons(language: str) -> None:
    titles = [key for key in sorted(keys(language)) if key.startswith("button.") and "worried" not in key]
    assert [key for key in titles if tier(say(key, language)).rank > 1] == []
