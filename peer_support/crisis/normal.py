"""Text as the ladder reads it: clauses and sentences of plain words, slips mended, letters apart put together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from peer_support.crisis.lexicon import Lexicon
from peer_support.crisis.plain_words import folded
from peer_support.crisis.slips import SHORTEST

_CLAUSE_ENDS = re.compile(r"([^\w\s'/&+\-]+(?:\s+|$)|[\n\r]+|(?<=\w)[.!?;:,](?=[a-z]{2})|\.{2,})")
_ENDS_A_SENTENCE = re.compile(r"[.!?;\n\r]")
_NOT_WORDS = re.compile(r"[\W_]+")
_HOW_MANY = re.compile(r"\s*(?:all|the|a|every|both|loads|too many|\d)\b")
_TAIL = 120
_SHORTEST_MENDED, _SHORTEST_GLUED = 6, 5
# k i l l, s.u.i.c.i.d.e: letters one by one. Two spaces part words.
_APART = re.compile(r"(?<![^\W_])(?:[a-z](?: {1,3}|[.\-_*]))+[a-z](?![^\W_])")
_FEWEST_APART = 3
_LEET = str.maketrans("0134578@$", "oieasteas")
_FIGURE_INSIDE = re.compile(r"(?<=[a-z])[0134578@$]+(?=[a-z])")
_COMMON = (
    "(?:suicidal|suicide|itself|anymore|goodbye|myself|wanna|alive|never|want|kill|self|life|dead|harm|help|dont|live|here"
    "|wish|feel|cant|just|wake|die|end|all|not|was|im|to|my|me|it|be|go|on|so|up|i)"
)
_LAST_TWO = frozenset(common[-2:] for common in _COMMON[3:-1].split("|") if len(common) > 1)
_GLUED, _EACH = re.compile(f"{_COMMON}+"), re.compile(_COMMON)
Clause = tuple[str, bool]


def clauses(text: str, lexicon: Lexicon) -> list[Clause]:
    """What stands between two marks, in plain words, and whether a sentence ends with it."""
    plain = _APART.sub(_together, folded(text))
    pieces = _CLAUSE_ENDS.split(_FIGURE_INSIDE.sub(lambda found: found[0].translate(_LEET), plain))
    pieces.append("\n")
    return [
        (_mended(piece, lexicon), bool(_ENDS_A_SENTENCE.search(end)))
        for piece, end in zip(pieces[::2], pieces[1::2], strict=True)
    ]


def guessed(said: list[Clause], lexicon: Lexicon) -> list[Clause]:
    """The same, each word that isn't known as the known word a slip away: a guess, and not for patterns alone."""
    met, mended = lexicon.slips.known, lexicon.slips.mended
    return [
        (
            " "
            + " ".join(
                word if len(word) < SHORTEST or word in met else mended(word) for word in clause.split()
            ),
            ends,
        )
        for clause, ends in said
    ]


def with_how_many(said: list[Clause]) -> Iterator[str]:
    """Each clause; and with it how many, where that comes after a mark (`my tablets, all 60`)."""
    before = ""
    for clause, _ in said:
        if before and _HOW_MANY.match(clause):
            yield f"{before[-_TAIL:]} {clause.lstrip()[:_TAIL]}"
        yield clause
        before = clause


def sentences(said: list[Clause]) -> list[list[str]]:
    """The words of each sentence."""
    found: list[list[str]] = [[]]
    for clause, ends in said:
        found[-1] += clause.split()
        if ends and found[-1]:
            found.append([])
    return [words for words in found if words]


def _together(found: re.Match[str]) -> str:
    words = [_NOT_WORDS.sub("", word) for word in found[0].split("  ")]
    return " ".join(words) if sum(map(len, words)) >= _FEWEST_APART else found[0]


def _mended(piece: str, lexicon: Lexicon) -> str:
    """Text-speak, misspellings and `iwanttodie` as plain words, and `i am` as `im`: patterns need one form."""
    known = lexicon.spelling
    words = [
        known[word] if word in known else word if len(word) < _SHORTEST_GLUED else _word(word, lexicon)
        for word in _NOT_WORDS.sub(" ", piece).split()
    ]
    return lexicon.joins.sub(lambda found: f" {lexicon.joined[found[0][1:]]}", f" {' '.join(words)}")


def _word(word: str, lexicon: Lexicon) -> str:
    if len(word) >= _SHORTEST_MENDED:
        for right in lexicon.mended.get(word[0], ()):
            if abs(len(word) - len(right)) <= 1 and OSA.distance(word, right, score_cutoff=1) <= 1:
                return right
    if (
        len(word) >= _SHORTEST_GLUED
        and (word[-2:] in _LAST_TWO or word[-1] == "i")
        and _GLUED.fullmatch(word)
    ):
        return " ".join(_EACH.findall(word))
    return word
