"""How text is made plain, and how the second voice reads it."""

from __future__ import annotations

from collections import Counter
from time import thread_time

import pytest

from peer_support.crisis.ladder import Tier, sentences, tier
from peer_support.crisis.voice import LONGEST_WINDOW, Voice, classes, companies, sequences, voice, windows
from peer_support.crisis.voice_file import read, written
from tests.crisis.learn import WRITTEN as PACKAGED
from tests.crisis.learn import features
from tests.crisis.measure import lines_of


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
    heard = voice()
    assert heard
    lean, window = heard.leans([lost.split()])
    assert lean < 0
    assert max(map(len, window)) <= LONGEST_WINDOW


def test_it_can_say_why() -> None:
    said = sentences("I've put the rope over the beam")
    heard = voice()
    assert heard
    counted = dict(heard.why(said))
    assert {"rope", "MEANS"} <= set(counted)
    assert list(counted.values()) == sorted(counted.values(), key=lambda weight: -abs(weight))


def test_the_same_words_always_lean_the_same() -> None:
    said = sentences("nobody would miss me and I have had enough")
    heard = voice()
    assert heard
    assert heard.leans(said) == heard.leans(said)


EVEN = (-100, 0, 0, 0, 0)
TAUGHT = {
    "rope": (900,),
    "beam": (0,),
    "rope beam": (300, 0, 0, 700, 0),
    "< rope beam": (20,),
    "~<_beam": (7,),
    "~< MEANS": (5,),
    "MEANS": (3,),
    "MEANS&PLACE": (2,),
    "#(bea": (1,),
}
KNOWN = {"rope": ("MEANS",), "garage": ("PLACE",)}


def test_a_sum_is_the_sum_of_its_rows() -> None:
    taught = Voice(read(written(TAUGHT, EVEN)), KNOWN)
    lean, window = taught.leans([["rope", "beam"]])
    assert lean == pytest.approx((900 + 300 + 20 + 7 + 5 + 3) * 2**-0.5 - 100)
    assert taught.kind(window) == "3"
    assert taught.why(window) == [
        ("rope", 900),
        ("rope beam", 300),
        ("< rope beam", 20),
        ("~<_beam", 7),
        ("~< MEANS", 5),
        ("MEANS", 3),
    ]
    assert dict(taught.why([["rope", "garage"], ["beak"]])) == {
        "rope": 900,
        "~< MEANS": 5,
        "MEANS": 3,
        "MEANS&PLACE": 2,
        "#(bea": 1,
    }


def test_what_it_says_why_of_is_what_it_leans_by() -> None:
    """Two ways to one sum: every feature as it was learnt, and the packaged arrays."""
    heard = voice()
    assert heard
    for line in lines_of("tune")[::40]:
        said = [sentences(line.text)[0]]
        met = features(said, classes())
        spelt = Counter({feature.removeprefix("="): times for feature, times in met.items()})
        for feature, weight in set(heard.why(said)):
            assert spelt[feature] == heard.why(said).count((feature, weight)), feature


def test_the_file_is_the_same_for_the_same_weights_and_no_byte_of_it_may_be_torn() -> None:
    packed = written(TAUGHT, EVEN)
    assert packed == written(dict(reversed(TAUGHT.items())), EVEN)
    for place in range(len(packed)):
        with pytest.raises(ValueError, match="second voice"):
            read(packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :])


def test_the_packaged_file_is_small_and_quickly_read() -> None:
    """In time that this thread ran, the shortest of a few rounds: it is read while the bot starts."""
    packed = PACKAGED.read_bytes()
    assert len(packed) < 2_000_000
    taken = []
    for _ in range(5):
        began = thread_time()
        read(packed)
        taken.append(thread_time() - began)
    assert min(taken) < 0.25


def test_classes_stand_for_their_words() -> None:
    assert "~MEANS in garage" not in sequences(["rope", "in", "garage"], KNOWN)
    assert "~MEANS in PLACE" in sequences(["rope", "in", "garage"], KNOWN)
    assert list(companies(frozenset({"PLACE", "MEANS"}))) == ["MEANS", "PLACE", "MEANS&PLACE"]
