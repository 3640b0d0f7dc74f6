"""How text is made plain, and how the second voice reads it."""

from __future__ import annotations

import pytest

from peer_support.crisis.ladder import Tier, sentences, tier
from peer_support.crisis.voice import LONGEST_WINDOW, companies, read, sequences, voice, windows


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("k i l l  m y s e l f", "kill myself"),
        ("k m s", "kill myself"),
        ("I w a n t  t o  d i e", "i want to die"),
        ("s.u.i.c.i.d.a.l", "suicidal"),
        ("iwanttodie", "i want to die"),
        ("s3lf h4rm", "selfharm"),
        ("su1c1dal", "suicidal"),
        ("\N{FULLWIDTH LATIN SMALL LETTER D}ie", "die"),
        ("I’m  TIRED", "im tired"),
        ("10-7 at 4am with 2 mates", "10 7 at 4am with to mates"),
    ],
)
def test_text_is_made_plain(typed: str, plain: str) -> None:
    assert " ".join(word for sentence in sentences(typed) for word in sentence) == plain


def test_sentences_end_where_a_mark_ends_them() -> None:
    assert sentences("Long day. Home, then bed!\nNight") == [
        ["long", "day"],
        ["home", "then", "bed"],
        ["night"],
    ]


def test_every_sentence_is_read_alone_and_a_short_text_whole() -> None:
    assert list(windows([4, 5])) == [(0, 2), (0, 1), (1, 2)]
    assert list(windows([50, 2, 20])) == [(0, 2), (1, 3), (0, 1), (2, 3)]
    assert list(windows([7])) == [(0, 1)]
    assert list(windows([])) == []


def test_a_sentence_without_end_is_read_in_pieces() -> None:
    lost = "so then we went on and on about the rota " * 40
    assert tier(f"{lost} i want to kill myself {lost}") is Tier.ACTIVE
    lean, window = voice().leans([lost.split()])
    assert lean < 0
    assert max(map(len, window)) <= LONGEST_WINDOW


def test_it_can_say_why() -> None:
    said = sentences("I've put the rope over the beam")
    counted = dict(voice().why(said))
    assert {"rope", "MEANS"} <= set(counted)
    assert list(counted.values()) == sorted(counted.values(), key=lambda weight: -abs(weight))


def test_the_same_words_always_lean_the_same() -> None:
    said = sentences("nobody would miss me and I have had enough")
    assert voice().leans(said) == voice().leans(said)


def test_a_sum_is_the_sum_of_its_rows() -> None:
    taught = read("% a note\n%bias\t-100\t0\t0\t0\t0\nrope\t900\nrope beam\t300\t0\t0\t700\t0\n")
    lean, window = taught.leans([["rope", "beam"]])
    assert lean == pytest.approx(1200 * 2**-0.5 - 100)
    assert taught.kind(window) == "3"


def test_classes_stand_for_their_words() -> None:
    known = {"rope": ("MEANS",), "garage": ("PLACE",)}
    assert "~MEANS in garage" not in sequences(["rope", "in", "garage"], known)
    assert "~MEANS in PLACE" in sequences(["rope", "in", "garage"], known)
    assert list(companies(frozenset({"PLACE", "MEANS"}))) == ["MEANS", "PLACE", "MEANS&PLACE"]
