"""Whether a whole message is a call for help now. Never a word inside a longer sentence, and never plain `help`."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from peer_support.crisis.plain_words import folded

_PHRASES = (
    "help now", "help me", "help me now", "help us", "i need help", "i need help now", "need help now", "need help",
    "i really need help", "i need urgent help", "urgent help", "get help now", "i want help now", "send help",
    "please help", "somebody help", "someone help", "somebody help me", "someone help me", "anyone help me",
    "anybody help me", "can somebody help me", "can someone help me", "help me right now", "i need help right now",
    "i need someone now", "need someone now", "i need somebody now", "i need someone right now", "i need someone",
    "i need to talk to someone now", "i need to speak to someone now", "need to talk to someone now",
    "need to speak to someone now", "i need to talk to someone right now", "i need to speak to someone right now",
    "i need to talk to someone urgently", "i need to speak to someone urgently",
    "can anyone help me", "can anybody help me", "i need to talk to somebody now", "i need to speak to somebody now",
    "crisis", "in crisis", "im in crisis", "i am in crisis", "mental health crisis",
    "emergency",
    "its an emergency", "this is an emergency", "sos", "999", "call 999", "ring 999", "999 now", "9999", "code zero",
    "code 0", "argyfwng", "help nawr", "cymorth nawr", "help rwan", "cymorth rwan", "helpwch fi", "helpa fi",
    "help help", "need help asap", "i need help asap", "can you help me now", "who can i call", "who can i ring",
    "helpwch fi nawr", "helpa fi nawr", "angen help",
    "dwi angen help", "dw i angen help", "rwyn angen help", "rydw i angen help", "angen help nawr",
    "angen help rwan", "angen cymorth", "angen cymorth nawr", "angen cymorth rwan", "mae angen help arna i",
)  # fmt: skip
_POLITE = re.compile(
    r"^(?:please|pls|plz|hi|hello|os gwelwch yn dda|plis)\b|\b(?:please|pls|plz|os gwelwch yn dda|plis)$"
)
_SPACES = re.compile(r"[\W_]+")
_TWICE = re.compile(r"([a-z])\1+")
_LONGEST = 60
_DRAWN_OUT = re.compile(r"^h+e+l+p{3,}$")
_SOS_SIGN = "\N{SQUARED SOS}"
# Whole messages that lie one slip away and mean something else.
_NOT = frozenset(
    {"help", "helpful", "helped", "helper", "helpers", "helpline", "helping", "no help", "help menu"}
)


def _key(text: str) -> str:
    """The letters and figures alone, doubled letters as one: what stays the same however it was typed."""
    return _TWICE.sub(r"\1", _SPACES.sub("", text))


_KEYS = frozenset(_key(phrase) for phrase in _PHRASES)
# A slip in a short word makes another word, so those must be right: sos, 999, help me.
_CLOSE = tuple((key, 1 if len(key) < 9 else 2) for key in sorted(_KEYS) if len(key) >= 6 and key.isalpha())  # noqa: PLR2004

# Words of the calls above, and of their like, that are Welsh alone.
_WELSH = frozenset({"argyfwng", "nawr", "rwan", "cymorth", "gymorth", "helpwch", "helpa", "angen"})


def asks_in_welsh(text: str) -> bool:
    """Whether a call for help, or for more support, is in Welsh."""
    return not _WELSH.isdisjoint(_SPACES.sub(" ", folded(text[: 4 * _LONGEST])).split())


def _once(words: str) -> str:
    """What is said again and again, said once: `sos sos`, `help now help now help now`."""
    said = words.split()
    for length in range(1, len(said) // 2 + 1):
        if len(said) % length == 0 and said == said[:length] * (len(said) // length):
            return " ".join(said[:length])
    return words


def asks_for_help_now(text: str) -> bool:
    """The SOS sign anywhere; `HELP NOW!!`, `help nwo`, `I need help please`, `cymorth rŵan`.

    Not `help`, not `999 job last night`.
    """
    if _SOS_SIGN in text or _DRAWN_OUT.match(text[:_LONGEST].strip(" .!").casefold()):
        return True
    if len(text) > 4 * _LONGEST:
        return False
    words = _SPACES.sub(" ", folded(text)).strip()
    if not words or len(words) > _LONGEST or words in _NOT:
        return False
    for _ in range(2):
        words = _POLITE.sub("", words).strip() or words
    key = _key(words)
    if key in _KEYS or _key(_once(words)) in _KEYS:
        return True
    return key not in _NOT and any(
        abs(len(key) - len(known)) <= slips and OSA.distance(key, known, score_cutoff=slips) <= slips
        for known, slips in _CLOSE
    )
