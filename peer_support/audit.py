"""What the audit keeps of an act: who (opaque), when, what, and the reference or id it was about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Append-only. `actor_id` is a member's opaque id, or `system`; `action` a static name; never a person's words."""

    id: str
    at: datetime
    actor_id: str
    action: str
    subject_id: str
