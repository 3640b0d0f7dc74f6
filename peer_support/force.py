"""One force with a network: packaged facts about it, and what it has set for itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from peer_support.hours import WeeklyHours
from peer_support.policy import Policy

BREAK_GLASS = "break_glass"
FEATURES = frozenset({BREAK_GLASS, "former"})


@dataclass(frozen=True, slots=True)
class LocalContact:
    """A team or line of the force's own."""

    label: str
    call: str = ""
    email: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Force:
    """`covert_route` is whom people in covert roles turn to instead of a request. `features` are off unless named:
    `break_glass`, and `former` for a scheme that covers leavers. `approvers` are people of other forces, by tenant id
    and directory id, who may give the second yes to seeing a name.
    """

    id: str
    name: str
    nations: frozenset[str]
    region: str
    tenants: frozenset[str]
    wellbeing: LocalContact | None = None
    covert_route: LocalContact | None = None
    local_lines: tuple[LocalContact, ...] = ()
    policy: Policy = field(default_factory=Policy)
    features: frozenset[str] = frozenset()
    approvers: frozenset[tuple[str, str]] = frozenset()
    fictional: bool = False

    @property
    def hours(self) -> WeeklyHours:
        """When supporters are asked and people reminded, unless they have hours of their own."""
        return self.policy.waking
