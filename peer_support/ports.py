"""What the rules need of the world: one unit of work with its stores, names from the channel, and chance.

Every store speaks in the entities of this room. Sealing, hashing and time repair are the storage's business.
A unit of work commits when it is left without an exception, and rolls back otherwise; nothing else commits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Literal, Protocol

from peer_support.audit import AuditRow, Sealed
from peer_support.break_glass import BreakGlass
from peer_support.crisis.contacts import Contact, packaged
from peer_support.due import Due, DueKind
from peer_support.feedback import Feedback
from peer_support.forces import Forces
from peer_support.heard import Heard
from peer_support.keeping_ports import Erasing, Handovers, Keeping, Records, Statistics
from peer_support.offer import Match, Offer, OfferState, Proposal, ProposalState
from peer_support.people import Address
from peer_support.people_ports import Coordinators, Drafts, Exclusions, Members, Roster, Supporters
from peer_support.request import Asker, Request
from peer_support.sending_ports import Notices


class Requests(Protocol):
    async def get(self, request_id: str) -> Request | None:
        """The row, locked for the rest of the unit of work: before anything that hangs on it is changed.

        Where several are locked, in the order of their ids.
        """
        ...

    async def look(self, request_id: str) -> Request | None:
        """The row for a look that changes nothing of it: it waits for nobody, and nobody waits for it."""
        ...

    async def of_proposal(self, proposal_id: str) -> Request | None:
        """A look at the request that a proposal is about: one and the same, whether there is such a proposal or not."""
        ...

    async def of_offer(self, offer_id: str, supporter_id: str, *, answers: bool = False) -> Request | None:
        """The request that this supporter's own offer is about, locked as by `get`. Another's locks nothing.

        `answers`: with a yes. The supporter is locked too, so that two yeses of theirs stand in one line, and the
        second counts the first.
        """
        ...

    async def live_of(self, member_id: str) -> Request | None: ...
    async def live_in(self, force_id: str) -> Sequence[Request]: ...
    async def reference_taken(self, reference: str) -> bool: ...
    async def asker(self, member_id: str, reference: str, force_id: str, since: datetime) -> Asker:
        """All that is asked of somebody before a request of theirs is made, in one look.

        Whom they are kept apart from, and whether this force has a coordinator for them, is then at hand.
        """
        ...

    def begin(self, request_id: str) -> None:
        """An id of this unit's own making: nothing stands about it yet."""
        ...

    async def add(self, request: Request) -> None:
        """AlreadyAsking where the person has a live one (a unique index says so)."""
        ...

    async def save(self, request: Request) -> None:
        """Conditional on the version read; OutOfDate where somebody else saved first. Stores version + 1."""
        ...


class Offers(Protocol):
    async def get(self, offer_id: str) -> Offer | None: ...
    async def add(self, *offers: Offer) -> None:
        """OutOfDate where a supporter already holds an unanswered offer of the same request."""
        ...

    async def end(self, offer_id: str, to: OfferState, now: datetime) -> bool:
        """Conditional: only an offer still `sent` ends; True for the one caller who ended it."""
        ...

    async def take_back(self, offer_id: str, now: datetime) -> bool:
        """Conditional: only an accepted offer becomes declined; True for the one caller who did it."""
        ...

    async def of_request(self, request_id: str) -> Sequence[Offer]: ...
    async def sent_to(self, supporter_id: str) -> Sequence[Offer]:
        """The supporter's offers that still wait for an answer, oldest first."""
        ...


class Proposals(Protocol):
    async def get(self, proposal_id: str) -> Proposal | None: ...
    async def of_offer(self, offer_id: str) -> Proposal | None: ...
    async def add(self, proposal: Proposal) -> None: ...
    async def end(self, proposal_id: str, to: ProposalState, now: datetime) -> bool:
        """Conditional: only a proposal still `asked` ends; True for the one caller who ended it."""
        ...

    async def asked_of(self, request_id: str) -> Proposal | None: ...
    async def shown_since(self, requester_id: str, since: datetime) -> int:
        """How many supporters' names this requester was shown since then, before a deletion of their data too."""
        ...


class Matches(Protocol):
    async def get(self, match_id: str) -> Match | None: ...
    async def add(self, match: Match) -> None:
        """OutOfDate where the request has a live match (a unique index says so)."""
        ...

    async def save(self, match: Match) -> None: ...
    async def live_of_request(self, request_id: str) -> Match | None: ...
    async def live_of_supporter(self, supporter_id: str) -> Sequence[Match]: ...


