"""The ladder's second voice: how like the lines it was taught from a message is, as one sum that can be read.

It is a plain logistic regression over words, pairs and triples of words, the same with each word's class in its
place (`classes.toml`), which classes stand together, and parts of words it hasn't met. `tests/crisis/learn.py` makes
`voice.tsv`. It keeps nothing it reads, and the same words always have the same sum.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations, repeat

KINDS = ("1", "2", "3", "T")
LONGEST_WINDOW, _SHORTEST = 60, 3
_STRIDE = 45
_LONGEST_PART, _LONGEST_WORD = 5, 24
Sentence = Sequence[str]
Classes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Voice:
    """What it was taught: each feature's weight towards a crisis and, where it has any, towards each of `KINDS`."""

    classes: Classes
    weights: Mapping[str, int]
    company: Mapping[tuple[str, ...], int]
    kinds: Mapping[str, tuple[int, ...]]
    bias: tuple[int, ...]

    def leans(self, sentences: Sequence[Sentence]) -> tuple[float, Sequence[Sentence]]:
        """The furthest that any window leans to a crisis (thousandths of a logit, 0 is even), and its sentences."""
        read = [(sentence, self._local(sentence), self._classes(sentence)) for sentence in _pieces(sentences)]
        furthest, where = float("-inf"), (0, 0)
        for start, end in windows([len(sentence) for sentence, _, _ in read]):
            inside = read[start:end]
            words = sum(len(sentence) for sentence, _, _ in inside)
            total = sum(weight for _, weight, _ in inside) + self._together([names for _, _, names in inside])
            if (lean := total * words**-0.5 + self.bias[0]) > furthest:
                furthest, where = lean, (start, end)
        return furthest, [sentence for sentence, _, _ in read[where[0] : where[1]]]

    def why(self, sentences: Sequence[Sentence]) -> list[tuple[str, int]]:
        """What counted in the whole, the weightiest first: for a person to read, at the desk where it is tuned."""
        found = ((feature, self.weights.get(feature, 0)) for feature in self._met(sentences))
        return sorted(found, key=lambda each: -abs(each[1]))

    def _local(self, sentence: Sentence) -> int:
        look = self.weights.get
        total = sum(map(look, sequences(sentence, self.classes), repeat(0)))
        for word in sentence:
            known = look(word)
            total += sum(map(look, parts(word), repeat(0))) if known is None else known
        return total

    def _classes(self, sentence: Sentence) -> frozenset[str]:
        return frozenset(name for word in sentence for name in self.classes.get(word, ()))

    def _together(self, names: Sequence[frozenset[str]]) -> int:
        present = sorted(frozenset().union(*names))
        alone = sum(map(self.weights.get, present, repeat(0)))
        return alone + sum(map(self.company.get, combinations(present, 2), repeat(0)))

    def kind(self, sentences: Sequence[Sentence]) -> str:
        """Which of `KINDS` a crisis is most like."""
        sums: list[float] = list(self.bias[1:])
        scale = max(1, sum(map(len, sentences))) ** -0.5
        for feature in self._met(sentences):
            for place, weight in enumerate(self.kinds.get(feature, ())):
                sums[place] += weight * scale
        return max(zip(sums, KINDS, strict=True))[1]

    def _met(self, sentences: Sequence[Sentence]) -> Iterator[str]:
        for sentence in sentences:
            for word in sentence:
                if word in self.weights:
                    yield word
                else:
                    yield from parts(word)
            yield from sequences(sentence, self.classes)
        yield from companies(frozenset().union(*map(self._classes, sentences)))


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
    words = [*sentence, ">"]
    classed = [known[word][0] if word in known else word for word in words]
    for edge, mark, each in (("<", "", words), ("<", "~", classed)):
        first, second = "", edge
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
    table = tomllib.loads(_packaged("classes.toml"))["class"]
    found: dict[str, tuple[str, ...]] = {}
    for name, words in table.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), name.upper())
    return found


@cache
def voice() -> Voice:
    """As packaged."""
    return read(_packaged("voice.tsv"))


def read(table: str) -> Voice:
    """A row: the feature, its weight towards a crisis, and perhaps one towards each kind."""
    weights, kinds = {}, {}
    for line in table.splitlines():
        if not line.startswith("% "):
            feature, weight, *rest = line.split("\t")
            weights[feature] = int(weight)
            if rest:
                kinds[feature] = tuple(map(int, rest))
    company = {tuple(feature.split("&")): weight for feature, weight in weights.items() if "&" in feature}
    return Voice(classes(), weights, company, kinds, (weights.pop("%bias"), *kinds.pop("%bias")))


def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
