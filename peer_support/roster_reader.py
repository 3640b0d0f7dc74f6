"""Checks a roster, row by row and field by field, and finds every fault in one go. Pure: the file was read before."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from peer_support.directory import is_directory_id
from peer_support.force import Force
from peer_support.forces import Forces
from peer_support.hours import HoursUnreadable, WeeklyHours
from peer_support.people import RosterStatus
from peer_support.roster import RosterFault, RosterReading, RosterRole, RosterRow
from peer_support.taxonomy import EXPERIENCES, GRADES, LANGUAGES, ROLES

NAME_LENGTH = 100
BIO_LENGTH = 300
MOST_AT_ONCE = 10
TOLD_EVERY = 100
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Choice = TypeVar("Choice", bound=StrEnum)


def read_roster(
    rows: Sequence[Mapping[str, str]],
    forces: Forces,
    lines: Sequence[int] | None = None,
    tell: Callable[[int], None] | None = None,
) -> RosterReading:
    """Read the rows of a roster. `lines` says on which line of the file each row began; `tell` hears how far it is."""
    places = lines if lines is not None else range(2, len(rows) + 2)
    cells = [_Cells(row, line, forces) for row, line in zip(rows, places, strict=True)]
    read: list[RosterRow] = []
    for each in cells:
        read.append(each.row())
        if tell is not None and len(read) % TOLD_EVERY == 0:
            tell(len(read))
    faults = [fault for each in cells for fault in each.faults]
    remarks = [remark for each in cells for remark in each.remarks]
    people = {(row.tenant_id, row.directory_id) for row in read}
    first_line: dict[tuple[str, str], int] = {}
    for row, each in zip(read, cells, strict=True):
        person = (row.tenant_id, row.directory_id)
        if all(person) and person in first_line:
            faults.append(RosterFault(each.line, "directory_id", f"stands on line {first_line[person]} too"))
        first_line.setdefault(person, each.line)
        if row.line_manager and (row.tenant_id, row.line_manager) not in people:
            remarks.append(RosterFault(each.line, "line_manager", "isn't in this file; the id is kept"))
    if not rows:
        faults.append(RosterFault(1, "", "there is nobody below the header"))
    return RosterReading(() if faults else tuple(read), _by_line(faults), _by_line(remarks))


@lru_cache(maxsize=1000)  # one slip is often made all the way down a column
def _near(text: str, known: tuple[str, ...]) -> str:
    """The known word that was probably meant, if any."""
    return next(iter(get_close_matches(text, known, n=1)), "")


def _by_line(found: list[RosterFault]) -> tuple[RosterFault, ...]:
    return tuple(sorted(found, key=lambda each: each.line))


class _Cells:
    """The cells of one row being read. What can't be read is noted, and an empty value stands in for it."""

    def __init__(self, row: Mapping[str, str], line: int, forces: Forces) -> None:
        self.line = line
        self.faults: list[RosterFault] = []
        self.remarks: list[RosterFault] = []
        self._row = row
        self._forces = forces

    def row(self) -> RosterRow:
        """The row as read; only to be used where no fault was found."""
        tenant_id, force = self._tenant(), self._force()
        if force and tenant_id and tenant_id not in force.tenants and self._forces.allows(tenant_id):
            self._fault("force", f"{force.name} is not in this tenant")
        role = self._choice("role", RosterRole, RosterRole.SUPPORTER)
        directory_id = self._directory_id("directory_id")
        return RosterRow(
            tenant_id=tenant_id,
            directory_id=directory_id,
            name=self._name(),
            email=self._email(),
            role=role,
            force_id=force.id if force else "",
            grade=self._grade(role, force),
            roles=self._roles(),
            experiences=self._ids("experiences", EXPERIENCES),
            cleared=self._ids("cleared_experiences", EXPERIENCES),
            languages=self._ids("languages", LANGUAGES) or frozenset({"en"}),
            team=self._text("team") or None,
            line_manager=self._line_manager(directory_id),
            bio=self._bio(),
            max_active=self._max_active(force),
            hours=self._hours(),
            **self._dates(),
            signed_off_by=self._text("signed_off_by") or None,
            status=self._choice("status", RosterStatus, RosterStatus.LEFT),
        )

    def _fault(self, field: str, problem: str) -> None:
        self.faults.append(RosterFault(self.line, field, problem))

    def _remark(self, field: str, remark: str) -> None:
        self.remarks.append(RosterFault(self.line, field, remark))

    def _text(self, field: str) -> str:
        """A cell on one line, without stray spaces."""
        return " ".join((self._row.get(field) or "").split())

    def _needed(self, field: str) -> str:
        text = self._text(field)
        if not text:
            self._fault(field, "is empty")
        return text

    def _unknown(self, field: str, text: str, known: Collection[str]) -> None:
        close = _near(text, tuple(known))
        self._fault(field, f"“{text}” is not known" + (f"; did you mean “{close}”?" if close else ""))

    def _tenant(self) -> str:
        tenant_id = self._needed("tenant_id").lower()
        if tenant_id and not self._forces.allows(tenant_id):
            self._fault("tenant_id", "is not in the forces file")
        return tenant_id

    def _directory_id(self, field: str) -> str:
        text = self._needed(field).lower()
        if text and not is_directory_id(text):
            self._fault(field, "is not a directory id (a GUID of 36 characters)")
        return text

    def _force(self) -> Force | None:
        force_id = self._needed("force")
        force = self._forces.by_id.get(force_id)
        if force_id and force is None:
            self._unknown("force", force_id, self._forces.by_id)
        return force

    def _name(self) -> str:
        name = self._needed("name")
        if len(name) > NAME_LENGTH:
            self._fault("name", f"is longer than {NAME_LENGTH} characters")
        return name

    def _email(self) -> str:
        email = self._needed("email")
        if email and not _EMAIL.fullmatch(email):
            self._fault("email", "is not an e-mail address")
        return email

    def _grade(self, role: RosterRole, force: Force | None) -> str:
        grade = self._text("grade")
        if not grade:
            if role is RosterRole.SUPPORTER:
                self._fault("grade", "is empty")
        elif grade not in GRADES:
            self._unknown("grade", grade, GRADES)
        elif GRADES[grade].opt_in and force and grade not in force.features:
            self._fault(
                "grade", f"{force.name} has no scheme for people who have left (features in the forces file)"
            )
        return grade

    def _roles(self) -> frozenset[str]:
        roles = self._ids("roles", ROLES)
        if any(ROLES[role].covert for role in roles):
            self._remark("roles", "a covert role is kept, and never shown to anybody")
        if any(ROLES[role].conflict for role in roles):
            self._remark("roles", "professional standards and vetting are matched only with their own")
        return roles

    def _ids(self, field: str, known: Collection[str]) -> frozenset[str]:
        ids = {" ".join(piece.split()) for piece in (self._row.get(field) or "").split(";")} - {""}
        for unknown in sorted(ids.difference(known)):
            self._unknown(field, unknown, known)
        return frozenset(ids.intersection(known))

    def _line_manager(self, directory_id: str) -> str | None:
        if not self._text("line_manager"):
            return None
        manager = self._directory_id("line_manager")
        if manager == directory_id:
            self._fault("line_manager", "is the person themselves")
        return manager

    def _bio(self) -> str:
        bio = self._text("bio")
        if len(bio) > BIO_LENGTH:
            self._fault("bio", f"is longer than {BIO_LENGTH} characters")
        return bio

    def _max_active(self, force: Force | None) -> int:
        text = self._text("max_active")
        if not text:
            return force.policy.max_active if force else 0
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_AT_ONCE):
            self._fault("max_active", f"is not a whole number from 1 to {MOST_AT_ONCE}")
            return 0
        return int(text)

    def _hours(self) -> WeeklyHours | None:
        text = self._text("hours")
        try:
            return WeeklyHours.parse(text) if text else None
        except HoursUnreadable as fault:
            self._fault("hours", f"can't be read: {fault}")
            return None

    def _dates(self) -> dict[str, date | None]:
        dates = {field: self._date(field) for field in ("selected_on", "trained_on", "refresher_due")}
        for earlier, later in (("selected_on", "trained_on"), ("trained_on", "refresher_due")):
            one, other = dates[earlier], dates[later]
            if one and other and one > other:
                self._fault(later, f"is before {earlier}")
        return dates

    def _date(self, field: str) -> date | None:
        text = self._text(field)
        if not text:
            return None
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self._fault(field, f"“{text}” is not a date like 2026-04-03")
        return None

    def _choice(self, field: str, choices: type[Choice], instead: Choice) -> Choice:
        text = self._needed(field)
        try:
            return choices(text) if text else instead
        except ValueError:
            self._fault(field, f"“{text}” is not one of {', '.join(choices)}")
            return instead
