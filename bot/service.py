"""The composition root: every part is made here and handed to those who need it, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiohttp import web

from bot import ticks
from bot.adapter import Adapter
from bot.authentication import Authentication
from bot.backstage import Backstage
from bot.connector import Connector
from bot.conversation import Conversation
from bot.guard import Guard
from bot.identity import identity, new_session
from bot.lane import Lane
from bot.metrics import Metrics
from bot.names import ChannelNames
from bot.outbox import Sender
from bot.pages import page_routes
from bot.pages.handover import handover_routes
from bot.pages.words import Facts
from bot.pulse import Pulse
from bot.server import MESSAGES, Readiness, make_app
from bot.settings import Settings
from bot.spoken import Spoken
from bot.tally import Tally
from peer_support.commands.my_data import hand_over
from peer_support.crisis.contacts import overdue
from peer_support.hours import LONDON
from peer_support.sending import TEAMS, Pace
from storage.store import Store

log = structlog.get_logger()

Clock = Callable[[], datetime]
START_PATIENCE = 2.0  # a database that says nothing must not keep the door shut: help is served meanwhile
SENDERS_GRACE, TICK_GRACE = 10.0, 5.0


@dataclass(frozen=True, slots=True)
class Service:
    """The running bot: the application to serve, and what a test or a command may look at."""

    app: web.Application
    authentication: Authentication
    backstage: Backstage
    connector: Connector
    clock: Clock
    settings: Settings
    clockwork: ticks.Ticks
    metrics: Metrics
    tally: Tally
    pace: Pace

    def sender(self) -> Sender | None:
        """The outbox's sender; None in help-only mode."""
        desk, store = self.backstage.desk(), self.backstage.store
        if desk is None or store is None:
            return None
        return Sender(
            store.outbox,
            desk,
            self.connector,
            self.clock,
            workers=self.settings.senders,
            pace=self.pace,
            count=self.metrics.tried,
        )


@asynccontextmanager
async def make_service(
    settings: Settings, clock: Clock = ticks.now, *, pace: Pace = TEAMS
) -> AsyncIterator[Service]:
    """Everything, made and let go of. It serves help even where nothing behind it can be opened.

    `pace` is how much the channel takes of what isn't an answer.
    """
    async with new_session() as session:
        connector, authentication = identity(settings, session)
        backstage = Backstage(settings, ChannelNames(connector))
        tally = Tally(clock)
        spoken = Spoken()
        guard = Guard(backstage.nations_of, contacts=backstage.contacts, seen=tally.seen, spoken=spoken.of)
        conversation = Conversation(backstage.desk, guard, clock, spoken=spoken)
        adapter = Adapter(
            authentication,
            connector,
            guard=guard.answer,
            whenever=guard.whenever,
            handle=conversation.handle,
            busy=conversation.busy,
            allowed=backstage.allowed,
            lane=Lane(settings.lane, Pulse(settings.longest_round_ms / 1000).late),
            afterwards=conversation.keep,
        )
        clockwork = ticks.Ticks(backstage.desk, clock)
        metrics = Metrics(lambda: backstage.store if backstage.desk() else None, clock)
        app = make_app(
            adapter,
            lambda: readiness(backstage, clock, running=clockwork.running),
            [
                *page_routes(lambda: page_facts(settings, backstage)),
                *handover_routes(
                    lambda token: _hand_over(backstage, token, clock), lambda: backstage.contacts
                ),
            ],
            metrics.middleware(MESSAGES),
        )
        try:
            yield Service(
                app, authentication, backstage, connector, clock, settings, clockwork, metrics, tally, pace
            )
        finally:
            await backstage.close()


@asynccontextmanager
async def working(service: Service, leaving: asyncio.Event | None = None) -> AsyncIterator[None]:
    """The clock and the sender, alive for as long as the bot serves. What can't be opened is tried at each tick.

    Once `leaving` is set the sender begins nothing more, while the turns under way still end.
    """
    stop, one_at_a_time = leaving or asyncio.Event(), asyncio.Lock()
    sending: dict[Store, asyncio.Task[None]] = {}

    async def open_and_send() -> None:
        service.authentication.prepare()
        async with one_at_a_time:
            if not await service.backstage.open():
                return
            await service.backstage.beat()
            sender, store = service.sender(), service.backstage.store
            if sender is not None and store is not None and store not in sending:
                for task in sending.values():  # of a store that was shut since
                    task.cancel()
                sending[store] = asyncio.create_task(sender.run(store.filled, stop))
        await service.tally.write(service.backstage.desk())

    opening = asyncio.create_task(open_and_send())
    opening.add_done_callback(_seen)
    await asyncio.wait({opening}, timeout=START_PATIENCE)
    service.clockwork.start(open_and_send)
    try:
        yield
    finally:
        stop.set()
        opening.cancel()
        await service.clockwork.finish(TICK_GRACE)
        await service.tally.write(service.backstage.desk())
        await _ended(sending.values())


async def _ended(sending: Collection[asyncio.Task[None]]) -> None:
    """Each finishes what it has begun and gives back the rest, as long as the store is open for it."""
    if not sending:
        return
    _, late = await asyncio.wait(sending, timeout=SENDERS_GRACE)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


def _seen(opening: asyncio.Task[None]) -> None:
    """Whatever keeps the store shut, help is served."""
    if not opening.cancelled() and (fault := opening.exception()) is not None:
        log.error("help_only_mode", reason="opening_failed", error=type(fault).__name__)


def page_facts(settings: Settings, backstage: Backstage) -> Facts:
    """What the pages say, as it is set now."""
    forces = backstage.forces.all if backstage.forces is not None else None
    return Facts(settings.policy(), forces, backstage.contacts)


async def _hand_over(backstage: Backstage, token: str, clock: Clock) -> str | None:
    """A person's own file; None while the store can't be used, too."""
    desk = backstage.desk()
    return await hand_over(token, clock(), desk) if desk is not None else None


async def readiness(backstage: Backstage, clock: Clock, *, running: bool) -> Readiness:
    """What stands and what doesn't. Overdue help lines warn; they never make the bot unready."""
    health = await backstage.health()
    late = overdue(backstage.contacts, clock().astimezone(LONDON).date())
    warnings = [f"contacts_overdue: {len(late)}"] if late else []
    if backstage.forces is None:
        warnings.append("forces_unreadable")
    return Readiness(
        ready=health.ready and running and backstage.desk() is not None,
        database="ok" if health.reachable else "unreachable",
        keys="ok" if health.keys_fit else "unknown",
        migrations="ok" if health.migrated else "behind",
        scheduler="ok" if running else "stopped",
        warnings=tuple(warnings),
    )
