"""The package's words by language: packaged neutral ones, and a force's own. Teams keeps them apart from the cards'."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

ENGLISH = "en"
PREPARED = ("cy",)
LANGUAGE_NAMES = {"en": "English", "cy": "Welsh"}
LONGEST = {"name.short": 30, "name.full": 100, "description.short": 80, "description.full": 4000}
"""Teams' own limits, and the keys that it lets a language file translate."""
MOST_COMMANDS = 10
LONGEST_TITLE, LONGEST_DESCRIPTION = 32, 128
"""Narrower than the schema of today, so that older clients show them whole."""

_SPOKEN_OF = {
    "name.short": "The name",
    "name.full": "The full name",
    "description.short": "The short description",
    "description.full": "The full description",
}


class WordsUnreadable(Exception):
    """A file of words has not the shape of manifest/languages/cy.json. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class Command:
    """A typed word that the chat's menu offers, and what it does."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Words:
    """Everything in one language that Teams shows before a person says a word."""

    texts: Mapping[str, str]
    commands: tuple[Command, ...]
    review: str = ""

    def with_texts(self, chosen: Mapping[str, str]) -> Words:
        """The same, with what the force chose in place of the neutral words."""
        return replace(self, texts={**self.texts, **{key: text for key, text in chosen.items() if text}})


def packaged(language: str) -> Words:
    return read_words(files("manifest").joinpath("languages", f"{language}.json").read_text("utf-8"))


def read_words(text: str) -> Words:
    """Words from a file's text. WordsUnreadable says what is wrong with it."""
    try:
        held = json.loads(text)
    except ValueError:
        raise WordsUnreadable("The file of words isn't JSON.") from None
    if not isinstance(held, dict):
        raise WordsUnreadable("The file of words isn't a list of keys and texts.")
    strange = sorted(set(held) - {*LONGEST, "commands", "review"})
    if strange:
        raise WordsUnreadable(f"The file of words has keys that nothing reads: {', '.join(strange)}.")
    texts = {key: _text(held.get(key), key) for key in LONGEST}
    commands = held.get("commands")
    if not isinstance(commands, list):
        raise WordsUnreadable("The file of words has no list called commands.")
    return Words(texts, tuple(_command(one) for one in commands), _text(held.get("review", ""), "review"))


def _command(held: Any) -> Command:
    if not isinstance(held, dict) or set(held) != {"title", "description"}:
        raise WordsUnreadable("Each command in the file of words has a title and a description, and no more.")
    return Command(_text(held["title"], "title"), _text(held["description"], "description"))


def _text(held: Any, key: str) -> str:
    if not isinstance(held, str):
        raise WordsUnreadable(f"The file of words has no text for {key}.")
    return held.strip()


def mistakes(words: Words, language: str, english: Words | None = None) -> tuple[str, ...]:
    """What Teams would refuse or cut short, a sentence each. What stands in English too is said of English alone."""
    where = "" if language == ENGLISH else f" in {LANGUAGE_NAMES[language]}"
    said = {} if language == ENGLISH or english is None else english.texts
    own = [key for key in LONGEST if words.texts[key] != said.get(key)]
    return (*_texts(words, own, where), *_menu(words.commands, where))


def _texts(words: Words, keys: list[str], where: str) -> Iterator[str]:
    for key in keys:
        text, longest = words.texts[key], LONGEST[key]
        if not text:
            yield f"{_SPOKEN_OF[key]}{where} is empty."
        elif len(text) > longest:
            yield f"{_SPOKEN_OF[key]}{where} has {len(text)} characters; Teams takes at most {longest}."
        elif key != "description.full" and not text.isprintable():
            yield f"{_SPOKEN_OF[key]}{where} must be one line of plain text."


def _menu(commands: tuple[Command, ...], where: str) -> Iterator[str]:
    if not 0 < len(commands) <= MOST_COMMANDS:
        yield f"There are {len(commands)} commands{where}; Teams takes 1 to {MOST_COMMANDS}."
    for command in commands:
        if not 0 < len(command.title) <= LONGEST_TITLE:
            yield f"The command “{command.title}”{where} must have 1 to {LONGEST_TITLE} characters."
        if not 0 < len(command.description) <= LONGEST_DESCRIPTION:
            yield f"What “{command.title}” does{where} must be said in 1 to {LONGEST_DESCRIPTION} characters."
    titles = {command.title.casefold() for command in commands}
    if len(titles) < len(commands):
        yield f"A command stands twice{where}."
