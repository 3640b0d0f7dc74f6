"""Which limits a person reads. Where a force may open a name its text says so, and all read it who hadn't."""

from __future__ import annotations

from collections.abc import Iterable

from peer_support.force import BREAK_GLASS, Force

_NAMED = "+names-opened"


def opens_names(forces: Iterable[Force]) -> bool:
    """Whether any of these forces has turned break-glass on."""
    return any(BREAK_GLASS in force.features for force in forces)


def version_for(text: str, forces: Iterable[Force]) -> str:
    """The version that these forces' people read of a text."""
    return text + _NAMED if opens_names(forces) else text


def told_of_opening(version: str | None) -> bool:
    """Whether the limits that somebody read said that a name may be opened."""
    return version is not None and version.endswith(_NAMED)
