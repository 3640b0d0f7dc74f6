"""Where a canary was found that may not be there. Exceptions are listed here alone, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.canary.gathering import Gathered
from tests.canary.hunt import Hunt
from tests.canary.knowing import overheard


@dataclass(frozen=True, slots=True)
class Excepted:
    """What may stand in one part of one place."""

    place: str
    what: str
    canary: str
    why: str


EXCEPTIONS: tuple[Excepted, ...] = (
    Excepted("beside the database", "forces.toml*", "bo.directory", "the operator names the approver there"),
    Excepted("the terminal", "roster list", "???.name", "whoever keeps the roster reads the names on it"),
)
ON_SCREENS = "screens: {}"


def found(gathered: Gathered, hunt: Hunt) -> dict[str, set[str]]:
    """The places that hold what they may not, with what it is."""
    leaks: dict[str, set[str]] = {}
    for place, chunks in gathered.places.items():
        for what, content in chunks.items():
            for find in hunt.through(content):
                if not _excepted(place, what, find.canary):
                    leaks.setdefault(place, set()).add(find.canary)
    for said, canary in overheard((*gathered.said, *gathered.left), hunt):
        leaks.setdefault(ON_SCREENS.format(said.way), set()).add(canary)
    return leaks


def _excepted(place: str, what: str, canary: str) -> bool:
    return any(
        each.place == place and fnmatchcase(what, each.what) and fnmatchcase(canary, each.canary)
        for each in EXCEPTIONS
    )
