"""The keys: a ring that seals with its first and opens with any, and one separate key for look-ups.

They come from the environment or from a file of their own; in local mode, from one beside a new database. Never from
the database, and never into a message: what is wrong with them is said without showing them.
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


@dataclass(frozen=True, slots=True)
class Keys:
    """Both keys, and while the look-up key is being changed the one it is to be."""

    ring: KeyRing
    lookup: LookupKey
    next_lookup: LookupKey | None = None

    def lines(self) -> dict[str, str]:
        """As a key file holds them. Secret."""
        following = {"NEXT_LOOKUP_KEY": self.next_lookup.text()} if self.next_lookup else {}
        return {"KEYS": self.ring.text(), "LOOKUP_KEY": self.lookup.text()} | following


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of `KEYS=` and `LOOKUP_KEY=` lines, for its owner alone."""

    path: Path

    def read(self) -> Keys:
        """KeysUnreadable where it isn't there or isn't whole."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as fault:
            why = fault.strerror or "no reason"
            raise KeysUnreadable(f"The key file {self.path.name} can't be read: {why}.") from fault
        found = dict(line.split("=", 1) for line in lines if "=" in line)
        if any(name not in found for name in _LOCAL_NAMES):
            raise KeysUnreadable(
                f"The key file {self.path.name} is not whole: it needs a KEYS= and a LOOKUP_KEY= line."
            )
        following = found.get("NEXT_LOOKUP_KEY")
        return Keys(
            KeyRing.parse(found["KEYS"]),
            LookupKey.parse(found["LOOKUP_KEY"]),
            LookupKey.parse(following) if following else None,
        )

    def make(self, keys: Keys) -> bool:
        """Write a new one. False where one is there already, which stays as it is."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(self.path, keys)
        except FileExistsError:
            return False
        return True

    def replace(self, keys: Keys) -> None:
        """Put others in its place, at once or not at all."""
        beside = self.path.with_name(self.path.name + ".new")
        beside.unlink(missing_ok=True)
        _write(beside, keys)
        beside.replace(self.path)
        _settle(self.path.parent)


def _write(path: Path, keys: Keys) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in keys.lines().items())
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def beside(database: Path) -> KeyFile:
    """Local mode's key file."""
    return KeyFile(database.with_name(database.name + ".keys"))


def local_keys(database: Path) -> tuple[KeyRing, LookupKey]:
    """Local mode's keys: read from the file beside the database, or made there while the database is still new.

    Where the database already holds something and the file is gone, nothing is made: new keys would open nothing.
    """
    file = beside(database)
    if not file.path.exists():
        if database.exists() and database.stat().st_size > 0:
            raise KeysUnreadable(
                f"{database.name} holds rows but its key file {file.path.name} is missing. Put the key file back "
                "beside it, or move the database away to begin anew."
            )
        file.make(
            Keys(KeyRing.new(), LookupKey.new())
        )  # where another process was first, its keys are the keys
    keys = file.read()
    return keys.ring, keys.lookup


def _decoded(text: str, what: str) -> bytes:
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise KeysUnreadable(f"{what} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise KeysUnreadable(f"{what} is {len(key)} bytes long; it must be {KEY_BYTES}.")
    return key
