"""The canaries: words and ids that are nowhere else, new in every run, so that wherever one is found it has leaked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.person import Person

_ONSETS = ("zv", "qy", "xh", "vj", "kz", "wq", "jx", "yv")
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Canary:
    """One thing about one person. Any of its parts tells it. `id` is `person.what`."""

    id: str
    parts: tuple[str, ...]

    @property
    def whose(self) -> str:
        return self.id.partition(".")[0]


@dataclass(slots=True)
class Nest:
    """Makes words that no dictionary has, and keeps every canary by its id."""

    chance: random.Random
    kept: dict[str, Canary] = field(default_factory=dict)

    def word(self) -> str:
        """Ten letters or more that nothing else holds."""
        return "".join(self.chance.choice(_ONSETS) + self.chance.choice(_VOWELS) for _ in range(4))[:11]

    def name(self, *, accented: bool = False) -> str:
        """A given name and a surname; accented ones are told apart by UTF-8 and Latin-1."""
        given, surname = self.word().capitalize(), self.word().capitalize()
        return f"{given}é {surname}ø" if accented else f"{given} {surname}"

    def phone(self) -> str:
        """One of the numbers that are kept for stories; never the one that the form shows as an example."""
        return f"07700 900{self.chance.choice([n for n in range(200, 999) if n != 461])}"

    def sentence(self, plain: str) -> tuple[str, str]:
        """A sentence with one strange word in it, and that word."""
        word = self.word()
        return plain.format(word), word

    def keep(self, whose: str, what: str, *parts: str) -> str:
        """Remember a canary; gives its first part."""
        self.kept[f"{whose}.{what}"] = Canary(f"{whose}.{what}", tuple(part for part in parts if part))
        return parts[0]

    def hatch(self, whose: str, person: Person) -> Person:
        """All that the directory and the channel know of a person."""
        given, _, surname = person.name.partition(" ")
        self.keep(whose, "name", person.name, given, surname)
        self.keep(whose, "email", person.email, person.email.partition("@")[0])
        self.keep(whose, "directory", person.directory)
        self.keep(whose, "conversation", person.conversation_id.partition(":")[2])
        self.keep(whose, "user", person.user_id.partition(":")[2])
        return person

    def __iter__(self) -> Iterator[Canary]:
        return iter(list(self.kept.values()))
