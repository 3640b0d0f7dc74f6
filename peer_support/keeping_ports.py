"""What keeping, and a person's rights over what is kept, need of the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from peer_support.audit import AuditRow
from peer_support.keeping import Ends
from peer_support.notice import NoticeKind
from peer_support.offer import Match, Offer, Proposal
from peer_support.request import Request


class Old(StrEnum):
    """What goes by its age alone."""

    DRAFTS = "drafts"
    TURNS = "turns"
    NOTICES = "notices"
    FEEDBACK = "feedback"
    COUNTS = "counts"
    HANDOVERS = "handovers"
    SHOWN_NAMES = "shown_names"


class Measure(StrEnum):
    """What is counted. By week: how requests ended. By quarter: kinds of topic, and weeks to an introduction."""

    OUTCOME = "outcome"
    GROUP = "group"
    WAITED = "waited"


@dataclass(frozen=True, slots=True)
class Count:
    """One force, one period, one thing: never two facts about the same person beside each other."""

    force_id: str
    starts: date
    measure: Measure
    value: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Closed:
    """A request whose time is up. `erased`: its person deleted their data, and it was counted then."""

    request: Request
    introduced_at: datetime | None
    erased: bool


class Keeping(Protocol):
    """What goes. A row that another holds is passed over: the next round takes it. Doing it twice changes nothing."""

    async def closed(self, ends: Ends, erased_before: datetime, most: int) -> Sequence[Closed]:
        """Ended requests whose time is up, locked, the longest first."""
        ...

    async def forget_request(self, request_id: str) -> None:
        """The request and all that hangs on it: offers, proposals, matches, messages, due rows."""
        ...

    async def forget_old(self, what: Old, ends: Ends, most: int) -> int:
        """So many of the oldest at most; how many went. No card that may still have to be mended is forgotten."""
        ...

    async def forget_quiet(self, ends: Ends, erased_before: datetime, most: int) -> int:
        """People who haven't written for long, on no roster and named by nothing else; and erased people's rows."""
        ...

    async def forget_addresses(self, told_since: datetime) -> int:
        """The chat's address of erased people who are owed nothing: no card to mend, no name opened since then."""
        ...

    async def forget_supporter(self, member_id: str) -> bool:
        """The roster's row; False while a request still names them."""
        ...

    async def forget_coordinator(self, member_id: str) -> None: ...


class Erasing(Protocol):
    """What a person's own word makes go at once."""

    async def detach(
        self, member_id: str, nobody_id: str, kinds: Collection[NoticeKind], at: datetime
    ) -> None:
        """Give their requests, matches and what waits to be mended to an emptied row; forget what was sent to them."""
        ...

    async def forget_member(self, member_id: str) -> None:
        """The person's row, and what hangs on it alone."""
        ...

    async def forget_own(self, member_id: str) -> None:
        """What somebody on a roster said of themselves as a person who asks: draft, people left out, open files."""
        ...

    async def name_was_shown(self, tenant_id: str, directory_id: str, at: datetime, until: datetime) -> None:
        """Remember, under a keyed hash alone, that a supporter's name was shown."""
        ...


class Statistics(Protocol):
    async def add(self, count: Count) -> None:
        """Add to what stands."""
        ...

    async def all(self) -> Sequence[Count]: ...


class Records(Protocol):
    """All that the store holds of one person, for that person."""

    async def requests_of(self, member_id: str) -> Sequence[Request]:
        """Live or closed, the oldest first."""
        ...

    async def proposals_to(self, member_id: str) -> Sequence[Proposal]: ...
    async def matches_of(self, member_id: str) -> Sequence[Match]: ...
    async def offers_to(self, supporter_id: str) -> Sequence[Offer]: ...
    async def matches_with(self, supporter_id: str) -> Sequence[Match]: ...
    async def acts_on(self, subject_ids: Collection[str]) -> Sequence[AuditRow]:
        """What the audit has about these, the oldest first."""
        ...

    async def messages_to(self, member_id: str) -> int: ...


class Handovers(Protocol):
    async def add(self, token: str, member_id: str, until: datetime) -> None:
        """A file may be fetched with this token until then. An earlier one of theirs is no good any more."""
        ...

    async def take(self, token: str, now: datetime) -> str | None:
        """Whose it is: for the one caller who took it, in time."""
        ...
