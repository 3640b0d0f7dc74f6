"""What stands around words of crisis takes nothing from them, and a guess at a slip never takes what was said."""

from __future__ import annotations

from random import Random

import pytest

from peer_support.crisis.ladder import Tier, by_pattern, tier
from peer_support.crisis.lexicon import lexicon
from peer_support.crisis.normal import clauses
from tests.crisis.measure import HITS, lines_of

QUIET = [line.text.rstrip(".") for line in lines_of("tune") if line.category not in HITS]


@pytest.mark.parametrize(
    "said",
    ["im suicidal", "suicidal again", "I want to die", "I want to kill myself", "I've taken an overdose"],
)
@pytest.mark.parametrize("around", [1, 2, 3])
def test_a_few_words_are_heard_among_ordinary_ones(said: str, around: int) -> None:
    chance = Random(around)
    unheard = []
    for _ in range(12):
        lines = chance.sample(QUIET, around)
        lines.insert(chance.randint(0, around), said)
        if tier(". ".join(lines)).rank < Tier.THIRD.rank:
            unheard.append(lines)
    assert unheard == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("said my good byes to the kids", Tier.DANGER),
        ("took an over dose", Tier.DANGER),
        ("she took an over dose", Tier.THIRD),
        ("i've been slashing my wrists", Tier.ACTIVE),
        ("the plan is gassing myself", Tier.ACTIVE),
        ("swallowed bleach", Tier.ACTIVE),
        ("hitting myself", Tier.ACTIVE),
        ("daughter's cutting", Tier.THIRD),
        ("jsut wnat to die", Tier.ACTIVE),
    ],
)
def test_words_and_slips_are_heard_alike(said: str, told: Tier) -> None:
    assert tier(said).rank >= told.rank


@pytest.mark.parametrize("said", ["full of rage today", "his laughter helps", "Lucy King", "Ben Hunt"])
def test_a_word_that_is_one_letter_from_another_is_not_taken_for_it(said: str) -> None:
    assert tier(said).rank < Tier.THIRD.rank


def test_what_the_patterns_and_their_joins_are_made_of_is_known() -> None:
    """Or a guess would turn a word of the lexicon into another."""
    known = lexicon().slips.known
    assert {"gassing", "slitting", "slashing", "stalk", "dose", "cable", "byes", "cleaver", "spying"} <= set(
        known
    )


@pytest.mark.parametrize(
    "text",
    [
        "custody log: DP tied a ligature from his T-shirt, cut off, no injury",
        "detainee on 15 minute obs, said he wanted to die at booking in",
    ],
)
def test_what_a_pattern_hears_in_words_of_a_job_is_soft_and_never_nothing(text: str) -> None:
    said = lexicon()
    assert by_pattern(clauses(text, said), said).rank >= Tier.THIRD.rank
    assert tier(text) is Tier.SOFT


@pytest.mark.parametrize(
    "text",
    [
        "control room. he told me he would kill himself and I sent the crew, she was graded as medium risk",
        "we were called to a woman who had hanged herself, I wrote the sudden death report for the coroner",
    ],
)
def test_a_job_told_in_the_first_person_shows_no_crisis_card(text: str) -> None:
    assert tier(text) in (Tier.NONE, Tier.SOFT)
