"""What an id is called on a card. One that the packaged facts don't know is shown as it is; a covert role never is."""

from __future__ import annotations

from collections.abc import Iterable

from cards.frame import named
from cards.reader import Reader
from peer_support import taxonomy
from peer_support.request import When


def asking(topic: str) -> str:
    """What a person asks about, in the words of the form."""
    return taxonomy.EXPERIENCES[topic].asking if topic in taxonomy.EXPERIENCES else named(topic)


def lived(topic: str) -> str:
    """What a supporter has come through, in the words they let be shown."""
    return taxonomy.EXPERIENCES[topic].supporter if topic in taxonomy.EXPERIENCES else named(topic)


def told(groups: Iterable[str], reader: Reader) -> str:
    """All that a blind offer says of the topics: their groups, as one phrase."""
    phrases = [taxonomy.GROUPS[group].told for group in groups if group in taxonomy.GROUPS]
    return together(phrases, reader)


def work(roles: Iterable[str]) -> str:
    """The kinds of work that may be shown, with commas between."""
    shown = [role for role in roles if role not in taxonomy.ROLES or not taxonomy.is_covert(role)]
    return ", ".join(taxonomy.ROLES[role].label if role in taxonomy.ROLES else named(role) for role in shown)


def grade(id: str) -> str:
    """A grade's name."""
    return taxonomy.GRADES[id].label if id in taxonomy.GRADES else named(id)


def language(id: str) -> str:
    """A language's name."""
    return taxonomy.LANGUAGES[id].label if id in taxonomy.LANGUAGES else named(id)


def times(when: Iterable[When], reader: Reader) -> str:
    """The parts of the week a person chose, in the week's order. Nothing chosen is any time."""
    chosen = set(when)
    return together([reader.say(f"when.{part}") for part in When if part in chosen], reader) or reader.say(
        "when.any"
    )


def together(phrases: list[str], reader: Reader) -> str:
    """A list as it is said: mornings, evenings and weekends."""
    if len(phrases) <= 1:
        return "".join(phrases)
    return reader.say("list.and", first=", ".join(phrases[:-1]), last=phrases[-1])
