"""What the rules need of the store about people: members, the roster, who is kept apart, and what is being written."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime
from typing import Protocol

from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.matching.candidate import Candidate
from peer_support.offer import Offer
from peer_support.people import Coordinator, Member, Supporter


class Members(Protocol):
    async def get(self, member_id: str) -> Member | None: ...
    async def find(self, tenant_id: str, directory_id: str) -> Member | None: ...
    def person(self, tenant_id: str, directory_id: str) -> str:
        """A key that only the same person of the same tenant has, and that doesn't tell who it is."""
        ...

    async def many(self, member_ids: Collection[str]) -> dict[str, Member]: ...
    async def named(self, member_ids: Collection[str]) -> dict[str, Member]:
        """Who they are, without where they are written to and what they told about themselves, which stay sealed."""
        ...

    async def add(self, member: Member) -> None: ...
    async def save(self, before: Member, after: Member) -> None:
        """Write what differs between the two and nothing else, so that no other's change is undone.

        OutOfDate where there is no such row.
        """
        ...


class Supporters(Protocol):
    async def get(self, member_id: str) -> Supporter | None: ...
    async def put(self, supporter: Supporter) -> None:
        """Add, or replace all that stands under the same id."""
        ...

    async def set_paused(self, member_id: str, *, paused: bool) -> None:
        """Write this and nothing else, so that an import under way isn't undone."""
        ...

    async def set_profile(self, member_id: str, *, bio: str, named: Collection[str], listed: bool) -> None:
        """Write these and nothing else. Of `named`, only the experiences that the roster has by now."""
        ...

    async def candidate(self, member_id: str, now: datetime) -> Candidate | None:
        """One supporter; their member is then at hand."""
        ...

    async def answering(self, offer: Offer, requester_id: str, now: datetime) -> Candidate | None:
        """Whoever answers an offer, as a candidate, read in one look with the other side of it.

        The requester, whom they are kept apart from, and the messages that show the offer are then at hand.
        """
        ...

    def candidates(
        self, now: datetime, force_ids: Collection[str] | None = None
    ) -> AsyncGenerator[Sequence[Candidate], None]:
        """Supporters with their loads, of these forces or of all, leaving out the plainly unavailable; a few at a time.

        Left out are those not active, paused, not selected, trained or signed off: a prefilter that never drops
        anyone whom `peer_support.matching` would take. Loads count over the seven days before `now`. Nothing else is
        asked of the unit of work before the last of them, or before whoever has seen enough closes it.
        """
        ...

    async def network(self, force_id: str, now: datetime) -> Sequence[Candidate]:
        """Every supporter of one force with their load, whatever their state: for the coordinator."""
        ...

    async def listed(self) -> Sequence[tuple[str, str, str]]:
        """(member id, name, force id) of the active supporters who agreed to be found in Not these people."""
        ...

    async def offered(self, member_id: str, at: datetime) -> None:
        """Remember when this supporter was last offered a request.

        Where somebody else did so since their load was read, the unit of work is given up in the end, and begun again.
        """
        ...


class Coordinators(Protocol):
    async def get(self, member_id: str) -> Coordinator | None: ...
    async def put(self, coordinator: Coordinator) -> None:
        """Add, or replace all that stands under the same id."""
        ...

    async def set_daily(self, member_id: str, *, daily: bool) -> None:
        """Write this and nothing else, so that an import under way isn't undone."""
        ...

    async def of_force(self, force_id: str) -> Sequence[Coordinator]:
        """The active coordinators of one force."""
        ...

    async def any_for(self, force_id: str, requester_id: str) -> bool:
        """Whether one of them can be reached, and is not the requester."""
        ...


class Roster(Protocol):
    async def everyone(self) -> Sequence[tuple[Member, Supporter | None, Coordinator | None]]:
        """Everybody on the stored roster, for the import's preview."""
        ...

    async def known(self, people: Collection[tuple[str, str]]) -> Sequence[Member]:
        """Those of these (tenant id, directory id) whom the bot knows, on the roster or not."""
        ...

    async def put(
        self,
        people: Sequence[tuple[Member, Supporter | None, Coordinator | None]],
        new: Collection[str],
    ) -> None:
        """Save what the roster says of many people at once, and nothing of what only they themselves may say.

        `named` only loses what is no longer among the experiences. `new` are ids of members; OutOfDate where one is
        there after all.
        """
        ...


class Exclusions(Protocol):
    async def of(self, owner_id: str) -> Sequence[Exclusion]: ...
    async def add(self, exclusion: Exclusion) -> None: ...
    async def remove(self, owner_id: str, exclusion_id: str) -> bool: ...
    async def around(self, member_id: str) -> frozenset[str]:
        """The member ids of everyone whom this member named, or who named this member."""
        ...


class Drafts(Protocol):
    async def get(self, member_id: str) -> Draft | None:
        """The row, locked for the rest of the unit of work. A draft is locked before the request it changes."""
        ...

    async def take(self, member_id: str) -> Draft | None:
        """The row, locked and removed at once: for answers that are being sent."""
        ...

    async def put(self, draft: Draft) -> None: ...
    async def remove(self, member_id: str) -> None: ...
