"""The audit: rows are only ever added, then sealed into a chain; the database refuses to change or delete one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, insert, select

from peer_support.audit import DATA_DELETED, AuditRow, Fact, Sealed, Verdict, link
from storage.columns import storable
from storage.ends import HEAD, START, End, locked_head, put_end, start_of
from storage.sealing import Vault
from storage.tables import audit, audit_seals, audit_waiting
from storage.unit import ROWS_AT_ONCE, Unit

_T = audit.c
_S = audit_seals.c
_ADDED = insert(audit)


class AuditStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._pending: list[dict[str, Any]] = []

    async def add(self, row: AuditRow) -> None:
        kept = {
            "id": row.id,
            "at": row.at,
            "actor_id": storable(row.actor_id),
            "action": row.action,
            "subject_id": storable(row.subject_id),
        }
        self._pending.append(kept | {"mark": self._unit.vault.sign("audit row", *_marked(kept))})

    async def flush(self) -> None:
        """Write what was gathered, in the order in which it happened."""
        rows, self._pending = self._pending, []
        await self._unit.each(_ADDED, rows)

    async def seal(self, now: datetime, most: int) -> Sealed | None:
        await self.flush()
        head = await locked_head(self._unit)
        return None if head is None else await seal_waiting(self._unit, head, now, most)

    async def purge(self, before: datetime, now: datetime, most: int) -> int:
        """Walk from the start while rows are old, then move the signed start past them and let them go.

        What doesn't fit the chain goes with what follows it, and is counted in the start for good.
        """
        start = await start_of(self._unit)
        kept = chained().where(_S.place > start.place).order_by(_S.place)
        oldest = await self._unit.first(kept.limit(1))
        if oldest is None or (oldest[_T.at] or before) > before or await locked_head(self._unit) is None:
            return 0
        start = await start_of(self._unit)
        kept = chained().where(_S.place > start.place).order_by(_S.place)
        rows = await self._unit.all(kept.limit(most))
        reached, flaws, previous = start, start.flaws, start.seal
        for row in rows:
            fits = row[_S.seal] == expected(row, previous)
            flaws += not fits or row[_S.verdict] in {Verdict.STRANGE, Verdict.GONE}
            previous = row[_S.seal]
            if not fits or row[_T.at] is None:
                continue
            if row[_T.at] >= before:
                break
            reached = End(row[_S.place], row[_S.seal], flaws)
        if reached.place == start.place:
            return 0
        await put_end(self._unit, START, reached, now)
        gone = select(_S.seq).where(_S.place <= reached.place)
        purged = await self._unit.changed(delete(audit).where(_T.seq.in_(gone)))
        await self._unit.changed(delete(audit_seals).where(_S.place <= reached.place))
        return purged


async def seal_waiting(
    unit: Unit, head: End, now: datetime, most: int, unmarked: Verdict = Verdict.STRANGE
) -> Sealed:
    """Seal what waits onto the chain. A row that commits late is simply found the next time: nothing is skipped."""
    waits = audit_waiting.c.seq
    found = select(waits.label("waits"), audit).outerjoin(audit, _T.seq == waits).order_by(waits).limit(most)
    place, seal, seals, forgotten = head.place, head.seal, list[dict[str, Any]](), list[str]()
    for row in await unit.all(found):
        place += 1
        verdict = _verdict(row, unit.vault, unmarked)
        seal = link(seal, place, verdict, facts(row, row["waits"]))
        if row[_T.action] == DATA_DELETED and verdict is Verdict.OURS:
            forgotten.append(row[_T.subject_id])
        seals.append({"place": place, "seq": row["waits"], "verdict": verdict, "seal": seal})
    if seals:
        await unit.each(insert(audit_seals), seals)
        numbers = [each["seq"] for each in seals]
        for first in range(0, len(numbers), ROWS_AT_ONCE):
            some = numbers[first : first + ROWS_AT_ONCE]
            await unit.changed(delete(audit_waiting).where(waits.in_(some)))
        await put_end(unit, HEAD, End(place, seal), now)
    return Sealed(len(seals), place, seal, tuple(forgotten))


def chained() -> Select[Any]:
    """Each place of the chain with the row that stands there, if it still does."""
    return select(audit_seals, audit).outerjoin(audit, _T.seq == _S.seq)


def expected(row: RowMapping, previous: str) -> str:
    """The seal that this place should bear."""
    return link(previous, row[_S.place], row[_S.verdict], facts(row, row[_S.seq]))


def facts(row: RowMapping, seq: int) -> Sequence[Fact]:
    """Every column of the audit, in the table's order. Of a row that is gone only its number is left."""
    return [seq, *(row[column] for column in audit.c if column is not _T.seq)]


def is_ours(row: RowMapping, vault: Vault) -> bool:
    """Whether one of our keys marked just this row."""
    mark = row[_T.mark]
    return mark is not None and vault.signed(mark, "audit row", *_marked(row))


def _verdict(row: RowMapping, vault: Vault, unmarked: Verdict) -> Verdict:
    if row[_T.id] is None:
        return Verdict.GONE
    if row[_T.mark] is None:
        return unmarked
    return Verdict.OURS if is_ours(row, vault) else Verdict.STRANGE


def _marked(row: Mapping[Any, Any]) -> list[str]:
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return [row["id"], at, row["actor_id"], row["action"], row["subject_id"]]
