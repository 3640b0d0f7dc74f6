"""The keys: a ring that seals with its first and opens with any, and one separate key for look-ups.

They come from the environment or, in local mode, from a file beside a new database. Never from the database, and
never into a message: what is wrong with them is said without showing them.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import KeysUnreadable

KEY_BYTES = 32
_ID = re.compile(r"^[A-Za-z0-9_-]{1,32}$")
_LOCAL_NAMES = ("KEYS", "LOOKUP_KEY")


@dataclass(frozen=True, slots=True)
class SealingKey:
    """One AES-256 key with the id that stands in front of what it sealed."""

    id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The first key seals, any opens."""

    keys: tuple[SealingKey, ...]

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read `id:base64,id:base64`, each 32 bytes."""
        keys: list[SealingKey] = []
        for place, part in enumerate((piece.strip() for piece in text.split(",")), start=1):
            id_, colon, encoded = part.partition(":")
            if not colon or not _ID.match(id_):
                raise KeysUnreadable(
                    f"Key {place} should look like id:base64, where the id is letters, digits, - or _."
                )
            if any(key.id == id_ for key in keys):
                raise KeysUnreadable(
                    f"The key id “{id_}” stands twice in the ring; each needs an id of its own."
                )
            keys.append(SealingKey(id_, _decoded(encoded, f"The key “{id_}”")))
        return cls(tuple(keys))

    @classmethod
    def new(cls, id_: str = "k1") -> KeyRing:
        """A ring of one fresh key."""
        return cls((SealingKey(id_, secrets.token_bytes(KEY_BYTES)),))

    def text(self) -> str:
        """The ring in the form that `parse` reads. Secret: for a key file alone."""
        return ",".join(f"{key.id}:{base64.b64encode(key.key).decode()}" for key in self.keys)


@dataclass(frozen=True, slots=True)
class LookupKey:
    """The key of the keyed hashes by which a person is found. It stays when the ring is turned."""

    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> LookupKey:
        """Read one base64 key of 32 bytes."""
        return cls(_decoded(text.strip(), "The look-up key"))

    @classmethod
    def new(cls) -> LookupKey:
        """A fresh key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def text(self) -> str:
        """The key in the form that `parse` reads. Secret: for a key file alone."""
        return base64.b64encode(self.key).decode()


def local_keys(database: Path) -> tuple[KeyRing, LookupKey]:
    """Local mode's keys: read from the file beside the database, or made there while the database is still new.

    Where the database already holds something and the file is gone, nothing is made: new keys would open nothing.
    """
    path = database.with_name(database.name + ".keys")
    if path.exists():
        return _read(path)
    if database.exists() and database.stat().st_size > 0:
        raise KeysUnreadable(
            f"{database.name} holds rows but its key file {path.name} is missing. Put the key file back beside it, "
            "or move the database away to begin anew."
        )
    ring, lookup = KeyRing.new(), LookupKey.new()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first: its keys are the keys
        return _read(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"KEYS={ring.text()}\nLOOKUP_KEY={lookup.text()}\n")
        file.flush()
        os.fsync(file.fileno())
    return ring, lookup


def _read(path: Path) -> tuple[KeyRing, LookupKey]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    if any(name not in found for name in _LOCAL_NAMES):
        raise KeysUnreadable(
            f"The key file {path.name} is not whole: it needs a KEYS= and a LOOKUP_KEY= line."
        )
    return KeyRing.parse(found["KEYS"]), LookupKey.parse(found["LOOKUP_KEY"])


def _decoded(text: str, what: str) -> bytes:
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise KeysUnreadable(f"{what} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise KeysUnreadable(f"{what} is {len(key)} bytes long; it must be {KEY_BYTES}.")
    return key
