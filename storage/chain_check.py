"""The audit looked at from end to end: what was changed, taken out, moved or put in since it was written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import RowMapping, select

from peer_support.audit import Verdict
from storage.ends import HEAD, START, End, is_signed
from storage.mappers.audit import chained, expected, is_ours
from storage.tables import audit, audit_ends, audit_seals, audit_waiting
from storage.unit import Unit

FAULTS_TOLD = 50
_PAGE = 2000
_SEAL = re.compile(r"(\d{1,18})-([0-9a-f]{64})")
_S = audit_seals.c


class FaultKind(StrEnum):
    """What may be wrong; the words stand with the command."""

    CHANGED = "changed"  # what stands here isn't what was sealed
    MISSING = "missing"  # sealed, and no longer there
    TAKEN = "taken"  # taken away before it was sealed
    STRANGE = "strange"  # written by somebody else
    UNSEALED = "unsealed"  # neither sealed nor waiting: kept out of the chain
    BEYOND = "beyond"  # sealed behind the signed end
    START = "start"  # the start isn't signed by us
    END = "end"  # the end isn't signed by us, or isn't there
    REWRITTEN = "rewritten"  # the rows fit one another, but not the signed end or the printed seal
    CUT = "cut"  # the printed seal stands behind the end
    FLAWS = "flaws"  # purged since, and did not fit


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` to `last` in the chain; for a row that has no place, its number."""

    kind: FaultKind
    place: int
    last: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A seal as it was printed once: the chain's end at that time."""

    place: int
    seal: str

    @classmethod
    def parse(cls, text: str) -> Printed | None:
        """None where it isn't a seal."""
        found = _SEAL.fullmatch(text.strip().lower())
        return cls(int(found[1]), found[2]) if found else None

    def __str__(self) -> str:
        return f"{self.place}-{self.seal}"


@dataclass(slots=True)
class ChainCheck:
    """What was found. `end` is what to keep for the next time."""

    looked_at: int = 0
    purged: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None
    too_old: bool = False
    end: Printed | None = None
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def note(self, kind: FaultKind, place: int, last: int | None = None) -> None:
        """One more fault; the first of them are told one by one."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_TOLD:
            self.faults.append(Fault(kind, place, last or place))


async def check_chain(unit: Unit, printed: Printed | None, on_page: Callable[[int, int], None]) -> ChainCheck:
    """Walk the chain and what isn't in it. `on_page` hears how many places were looked at, of how many."""
    found = ChainCheck()
    ends = {row["name"]: row for row in await unit.all(select(audit_ends))}
    start = _end(unit, ends.get(START), START, found) or End()
    head = _end(unit, ends.get(HEAD), HEAD, found)
    if head is None and HEAD not in ends:
        found.note(FaultKind.END, 0)
    found.purged = start.place
    if start.flaws:
        found.note(FaultKind.FLAWS, start.flaws)
    if printed is not None and printed.place < start.place:
        found.too_old = True
    reached = await _walk(unit, start, head, printed, found, on_page)
    if head is not None:
        if reached.place < head.place:
            found.note(FaultKind.MISSING, reached.place + 1, head.place)
        elif reached.place == head.place and reached.seal != head.seal:
            found.note(FaultKind.REWRITTEN, head.place)
        found.end = Printed(head.place, head.seal)
    if printed is not None and printed.place > max(reached.place, head.place if head else 0):
        found.note(FaultKind.CUT, reached.place + 1, printed.place)
    await _unsealed(unit, found)
    return found


def _end(unit: Unit, row: RowMapping | None, name: str, found: ChainCheck) -> End | None:
    if row is None:
        return None
    if not is_signed(row, unit.vault, name):
        found.note(FaultKind.START if name == START else FaultKind.END, row["place"])
        return None
    return End(row["place"], row["seal"], row["flaws"])


async def _walk(
    unit: Unit,
    start: End,
    head: End | None,
    printed: Printed | None,
    found: ChainCheck,
    on_page: Callable[[int, int], None],
) -> End:
    """Each place in turn. Behind a fault it goes on from what stands there, so that each fault is told once."""
    at, seal = start.place, start.seal
    _compare(printed, at, seal, found)
    total = (head.place if head else start.place) - start.place
    while rows := await unit.all(chained().where(_S.place > at).order_by(_S.place).limit(_PAGE)):
        for row in rows:
            place = row[_S.place]
            if head is not None and place > head.place:
                found.note(FaultKind.BEYOND, place)
                continue
            if place == at + 1:
                _look(row, seal, found)
            else:  # what this place follows is gone, so it can't be told whether it fits
                found.note(FaultKind.MISSING, at + 1, place - 1)
            found.looked_at += 1
            at, seal = place, row[_S.seal]
            _compare(printed, at, seal, found)
        if rows[-1][_S.place] > at:
            break
        on_page(at - start.place, max(total, at - start.place))
    return End(at, seal)


def _look(row: RowMapping, previous: str, found: ChainCheck) -> None:
    place, verdict = row[_S.place], row[_S.verdict]
    if row[_S.seal] == expected(row, previous):
        kinds = {Verdict.STRANGE: FaultKind.STRANGE, Verdict.GONE: FaultKind.TAKEN}
        if verdict in kinds:
            found.note(kinds[verdict], place)
    elif row["id"] is None:
        found.note(FaultKind.MISSING, place)
    else:
        found.note(FaultKind.CHANGED, place)


def _compare(printed: Printed | None, place: int, seal: str, found: ChainCheck) -> None:
    if printed is not None and printed.place == place and printed.seal != seal:
        found.note(FaultKind.REWRITTEN, place)


async def _unsealed(unit: Unit, found: ChainCheck) -> None:
    """Rows that have no place yet: those that wait for the next sealing, and those that were put in or kept out."""
    waits = audit_waiting.c.seq
    rows = (
        select(audit, waits.label("waits"))
        .outerjoin(audit_seals, _S.seq == audit.c.seq)
        .outerjoin(audit_waiting, waits == audit.c.seq)
        .where(_S.seq.is_(None))
        .order_by(audit.c.seq)
    )
    for row in await unit.all(rows):
        if not is_ours(row, unit.vault):
            found.note(FaultKind.STRANGE, 0, row[audit.c.seq])
        elif row["waits"] is None:
            found.note(FaultKind.UNSEALED, 0, row[audit.c.seq])
        else:
            found.waiting += 1
            found.waiting_since = min(found.waiting_since or row["at"], row["at"])
    lost = select(waits).outerjoin(audit, audit.c.seq == waits).where(audit.c.seq.is_(None))
    for row in await unit.all(lost):
        found.note(FaultKind.TAKEN, 0, row["seq"])
