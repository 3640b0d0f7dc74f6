"""The ladder: which kind of help the words ask for. Local, deterministic, and forgetful: it keeps nothing it reads.

Text is made plain, slips are mended, police idiom is covered over, and each clause is tried against the lexicon's
patterns (`lexicon.toml`). A negated one becomes soft, never nothing. Any fault in here counts as danger, so that the
crisis card is shown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from rapidfuzz.distance import OSA

from peer_support.crisis.plain_words import folded
from peer_support.crisis.voice import voice

_CLAUSE_ENDS = re.compile(r"[^\w\s'/&+\-]+(?:\s+|$)|[\n\r]+|(?<=\w)[.!?;:,](?=[a-z]{2})|\.{2,}")
_NOT_WORDS = re.compile(r"[\W_]+")
_HOW_MANY = re.compile(r"\s*(?:all|the|a|every|both|loads|too many|\d)\b")
_TAIL = 120
_LONGEST_CLAUSE, _OVERLAP = 60, 15
_SHORTEST_MENDED = 6
_SENTENCE_ENDS = re.compile(r"[.!?;]+(?:\s+|$)|[\n\r]+")
# How far the second voice must lean, in thousandths of a logit: to be believed by itself, and to be soft.
_SURE, _MAYBE = 2000, 500


class Tier(StrEnum):
    """3 danger now, 2 active, 1 passive or past, T somebody else at risk, soft for the grey, 0 nothing."""

    NONE = "0"
    SOFT = "soft"
    THIRD = "T"
    PASSIVE = "1"
    ACTIVE = "2"
    DANGER = "3"

    @property
    def rank(self) -> int:
        """Which one decides the card where a text has several: the writer's own danger comes first."""
        return _RANKS[self]


_RANKS = {found: place for place, found in enumerate(Tier)}


@dataclass(frozen=True, slots=True)
class _Group:
    """Patterns of one tier that can only match a clause in which one of `needs` stands."""

    tier: Tier
    needs: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    negatable: bool
    own: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    version: str
    needs: tuple[str, ...]
    joins: re.Pattern[str]
    joined: Mapping[str, str]
    spelling: Mapping[str, str]
    mended: Mapping[str, tuple[str, ...]]
    idiom: re.Pattern[str]
    doubtful: re.Pattern[str]
    negation: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    job: re.Pattern[str]
    close: re.Pattern[str]
    someone: re.Pattern[str]
    writer: re.Pattern[str]
    groups: tuple[_Group, ...]


def version() -> str:
    """The lexicon's version, which is all that the count of a tier tells."""
    return _lexicon().version


def tier(text: str) -> Tier:
    """The highest tier of any clause. A fault is danger: showing the card wrongly is the smaller harm."""
    try:
        return _tier(text, _lexicon())
    except Exception:  # noqa: BLE001 - any fault inside the ladder shows the crisis card
        return Tier.DANGER


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence, plain and mended, as the second voice reads them."""
    return _sentences(text, _lexicon())


def _tier(text: str, lexicon: _Lexicon) -> Tier:
    """The patterns' tier; where they hear nothing, what the second voice surely hears, or soft where it may."""
    best = _by_pattern(text, lexicon)
    if best.rank >= Tier.THIRD.rank:
        return best
    lean, kind = voice().leans(_sentences(text, lexicon))
    if lean >= _SURE:
        return Tier(kind)
    return Tier.SOFT if lean >= _MAYBE else best


def _sentences(text: str, lexicon: _Lexicon) -> list[list[str]]:
    return [
        words for piece in _SENTENCE_ENDS.split(folded(text)) if (words := _mended(piece, lexicon).split())
    ]


def _by_pattern(text: str, lexicon: _Lexicon) -> Tier:
    best = Tier.NONE
    for clause in _clauses(text, lexicon):
        found = _whether_idiom(clause, lexicon, best)
        if found.rank > best.rank:
            best = found
        if best is Tier.DANGER:
            break
    return best


def _clauses(text: str, lexicon: _Lexicon) -> Iterator[str]:
    """The clauses in plain words; a very long one in overlapping pieces, so that the work stays linear."""
    for piece in _pieces(text):
        words = _mended(piece, lexicon).split()
        start = 0
        while start < len(words):
            clause = f" {' '.join(words[start : start + _LONGEST_CLAUSE])}"
            if any(need in clause for need in lexicon.needs):
                covered = lexicon.idiom.sub(" _", clause)
                yield from (f" {part.strip()}" for part in covered.split(" but ") if part.strip(" _"))
            start += _LONGEST_CLAUSE - _OVERLAP if start + _LONGEST_CLAUSE < len(words) else _LONGEST_CLAUSE


def _pieces(text: str) -> Iterator[str]:
    """What stands between two marks; and with it how many, where that comes after a mark (`my tablets, all 60`)."""
    before = ""
    for piece in _CLAUSE_ENDS.split(folded(text)):
        if before and _HOW_MANY.match(piece):
            yield f"{before[-_TAIL:]} {piece[:_TAIL]}"
        yield piece
        before = piece


def _mended(piece: str, lexicon: _Lexicon) -> str:
    """Text-speak and misspellings as the plain word, and `i am` as `im`, so that patterns need one form."""
    words = [_word(word, lexicon) for word in _NOT_WORDS.sub(" ", piece).split()]
    return lexicon.joins.sub(lambda found: f" {lexicon.joined[found[0][1:]]}", f" {' '.join(words)}")


