"""The one catalogue of every sentence a person may be shown, as gettext files: a key, and its words.

A key is `room.thing`, such as `offer.heading`; its words may hold `{placeholders}`. English is complete.
Another language may lack a key. Above each of its entries stands the English that it was made from: once the English
has changed, those words are no longer said, until somebody has looked at them again.
"""

from __future__ import annotations

from collections.abc import Callable, KeysView, Mapping
from dataclasses import dataclass
from importlib import resources

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ENGLISH, WELSH = "en", "cy"


class Unspoken(LookupError):
    """A language has no words for this key, or has them for an English that has changed since."""


def _catalogue(language: str) -> Catalog:
    with resources.files(__name__).joinpath(f"{language}.po").open("rb") as lines:
        return read_po(lines, locale=language)


def _english() -> Mapping[str, str]:
    return {str(m.id): str(m.string) for m in _catalogue(ENGLISH) if m.id and m.string}


def _translated(language: str, english: Mapping[str, str]) -> Mapping[str, str]:
    """Only what was made from the English of today."""
    return {
        str(m.id): str(m.string)
        for m in _catalogue(language)
        if m.id
        and m.string
        and not m.fuzzy
        and english.get(str(m.id), "").strip() == " ".join(m.auto_comments)
    }


def _all() -> dict[str, Mapping[str, str]]:
    """One that can't be read has no words: its cards are in English, or the guard's packaged words stand."""
    english = _readable(_english)
    return {ENGLISH: english, WELSH: _readable(lambda: _translated(WELSH, english))}


def _readable(words: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    try:
        return words()
    except Exception:  # noqa: BLE001 - whatever is wrong with a file, who to ring is still said
        return {}


_CATALOGUES = _all()


def languages() -> frozenset[str]:
    """The languages that have a catalogue."""
    return frozenset(_CATALOGUES)


@dataclass(frozen=True, slots=True)
class Translated:
    """One entry for whoever reviews a language. `said` is false where its English has changed since, or it has none."""

    key: str
    english: str
    words: str
    said: bool


def translated(language: str) -> tuple[Translated, ...]:
    """Every key in the order of the English file, with its words in `language`, old ones too; empty where none are."""
    there = {str(m.id): str(m.string) for m in _catalogue(language) if m.id}
    return tuple(
        Translated(key, words, there.get(key, ""), said=key in _CATALOGUES[language])
        for key, words in _CATALOGUES[ENGLISH].items()
    )


def say(key: str, language: str = ENGLISH, /, **values: object) -> str:
    """The words of `key` in `language`. KeyError for an unknown key, Unspoken where that language has none for it."""
    words = _CATALOGUES.get(language, {}).get(key)
    if words is None:
        raise Unspoken(key) if key in _CATALOGUES[ENGLISH] else KeyError(key)
    return words.format(**values) if values else words


def keys(language: str = ENGLISH) -> KeysView[str]:
    """The keys that a language has words for today."""
    return _CATALOGUES[language].keys()
