"""What the audit keeps of an act, and the chain that a sweep seals the rows into."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

SYSTEM = "system"
DATA_DELETED = "data.deleted"
GENESIS = "0" * 64  # what the first seal follows


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Append-only. `actor_id` is a member's opaque id, or `system`; `action` a static name; never a person's words."""

    id: str
    at: datetime
    actor_id: str
    action: str
    subject_id: str


class Verdict(StrEnum):
    """What the sealing found. It is sealed with the row, so that it is told ever after."""

    OURS = "ours"
    ADOPTED = "adopted"  # written before rows were marked
    STRANGE = "strange"  # its mark isn't one that our keys made: somebody else wrote it
    GONE = "gone"  # it waited for its seal, and was taken away


@dataclass(frozen=True, slots=True)
class Sealed:
    """One batch: how many, and where the chain ends now.

    `forgotten` are the opaque ids of whoever deleted their data in it: a backup from before has them still.
    """

    count: int
    place: int
    seal: str
    forgotten: tuple[str, ...] = ()


Fact = str | int | datetime | None


def link(previous: str, place: int, verdict: str, facts: Sequence[Fact]) -> str:
    """The seal of one row: it covers the seal before it, its own place, and every column of the row."""
    message = json.dumps([previous, place, verdict, *map(_plain, facts)], separators=(",", ":"))
    return hashlib.sha256(message.encode()).hexdigest()


def _plain(fact: Fact) -> str | int | None:
    if isinstance(fact, datetime):
        return fact.astimezone(UTC).isoformat(timespec="microseconds")
    return fact
