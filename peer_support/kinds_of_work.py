"""A kind of work, understood from the words that a person types for it. Near words are asked about, never guessed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib import resources

from peer_support.taxonomy import ROLES

LONGEST = 400
NAMED_AT_MOST = 3
_SURE = 0.86
_NEAR = 0.6
_CLEARLY_BETTER = 0.04
_LEAST_LETTERS = 4
_LETTERS_THAT_SAY_LITTLE = 2
_OTHER = "other_role"


@dataclass(frozen=True, slots=True)
class Heard:
    """`work` is the role meant, or None. `near` are roles it may be. `covert` says that nothing may be kept of it."""

    work: str | None = None
    near: tuple[str, ...] = ()
    covert: bool = False


def hear(words: str) -> Heard:
    """The kind of work that somebody's words mean: its label, its id, another word for it, or a slip of one."""
    said = _plain(words[:LONGEST])
    if not said:
        return Heard()
    if _covert(said):
        return Heard(covert=True)
    if said in _PHRASES:
        return Heard(_PHRASES[said])
    inside = _said_inside(said)
    if len(inside) == 1:
        return Heard(inside[0])
    return Heard(near=tuple(inside[:NAMED_AT_MOST])) if inside else _resembling(said)


def _plain(words: str) -> str:
    folded = unicodedata.normalize("NFKD", words.replace("’", "").replace("'", "")).casefold()
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def _holds(said: str, phrase: str) -> bool:
    return f" {phrase} " in f" {said} "


def _covert(said: str) -> bool:
    slips = (
        SequenceMatcher(None, word, long).ratio() >= _SURE
        for word in said.split()
        for long in ("undercover", "surveillance")
    )
    return any(_holds(said, phrase) for phrase in _COVERT) or any(slips)


def _said_inside(said: str) -> list[str]:
    """The roles whose words stand within what was said; a longer phrase counts instead of the shorter ones in it."""
    telling = (
        phrase
        for phrase, role in _PHRASES.items()
        if len(phrase) > _LETTERS_THAT_SAY_LITTLE and role != _OTHER
    )
    held = [phrase for phrase in telling if _holds(said, phrase)]
    longest = [each for each in held if not any(each != other and _holds(other, each) for other in held)]
    return list(dict.fromkeys(_PHRASES[phrase] for phrase in longest))


def _resembling(said: str) -> Heard:
    best: dict[str, float] = {}
    for phrase, role in _PHRASES.items():
        if len(phrase) >= _LEAST_LETTERS and not ROLES[role].covert:
            best[role] = max(best.get(role, 0.0), SequenceMatcher(None, said, phrase).ratio())
    ranked = sorted(best, key=lambda role: -best[role])
    first, second = ranked[0], ranked[1]
    if best[first] >= _SURE and best[first] - best[second] >= _CLEARLY_BETTER:
        return Heard(first)
    return Heard(near=tuple(role for role in ranked if best[role] >= _NEAR)[:NAMED_AT_MOST])


def _phrases(words: dict[str, list[str]]) -> Iterable[tuple[str, str]]:
    for role in ROLES.values():
        yield from ((_plain(phrase), role.id) for phrase in (role.label, role.id, *words.get(role.id, ())))


_DATA = tomllib.loads(resources.files("peer_support").joinpath("data", "work_words.toml").read_text("utf-8"))
_PHRASES: dict[str, str] = dict(_phrases(_DATA["words"]))
_COVERT = tuple(_plain(phrase) for phrase in (*_DATA["covert"]["words"], ROLES["covert"].label, "covert"))
