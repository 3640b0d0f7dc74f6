"""The two signed ends of the audit's chain: where it starts after a purge, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import RowMapping, select

from peer_support.audit import GENESIS
from storage.errors import ChainBroken
from storage.sealing import Vault
from storage.tables import audit_ends
from storage.unit import Unit

START: Final = "start"
HEAD: Final = "head"
_T = audit_ends.c


@dataclass(frozen=True, slots=True)
class End:
    """`flaws` counts what had been purged by then although it didn't fit: the evidence goes, the count stays."""

    place: int = 0
    seal: str = GENESIS
    flaws: int = 0


async def locked_head(unit: Unit) -> End | None:
    """The chain's end, held by us alone until the unit ends; None where another process holds it."""
    found = await unit.first(select(audit_ends).where(_T.name == HEAD).with_for_update(skip_locked=True))
    if found is None and await unit.first(select(_T.place).where(_T.name == HEAD)) is not None:
        return None
    return proven(found, unit.vault, HEAD)


async def start_of(unit: Unit) -> End:
    """Where what is kept begins: before everything, until something was purged."""
    found = await unit.first(select(audit_ends).where(_T.name == START))
    return End() if found is None else proven(found, unit.vault, START)


async def put_end(unit: Unit, name: str, end: End, now: datetime) -> None:
    """Set an end, signed."""
    signature = unit.vault.sign("audit end", name, end.place, end.seal, end.flaws, _text(now))
    row = {"name": name, "place": end.place, "seal": end.seal, "flaws": end.flaws, "at": now}
    await unit.put(audit_ends, row | {"signature": signature})


def proven(row: RowMapping | None, vault: Vault, name: str) -> End:
    """The end, where our keys signed it; ChainBroken otherwise."""
    if row is None or not is_signed(row, vault, name):
        raise ChainBroken(
            f"The audit's {name} isn't signed by a key at hand: run `python -m bot audit verify`."
        )
    return End(row[_T.place], row[_T.seal], row[_T.flaws])


def is_signed(row: RowMapping, vault: Vault, name: str) -> bool:
    """Whether a key at hand signed this end."""
    parts = (name, row[_T.place], row[_T.seal], row[_T.flaws], _text(row[_T.at]))
    return vault.signed(row[_T.signature], "audit end", *parts)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
