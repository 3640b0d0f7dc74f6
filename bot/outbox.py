"""The outbox's sender: what one person's turn brought about for others is worded and sent here, and only here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import structlog

from bot.connector import ChannelError, Connector, Refused, Stopped, Throttled, Unreachable, Unwell
from dialogs.notices import word
from peer_support.commands.meeting import lose_reach
from peer_support.notice import Notice
from peer_support.ports import Desk, Outbox

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BATCH = 64
MOST_TRIES = 40
LONGEST_WAIT = timedelta(minutes=30)
STOPPED_WAIT = timedelta(hours=1)
IDLE = 5.0


class Sender:
    """Sends what is due, several people at once, each person's in their order. A failure is put off, never lost."""

    def __init__(
        self,
        outbox: Outbox,
        desk: Desk,
        connector: Connector,
        clock: Callable[[], datetime],
        *,
        workers: int = 4,
        chance: Random | None = None,
    ) -> None:
        self._outbox, self._desk, self._connector, self._clock = outbox, desk, connector, clock
        self._places = asyncio.Semaphore(workers)
        self._chance = chance or Random()  # noqa: S311 - jitter, not a secret

    async def run(self, filled: asyncio.Event, stop: asyncio.Event) -> None:
        """Send as soon as something is committed; the idle look is only the net."""
        while not stop.is_set():
            filled.clear()
            try:
                if await self.send_due():
                    continue
            except Exception as fault:  # noqa: BLE001 - the database may be away: look again in a while
                log.warning("outbox_unreadable", error=type(fault).__name__)
            await _either(filled.wait(), stop.wait(), within=IDLE)

    async def send_due(self) -> int:
        """One batch. How many notices were dealt with."""
        notices = await self._outbox.claim(self._clock(), LEASE, BATCH)
        by_person: dict[str, list[Notice]] = {}
        for notice in notices:
            by_person.setdefault(notice.recipient_id, []).append(notice)
        await asyncio.gather(*(self._person(theirs) for theirs in by_person.values()))
        return len(notices)

    async def _person(self, notices: Sequence[Notice]) -> None:
        async with self._places:
            for place, notice in enumerate(notices):
                if not await self._one(notice):
                    for later in notices[place + 1 :]:
                        await self._outbox.put_off(later.id, self._clock() + timedelta(seconds=1))
                    return

    async def _one(self, notice: Notice) -> bool:
        """Whether this person's next notice may follow. One that failed is tried again first."""
        now = self._clock()
        try:
            sent = await self._send(notice, now)
        except Throttled as throttled:
            await self._outbox.put_off(notice.id, now + timedelta(seconds=throttled.retry_after))
            return False
        except Stopped:
            log.error("channel_stopped_the_bot", notice=notice.id)
            await self._outbox.put_off(notice.id, now + STOPPED_WAIT)
            return False
        except Unreachable:
            await self._outbox.dead(notice.id, now, "unreachable")
            await lose_reach(notice.recipient_id, now, self._desk)
            return True
        except Refused as refused:
            log.error("notice_refused", notice=notice.id, kind=notice.kind.value, status=refused.status)
            await self._outbox.dead(notice.id, now, "refused")
            return True
        except Exception as fault:  # noqa: BLE001 - one notice that can't be worded stops no other
            return await self._failed(notice, now, fault)
        await self._outbox.sent(notice.id, now, sent)
        return True

    async def _send(self, notice: Notice, now: datetime) -> str | None:
        worded = await word(notice, self._desk, now)
        if worded is None:
            return None
        address, message = worded
        if notice.edits is None:
            return await self._connector.send_or_plain(address, message)
        try:
            await self._connector.update(address, notice.edits, message)
        except Refused as refused:
            log.info("edit_refused", notice=notice.id, status=refused.status)
        return None

    async def _failed(self, notice: Notice, now: datetime, fault: Exception) -> bool:
        if not isinstance(fault, ChannelError):
            log.error("notice_failed", notice=notice.id, kind=notice.kind.value, exc_info=fault)
        if notice.attempts >= MOST_TRIES:
            await self._outbox.dead(notice.id, now, "given_up")
            return True
        await self._outbox.put_off(notice.id, now + self.wait(notice.attempts))
        return isinstance(fault, Unwell) is False

    def wait(self, attempts: int) -> timedelta:
        """Twice as long each time, half an hour at most, and never quite the same for two."""
        longest = min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_WAIT)
        return longest * self._chance.uniform(0.5, 1.0)


async def _either(*waits: Awaitable[object], within: float) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
