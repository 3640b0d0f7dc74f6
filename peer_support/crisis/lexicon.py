"""The ladder's words as read from `lexicon.toml` and `words.txt`: patterns compiled, slots filled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from peer_support.crisis.slips import Slips, slips
from peer_support.crisis.tiers import Tier


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns of one tier that can only match a clause in which one of `needs` begins a word."""

    tier: Tier
    needs: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    negatable: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of it, the groups with the highest tier first."""

    version: str
    joins: re.Pattern[str]
    joined: Mapping[str, str]
    spelling: Mapping[str, str]
    mended: Mapping[str, tuple[str, ...]]
    slips: Slips
    idiom: re.Pattern[str]
    doubtful: re.Pattern[str]
    negation: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    job: re.Pattern[str]
    close: re.Pattern[str]
    someone: re.Pattern[str]
    writer: re.Pattern[str]
    groups: tuple[Group, ...]
    starts: Mapping[str, tuple[str, ...]]

    def needs_in(self, whole: str) -> frozenset[str]:
        """Those of all groups' needs that stand in the text; most are ruled out by how its words begin."""
        begun = {word[:_START] for word in whole.split()} & self.starts.keys()
        return frozenset(need for start in begun for need in self.starts[start] if need in whole)


# So many letters of a word are looked up before any need is.
_START = 3


@cache
def lexicon() -> Lexicon:
    data = tomllib.loads(_packaged("lexicon.toml"))
    slots: dict[str, str] = {}
    for name, words in data["slots"].items():
        slots[name] = "(?:" + _filled("|".join(words), slots) + ")"
    groups = [_group(row, slots) for row in data["group"]]
    groups.sort(key=lambda group: -group.tier.rank)
    return Lexicon(
        version=data["version"],
        joins=_either(map(re.escape, data["joins"])),
        joined=data["joins"],
        spelling={slip: right for right, slips in data["spelling"].items() for slip in slips.split()},
        mended={word[0]: tuple(w for w in data["mended"] if w[0] == word[0]) for word in data["mended"]},
        slips=_known_words(),
        idiom=_either(_filled(idiom, slots) for idiom in data["idiom"]),
        doubtful=_either(data["doubtful"]),
        negation=_either(data["negation"]),
        past=_either(data["past"]),
        present=_either(data["present"]),
        job=_either(data["job"]),
        close=_either(_filled(words, slots) for words in data["close"]),
        someone=_either(_filled(words, slots) for words in data["someone"]),
        writer=_either(data["writer"]),
        groups=tuple(groups),
        starts=_starts(frozenset[str]().union(*(group.needs for group in groups))),
    )


def _known_words() -> Slips:
    """Where they can't be read nothing is mended: a crisis card for every word would soon be read by nobody."""
    try:
        return slips(_packaged("words.txt"))
    except (OSError, UnicodeDecodeError):
        return slips("")


def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _starts(needs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The needs by the first letters of their first word. A word that goes on after its need must be that long."""
    found: dict[str, tuple[str, ...]] = {}
    for need in sorted(needs):
        word, space, _ = need[1:].partition(" ")
        if len(word) < _START and not space:
            raise ValueError(f"too short to look up: {need}")
        found[word[:_START]] = (*found.get(word[:_START], ()), need)
    return found


def _group(row: Mapping[str, object], slots: Mapping[str, str]) -> Group:
    patterns, needs = row["patterns"], row["needs"]
    if not isinstance(patterns, list) or not isinstance(needs, list):
        raise TypeError("a group has lists of patterns and needs")
    return Group(
        tier=Tier(str(row["tier"])),
        needs=frozenset(f" {need}" for need in needs),
        patterns=tuple(_compiled(_filled(pattern, slots)) for pattern in patterns),
        negatable=bool(row.get("negatable", True)),
        own=bool(row.get("own", False)),
    )


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda found: slots[found[1]], pattern)


def _either(words: Iterable[str]) -> re.Pattern[str]:
    return _compiled("|".join(words))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Clauses begin with a space and so do patterns, which the search finds far faster than a word's edge."""
    return re.compile(" (?:" + pattern.replace("^", "(?<=^ )") + r")(?!\w)")
