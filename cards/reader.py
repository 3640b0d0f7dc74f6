"""Who reads a card: the language it speaks and the nations whose help lines it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from cards.words import ENGLISH, Unspoken, say

ALL_NATIONS = frozenset({"E", "W", "S", "NI"})
P = ParamSpec("P")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Reader:
    """`nations` are E, W, S, NI; all of them where it isn't known. `dialog` says the card is inside a Teams dialog.

    `language` is the person's; `spoken` is what the card in hand is made in: English, but for `in_one_language`.
    """

    language: str = ENGLISH
    nations: frozenset[str] = ALL_NATIONS
    dialog: bool = False
    spoken: str = ENGLISH

    def say(self, key: str, /, **values: object) -> str:
        """The catalogue's words for `key`, in the language that this card is made in."""
        return say(key, self.spoken, **values)


def in_one_language(make: Callable[P, Made]) -> Callable[P, Made]:
    """A card wholly in its reader's language where all of its words are there, and wholly in English otherwise.

    What is made for a part of such a card is made in its language, and leaves it to the whole to turn to English.
    """
    remade = cast("Callable[..., Made]", make)

    @wraps(make)
    def made(*args: P.args, **named: P.kwargs) -> Made:
        if not any(map(_not_yet, (*args, *named.values()))):
            return make(*args, **named)
        try:
            return remade(*map(_in_own, args), **{name: _in_own(part) for name, part in named.items()})
        except Unspoken:
            return remade(
                *map(_in_english, args), **{name: _in_english(part) for name, part in named.items()}
            )

    return made


def _not_yet(part: object) -> bool:
    return isinstance(part, Reader) and part.spoken != part.language


def _in_own(part: Any) -> Any:
    return replace(part, spoken=part.language) if isinstance(part, Reader) else part


def _in_english(part: Any) -> Any:
    return replace(part, language=ENGLISH, spoken=ENGLISH) if isinstance(part, Reader) else part
