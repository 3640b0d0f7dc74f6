"""The people of the local Teams: those on a roster file, and officers who stand on no roster."""

from __future__ import annotations

import csv
import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

OFFICER = "officer"
NEEDED = ("tenant_id", "directory_id", "name", "email", "force")


class PeopleUnreadable(ValueError):
    """A file of people can't be used. Says which file and line, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a Teams account. Ids come from the directory id alone, so they are the same after a restart."""

    tenant_id: str
    directory_id: str
    name: str
    email: str
    force: str
    role: str = OFFICER

    @property
    def user_id(self) -> str:
        """What the channel calls this person towards the bot."""
        return f"29:1{self._digest('user')}"

    @property
    def conversation_id(self) -> str:
        """This person's personal chat with the bot."""
        return f"a:1{self._digest('chat')}"

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split()[0]

    def account(self) -> dict[str, str]:
        """The person as the connector's member look-ups give them."""
        return {
            "id": self.user_id,
            "name": self.name,
            "givenName": self.first_name,
            "surname": self.name.removeprefix(self.first_name).strip(),
            "email": self.email,
            "userPrincipalName": self.email,
            "aadObjectId": self.directory_id,
            "objectId": self.directory_id,
            "tenantId": self.tenant_id,
            "userRole": "user",
        }

    def _digest(self, kind: str) -> str:
        key = f"{kind}|{self.tenant_id}|{self.directory_id}".encode()
        return urlsafe_b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


class People:
    """Everyone, found by directory id, by channel id or by chat."""

    def __init__(self, everyone: list[Person]) -> None:
        self.everyone = tuple(everyone)
        self.by_directory_id = {person.directory_id: person for person in everyone}
        self.by_conversation_id = {person.conversation_id: person for person in everyone}
        self._by_user_id = {person.user_id: person for person in everyone}

    def find(self, any_id: str) -> Person | None:
        """The person with this channel id or directory id."""
        return self._by_user_id.get(any_id) or self.by_directory_id.get(any_id)

    def defaults(self) -> dict[str, str]:
        """Who stands where at first: an officer, then a supporter and a coordinator of the officer's force."""
        officer = self._first(OFFICER, "")
        force = officer.force if officer else ""
        trio = {
            "left": officer,
            "middle": self._first("supporter", force),
            "right": self._first("coordinator", force),
        }
        taken = {person.directory_id for person in trio.values() if person}
        spare = [person for person in self.everyone if person.directory_id not in taken]
        chosen = {place: person or (spare.pop(0) if spare else None) for place, person in trio.items()}
        return {place: person.directory_id for place, person in chosen.items() if person}

    def _first(self, role: str, force: str) -> Person | None:
        fitting = [person for person in self.everyone if person.role == role]
        return next((person for person in fitting if person.force == force), fitting[0] if fitting else None)


def read_people(roster: Path | None, officers: Path | None) -> People:
    """Read both files. Raises PeopleUnreadable where a file, a column or a value is missing, or an id comes twice."""
    everyone: list[Person] = []
    if officers:
        everyone += _read(officers, has_role=False)
    if roster:
        everyone += _read(roster, has_role=True)
    if not everyone:
        raise PeopleUnreadable(
            "There is nobody to be: give --roster or --officers a file with at least one person."
        )
    seen: set[str] = set()
    for person in everyone:
        if person.directory_id in seen:
            raise PeopleUnreadable(
                f"The directory id {person.directory_id} ({person.name}) stands there twice."
            )
        seen.add(person.directory_id)
    return People(everyone)


def _read(path: Path, *, has_role: bool) -> list[Person]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            needed = (*NEEDED, "role") if has_role else NEEDED
            missing = [column for column in needed if column not in (rows.fieldnames or ())]
            if missing:
                raise PeopleUnreadable(f"{path}: the first line lacks {', '.join(missing)}.")
            return [_person(path, rows.line_num, row, needed) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise PeopleUnreadable(f"{path} can't be read: {fault}") from fault


def _person(path: Path, line: int, row: dict[str, str | None], needed: tuple[str, ...]) -> Person:
    values = {column: (row.get(column) or "").strip() for column in needed}
    empty = [column for column, value in values.items() if not value]
    if empty:
        raise PeopleUnreadable(f"{path}, line {line}: {', '.join(empty)} is empty.")
    return Person(**values)
