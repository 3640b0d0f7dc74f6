"""Typed words that do what the buttons do. Slips are understood; help now is the guard's, and never comes here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from cards.verbs import Verb

HELLO = "hello"
HELP = "help"
HAND_BACK = "hand_back"

WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("hi", "hello", "hey", "hiya", "start", "hello there", "good morning", "good evening"), HELLO
    ),
    **dict.fromkeys(("help", "menu", "what can i do", "options"), HELP),
    **dict.fromkeys(
        ("request", "ask", "ask for a peer", "peer", "new request", "talk to someone", "i want to talk"),
        Verb.ASK,
    ),
    **dict.fromkeys(("status", "my request", "how is it going"), Verb.STATUS),
    **dict.fromkeys(("change", "change my request"), Verb.CHANGE),
    **dict.fromkeys(("withdraw", "cancel", "withdraw my request"), Verb.WITHDRAW),
    **dict.fromkeys(("keep looking",), Verb.KEEP_LOOKING),
    **dict.fromkeys(("pause", "pause me"), Verb.PAUSE),
    **dict.fromkeys(("resume", "unpause", "resume me"), Verb.RESUME),
    **dict.fromkeys(("my matches", "matches", "my offers", "offers"), Verb.MATCHES),
    **dict.fromkeys(("my profile", "profile"), Verb.PROFILE),
    **dict.fromkeys(("hand back", "handback"), HAND_BACK),
    **dict.fromkeys(("digest", "my digest"), Verb.DIGEST),
    **dict.fromkeys(("privacy", "confidentiality", "limits"), Verb.PRIVACY),
    **dict.fromkeys(("learn", "learn more", "what is peer support", "about"), Verb.LEARN),
    **dict.fromkeys(("carry on", "continue"), Verb.CARRY_ON),
}
_CLOSE = 0.8
_LONGEST = max(len(words) for words in WORDS) + 3


def meaning(text: str) -> str | None:
    """The verb that typed words mean, or one of HELLO, HELP and HAND_BACK; None where nothing is near enough."""
    said = " ".join(re.findall(r"[^\W\d_]+", text.casefold().replace("'", "")))
    if not said or len(said) > _LONGEST:
        return None
    if said in WORDS:
        return WORDS[said]
    likeness, words = max((SequenceMatcher(None, said, words).ratio(), words) for words in WORDS)
    return WORDS[words] if likeness >= _CLOSE else None
