"""Changing the look-up key: every keyed hash is made anew from what is sealed, in one transaction, while nobody serves.

Until it is done or given up a mark keeps every store shut, so that no row is found by one key and written by another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Column, RowMapping, Select, Table, bindparam, delete, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import make_engine, read_address
from storage.errors import AlreadyServing, StoreLocked
from storage.faults import ours
from storage.keys import KeyRing, LookupKey
from storage.locking import begin_change, end_change, keys_fit, lookup_proof, read_checks
from storage.presence import serving_now
from storage.sealing import Vault
from storage.tables import activities, exclusions, handovers, members, shown_names, supporters
from storage.unit import Unit

AT_ONCE = 1000
# What no sealed original stands behind: a few days of pressed cards, ten minutes of links.
DROPPED = (activities.c.key_hash, handovers.c.token_hash)
# Of people who are known again these follow their member's; the rest go.
FOLLOWING = (shown_names.c.person_hash,)

Person = tuple[str, str] | None
_Reader = Callable[[Vault, RowMapping], Person]


def _member(vault: Vault, row: RowMapping) -> Person:
    directory_id = vault.open_json("members", "person_sealed", row["id"], row["sealed"])[0]
    return row["tenant"], directory_id


def _left_out(vault: Vault, row: RowMapping) -> Person:
    tenant_id, directory_id = vault.open_json("exclusions", "person_sealed", row["id"], row["sealed"])
    return tenant_id, directory_id


def _manager(vault: Vault, row: RowMapping) -> Person:
    manager = vault.open_json("supporters", "profile_sealed", row["id"], row["sealed"])[7]
    return (row["tenant"], manager) if row["tenant"] and manager else None


def _of(table: Table, sealed: Column[Any], hashed: Column[Any], *more: Any) -> Select[Any]:
    return select(table.c.id, sealed.label("sealed"), hashed.label("hash"), *more)


_M, _E, _S = members.c, exclusions.c, supporters.c
RECOMPUTED: Sequence[tuple[Column[Any], Select[Any], _Reader]] = (
    (_M.person_hash, _of(members, _M.person_sealed, _M.person_hash, _M.tenant_id.label("tenant")), _member),
    (_E.person_hash, _of(exclusions, _E.person_sealed, _E.person_hash), _left_out),
    (
        _S.line_manager_hash,
        _of(supporters, _S.profile_sealed, _S.line_manager_hash, _M.tenant_id.label("tenant"))
        .join(members, _M.id == _S.id)
        .where(_S.line_manager_hash.is_not(None)),
        _manager,
    ),
)


class Rehash:
    """`old` is the look-up key of the database now, `new` the one that it is to have."""

    def __init__(self, address: str, ring: KeyRing, old: LookupKey, new: LookupKey) -> None:
        self._url = read_address(address)
        self._old, self._new = Vault(ring, old), Vault(ring, new)

    async def is_done(self) -> bool:
        """Whether the database is at the new key already. StoreLocked where neither fits."""
        async with self._alone() as unit:
            if (await read_checks(unit.conn)).lookup == lookup_proof(self._new):
                return True
            await keys_fit(unit.conn, self._old, while_changing=True)
            return False

    async def begin(self) -> None:
        """Shut every store. AlreadyServing where a process serves."""
        async with self._alone() as unit:
            await keys_fit(unit.conn, self._old, while_changing=True)
            await _nobody_serves(unit)
            await begin_change(unit.conn)

    async def give_up(self) -> None:
        """Leave the key as it was."""
        async with self._alone() as unit:
            await keys_fit(unit.conn, self._old, while_changing=True)
            await end_change(unit.conn, None)

    async def finish(self, on_batch: Callable[[int], None]) -> int:
        """Make every hash anew, all or none. How many were made; `on_batch` hears it as it goes."""
        done = 0
        async with self._alone() as unit:
            await keys_fit(unit.conn, self._old, while_changing=True)
            await _nobody_serves(unit)
            await _hold_writers(unit)
            known = {row["person_hash"] for row in await unit.all(select(shown_names.c.person_hash))}
            follow: dict[str, str] = {}
            for column, rows, reader in RECOMPUTED:
                async for some in _batches(unit, column, rows):
                    made = [self._made(row, reader) for row in some]
                    write = update(column.table).where(column.table.c.id == bindparam("of"))
                    await unit.each(write.values({column: bindparam("new")}), made)
                    follow |= {each["old"]: each["new"] for each in made if each["old"] in known}
                    done += len(made)
                    on_batch(done)
            for old in sorted(known):
                theirs = shown_names.c.person_hash == old
                change = update(shown_names).where(theirs).values(person_hash=follow.get(old))
                await unit.changed(change if old in follow else delete(shown_names).where(theirs))
            for column in DROPPED:
                await unit.changed(delete(column.table))
            await end_change(unit.conn, self._new)
        return done

    def _made(self, row: RowMapping, reader: _Reader) -> dict[str, Any]:
        """StoreLocked where the hash that stands isn't that of the sealed person: somebody moved it."""
        person = reader(self._old, row)
        if person is None or self._old.person(*person) != row["hash"]:
            raise StoreLocked(
                "A look-up hash doesn't fit what is sealed beside it, so somebody changed the database. "
                "Nothing was changed now."
            )
        return {"of": row["id"], "old": row["hash"], "new": self._new.person(*person)}

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[Unit]:
        engine = make_engine(self._url, None)
        try:
            async with engine.begin() as conn:
                yield Unit(conn, self._old)
        except SQLAlchemyError as error:
            raise ours(error) from error
        finally:
            await engine.dispose()


async def _batches(unit: Unit, column: Column[Any], rows: Select[Any]) -> AsyncIterator[Sequence[RowMapping]]:
    last, key = "", column.table.c.id
    while some := await unit.all(rows.where(key > last).order_by(key).limit(AT_ONCE)):
        yield some
        last = some[-1]["id"]


async def _nobody_serves(unit: Unit) -> None:
    if count := len(await serving_now(unit)):
        raise AlreadyServing(
            f"{count} {'process serves' if count == 1 else 'processes serve'} on this database now. Stop all of them "
            "first; one that was killed counts for a minute."
        )


async def _hold_writers(unit: Unit) -> None:
    """PostgreSQL: whoever still writes is waited for, and nobody begins. SQLite has one writer, which is us."""
    if unit.conn.dialect.name == "postgresql":
        tables = {column.table.name for column, _, _ in RECOMPUTED}
        tables |= {column.table.name for column in (*DROPPED, *FOLLOWING)}
        names = ", ".join(f'"{name}"' for name in sorted(tables))
        await unit.conn.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
