"""Typed words that do what the buttons do. Slips are understood; help now is the guard's, and never comes here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from cards.verbs import Verb

HELLO = "hello"
HELP = "help"
HAND_BACK = "hand_back"
IN_WELSH = "in_welsh"
IN_ENGLISH = "in_english"

WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("hi", "hello", "hey", "hiya", "start", "hello there", "good morning", "good evening"), HELLO
    ),
    **dict.fromkeys(("helo", "shwmae", "sut mae", "bore da", "prynhawn da", "noswaith dda"), HELLO),
    **dict.fromkeys(("cymraeg", "yn gymraeg", "welsh", "in welsh", "siarad cymraeg"), IN_WELSH),
    **dict.fromkeys(("english", "in english", "saesneg", "yn saesneg"), IN_ENGLISH),
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
    **dict.fromkeys(
        ("my data", "what do you hold", "what do you know about me", "export my data"), Verb.MY_DATA
    ),
    **dict.fromkeys(("who has seen my request", "who saw my request", "who has seen it"), Verb.DATA_SEEN),
    **dict.fromkeys(("correct", "correct my data", "put something right"), Verb.CORRECT),
    **dict.fromkeys(("delete my data", "delete me", "forget me", "erase my data"), Verb.DELETE),
    **dict.fromkeys(("learn", "learn more", "what is peer support", "about"), Verb.LEARN),
    **dict.fromkeys(("carry on", "continue", "parhau"), Verb.CARRY_ON),
}
_CLOSE = 0.8
_CLOSER = 0.85
_AT_ONCE = frozenset((Verb.PAUSE, Verb.RESUME, Verb.KEEP_LOOKING))
_SWAPPED_FROM = 4
_MOST_READ = 200
_POLITE = frozenset(("please", "pls", "plz", "thanks", "thank", "you", "can", "could", "would", "i", "id"))
_POLITE |= {"like", "want", "to", "see", "show", "me", "the", "there", "just", "a"}
_NO = frozenset(("not", "no", "never", "dont", "cant", "wont", "didnt", "isnt", "wasnt", "stop"))
_LONGEST = max(len(words) for words in WORDS) + 3


def meaning(text: str) -> str | None:
    """The verb that typed words mean, or one of the words above; None where nothing is near enough."""
    words = re.findall(r"[^\W\d_]+", text[:_MOST_READ].casefold().replace("'", "").replace("’", ""))
    said, plainly = " ".join(words), " ".join(word for word in words if word not in _POLITE)
    if said in WORDS or plainly in WORDS:
        return WORDS.get(said) or WORDS[plainly]
    if not plainly or len(plainly) > _LONGEST or _NO & set(words):
        return None
    likeness, near = max((_likeness(plainly, phrase), phrase) for phrase in WORDS)
    if WORDS[near] in _AT_ONCE and (likeness < _CLOSER or near[0] != plainly[0]):
        return None
    return WORDS[near] if likeness >= _CLOSE else None


def _likeness(said: str, phrase: str) -> float:
    """How nearly alike; letters that only changed places are a slip."""
    if len(said) >= _SWAPPED_FROM and said[0] == phrase[0] and sorted(said) == sorted(phrase):
        return 1.0
    return SequenceMatcher(None, said, phrase).ratio()
