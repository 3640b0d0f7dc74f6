"""The ladder's second voice: how like the lines it was taught from a message is, as three sums that can be read.

They are for the writer's own crisis, danger from somebody, and somebody else at risk; the furthest counts. Each is a
plain logistic regression over words, pairs and triples of words, the same with each word's class in its
place (`classes.toml`), which classes stand together, and parts of words it hasn't met. `tests/crisis/learn.py` makes
`voice.bin`. It keeps nothing it reads, and the same words always have the same sum.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import combinations, pairwise, repeat

from peer_support.crisis.voice_file import (
    AROUND,
    CLASSED,
    COMPANY,
    KINDS,
    SHIFT,
    WORDS,
    Taught,
    apart,
    pair,
    read,
    spelling,
)

LONGEST_WINDOW, _SHORTEST = 60, 3
_STRIDE = 45
_LONGEST_PART, _LONGEST_WORD = 5, 24
START, END = "<", ">"
Sentence = Sequence[str]
Classes = Mapping[str, tuple[str, ...]]


class Voice:
    """What it was taught, by the places of names: words, parts of words, and classes."""

    __slots__ = ("_classes", "_company", "_edges", "_stands", "_taught")

    def __init__(self, taught: Taught, known: Classes) -> None:
        places = taught.names
        self._taught = taught
        self._company = {pair(each): weight for each, weight in taught.rows.items() if each >= COMPANY}
        self._edges = places.get(START, 0), places.get(END, 0)
        self._stands = {word: places.get(names[0], 0) for word, names in known.items()}
        self._classes = {
            word: frozenset(places[name] for name in names if name in places) for word, names in known.items()
        }

    def leans(
        self, sentences: Sequence[Sentence], enough: float = float("inf")
    ) -> tuple[float, Sequence[Sentence]]:
        """How far the text leans to a crisis (thousandths of a logit, 0 is even), and the sentences that lean furthest.

        A short text leans half as its furthest sentence does and half as it does whole: what comes before and after
        says whose words they are. In a long text the first window that leans further than `enough` ends the reading.
        """
        pieces = _pieces(sentences)
        read: list[tuple[int, frozenset[int]]] = []
        furthest, where, whole = float("-inf"), (0, 0), None
        for start, end in windows([len(sentence) for sentence in pieces]):
            read += [(self._local(sentence), self._named(sentence)) for sentence in pieces[len(read) : end]]
            inside = read[start:end]
            words = sum(map(len, pieces[start:end]))
            total = sum(weight for weight, _ in inside)
            total += self._together(frozenset[int]().union(*(names for _, names in inside)))
            lean = max(
                way * words**-0.5 + even for way, even in zip(apart(total), self._taught.bias, strict=False)
            )
            if (start, end) == (0, len(pieces)):
                whole = lean
            if lean > furthest:
                furthest, where = lean, (start, end)
            if furthest > enough and whole is None:
                break
        lean = furthest if whole is None else (whole + furthest) / 2
        return lean, pieces[where[0] : where[1]]

    def kind(self, sentences: Sequence[Sentence]) -> str:
        """Which of `KINDS` a crisis is most like."""
        bias = self._taught.bias[-len(KINDS) :]
        met = map(self._taught.kinds.get, self._met(sentences))
        sums = map(sum, zip(*(weights for weights in met if weights), (0,) * len(KINDS), strict=True))
        scale = max(1, sum(map(len, sentences))) ** -0.5
        leans = (total * scale + even for total, even in zip(sums, bias, strict=True))
        return max(zip(leans, KINDS, strict=True))[1]

    def why(self, sentences: Sequence[Sentence]) -> list[tuple[str, int]]:
        """What counted in the whole, the weightiest first: for a person to read, at the desk where it is tuned."""
        names = ["", *self._taught.names]
        counted = ((spelling(each, names), self._weight(each)) for each in self._met(sentences))
        return sorted((each for each in counted if each[1]), key=lambda each: -abs(each[1]))

    def _weight(self, met: int) -> int:
        """In the way in which it leans furthest to a crisis."""
        alone = self._taught.alone
        return max(apart(alone[met] if met < len(alone) else self._taught.rows.get(met, 0)))

    def _local(self, sentence: Sentence) -> int:
        """The sum of a sentence's words, and of what they are in a row."""
        places = self._places(sentence)
        total = sum(map(self._taught.alone.__getitem__, places))
        if 0 in places:
            unknown = self._unknown(sentence, places).items()
            total += sum(self._of_parts(word) * times for word, times in unknown)
        return total + sum(map(self._taught.rows.get, self._rows(sentence, places), repeat(0)))

    def _places(self, sentence: Sentence) -> list[int]:
        return list(map(self._taught.names.get, sentence, repeat(0)))

    @staticmethod
    def _unknown(sentence: Sentence, places: Sequence[int]) -> Counter[str]:
        return Counter(word for word, place in zip(sentence, places, strict=True) if not place)

    def _of_parts(self, word: str) -> int:
        known = map(self._taught.names.get, parts(word), repeat(0))
        return sum(map(self._taught.alone.__getitem__, known))

    def _rows(self, sentence: Sentence, places: Sequence[int]) -> list[int]:
        """The keys of `sequences`, as far as their names are known."""
        start, end = self._edges
        words = [start, *places, end]
        classed = [start, *map(self._stands.get, sentence, places), end]
        pairs = [a << SHIFT | b if a and b else 0 for a, b in pairwise(words)]
        found = [WORDS | each for each in pairs if each]
        found += [WORDS | each << SHIFT | c for each, c in zip(pairs, words[2:], strict=False) if each and c]
        pairs = [a << SHIFT | b if a and b else 0 for a, b in pairwise(classed)]
        found += [CLASSED | each for each in pairs if each]
        found += [
            CLASSED | each << SHIFT | c for each, c in zip(pairs, classed[2:], strict=False) if each and c
        ]
        found += [AROUND | a << SHIFT | c for a, c in zip(classed, classed[2:], strict=False) if a and c]
        return found

    def _named(self, sentence: Sentence) -> frozenset[int]:
        look, none = self._classes.get, frozenset[int]()
        return none.union(*(found for found in map(look, sentence) if found))

    def _together(self, names: frozenset[int]) -> int:
        present = sorted(names)
        alone = sum(map(self._taught.alone.__getitem__, present))
        return alone + sum(map(self._company.get, combinations(present, 2), repeat(0)))

    def _met(self, sentences: Sequence[Sentence]) -> Iterator[int]:
        for sentence in sentences:
            places = self._places(sentence)
            yield from (place for place in places if place)
            unknown = self._unknown(sentence, places).elements()
            yield from (self._taught.names.get(part, 0) for word in unknown for part in parts(word))
            yield from self._rows(sentence, places)
        present = sorted(frozenset[int]().union(*map(self._named, sentences)))
        yield from present
        yield from (COMPANY | a << SHIFT | b for a, b in combinations(present, 2))


