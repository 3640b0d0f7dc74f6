"""The check that the keys are those the rows were sealed with, made before anything is read or written."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import SealBroken, StoreLocked
from storage.sealing import Vault
from storage.tables import key_checks, members

LOOKUP = ":lookup"  # no key of the ring can be called so, nor as the next two
CHANGING = ":rehash"
CLOSED = ":closed:"
_PROOF = "these keys fit these rows"
_T = key_checks.c


@dataclass(frozen=True, slots=True)
class Checks:
    """The keys that rows may need, each with its proof; those that seal no more; and the look-up key's own proof."""

    proofs: Mapping[str, str]
    closed: frozenset[str]
    lookup: str
    changing: bool

    @property
    def none(self) -> bool:
        """Whether nothing was ever sealed here."""
        return not (self.proofs or self.closed or self.lookup or self.changing)


async def read_checks(conn: AsyncConnection) -> Checks:
    """What stands of keys in the database."""
    found = {row.key_id: row.proof for row in await conn.execute(select(key_checks))}
    return Checks(
        proofs={name: proof for name, proof in found.items() if not name.startswith(":")},
        closed=frozenset(name.removeprefix(CLOSED) for name in found if name.startswith(CLOSED)),
        lookup=found.get(LOOKUP, ""),
        changing=CHANGING in found,
    )


async def keys_fit(conn: AsyncConnection, vault: Vault, *, while_changing: bool = False) -> bool:
    """True where every key that rows may need is at hand and right; False where nothing was sealed yet.

    StoreLocked where a key is wrong or missing or may seal no more, or where rows stand without a check.
    """
    checks = await read_checks(conn)
    if checks.none:
        if (await conn.execute(select(exists().select_from(members)))).scalar():
            raise StoreLocked(
                "The database holds rows but no key check, so no key can be trusted to fit them."
            )
        return False
    if checks.changing and not while_changing:
        raise StoreLocked(
            "The look-up key is being changed. `python -m bot keys rehash` finishes that; with --give-up it leaves "
            "the key as it was."
        )
    if not hmac.compare_digest(checks.lookup, lookup_proof(vault)):
        raise StoreLocked("The look-up key isn't the one this database was made with.")
    if vault.seals_with in checks.closed:
        raise StoreLocked(
            f"The key “{vault.seals_with}” was turned away from and seals no more: put the newer one first in the ring."
        )
    _prove(checks.proofs, vault)
    return True


def _prove(proofs: Mapping[str, str], vault: Vault) -> None:
    for key_id, proof in sorted(proofs.items()):
        if key_id not in vault.opens_with:
            raise StoreLocked(
                f"This database has rows sealed with the key “{key_id}”, which isn't in the ring."
            )
        try:
            vault.open("key_checks", "proof", key_id, proof)
        except SealBroken:
            raise StoreLocked(f"The key “{key_id}” isn't the one this database was sealed with.") from None


async def lay_check(conn: AsyncConnection, vault: Vault) -> None:
    """Leave a proof of the key that seals now and of the look-up key, then look again: another may have been first."""
    await keys_fit(conn, vault)
    await _lay(conn, LOOKUP, lookup_proof(vault))
    first = vault.seals_with
    await _lay(conn, first, vault.seal("key_checks", "proof", first, _PROOF))
    await keys_fit(conn, vault)


def lookup_proof(vault: Vault) -> str:
    """What only this look-up key makes."""
    return vault.hash("check", _PROOF)


async def close_keys(conn: AsyncConnection, key_ids: Collection[str]) -> None:
    """From here on nothing is sealed with these; they still open."""
    for key_id in sorted(key_ids):
        await _lay(conn, CLOSED + key_id, "closed")


async def free_keys(conn: AsyncConnection, key_ids: Collection[str]) -> None:
    """No row needs these any more: the ring may do without them."""
    await conn.execute(delete(key_checks).where(_T.key_id.in_(sorted(key_ids))))


async def begin_change(conn: AsyncConnection) -> None:
    """From here on no store opens, until the look-up key has been changed or its change was given up."""
    await _lay(conn, CHANGING, "changing")


async def end_change(conn: AsyncConnection, vault: Vault | None) -> None:
    """The change is done, with the look-up key of this vault; or was given up."""
    await conn.execute(delete(key_checks).where(_T.key_id == CHANGING))
    if vault is not None:
        await conn.execute(delete(key_checks).where(_T.key_id == LOOKUP))
        await _lay(conn, LOOKUP, lookup_proof(vault))


async def _lay(conn: AsyncConnection, key_id: str, proof: str) -> None:
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    await conn.execute(dialect.insert(key_checks).values(key_id=key_id, proof=proof).on_conflict_do_nothing())
