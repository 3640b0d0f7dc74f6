"""What a slip is mended to."""

from __future__ import annotations

from time import thread_time

import pytest

from peer_support.crisis import lexicon as lexicon_room
from peer_support.crisis.ladder import Tier, by_pattern, sentences
from peer_support.crisis.lexicon import lexicon
from peer_support.crisis.normal import clauses
from peer_support.crisis.slips import slips, written


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("i jsut wnat it to stpo", "i just want it to stop"),
        ("ive takne teh tabelts", "ive taken the tablets"),
        ("he hti me agian", "he hti me again"),
        ("self harmed", "selfharm"),
    ],
)
def test_a_slip_is_read_as_the_word_it_is_near(typed: str, plain: str) -> None:
    assert " ".join(word for sentence in sentences(typed) for word in sentence) == plain


def test_a_word_that_is_known_is_left_as_it_is() -> None:
    known = slips(written(["want", "tonight", "wait"], ["wont", "tonic"]))
    assert [known.mended(word) for word in ("want", "wait", "wont", "tonic")] == [
        "want",
        "wait",
        "wont",
        "tonic",
    ]


def test_the_nearest_has_the_same_first_letter_then_the_same_letters_then_is_the_most_often_met() -> None:
    known = slips(written(["went", "want", "hand", "sand", "wand"], []))
    assert known.mended("wnat") == "want"
    assert known.mended("wnt") == "wnt"
    assert known.mended("whand") == "wand"
    assert known.mended("xand") == "hand"
    assert known.mended("qqqqq") == "qqqqq"


def test_of_nothing_nothing_is_mended() -> None:
    assert slips("").mended("tonihgt") == "tonihgt"


def test_without_the_words_nothing_is_mended_and_the_patterns_hear_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packaged = lexicon_room._packaged  # noqa: SLF001 - what is on the disk

    def torn(name: str) -> str:
        if name == "words.txt":
            raise FileNotFoundError(name)
        return packaged(name)

    monkeypatch.setattr(lexicon_room, "_packaged", torn)
    alone = lexicon.__wrapped__()
    assert alone.slips.mended("tonihgt") == "tonihgt"
    assert by_pattern(clauses("i want to kill myself", alone), alone) is Tier.ACTIVE


def test_what_may_be_mended_to_is_only_what_is_often_met() -> None:
    assert slips(written(["tonight"], ["tonics"])).mended("tonicz") == "tonicz"


def test_the_packaged_words_are_plain_and_quickly_read() -> None:
    known = lexicon().slips.known
    assert len(known) > 5000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in known)
    took = []
    for _ in range(3):  # another program may slow one of them
        began = thread_time()
        slips(written(known, []))
        took.append(thread_time() - began)
    assert min(took) < 1
