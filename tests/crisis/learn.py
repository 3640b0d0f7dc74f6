"""Teach the second voice: `python -m tests.crisis.learn` writes `voice.bin`, and `words.txt`. Same lines, same files.

It learns from `learn.psv`, from what was held once, from the tuned part, and from the lines with their tier. Never
from the held part. What is a word, and what a slip may be mended to, is counted from the lines that aren't slips.
Logistic regression by AdaGrad, crises weighed as heavily as all else: whether it is one at all; then each way against
all that is none, of which the mean with the first is the way's weight; then (crises alone) which kind.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import exp, sqrt
from pathlib import Path
from random import Random

from cards.words import keys, languages, say
from dialogs.typed import WORDS
from peer_support.crisis import normal, slips
from peer_support.crisis.ladder import sentences
from peer_support.crisis.lexicon import Lexicon, lexicon
from peer_support.crisis.voice import classes, companies, parts, sequences
from peer_support.crisis.voice_file import KINDS, WAYS, Weights, written
from tests.crisis.measure import DATA, HITS, Line, lines_of

_ROOM = Path(__file__).parents[2] / "peer_support" / "crisis"
WRITTEN, WORDS_WRITTEN = _ROOM / "voice.bin", _ROOM / "words.txt"
KNOWN = ("known.txt", "names.txt")
_WORDED = ("lexicon.toml", "classes.toml", "abuse.py", "self_harm.py")
KIND_OF = {
    "imminent": "3",
    "active": "2",
    "self_harm": "2",
    "passive": "1",
    "history": "1",
    "third_party": "T",
    "danger": "3",
}
# The ways in which a text may lean, as `voice_file` lists them. Slips, job slang and Welsh count as the first.
_WAY_OF = {"danger": 1, "third_party": 2}
_OFTEN, _ROUNDS, _KIND_ROUNDS, _STEP, _PULL = 2, 7, 6, 0.1, 3e-3
# A word has a dozen parts that say the same: at full weight they drown what stands beside it.
_PART = 0.5
# Weights (thousandths) below which a row is not worth its place in the file.
_SLIGHT, _TELLING = 165, 500
# How often a line that must have its tier is taught.
_PINNED = 4
# A word met so often is what a slip may be mended to.
_PLENTY = 5
# A line with so many slips, and one word in five at least, is taken to be full of them.
_SLIPS = 2
_FAR_MORE = 20
# How a word and the bias are marked among the features, until they are written.
_MET, _EVEN = "=", "%"
Row = tuple[list[tuple[int, float]], float, float]


def taught() -> list[Line]:
    """Every line that may be learnt from; a line with its tier counts as a crisis from 1 up."""
    lines = [*lines_of("learn"), *lines_of("once_held"), *lines_of("tune"), *_own()]
    for name in ("crisis", "not_crisis") * _PINNED:
        for row in (DATA / f"{name}.psv").read_text("utf-8").splitlines():
            if row and not row.startswith("#"):
                tier, _, text = row.partition("|")
                lines.append(Line(_CATEGORY_OF[tier], "tiers", text))
    return lines


def _own() -> list[Line]:
    """The bot's own buttons and commands, which people type back to it: none is a call for help but help now's own."""
    titles = [
        say(key, language)
        for language in sorted(languages())
        for key in sorted(keys(language))
        if key.startswith("button.") and not any(part in key for part in ("worried", "help"))
    ]
    return [Line("admin", "own_words", words) for words in dict.fromkeys([*titles, *sorted(WORDS)])]


_CATEGORY_OF = {
    "0": "idiom",
    "soft": "idiom",
    "1": "passive",
    "2": "active",
    "3": "imminent",
    "T": "third_party",
}


def words(lines: Iterable[Line]) -> str:
    """The words of all lines but those full of slips, as `words.txt` holds them, the most often met first."""
    plain = replace(lexicon(), slips=slips.slips(""), joins=re.compile("(?!)"))
    said = [_plain_words(line, plain) for line in lines if line.category != "slips"]
    often, _ = _by_how_often(said)
    near = slips.slips(slips.written(often, []))
    often, seldom = _by_how_often([each for each in said if not _full_of_slips(each, near)])
    return slips.written(often, sorted(({*seldom} | _known_already()) - {*often}))


def _known_already() -> set[str]:
    """Words that nobody's line has to hold: of the lexicon and the classes, of the two cards, of English, and names."""
    texts = [
        *((_ROOM / name).read_text("utf-8") for name in _WORDED),
        *((DATA / name).read_text("utf-8") for name in KNOWN),
    ]
    return {
        word for text in texts for word in re.findall("[a-z]+", text.lower()) if len(word) >= slips.SHORTEST
    }


def _plain_words(line: Line, plain: Lexicon) -> list[str]:
    read = normal.sentences(normal.clauses(line.text, plain))
    return [
        word
        for sentence in read
        for word in sentence
        if len(word) >= slips.SHORTEST and word.isascii() and word.isalpha()
    ]


def _by_how_often(said: Iterable[Iterable[str]]) -> tuple[list[str], list[str]]:
    counted = Counter(word for each in said for word in each)
    ordered = sorted(
        (word for word in counted if not _turned_round(word, counted)),
        key=lambda word: (-counted[word], word),
    )
    plenty = sum(counted[word] >= _PLENTY for word in ordered)
    return ordered[:plenty], ordered[plenty:]


