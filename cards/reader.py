"""Who reads a card: the language it speaks and the nations whose help lines it shows."""

from __future__ import annotations

from dataclasses import dataclass

from cards.words import ENGLISH, say

ALL_NATIONS = frozenset({"E", "W", "S", "NI"})


@dataclass(frozen=True, slots=True)
class Reader:
    """`nations` are E, W, S, NI; all of them where it isn't known. `dialog` says the card is inside a Teams dialog."""

    language: str = ENGLISH
    nations: frozenset[str] = ALL_NATIONS
    dialog: bool = False

    def say(self, key: str, /, **values: object) -> str:
        """The catalogue's words for `key`, in this reader's language."""
        return say(key, self.language, **values)
