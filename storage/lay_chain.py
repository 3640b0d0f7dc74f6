"""The beginning of the audit's chain, laid once, when the database first gets one."""

from __future__ import annotations

from sqlalchemy import select

from peer_support.audit import Verdict
from storage.ends import HEAD, End, put_end
from storage.mappers.audit import seal_waiting
from storage.tables import audit_ends
from storage.unit import Unit

_AT_ONCE = 1000


async def lay_chain(unit: Unit) -> None:
    """Sign an end, and seal what was written before rows were marked. Nothing happens where an end stands."""
    if await unit.first(select(audit_ends.c.name)) is not None:
        return
    now = (await unit.conn.execute(select(unit.clock()))).scalar_one()
    end = End()
    await put_end(unit, HEAD, end, now)
    while (sealed := await seal_waiting(unit, end, now, _AT_ONCE, unmarked=Verdict.ADOPTED)).count:
        end = End(sealed.place, sealed.seal)
