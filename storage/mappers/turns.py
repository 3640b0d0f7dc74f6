"""Activities that were worked already. Their keys name conversations, so only a keyed hash is kept."""

from __future__ import annotations

from datetime import datetime

from storage.tables import activities
from storage.unit import Unit


class TurnStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def first_time(self, key: str, now: datetime) -> bool:
        return await self._unit.added(
            activities, {"key_hash": self._unit.vault.hash("activity", key), "at": now}
        )
