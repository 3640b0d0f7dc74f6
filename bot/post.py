"""How a turn's messages leave: the crisis card ahead of everything and until it is there, the rest in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.connector import ChannelError, Connector, Held, Refused, Throttled, Unwell
from bot.errands import Errands
from bot.lane import Lane, LaneFull
from dialogs.turn import Message
from peer_support.people import Address

log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[None]]

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
QUICK_TRIES = 8
SLOW_PAUSE = 30.0
URGENT_FOR = 600.0
STAND_BACK = 1.0  # what a tenant stands back for: one chat's long wait must not silence it
LATEST = 120.0
PATIENCE = 3.0
LATE_LANE = 64


class Post:
    """Sends what a turn says. Nothing here raises: the person's press has already done what it does."""

    def __init__(self, connector: Connector, errands: Errands, sleep: Sleep = asyncio.sleep) -> None:
        self._connector, self._errands, self._sleep = connector, errands, sleep
        self._late = Lane(LATE_LANE)

    async def urgent(self, address: Address, message: Message) -> None:
        """The crisis card: as soon as the channel takes it, in plain words where it refuses the card.

        Where the channel is unwell it is tried for about ten minutes: quickly at first, then every half minute. While
        a throttled chat waits its own other messages stand back, and the tenant's for a moment.
        """
        await self._errands.first(self._urgent(address, message), PATIENCE)

    async def deliver(self, address: Address, messages: Sequence[Message]) -> None:
        """New messages in their order. What the channel can't take now is tried once more, later."""
        if messages:
            await self._errands.first(self._deliver(address, messages), PATIENCE)

    async def replace(self, address: Address, pressed: str | None, message: Message) -> None:
        """Where the pressed message stood, or as a new one where that can't be."""
        await self._errands.first(self._replace(address, pressed, message), PATIENCE)

    @property
    def crowded(self) -> bool:
        """Whether there is no place for a courtesy now, so that none need be worded."""
        return self._late.taken >= self._late.size

    async def courtesy(self, address: Address, message: Message) -> bool:
        """The kind answer while the lane is full. It has few places of its own, so that help now is never crowded."""
        try:
            with self._late.place():
                await self._connector.send_or_plain(address, message)
        except (LaneFull, ChannelError) as fault:
            log.warning("courtesy_not_sent", error=type(fault).__name__)
            return False
        return True

    async def _urgent(self, address: Address, message: Message) -> None:
        plain, tried, waited = False, 0, 0.0
        while True:
            pause = min(FIRST_PAUSE * 2**tried, LONGEST_PAUSE) if tried < QUICK_TRIES else SLOW_PAUSE
            try:
                send = self._connector.send_plain if plain else self._connector.send
                await send(address, message, urgent=True)
            except Throttled as throttled:
                pause = max(throttled.retry_after, FIRST_PAUSE)
                self._connector.hold(address.conversation_id, pause + STAND_BACK)
                self._connector.hold(address.tenant_id, STAND_BACK)
            except Unwell:
                pass
            except Refused as refused:
                if plain or not refused.card:
                    log.error("crisis_refused", status=refused.status, code=refused.code)
                    return
                plain = True
                continue
            except ChannelError as fault:
                log.error("crisis_not_delivered", error=type(fault).__name__)
                return
            else:
                return
            if waited >= URGENT_FOR:
                log.error("crisis_not_delivered", error="channel_unwell")
                return
            await self._sleep(pause)
            tried, waited = tried + 1, waited + pause

    async def _deliver(self, address: Address, messages: Sequence[Message], *, again: bool = True) -> None:
        for place, message in enumerate(messages):
            try:
                await self._connector.send_or_plain(address, message)
            except Held as held:
                # nobody was asked, so it wasn't a try
                later = self._once_more(address, messages[place:], held.retry_after, again=again)
                self._errands.start(later)
                return
            except (Throttled, Unwell) as fault:
                if again:
                    wait = fault.retry_after if isinstance(fault, Throttled) else STAND_BACK
                    self._errands.start(self._once_more(address, messages[place:], wait))
                else:
                    log.warning("reply_lost", error=type(fault).__name__, count=len(messages) - place)
                return
            except ChannelError as fault:
                log.warning("reply_lost", error=type(fault).__name__, count=1)

    async def _once_more(
        self, address: Address, messages: Sequence[Message], wait: float, *, again: bool = False
    ) -> None:
        try:
            with self._late.place():
                await self._sleep(min(wait, LATEST))
                await self._deliver(address, messages, again=again)
        except LaneFull:
            log.warning("reply_lost", error="LaneFull", count=len(messages))

    async def _replace(self, address: Address, pressed: str | None, message: Message) -> None:
        if pressed is not None:
            try:
                await self._connector.update(address, pressed, message)
            except ChannelError as fault:
                log.info("update_failed", error=type(fault).__name__)
            else:
                return
        await self._deliver(address, [message])
