"""What the ladder answers."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """3 danger now, 2 active, 1 passive or past, T somebody else at risk, soft for the grey, 0 nothing."""

    NONE = "0"
    SOFT = "soft"
    THIRD = "T"
    PASSIVE = "1"
    ACTIVE = "2"
    DANGER = "3"

    @property
    def rank(self) -> int:
        """Which one decides the card where a text has several: the writer's own danger comes first."""
        return _RANKS[self]


_RANKS = {found: place for place, found in enumerate(Tier)}
