"""What typed words mean: the words of the help card, with slips, and nothing that is only a little like one."""

import pytest

from cards.verbs import Verb
from dialogs.typed import HAND_BACK, HELLO, HELP, WORDS, meaning


@pytest.mark.parametrize("words", sorted(WORDS))
def test_each_phrase_means_what_it_says(words: str) -> None:
    assert meaning(words) == WORDS[words]
    assert meaning(f"  {words.upper()}!! ") == WORDS[words]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("reqest", Verb.ASK),
        ("requst", Verb.ASK),
        ("staus", Verb.STATUS),
        ("withdrw", Verb.WITHDRAW),
        ("widthraw", Verb.WITHDRAW),
        ("puase", Verb.PAUSE),
        ("resme", Verb.RESUME),
        ("my macthes", Verb.MATCHES),
        ("my profle", Verb.PROFILE),
        ("handback", HAND_BACK),
        ("hand-back", HAND_BACK),
        ("digset", Verb.DIGEST),
        ("hlep", HELP),
        ("helo", HELLO),
        ("prvacy", Verb.PRIVACY),
        ("please withdraw", Verb.WITHDRAW),
        ("pause please", Verb.PAUSE),
        ("can i see my matches", Verb.MATCHES),
        ("status?", Verb.STATUS),
    ],
)
def test_slips_are_understood(line: str, meant: str) -> None:
    assert meaning(line) == meant


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "!!!",
        "yes",
        "no",
        "thanks",
        "I don't want to withdraw",
        "stop",
        "the sergeant",
        "rest",
        "past",
    ],
)
def test_what_is_only_a_little_like_one_means_nothing(line: str) -> None:
    assert meaning(line) is None