def _word(word: str, lexicon: _Lexicon) -> str:
    known = lexicon.spelling.get(word)
    if known is not None:
        return known
    if len(word) >= _SHORTEST_MENDED:
        for right in lexicon.mended.get(word[0], ()):
            if abs(len(word) - len(right)) <= 1 and OSA.distance(word, right, score_cutoff=1) <= 1:
                return right
    return word


def _whether_idiom(clause: str, lexicon: _Lexicon, best: Tier) -> Tier:
    """What may be idiom is covered over, unless the words read as danger without that.

    Danger that begins before the idiom is no part of it (`commit suicide at the station`) and stands. What is itself
    the idiom (`I'd kill myself if I had to`) is soft: never nothing.
    """
    covered = lexicon.doubtful.sub(" _", clause)
    found, _ = _of_clause(covered, lexicon, best)
    if covered == clause:
        return found
    plainly, start = _of_clause(clause, lexicon, found)
    if plainly.rank <= max(found.rank, Tier.THIRD.rank) or not _by_the_writer(clause, lexicon):
        return found
    if any(idiom.start() <= start < idiom.end() for idiom in lexicon.doubtful.finditer(clause)):
        return max(found, Tier.SOFT, key=lambda each: each.rank)
    return plainly


def _by_the_writer(clause: str, lexicon: _Lexicon) -> bool:
    return bool(lexicon.writer.search(clause)) or not lexicon.job.search(clause)


def _of_clause(clause: str, lexicon: _Lexicon, best: Tier) -> tuple[Tier, int]:
    """The highest tier above `best` and where its words begin, or `best`."""
    start = 0
    for group in lexicon.groups:
        if group.tier.rank <= best.rank:
            break
        if not any(need in clause for need in group.needs):
            continue
        for pattern in group.patterns:
            found = pattern.search(clause)
            shown = _shown(group, clause, found, lexicon) if found else Tier.NONE
            if found and shown.rank > best.rank:
                best, start = shown, found.start()
            if shown is group.tier:
                return best, start
    return best, start


def _shown(group: _Group, clause: str, found: re.Match[str], lexicon: _Lexicon) -> Tier:
    told = group.tier
    if told.rank > Tier.THIRD.rank and not group.own and lexicon.someone.search(clause, 0, found.end()):
        told = told if lexicon.writer.search(clause) else Tier.THIRD
    if told is Tier.THIRD and lexicon.job.search(clause) and not lexicon.close.search(clause):
        return Tier.NONE
    if group.negatable:
        before = " ".join(clause[: found.start()].split()[-5:])
        if lexicon.negation.search(f" {before}{found[0]}"):
            return Tier.SOFT
    if (
        told in (Tier.ACTIVE, Tier.DANGER)
        and lexicon.past.search(clause)
        and not lexicon.present.search(clause)
    ):
        return Tier.PASSIVE
    return told


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    slots: dict[str, str] = {}
    for name, words in data["slots"].items():
        slots[name] = "(?:" + _filled("|".join(words), slots) + ")"
    groups = [_group(row, slots) for row in data["group"]]
    groups.sort(key=lambda group: -group.tier.rank)
    needs = {need for group in groups for need in group.needs}
    return _Lexicon(
        version=data["version"],
        needs=_shortest(needs),
        joins=_either(map(re.escape, data["joins"])),
        joined=data["joins"],
        spelling={slip: right for right, slips in data["spelling"].items() for slip in slips.split()},
        mended={word[0]: tuple(w for w in data["mended"] if w[0] == word[0]) for word in data["mended"]},
        idiom=_either(_filled(idiom, slots) for idiom in data["idiom"]),
        doubtful=_either(data["doubtful"]),
        negation=_either(data["negation"]),
        past=_either(data["past"]),
        present=_either(data["present"]),
        job=_either(data["job"]),
        close=_either(_filled(words, slots) for words in data["close"]),
        someone=_either(_filled(words, slots) for words in data["someone"]),
        writer=_either(data["writer"]),
        groups=tuple(groups),
    )


def _group(row: Mapping[str, object], slots: Mapping[str, str]) -> _Group:
    patterns, needs = row["patterns"], row["needs"]
    if not isinstance(patterns, list) or not isinstance(needs, list):
        raise TypeError("a group has lists of patterns and needs")
    return _Group(
        tier=Tier(str(row["tier"])),
        needs=tuple(needs),
        patterns=tuple(_compiled(_filled(pattern, slots)) for pattern in patterns),
        negatable=bool(row.get("negatable", True)),
        own=bool(row.get("own", False)),
    )


def _shortest(needs: set[str]) -> tuple[str, ...]:
    """The needs without those that hold another one: where they stand, so does it."""
    return tuple(sorted(need for need in needs if not any(other in need for other in needs - {need})))


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda found: slots[found[1]], pattern)


def _either(words: Iterator[str] | list[str]) -> re.Pattern[str]:
    return _compiled("|".join(words))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Clauses begin with a space and so do patterns, which the search finds far faster than a word's edge."""
    return re.compile(" (?:" + pattern.replace("^", "(?<=^ )") + r")(?!\w)")
