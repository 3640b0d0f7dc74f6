"""The same year under other circumstances, and with other numbers set: what is compared side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from peer_support.policy import Policy
from simulation.assumptions import Assumptions

WEST_MERCIA = 34


@dataclass(frozen=True, slots=True)
class Scenario:
    """`title` is how it is called in the table. Without `surge` no incident happens."""

    title: str
    given: Assumptions = field(default_factory=Assumptions)
    policy: Policy = field(default_factory=Policy)
    surge: bool = False


CIRCUMSTANCES: Mapping[str, Scenario] = {
    "designed": Scenario("As designed"),
    "half": Scenario("Half the supporters", Assumptions(supporters_a_force=100)),
    "few": Scenario("34 supporters a force", Assumptions(supporters_a_force=WEST_MERCIA)),
    "unwilling": Scenario("Half the acceptance", Assumptions(accepts=0.30, declines=0.45)),
    "surge": Scenario("An incident in one force", surge=True),
    "worst": Scenario(
        "All three at once",
        Assumptions(supporters_a_force=WEST_MERCIA, accepts=0.30, declines=0.45),
        surge=True,
    ),
}

SETTINGS: Mapping[str, Scenario] = {
    "open-2": Scenario("Offer open 2 h", policy=Policy(offer_open_hours=2)),
    "open-8": Scenario("Offer open 8 h", policy=Policy(offer_open_hours=8)),
    "five-at-once": Scenario("Today: 5 at once", policy=Policy(offers_at_once_today=5)),
    "unanswered-2": Scenario("2 unanswered a week", policy=Policy(unanswered_offers_in_week=2)),
}
SCENARIOS: Mapping[str, Scenario] = {**CIRCUMSTANCES, **SETTINGS}
