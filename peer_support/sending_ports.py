"""What queueing notices, and sending them, need of the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from peer_support.notice import Notice, NoticeKind
from peer_support.sending import Claim, DeadLetter, Dealt, Ended, Pace, Places


class Notices(Protocol):
    async def add(self, notice: Notice) -> None:
        """Queue it; nothing happens where one with the same recipient, kind, subject, occasion and edit stands."""
        ...

    async def sent_cards(self, recipient_id: str, kind: NoticeKind, subject_id: str) -> Sequence[str]:
        """The channel's ids of the messages already sent for this (edits left out)."""
        ...

    async def told(self, kind: NoticeKind, subject_id: str) -> Collection[str]:
        """Whom a message was already sent for this, whoever they are now."""
        ...

    async def drop(self, subject_id: str, kinds: Collection[NoticeKind]) -> int:
        """Take back what waits to be sent about a subject. How many new messages that were (edits left out)."""
        ...

    async def revive(self, recipient_id: str, now: datetime) -> None:
        """They can be reached again: edits that died because they couldn't are due now."""
        ...

    async def dead(self) -> Sequence[DeadLetter]:
        """Those that aren't tried again, but for what was taken back: the oldest first."""
        ...

    async def replay(self, now: datetime, notice_id: str | None = None) -> Sequence[str]:
        """Try one of these again from now on, or all of them; the ids of those that are."""
        ...

    async def let_go(self, notice_id: str) -> bool:
        """Take one of these back for good; False where there is no such."""
        ...


class Outbox(Protocol):
    """The sender's side of the notices, for `bot/` alone. Each call is its own transaction.

    Leases and paces run by the database's own clock, which all senders share.
    """

    async def claim(self, now: datetime, lease: timedelta, most: int, pace: Pace) -> Sequence[Claim]:
        """The people who have waited longest for what is due at `now`, `most` at once, and theirs in order.

        Left out are people whom another sender holds, or who wait for a retry, and tenants that are sent enough just
        now. Each claim counts as a try of its notices, so that a crash counts too.
        """
        ...

    async def settle(self, dealt: Sequence[Dealt], ended: Sequence[Ended]) -> None:
        """Write down what became of notices, and let people go.

        Where a message was taken back while it was sent, an edit of it is queued in the same transaction.
        """
        ...

    async def places(self, tenant_id: str, count: int, pace: Pace) -> Places:
        """Further places of a tenant, for what goes beside those that came with the claim."""
        ...

    async def stand_back(self, tenant_id: str, seconds: float) -> None:
        """The channel wants nothing of this tenant for so long."""
        ...

    async def tidy(self, now: datetime) -> None:
        """Let go of what says nothing any more."""
        ...
