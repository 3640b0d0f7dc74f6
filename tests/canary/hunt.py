"""The search: thousands of needles in megabytes, in about one pass.

A needle of 2q-1 bytes or more holds a run of q bytes that begins at a multiple of q, wherever the needle lies. So the
haystack is cut into runs of q, once, and only needles that have one of those runs are looked for in earnest.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.canary.canaries import Canary
from tests.canary.encodings import SHORTEST, needles

_RUNS = {4: "I", 8: "Q"}
_PIECE = 32
_NOTHING = re.compile(rb"\0{64,}")  # empty stretches of a page or a log


@dataclass(frozen=True, slots=True)
class Find:
    """One canary that lies where it shouldn't."""

    canary: str
    encoding: str


class Hunt:
    """A search for these needles. What was searched once is remembered, and not searched again."""

    def __init__(self, needles: Mapping[bytes, Find]) -> None:
        self._needles = needles
        self._runs: dict[int, dict[int, list[bytes]]] = {size: {} for size in _RUNS}
        for needle in needles:
            size = 8 if len(needle) >= 15 else 4
            for at in range(min(size, len(needle) - size + 1)):
                run = int.from_bytes(needle[at : at + size], sys.byteorder)
                self._runs[size].setdefault(run, []).append(needle)
        self._keys = {size: frozenset(runs) for size, runs in self._runs.items()}
        self._found: dict[int, tuple[bytes, frozenset[Find]]] = {}

    @classmethod
    def for_canaries(cls, canaries: Iterable[Canary]) -> Hunt:
        """In every encoding."""
        wanted: dict[bytes, Find] = {}
        for canary in canaries:
            for part in canary.parts:
                for encoding, needle in needles(part):
                    wanted.setdefault(needle, Find(canary.id, encoding))
        return cls(wanted)

    @classmethod
    def for_secrets(cls, tokens: Iterable[str]) -> Hunt:
        """For ciphertext and hashes, in pieces: a page of the database may end within one."""
        pieces = {
            token[at : at + _PIECE].encode()
            for token in tokens
            for at in range(0, max(1, len(token) - _PIECE + 1), _PIECE)
        }
        return cls({piece: Find(piece.decode(), "as stored") for piece in pieces if len(piece) >= SHORTEST})

    @property
    def size(self) -> int:
        """How many needles."""
        return len(self._needles)

    def through(self, haystack: bytes) -> frozenset[Find]:
        """Every canary in it, as it stands and, where it is text, in small letters too."""
        kept = self._found.get(id(haystack))
        if kept is None:  # the bytes are kept with what was found, so that no other has their id
            looks = (
                (_NOTHING.sub(bytes(16), haystack),) if b"\0" in haystack else (haystack, haystack.lower())
            )
            kept = haystack, frozenset(find for look in looks for find in self._look(look))
            self._found[id(haystack)] = kept
        return kept[1]

    def _look(self, haystack: bytes) -> Iterable[Find]:
        padded = haystack + b"\0" * (-len(haystack) % 8)
        for size, runs in self._runs.items():
            here = self._keys[size].intersection(frozenset(memoryview(padded).cast(_RUNS[size])))
            for needle in {needle for run in here for needle in runs[run]}:
                if needle in haystack:
                    yield self._needles[needle]
