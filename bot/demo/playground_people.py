"""The demo's people, as Microsoft 365 Agents Playground is told of them: one file a person."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_OTHERS = 5  # it takes neither more nor fewer


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's people, as the Playground is told of them."""

    tenant_id: str
    directory_id: str
    name: str
    email: str

    @property
    def key(self) -> str:
        """The name of this person's folder."""
        return self.name.split()[0].lower()

    def account(self) -> dict[str, str]:
        """The person in the Playground's own words, its slip of the pen among them."""
        given, _, surname = self.name.partition(" ")
        return {
            "id": f"29:{self.directory_id}",
            "name": self.name,
            "userPrincipleName": self.email,
            "aadObjectId": self.directory_id,
            "givenName": given,
            "surname": surname,
            "email": self.email,
        }


def read_people(*files: Path) -> dict[str, Person]:
    """The demo's people, by name."""
    found = {}
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                person = Person(row["tenant_id"], row["directory_id"], row["name"], row["email"])
                found[person.name] = person
    return found


def settings_for(person: Person, people: Sequence[Person]) -> str:
    """The file that makes one Playground this person. JSON is YAML too, and quotes whatever stands in a name."""
    others = [other for other in people if other != person and other.tenant_id == person.tenant_id]
    return json.dumps(
        {
            "version": "0.1.0",
            "tenantId": person.tenant_id,
            "bot": {"id": "28:peer-support", "name": "Peer support"},
            "currentUser": person.account(),
            "users": [other.account() for other in others[:_OTHERS]],
            "personalChat": {"id": f"a:{person.directory_id}"},
            "groupChat": {"id": f"19:group-{person.directory_id}", "name": "A group"},
            "team": {
                "id": f"19:team-{person.directory_id}",
                "name": "A team",
                "aadGroupId": "00000000-0000-0000-0000-000000000031",
                "channels": [{"id": f"19:channel-{person.directory_id}", "name": "Announcements"}],
            },
        },
        indent=1,
    )