def _pieces(sentences: Sequence[Sentence]) -> list[Sentence]:
    """A sentence without end in overlapping pieces, so that the work stays linear."""
    return [
        sentence[start : start + LONGEST_WINDOW]
        for sentence in sentences
        for start in range(0, max(1, len(sentence) - LONGEST_WINDOW + _STRIDE), _STRIDE)
    ]


def windows(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Which sentences are read together: all of a short text; each alone; in a long text each with the next."""
    if sum(lengths) <= LONGEST_WINDOW and lengths:
        yield 0, len(lengths)
    elif len(lengths) > 1:
        yield from ((place, place + 2) for place in range(len(lengths) - 1))
    if len(lengths) > 1 or sum(lengths) > LONGEST_WINDOW:
        yield from ((place, place + 1) for place, length in enumerate(lengths) if length >= _SHORTEST)


def parts(word: str) -> Iterator[str]:
    """Three to five letters in a row, with the word's edges: what a slip leaves standing."""
    edged = f"({word[:_LONGEST_WORD]})"
    for size in range(3, _LONGEST_PART + 1):
        for start in range(len(edged) - size + 1):
            yield "#" + edged[start : start + size]


def sequences(sentence: Sentence, known: Classes) -> list[str]:
    """Pairs and triples of words, then of classes: the first class of a word stands for it."""
    found: list[str] = []
    words = [*sentence, END]
    classed = [known[word][0] if word in known else word for word in words]
    for mark, each in (("", words), ("~", classed)):
        first, second = "", START
        for third in each:
            pair = f"{second} {third}"
            found.append(mark + pair)
            if first:
                found.append(f"{mark}{first} {pair}")
                if mark:
                    found.append(f"~{first}_{third}")
            first, second = second, third
    return found


def companies(names: frozenset[str]) -> Iterator[str]:
    """Each class that is there, and every two that are there together."""
    present = sorted(names)
    yield from present
    yield from (f"{a}&{b}" for a, b in combinations(present, 2))


@cache
def classes() -> dict[str, tuple[str, ...]]:
    """The classes of each word, the one that stands for it first. Names are upper case, as no word is."""
    table = tomllib.loads(_packaged("classes.toml").decode())["class"]
    found: dict[str, tuple[str, ...]] = {}
    for name, words in table.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), name.upper())
    return found


@cache
def voice() -> Voice | None:
    """As packaged, read once; None where it can't be read, until the next start: then the patterns are alone."""
    try:
        return Voice(read(_packaged("voice.bin")), classes())
    except Exception:  # noqa: BLE001 - whatever is wrong with the files, the patterns need neither
        return None


def _packaged(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()
