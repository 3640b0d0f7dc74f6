"""The one catalogue of every sentence a person may be shown, as gettext files: a key, and its words.

A key is `room.thing`, such as `offer.heading`; its words may hold `{placeholders}`. English is complete; another
language may lack a key, and English is shown then.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from babel.messages.pofile import read_po

ENGLISH = "en"


def _read(language: str) -> Mapping[str, str]:
    source = resources.files(__name__).joinpath(f"{language}.po")
    with source.open("rb") as lines:
        return {str(m.id): str(m.string) for m in read_po(lines, locale=language) if m.id and m.string}


_CATALOGUES: dict[str, Mapping[str, str]] = {ENGLISH: _read(ENGLISH)}


def languages() -> frozenset[str]:
    """The languages that have a catalogue."""
    return frozenset(_CATALOGUES)


def say(key: str, language: str = ENGLISH, /, **values: object) -> str:
    """The words of `key` in `language`, or in English where that language has none. KeyError for an unknown key."""
    words = _CATALOGUES.get(language, {}).get(key) or _CATALOGUES[ENGLISH][key]
    return words.format(**values) if values else words


def keys(language: str = ENGLISH) -> frozenset[str]:
    """The keys that a language's catalogue holds."""
    return frozenset(_CATALOGUES[language])
