"""Three questions after a match, kept apart from the request and unlinked to anyone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Feedback:
    """`week` is an ISO week such as 2026-W47, so that not even the day can join it to a request."""

    id: str
    force_id: str
    week: str
    listened: Answer | None
    easy: Answer | None
    otherwise: Answer | None
