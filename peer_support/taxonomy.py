"""The packaged facts of policing: forces, grades, kinds of work, languages, and what people ask about.

Read once, from `data/`. Labels are words for people; ids are what is stored. A look-up by an unknown id is a KeyError,
so what comes from outside is first asked for with `in`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

NATIONS = frozenset({"E", "W", "S", "NI"})


@dataclass(frozen=True, slots=True)
class ForceFacts:
    """One policing body. Whether it has a network is for the deployment's forces file to say."""

    id: str
    name: str
    nations: frozenset[str]
    region: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "nations", frozenset(self.nations))


@dataclass(frozen=True, slots=True)
class Grade:
    """`level` orders the grades of a track; None is near nobody else. `opt_in` needs the force's own scheme."""

    id: str
    label: str
    hint: str
    track: str = ""
    level: int | None = None
    senior: bool = False
    opt_in: bool = False


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """A few kinds of work, so that a list stays short."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class WorkRole:
    """`covert` is never shown and its requests never stored. `conflict` keeps its supporters to their own kind."""

    id: str
    group: str
    label: str
    covert: bool = False
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a supporter may talk in. `common` ones may stand in a form's list."""

    id: str
    label: str
    common: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group of experiences. `told` is all that a blind offer says of the topic."""

    id: str
    label: str
    told: str


@dataclass(frozen=True, slots=True)
class Experience:
    """Something a person asks about (`asking`) or has come through (`supporter`)."""

    id: str
    group: str
    asking: str
    supporter: str
    sensitive: bool = False
    conduct: bool = False
    signpost: bool = False
    needs_clearance: bool = False
    crisis_first: bool = False
    ask_if_safe: bool = False
    other_force_first: bool = False
    lines: str | None = None


class _Known(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Known)


def _by_id(things: Iterable[Thing]) -> Mapping[str, Thing]:
    return MappingProxyType({thing.id: thing for thing in things})


def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(resources.files("peer_support").joinpath("data", f"{name}.toml").read_text("utf-8"))


_roles, _experiences = _read("roles"), _read("experiences")

FORCES = _by_id(ForceFacts(**row) for row in _read("forces")["force"])
GRADES = _by_id(Grade(**row) for row in _read("grades")["grade"])
WORK_GROUPS = _by_id(WorkGroup(**row) for row in _roles["group"])
ROLES = _by_id(WorkRole(**row) for row in _roles["role"])
LANGUAGES = _by_id(Language(**row) for row in _read("languages")["language"])
GROUPS = _by_id(Group(**row) for row in _experiences["group"])
EXPERIENCES = _by_id(Experience(**row) for row in _experiences["experience"])


def experience(topic: str) -> Experience:
    """The experience with this id."""
    return EXPERIENCES[topic]


def groups() -> tuple[Group, ...]:
    """The groups in the order they are shown: just to talk comes first."""
    return tuple(GROUPS.values())


def in_group(group: str) -> tuple[Experience, ...]:
    """The experiences of one group, in the order they are shown."""
    return tuple(each for each in EXPERIENCES.values() if each.group == group)


def is_scrutiny(topic: str) -> bool:
    """Under investigation, in court or in the public eye: no note, and nobody who has a part in it."""
    return EXPERIENCES[topic].group == "scrutiny"


def needs_clearance(topic: str) -> bool:
    """Only a supporter whom the coordinator has cleared for it may be offered it."""
    return EXPERIENCES[topic].needs_clearance


def crisis_first(topic: str) -> bool:
    """Whether picking it shows the crisis card before anything else."""
    return EXPERIENCES[topic].crisis_first


def lines_for(topic: str) -> str | None:
    """The audience, in the contacts data, whose lines picking it shows."""
    return EXPERIENCES[topic].lines


def ask_if_safe(topic: str) -> bool:
    """Whether somebody near may read these messages, so that the person is asked if writing here is safe."""
    return EXPERIENCES[topic].ask_if_safe


def other_force_first(topic: str) -> bool:
    """Whether somebody outside the requester's force is preferred."""
    return EXPERIENCES[topic].other_force_first


def is_conflict(role: str) -> bool:
    """Professional standards, vetting and anti-corruption: never matched as a supporter outside their own."""
    return ROLES[role].conflict


def is_covert(role: str) -> bool:
    """A role whose requests are never stored here and whose label is never shown."""
    return ROLES[role].covert


def is_senior(grade: str) -> bool:
    """Superintendents and above, and staff of that standing, who may look across forces."""
    return GRADES[grade].senior


def near(first: str, second: str) -> int | None:
    """How far apart two grades are: 0 is the same grade, 1 a neighbour. None where they can't be compared."""
    if first == second:
        return 0
    one, other = GRADES[first], GRADES[second]
    if one.level is None or other.level is None:
        return None
    apart = abs(one.level - other.level) + (one.track != other.track)
    return max(apart, 1)
