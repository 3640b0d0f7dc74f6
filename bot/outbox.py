"""The outbox's sender: what one person's turn brought about for others is worded and sent here, and only here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import structlog

from bot.connector import Connector, Refused, Stopped, Throttled, Unreachable, Unwell
from dialogs.notices import word
from peer_support.commands.meeting import lose_reach
from peer_support.notice import UNREACHABLE, Notice
from peer_support.ports import Desk, NameUnknown, Outbox

log = structlog.get_logger()

LEASE = timedelta(minutes=3)
LONGEST_TRY = timedelta(minutes=1)
BATCH = 64
MOST_TRIES = 40
GIVE_UP_AFTER = timedelta(days=3)
ONE_AFTER_THE_OTHER = timedelta(milliseconds=1)
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
        self._held: dict[str, datetime] = {}

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
        now = self._clock()
        notices = await self._outbox.claim(now, LEASE, BATCH)
        self._held = {person: until for person, until in self._held.items() if until > now}
        by_person: dict[str, list[Notice]] = {}
        for notice in notices:
            by_person.setdefault(notice.recipient_id, []).append(notice)
        sending = (self._person(person, theirs, now + LEASE) for person, theirs in by_person.items())
        faults = [fault for fault in await asyncio.gather(*sending, return_exceptions=True) if fault]
        if faults:
            raise faults[0]
        return len(notices)

    async def _person(self, person: str, notices: Sequence[Notice], lease_ends: datetime) -> None:
        """One after the other. Where one has to wait, whatever comes after it waits for it."""
        async with self._places:
            for notice in notices:
                if self._clock() + LONGEST_TRY > lease_ends:
                    return
                held = self._held.get(person)
                if held is None:
                    held = await self._one(notice)
                else:
                    await self._outbox.put_off(notice.id, held)
                if held is not None:
                    self._held[person] = held + ONE_AFTER_THE_OTHER

    async def _one(self, notice: Notice) -> datetime | None:
        """Send it, or put it off. Gives the moment until which this person's later notices wait, if they must."""
        now = self._clock()
        try:
            sent = await self._send(notice, now)
        except Throttled as throttled:
            return await self._put_off(notice, now + timedelta(seconds=throttled.retry_after))
        except Stopped:
            log.error("channel_stopped_the_bot", notice=notice.id)
            return await self._put_off(notice, now + STOPPED_WAIT)
        except Unreachable:
            await self._let_go(notice, now)
        except Refused as refused:
            log.error("notice_refused", notice=notice.id, kind=notice.kind.value, status=refused.status)
            if notice.edits is None:
                await self._outbox.dead(notice.id, now, "refused")
            else:  # it may be what takes a name off a screen; but what comes after it need not wait
                await self._again(notice, now)
        except Unwell:
            return await self._again(notice, now)
        except NameUnknown:
            log.info("name_not_known_yet", notice=notice.id)
            await self._again(notice, now)
        except Exception as fault:
            log.error("notice_failed", notice=notice.id, kind=notice.kind.value, exc_info=fault)
            await self._again(notice, now)
        else:
            await self._outbox.sent(notice.id, now, sent)
        return None

    async def _send(self, notice: Notice, now: datetime) -> str | None:
        worded = await word(notice, self._desk, now)
        if worded is None:
            return None
        address, message = worded
        if notice.edits is None:
            return await self._connector.send_or_plain(address, message)
        try:
            await self._connector.update_or_plain(address, notice.edits, message)
        except Refused as refused:
            if not refused.gone:
                raise
            log.info("edited_message_gone", notice=notice.id)
        return None

    async def _let_go(self, notice: Notice, now: datetime) -> None:
        """The person can't be reached: what waits for them moves on first, so that a failure here is tried again."""
        try:
            await lose_reach(notice.recipient_id, now, self._desk)
        except Exception as fault:  # noqa: BLE001 - tried again with the notice
            log.error("reach_not_lost", notice=notice.id, error=type(fault).__name__)
            await self._again(notice, now)
        else:
            await self._outbox.dead(notice.id, now, UNREACHABLE)

    async def _again(self, notice: Notice, now: datetime) -> datetime | None:
        """Later, for days if need be: a channel that was away for a night loses nobody's news."""
        waited = now - (notice.created_at or notice.not_before)
        if notice.attempts >= MOST_TRIES and waited >= GIVE_UP_AFTER:
            log.error("notice_given_up", notice=notice.id, kind=notice.kind.value)
            await self._outbox.dead(notice.id, now, "given_up")
            return None
        return await self._put_off(notice, now + self.wait(notice.attempts))

    async def _put_off(self, notice: Notice, until: datetime) -> datetime:
        await self._outbox.put_off(notice.id, until)
        return until

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
