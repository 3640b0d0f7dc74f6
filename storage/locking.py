"""The check that the keys are those the rows were sealed with, made before anything is read or written."""

from __future__ import annotations

import hmac

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import SealBroken, StoreLocked
from storage.sealing import Vault
from storage.tables import key_checks, members

_LOOKUP = ":lookup"  # no key of the ring can be called so
_PROOF = "these keys fit these rows"
_T = key_checks.c


async def keys_fit(conn: AsyncConnection, vault: Vault) -> bool:
    """True where every key that ever sealed here is at hand and right; False where nothing was sealed yet.

    StoreLocked where a key is wrong or missing, or where rows stand without a check.
    """
    checks = {row.key_id: row.proof for row in await conn.execute(select(key_checks))}
    if not checks:
        if (await conn.execute(select(exists().select_from(members)))).scalar():
            raise StoreLocked(
                "The database holds rows but no key check, so no key can be trusted to fit them."
            )
        return False
    if not hmac.compare_digest(checks.pop(_LOOKUP, ""), vault.hash("check", _PROOF)):
        raise StoreLocked("The look-up key isn't the one this database was made with.")
    for key_id, proof in sorted(checks.items()):
        if key_id not in vault.opens_with:
            raise StoreLocked(
                f"This database has rows sealed with the key “{key_id}”, which isn't in the ring."
            )
        try:
            vault.open("key_checks", "proof", key_id, proof)
        except SealBroken:
            raise StoreLocked(f"The key “{key_id}” isn't the one this database was sealed with.") from None
    return True


async def lay_check(conn: AsyncConnection, vault: Vault) -> None:
    """Leave a proof of the key that seals now and of the look-up key, then look again: another may have been first."""
    await keys_fit(conn, vault)
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    rows = [
        {"key_id": _LOOKUP, "proof": vault.hash("check", _PROOF)},
        {"key_id": vault.seals_with, "proof": vault.seal("key_checks", "proof", vault.seals_with, _PROOF)},
    ]
    for row in rows:
        await conn.execute(dialect.insert(key_checks).values(**row).on_conflict_do_nothing())
    await keys_fit(conn, vault)
