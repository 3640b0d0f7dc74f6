"""The audit's own sweep: seal what was written since the last time, and let go of what is past its time."""

from __future__ import annotations

from datetime import datetime

from peer_support.audit import Sealed
from peer_support.keeping import months_before
from peer_support.ports import Desk

AT_ONCE = 500
BATCHES = 20  # in one tick; the next goes on


async def seal_audit(desk: Desk, now: datetime) -> Sealed | None:
    """Seal all that waits, a batch a transaction. None where there was nothing, or another process is at it."""
    last, count, forgotten = None, 0, list[str]()
    for _ in range(BATCHES):
        async with desk.open_work() as work:
            sealed = await work.audit.seal(now, AT_ONCE)
        if sealed is None or sealed.count == 0:
            break
        last, count = sealed, count + sealed.count
        forgotten += sealed.forgotten
        if sealed.count < AT_ONCE:
            break
    return Sealed(count, last.place, last.seal, tuple(forgotten)) if last else None


async def purge_audit(desk: Desk, now: datetime) -> int:
    """Let go of rows older than any force keeps them: one chain serves all, so the longest counts."""
    months = max((force.policy.audit_kept_months for force in desk.forces.all), default=0)
    if not months:
        return 0
    gone = 0
    for _ in range(BATCHES):
        async with desk.open_work() as work:
            some = await work.audit.purge(months_before(now, months), now, AT_ONCE)
        gone += some
        if some < AT_ONCE:
            break
    return gone
