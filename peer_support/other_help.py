"""What somebody may read about asking here and about help elsewhere: their own force's contacts and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peer_support.force import Force, LocalContact
from peer_support.policy import Policy


@dataclass(frozen=True, slots=True)
class LearnView:
    """`wellbeing` and `lines` are of every force in the reader's tenant, which may be several."""

    wellbeing: tuple[LocalContact, ...]
    lines: tuple[LocalContact, ...]
    names_shown: int
    hello_hours: int
    hello_hours_today: int


def learn_view(forces: Sequence[Force]) -> LearnView:
    """Where forces in one tenant differ: the longest wait is promised, and the fewest names."""
    policies = [force.policy for force in forces] or [Policy()]
    return LearnView(
        wellbeing=tuple(force.wellbeing for force in forces if force.wellbeing is not None),
        lines=tuple(line for force in forces for line in force.local_lines),
        names_shown=min(policy.names_shown for policy in policies),
        hello_hours=max(policy.first_contact_hours for policy in policies),
        hello_hours_today=max(policy.first_contact_hours_today for policy in policies),
    )