def _turned_round(word: str, counted: Mapping[str, int]) -> bool:
    """`wnat`: two letters after the first in the other order, of a word that is met far more often."""
    turned = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)
    )
    return any(counted.get(other, 0) >= _FAR_MORE * counted[word] for other in turned if other != word)


def _full_of_slips(said: Sequence[str], near: slips.Slips) -> bool:
    """Lines that are no crisis are written with slips too, and a slip in them is no word either."""
    found = sum(near.mended(word) != word for word in set(said))
    return found >= _SLIPS and found >= len(said) / 5


def learn(lines: Sequence[Line]) -> dict[str, list[float]]:
    """The weights of each feature: towards a crisis, then towards each kind."""
    known = classes()
    said = [sentences(line.text) for line in lines]
    counted = [features(each, known) for each in said]
    often = Counter(feature for found in counted for feature in found)
    index = {feature: place for place, feature in enumerate(sorted(f for f in often if often[f] >= _OFTEN))}
    rows = [
        (
            [
                (index[f], n * _share(f) / sqrt(max(1, sum(map(len, each)))))
                for f, n in sorted(found.items())
                if f in index
            ],
            line,
        )
        for each, found, line in zip(said, counted, lines, strict=True)
    ]
    columns = _ways(rows, len(index))
    crises = [(row, line) for row, line in rows if line.category in KIND_OF]
    for kind in KINDS:
        labelled = _labelled(crises, lambda line, kind=kind: KIND_OF[line.category] == kind)  # type: ignore[misc]
        columns.append(fitted(labelled, len(index), _KIND_ROUNDS))
    made = {
        feature: [column[place] * _share(feature) for column in columns] for feature, place in index.items()
    }
    for word in {word for each in said for sentence in each for word in sentence}:
        met = [(made[f], n) for f, n in Counter((_MET + word, *parts(word))).items() if f in made]
        made[_MET + word] = [sum(row[column] * n for row, n in met) for column in range(len(columns))]
    made[_EVEN] = [column[-1] for column in columns]
    return made


def _ways(rows: Sequence[tuple[list[tuple[int, float]], Line]], width: int) -> list[list[float]]:
    """Towards each way: half as all crises together lean, half as its own do."""
    whether = fitted(_labelled(rows, lambda line: line.category in HITS), width, _ROUNDS)
    ways = []
    for way in range(WAYS):
        among = [
            (row, line)
            for row, line in rows
            if line.category not in HITS or _WAY_OF.get(line.category, 0) == way
        ]
        own = fitted(_labelled(among, lambda line: line.category in HITS), width, _ROUNDS)
        ways.append([(a + b) / 2 for a, b in zip(whether, own, strict=True)])
    return ways


def _share(feature: str) -> float:
    return _PART if feature[0] == "#" else 1.0


def features(said: Sequence[Sequence[str]], known: Mapping[str, tuple[str, ...]]) -> Counter[str]:
    """Everything that can be learnt from: each word, its parts, the sequences, and the classes in one company."""
    found: Counter[str] = Counter()
    for sentence in said:
        found.update(_MET + word for word in sentence)
        found.update(part for word in sentence for part in parts(word))
        found.update(sequences(sentence, known))
    found.update(companies(frozenset(name for each in said for word in each for name in known.get(word, ()))))
    return found


def _labelled(
    rows: Iterable[tuple[list[tuple[int, float]], Line]], is_one: Callable[[Line], bool]
) -> list[Row]:
    marked = [(row, is_one(line)) for row, line in rows]
    share = sum(one for _, one in marked) / len(marked)
    return [(row, float(one), 0.5 / (share if one else 1 - share)) for row, one in marked]


def fitted(rows: Sequence[Row], width: int, rounds: int) -> list[float]:
    """Weights by AdaGrad with a slight pull to nought; the last one is the bias."""
    weights, seen = [0.0] * (width + 1), [1e-3] * (width + 1)
    order, chance = list(rows), Random(7)
    for _ in range(rounds):
        chance.shuffle(order)
        for row, label, worth in order:
            total = weights[-1] + sum(weights[place] * value for place, value in row)
            off = worth * (1 / (1 + exp(-max(-30.0, min(30.0, total)))) - label)
            for place, value in (*row, (width, 1.0)):
                slope = off * value + _PULL * weights[place]
                seen[place] += slope * slope
                weights[place] -= _STEP * slope / sqrt(seen[place])
    return weights


def packed(made: Mapping[str, Sequence[float]]) -> bytes:
    """As the voice's file: in thousandths, slight weights left out, but every word that was met is there."""
    weights = {feature: tuple(round(1000 * weight) for weight in row) for feature, row in made.items()}
    bias = weights.pop(_EVEN)
    for feature in [feature for feature in weights if feature[0] == "~" and feature[1:] in weights]:
        same = weights.pop(feature)  # words of no class are a row of words already
        weights[feature[1:]] = tuple(map(sum, zip(weights[feature[1:]], same, strict=True)))
    told: dict[str, Weights] = {}
    for feature, row in weights.items():
        ways, kinds = row[:WAYS], row[WAYS:]
        telling = max(map(abs, kinds)) >= _TELLING
        if telling or max(map(abs, ways)) >= _SLIGHT or feature[0] == _MET:
            told[feature.removeprefix(_MET)] = row if telling else ways
    return written(told, bias)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    lines = taught()
    WORDS_WRITTEN.write_text(words(lines), "utf-8")
    lexicon.cache_clear()
    WRITTEN.write_bytes(packed(learn(lines)))


if __name__ == "__main__":
    main()
