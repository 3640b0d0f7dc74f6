"""The roster as its coordinators keep it: what one row says of one person, and what that makes of them here.

Only the roster makes supporters and coordinators. It never names what somebody has lived through, never unpauses them
and never lists them: those are the supporter's own to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from peer_support.hours import WeeklyHours
from peer_support.people import Coordinator, Member, RosterStatus, Supporter

HEADER = (
    "tenant_id",
    "directory_id",
    "name",
    "email",
    "role",
    "force",
    "grade",
    "roles",
    "experiences",
    "cleared_experiences",
    "languages",
    "team",
    "line_manager",
    "bio",
    "max_active",
    "hours",
    "selected_on",
    "trained_on",
    "refresher_due",
    "signed_off_by",
    "status",
)


class RosterRole(StrEnum):
    SUPPORTER = "supporter"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the file, checked."""

    tenant_id: str
    directory_id: str
    name: str
    email: str
    role: RosterRole
    force_id: str
    grade: str
    roles: frozenset[str]
    experiences: frozenset[str]
    cleared: frozenset[str]
    languages: frozenset[str]
    team: str | None
    line_manager: str | None
    bio: str
    max_active: int
    hours: WeeklyHours | None
    selected_on: date | None
    trained_on: date | None
    refresher_due: date | None
    signed_off_by: str | None
    status: RosterStatus


@dataclass(frozen=True, slots=True)
class RosterFault:
    """What is wrong, or worth a look, in one field of one line. Line 1 is the header."""

    line: int
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class RosterReading:
    """All or nothing: with any fault there are no rows. `remarks` stop nothing; they are shown in the preview."""

    rows: tuple[RosterRow, ...]
    faults: tuple[RosterFault, ...] = ()
    remarks: tuple[RosterFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as the store has them, or would have them after an import."""

    member: Member
    supporter: Supporter | None = None
    coordinator: Coordinator | None = None

    @property
    def on_roster(self) -> bool:
        """Whether the roster has made them anything."""
        return self.supporter is not None or self.coordinator is not None

    @property
    def active(self) -> bool:
        """Whether they serve as anything now."""
        return self.supporting or (
            self.coordinator is not None and self.coordinator.status is RosterStatus.ACTIVE
        )

    @property
    def supporting(self) -> bool:
        """Whether they may hold live offers."""
        return self.supporter is not None and self.supporter.status is RosterStatus.ACTIVE


def after_import(row: RosterRow, present: Entry) -> Entry:
    """What a row makes of a person. What only they themselves may say stays; a role they no longer have ends."""
    member = replace(present.member, name=row.name, email=row.email, force_id=row.force_id)
    supporter, coordinator = present.supporter, present.coordinator
    if row.role is RosterRole.SUPPORTER:
        supporter = _supporter(row, member.id, supporter)
        if coordinator:
            coordinator = replace(coordinator, status=RosterStatus.LEFT)
    else:
        coordinator = replace(
            coordinator or Coordinator(member.id, row.force_id),
            force_id=row.force_id,
            hours=row.hours,
            status=row.status,
        )
        if supporter:
            supporter = replace(supporter, status=RosterStatus.LEFT)
    return Entry(member, supporter, coordinator)


def _supporter(row: RosterRow, member_id: str, present: Supporter | None) -> Supporter:
    before = present or Supporter(member_id, row.force_id, row.grade)
    return replace(
        before,
        force_id=row.force_id,
        grade=row.grade,
        roles=row.roles,
        experiences=row.experiences,
        cleared=row.cleared,
        named=before.named & row.experiences,
        languages=row.languages,
        team=row.team,
        line_manager=row.line_manager,
        bio=row.bio,
        max_active=row.max_active,
        hours=row.hours,
        selected_on=row.selected_on,
        trained_on=row.trained_on,
        refresher_due=row.refresher_due,
        signed_off_by=row.signed_off_by,
        status=row.status,
    )


@dataclass(frozen=True, slots=True)
class RosterChange:
    """One person before and after. `fields` are the columns that differ. Before is a mere member where they are new."""

    before: Entry
    after: Entry
    fields: tuple[str, ...] = ()

    @property
    def stops_supporting(self) -> bool:
        """Their live offers are withdrawn at once."""
        return self.before.supporting and not self.after.supporting


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What an import would change. `missing` are people of the file's forces whom it leaves out: they stay."""

    added: tuple[RosterChange, ...] = ()
    changed: tuple[RosterChange, ...] = ()
    inactive: tuple[RosterChange, ...] = ()
    unchanged: tuple[Entry, ...] = ()
    missing: tuple[Entry, ...] = ()

    @property
    def writes(self) -> tuple[RosterChange, ...]:
        """Everything to be saved."""
        return (*self.added, *self.changed, *self.inactive)
