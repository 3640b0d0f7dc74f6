"""The people the bot knows: anyone who has written to it (Member), and what the roster makes of some of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from peer_support.hours import WeeklyHours


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person's personal chat with the bot is. Sealed at rest: it identifies them to the channel."""

    service_url: str
    conversation_id: str
    tenant_id: str
    user_id: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting, as the verified channel says. Roles are never taken from the message, only from the roster."""

    tenant_id: str
    directory_id: str
    address: Address
    locale: str = "en-GB"


class Reach(StrEnum):
    """Whether the bot can write to a person now."""

    NEVER_OPENED = "never_opened"
    REACHABLE = "reachable"
    BLOCKED = "blocked"


class Alike(StrEnum):
    """Whom the requester would like to be like them. Job means kind of work."""

    NOTHING = "nothing"
    JOB = "job"
    GRADE = "grade"


@dataclass(frozen=True, slots=True)
class AboutMe:
    """What a requester chose to tell about themselves. None means not known, and what isn't known isn't claimed."""

    grade: str | None = None
    work: str | None = None
    language: str | None = None
    alike: Alike = Alike.NOTHING


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one tenant. `name` and `email` are held only for people on the roster.

    `seen_in` is the first day of the month in which they last wrote: no finer, since it only says when to forget them.
    """

    id: str
    tenant_id: str
    directory_id: str
    force_id: str | None = None
    name: str | None = None
    email: str | None = None
    address: Address | None = None
    reach: Reach = Reach.NEVER_OPENED
    locale: str = "en-GB"
    language: str | None = None  # chosen for the cards; without it, that of the locale
    welcomed_at: datetime | None = None
    limits_version: str | None = None
    limits_read_at: datetime | None = None
    about: AboutMe | None = None
    seen_in: date | None = None


class RosterStatus(StrEnum):
    ACTIVE = "active"
    LEAVE = "leave"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Supporter:
    """A trained supporter as the roster and they themselves describe them. `id` is the member's id.

    `experiences` are matched on; only `named` ones may ever be shown, and only the supporter adds to those.
    `cleared` are the sensitive experiences that the coordinator has cleared this supporter to take.
    `line_manager` is the directory id of their manager in their own tenant.
    """

    id: str
    force_id: str
    grade: str
    roles: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()
    cleared: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"en"})
    team: str | None = None
    line_manager: str | None = None
    bio: str = ""
    max_active: int = 3
    hours: WeeklyHours | None = None
    selected_on: date | None = None
    trained_on: date | None = None
    refresher_due: date | None = None
    signed_off_by: str | None = None
    status: RosterStatus = RosterStatus.ACTIVE
    paused: bool = False
    listed: bool = False
    last_offered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Runs one force's network. `id` is the member's id. `daily` asks for a digest even when nothing needs doing."""

    id: str
    force_id: str
    hours: WeeklyHours | None = None
    status: RosterStatus = RosterStatus.ACTIVE
    daily: bool = False