class Dues(Protocol):
    async def put(self, kind: DueKind, subject_id: str, at: datetime) -> None:
        """Set, or move, the one row of this kind and subject."""
        ...

    async def remove(self, kind: DueKind, subject_id: str) -> None: ...
    async def clear(self, subject_id: str) -> None:
        """Remove every row about a subject."""
        ...

    async def of(self, subject_id: str) -> Sequence[Due]: ...
    async def next(self, now: datetime) -> Due | None:
        """The row that has been due the longest, but for those others work on now. Not locked; None when done."""
        ...

    async def take(self, due: Due) -> bool:
        """Remove it where it still stands as it was seen; True for the one caller who removed it."""
        ...

    async def put_off(self, due: Due, until: datetime) -> None:
        """After a failure: the same row later, with one failure more, unless somebody has moved or removed it."""
        ...


class Audit(Protocol):
    async def add(self, row: AuditRow) -> None: ...
    async def seal(self, now: datetime, most: int) -> Sealed | None:
        """Seal rows that wait onto the chain, `most` at once; None where another process is at it."""
        ...

    async def purge(self, before: datetime, now: datetime, most: int) -> int:
        """Let go of sealed rows from before a moment, the oldest first, `most` at once; how many went."""
        ...


class Turns(Protocol):
    async def first_time(self, key: str, now: datetime) -> bool:
        """Remember an activity's key; False where it was worked before."""
        ...


class FeedbackBox(Protocol):
    async def add(self, feedback: Feedback) -> None: ...
    async def all(self) -> Sequence[Feedback]: ...


class HeardCounts(Protocol):
    async def add(self, heard: Heard, count: int) -> None:
        """So many more of this week, tier and version."""
        ...

    async def all(self) -> Sequence[tuple[Heard, int]]: ...
    async def forget(self, before: str) -> None:
        """Let go of every week before this one."""
        ...


class BreakGlasses(Protocol):
    """Asks to see who asked. They go when their request goes."""

    async def get(self, ask_id: str) -> BreakGlass | None: ...
    async def add(self, ask: BreakGlass) -> None:
        """OutOfDate where this coordinator has one standing for this request."""
        ...

    async def save(self, before: BreakGlass, after: BreakGlass) -> None:
        """Conditional on the state read; OutOfDate where somebody else was first. Writes its state and its moments."""
        ...

    async def standing_of(self, request_id: str, asked_by: str) -> BreakGlass | None:
        """The one of this coordinator's that waits for an answer, or whose hour runs."""
        ...

    async def about(self, member_id: str) -> Sequence[BreakGlass]:
        """Every one about this member's own requests, oldest first, told of or not."""
        ...


class Work(Protocol):
    """One unit of work: one turn, or one swept row, is one transaction."""

    @property
    def members(self) -> Members: ...
    @property
    def supporters(self) -> Supporters: ...
    @property
    def coordinators(self) -> Coordinators: ...
    @property
    def roster(self) -> Roster: ...
    @property
    def exclusions(self) -> Exclusions: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def offers(self) -> Offers: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def matches(self) -> Matches: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def dues(self) -> Dues: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def feedback(self) -> FeedbackBox: ...
    @property
    def keeping(self) -> Keeping: ...
    @property
    def erasing(self) -> Erasing: ...
    @property
    def statistics(self) -> Statistics: ...
    @property
    def records(self) -> Records: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def heard(self) -> HeardCounts: ...
    @property
    def break_glass(self) -> BreakGlasses: ...


OpenWork = Callable[[], AbstractAsyncContextManager[Work]]


@dataclass(frozen=True, slots=True)
class PersonName:
    """How the channel names a person. `email` is what a Teams chat link takes."""

    full: str
    given: str
    email: str | None = None


class NameUnknown(Exception):
    """The channel can't tell a name now that may be shown: the notice is sent a little later instead."""


class Names(Protocol):
    async def of(self, address: Address) -> PersonName | None:
        """The person's name as the channel knows it now; None where it can't be had."""
        ...


Scrub = Callable[[str], Awaitable[None]]


async def nothing_to_scrub(_table: str) -> None:
    """What is kept in memory leaves nothing behind."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a command may use. `forms` says where answers are typed: a Teams dialog, or a card in the chat.

    `contacts` are the packaged help lines, with this deployment's own checks taken in. `scrub` takes what was deleted
    from a table out of the database's files; `pages` is where people reach the bot's own pages, if that is set.
    """

    open_work: OpenWork
    forces: Forces
    names: Names
    chance: Random
    forms: Literal["dialog", "chat"] = "dialog"
    contacts: tuple[Contact, ...] = field(default_factory=packaged)
    scrub: Scrub = nothing_to_scrub
    pages: str = ""
