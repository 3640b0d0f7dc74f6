"""Somebody acts: who, when, and by what chance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from peer_support.acting import By
from peer_support.commands.availability import set_paused
from peer_support.notice import Notice
from peer_support.request import Request
from simulation.draws import stream
from simulation.world import World


@dataclass(slots=True)
class Acting:
    """What all reactions rest on."""

    world: World

    def _chance(self, *parts: object) -> float:
        return stream(self.world.seed, *parts).random()

    def _pauses(self, supporter_id: str, *, paused: bool) -> Callable[[datetime], Awaitable[None]]:
        async def press(now: datetime) -> None:
            await set_paused(self.world.by(supporter_id, now), self.world.desk, paused=paused)

        return press

    def _request(self, notice: Notice) -> Request:
        return self.world.rows.requests.rows[self.world.request_of(notice) or ""]

    def _own(self, notice: Notice, now: datetime) -> By:
        """The requester presses, and so sees how it stands."""
        request = self._request(notice)
        self.world.watch.pressed[request.id].append(now)
        return self.world.by(request.requester_id, now)
