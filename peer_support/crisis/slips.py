"""Which word a slip stands for: one letter too many, too few, another, or two that changed places.

`words.txt` holds the words that are known, as `tests/crisis/learn.py` counted them: in its first part, the most often
met first, what a slip may become; in its second, what is a word but seldom met, and so is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

SHORTEST = 4
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Slips:
    """`known` says how often; `nearby` leads from a word less one letter to what it may have been, spaces between."""

    known: Mapping[str, int]
    nearby: Mapping[str, str]

    def mended(self, word: str) -> str:
        """The known word one slip away: with the same first letter if there is one, then with the same letters."""
        if word in self.known or not SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
            return word
        letters = sorted(word)
        best, how_near = word, (False, False, 0)
        for less in (word, *_less_one(word)):
            for right in self.nearby.get(less, "").split():
                near = right[0] == word[0], sorted(right) == letters, self.known[right]
                if near > how_near and OSA.distance(word, right, score_cutoff=1) <= 1:
                    best, how_near = right, near
        return best


def slips(text: str) -> Slips:
    """As `words.txt` has it; of nothing, nothing is known and nothing mended."""
    often, _, seldom = text.partition("\n\n")
    may_become = often.split()
    known = {word: len(may_become) - place for place, word in enumerate(may_become)}
    nearby: dict[str, str] = {}
    for word in may_become:
        if len(word) >= SHORTEST:
            for less in {word, *_less_one(word)}:
                nearby[less] = f"{nearby[less]} {word}" if less in nearby else word
    known |= dict.fromkeys(seldom.split(), 0)
    return Slips(known, nearby)


def written(often: Iterable[str], seldom: Iterable[str]) -> str:
    """The two parts, in lines of about a hundred letters."""
    return "\n\n".join("\n".join(_lines(words)) for words in (often, seldom)) + "\n"


def _lines(words: Iterable[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if len(line) + len(word) > 100:  # noqa: PLR2004 - a line
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield line


def _less_one(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
