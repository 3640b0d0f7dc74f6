"""What an operator may do about notices that aren't tried again, without learning whose they are or what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from peer_support.acting import note_act
from peer_support.ports import Desk
from peer_support.sending import DeadLetter


async def dead_letters(desk: Desk) -> Sequence[DeadLetter]:
    """All of them, the oldest first."""
    async with desk.open_work() as work:
        return await work.notices.dead()


async def replay(desk: Desk, now: datetime, notice_id: str | None = None) -> int:
    """Try one again, or all of them; how many. Each is worded from the truth when it is sent, or dropped as stale."""
    async with desk.open_work() as work:
        found = await work.notices.replay(now, notice_id)
        for each in found:
            await note_act(work, now, "outbox.replayed", each)
        return len(found)


async def drop(desk: Desk, now: datetime, notice_id: str) -> bool:
    """Let one go for good. False where it isn't a dead letter."""
    async with desk.open_work() as work:
        dropped = await work.notices.let_go(notice_id)
        if dropped:
            await note_act(work, now, "outbox.dropped", notice_id)
        return dropped
