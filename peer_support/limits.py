"""Which limits a person reads. Where a force may open a name its text says so, and all read it who hadn't."""

from __future__ import annotations

from collections.abc import Iterable

from peer_support.force import BREAK_GLASS, Force

_NAMED, _AND = "+names-opened:", ","


def opened_by(forces: Iterable[Force]) -> tuple[str, ...]:
    """The names of those of these forces that have turned break-glass on."""
    return tuple(force.name for force in forces if BREAK_GLASS in force.features)


def version_for(text: str, forces: Iterable[Force]) -> str:
    """The version that these forces' people read of a text: another one for each list of forces that it names."""
    named = sorted(force.id for force in forces if BREAK_GLASS in force.features)
    return text + _NAMED + _AND.join(named) if named else text


def told_of_opening(version: str | None, force_id: str) -> bool:
    """Whether the limits that somebody read said that this force may open a name."""
    return force_id in (version or "").partition(_NAMED)[2].split(_AND)
