"""Who is there: officers who ask, supporters who answer, and those who run the two forces' networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from peer_support.commands.import_roster import ImportRoster, import_roster
from peer_support.forces import Forces
from peer_support.policy import Policy
from peer_support.ports import Desk, Names
from peer_support.roster import HEADER
from peer_support.roster_reader import read_roster
from storage import Store
from tests.fakes.person import Person
from tests.ordeal.channel import Channel
from tests.scenarios.town import NORTHMOOR, WESTVALE

FORCE_OF = {NORTHMOOR: "northmoor", WESTVALE: "westvale"}
TENANTS = tuple(FORCE_OF)


@dataclass(slots=True)
class Cast:
    """Everybody, by what they are."""

    officers: list[Person] = field(default_factory=list)
    supporters: list[Person] = field(default_factory=list)
    coordinators: list[Person] = field(default_factory=list)

    @property
    def everybody(self) -> Sequence[Person]:
        """All of them."""
        return [*self.officers, *self.supporters, *self.coordinators]


def a_cast(teams: Channel, officers: int, supporters: int) -> Cast:
    """So many of each over two forces, and a coordinator for either."""
    made = Cast()
    for number in range(officers):
        made.officers.append(teams.person(f"Jo Number{number}", TENANTS[number % 2]))
    for number in range(supporters):
        made.supporters.append(teams.person(f"Sam Number{number}", TENANTS[number % 2]))
    for tenant in TENANTS:
        made.coordinators.append(teams.person(f"Ria of {FORCE_OF[tenant]}", tenant))
    return made


async def enrol(store: Store, forces: Forces, names: Names, cast: Cast, now: datetime) -> None:
    """The roster, as `roster import` does it. Coordinators hear of every working day, so that none may hear twice."""
    rows = [_row(person, "supporter") for person in cast.supporters]
    rows += [_row(person, "coordinator") for person in cast.coordinators]
    reading = read_roster(rows, forces)
    assert not reading.faults, reading.faults
    desk = Desk(open_work=store.work, forces=forces, names=names, chance=Random(1))
    await import_roster(ImportRoster(reading.rows, now), desk)
    async with store.work() as work:
        for _, _, coordinator in await work.roster.everyone():
            if coordinator is not None:
                await work.coordinators.put(replace(coordinator, daily=True))


def _row(person: Person, role: str) -> dict[str, str]:
    listens = role == "supporter"
    training = {"selected_on": "2024-01-01", "trained_on": "2024-02-01", "refresher_due": "2030-01-01"}
    return (
        dict.fromkeys(HEADER, "")
        | (training if listens else {})
        | {
            "tenant_id": person.tenant,
            "directory_id": person.directory,
            "name": person.name,
            "email": person.email,
            "role": role,
            "force": FORCE_OF[person.tenant],
            "grade": "constable",
            "roles": "response" if listens else "",
            "languages": "en",
            "bio": "Happy to listen." if listens else "",
            "max_active": str(Policy().max_active) if listens else "",
            "signed_off_by": "Ria Holt" if listens else "",
            "status": "active",
        }
    )
