"""Which processes serve now, and what each seals with: kept by themselves, by the database's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from storage.tables import serving
from storage.unit import Unit

LEASE_SECONDS: Final = (
    30.0  # a store whose keys were proven longer ago proves them again before it does anything
)
GONE_AFTER: Final = timedelta(seconds=60)
_T = serving.c


async def beat(unit: Unit, process_id: str) -> None:
    """This process serves. Rows of long ago are of processes that were killed."""
    await unit.put(serving, {"id": process_id, "seals_with": unit.vault.seals_with, "seen_at": unit.clock()})
    await unit.changed(delete(serving).where(_T.seen_at < unit.clock(-timedelta(hours=1))))


async def leave(unit: Unit, process_id: str) -> None:
    """This process serves no more."""
    await unit.changed(delete(serving).where(_T.id == process_id))


async def serving_now(unit: Unit) -> Sequence[str]:
    """Of each process that serves, the id of the key that it seals with."""
    alive = select(_T.seals_with).where(_T.seen_at > unit.clock(-GONE_AFTER)).order_by(_T.id)
    return [row[_T.seals_with] for row in await unit.all(alive)]
