"""One try at one notice, and what is done about the channel's answer to it: what is tried again, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from bot.channel import ChannelError, Failed, Held, Refused, Stopped, Throttled, Unreachable
from bot.connector import Connector
from bot.sending.pacing import NoPlace, Turn
from dialogs.notices import word
from dialogs.turn import Message
from peer_support.commands.meeting import lose_reach
from peer_support.notice import STOPPED, UNREACHABLE, Notice
from peer_support.people import Address
from peer_support.ports import Desk, NameUnknown
from peer_support.sending import Dealt, Fate
from storage.errors import StoreUnavailable

log = structlog.get_logger()

NO_TIME = timedelta()
STORE_WAIT = timedelta(seconds=2)
LONGEST_TRY = 60.0
MOST_TRIES = 40
GIVE_UP_AFTER = timedelta(days=3)
LONGEST_WAIT = timedelta(minutes=30)
WORDED_AT_ONCE = 4  # of the database's connections, the rest are for people's turns


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of it. Until `held_until` this person's other notices wait too. `outcome` is for counting."""

    dealt: Dealt
    outcome: str
    held_until: datetime | None = None
    asked_to_wait: float = 0.0


class Trial:
    """Words a notice and sends it. Whatever happens, something is known to have become of it."""

    def __init__(
        self, desk: Desk, connector: Connector, clock: Callable[[], datetime], chance: Random
    ) -> None:
        self._desk, self._connector, self._clock, self._chance = desk, connector, clock, chance
        self._wording = asyncio.Semaphore(WORDED_AT_ONCE)

    async def of(self, notice: Notice, turn: Turn) -> Tried:
        """Send it in its person's turn."""
        try:
            async with asyncio.timeout(LONGEST_TRY):
                return await self._sent(notice, turn)
        except NoPlace:
            return self._left(notice, "no_place")
        except ChannelError as fault:
            return await self._answered(notice, fault)
        except TimeoutError:
            return self._again(notice, "unwell", self.wait(notice.attempts))
        except StoreUnavailable as fault:
            log.warning("notice_waits", notice=notice.id, error=type(fault).__name__)
            return self._left(notice, "store_away", STORE_WAIT)
        except NameUnknown:
            log.info("name_not_known_yet", notice=notice.id)
        except Exception as fault:
            log.error("notice_failed", notice=notice.id, kind=notice.kind.value, exc_info=fault)
        return self._aside(notice)

    async def _answered(self, notice: Notice, fault: ChannelError) -> Tried:
        """The channel's own rules: what may be tried again, when, and what never."""
        match fault:
            case Held():  # by ourselves, for something urgent
                return self._left(notice, "held", timedelta(seconds=fault.retry_after))
            case Throttled():
                wait = timedelta(seconds=fault.retry_after)
                return self._again(notice, "throttled", wait, fault.retry_after)
            case Stopped():
                log.error("channel_stopped_the_bot", notice=notice.id)
                return await self._let_go(notice, STOPPED)
            case Unreachable():
                return await self._let_go(notice, UNREACHABLE)
            case Refused() | Failed():
                log.error("notice_refused", notice=notice.id, kind=notice.kind.value, status=fault.status)
                if notice.edits is not None:  # it may be what takes a name off a screen
                    return self._aside(notice, "refused")
                return self._dead(notice, "refused")
            case _:
                return self._again(notice, "unwell", self.wait(notice.attempts))

    async def _sent(self, notice: Notice, turn: Turn) -> Tried:
        """Worded a moment before it may go, so that it is still true when it does."""
        place = await turn.place()
        await turn.almost(place)
        await self._connector.ready()
        async with self._wording:
            worded = await word(notice, self._desk, self._clock())
        if worded is None:
            return Tried(Dealt(notice, Fate.SENT, self._clock()), "stale")
        address, message = worded
        await turn.come(place)
        try:
            sent = await self._call(notice, address, message, plain=False)
        except Refused as refused:
            if not refused.card:
                raise
            await turn.come(await turn.place())
            sent = await self._call(notice, address, message, plain=True)
        outcome = "sent" if notice.edits is None else "edited"
        return Tried(Dealt(notice, Fate.SENT, self._clock(), sent), outcome)

    async def _call(self, notice: Notice, address: Address, message: Message, *, plain: bool) -> str | None:
        """The one call. An edit whose message is gone has nothing left to mend."""
        connector = self._connector
        if notice.edits is None:
            return await (connector.send_plain if plain else connector.send)(address, message)
        try:
            await (connector.update_plain if plain else connector.update)(address, notice.edits, message)
        except Refused as refused:
            if not refused.gone:
                raise
            log.info("edited_message_gone", notice=notice.id)
        return None

    async def _let_go(self, notice: Notice, why: str) -> Tried:
        """The person can't be reached: what waits for them moves on first, so that a failure here is tried again."""
        try:
            await lose_reach(notice.recipient_id, self._clock(), self._desk)
        except Exception as fault:  # noqa: BLE001 - tried again with the notice
            log.error("reach_not_lost", notice=notice.id, error=type(fault).__name__)
            return self._again(notice, why, self.wait(notice.attempts))
        return self._dead(notice, why)

    def _again(self, notice: Notice, outcome: str, wait: timedelta, asked_to_wait: float = 0.0) -> Tried:
        """Later, for days if need be: a channel that was away for a night loses nobody's news."""
        now = self._clock()
        if self._worn_out(notice, now):
            return self._dead(notice, "given_up")
        return Tried(Dealt(notice, Fate.TRIED, now), outcome, now + wait, asked_to_wait)

    def _aside(self, notice: Notice, outcome: str = "not_worded") -> Tried:
        """It waits, and nobody who comes after it waits for it."""
        now = self._clock()
        if self._worn_out(notice, now):
            return self._dead(notice, "given_up")
        return Tried(Dealt(notice, Fate.ASIDE, now + self.wait(notice.attempts)), outcome)

    def _left(self, notice: Notice, outcome: str, wait: timedelta = NO_TIME) -> Tried:
        """Nobody was asked, so it wasn't a try. It keeps its place in the order."""
        now = self._clock()
        return Tried(Dealt(notice, Fate.LEFT, now), outcome, now + wait)

    def _dead(self, notice: Notice, why: str) -> Tried:
        if why == "given_up":
            log.error("notice_given_up", notice=notice.id, kind=notice.kind.value)
        return Tried(Dealt(notice, Fate.DEAD, self._clock(), why=why), why)

    def _worn_out(self, notice: Notice, now: datetime) -> bool:
        waited = now - (notice.created_at or notice.not_before)
        return notice.attempts >= MOST_TRIES and waited >= GIVE_UP_AFTER

    def wait(self, attempts: int) -> timedelta:
        """Twice as long each time, half an hour at most, and never quite the same for two."""
        longest = min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_WAIT)
        return longest * self._chance.uniform(0.5, 1.0)
