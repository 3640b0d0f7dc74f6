"""Sealing: AES-256-GCM bound to the very table, column and row; keyed hashes by which people are found; signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import SealBroken
from storage.keys import KeyRing, LookupKey

_NONCE_BYTES = 12
_PAD_TO = 64
_SIGNING = (
    b"peer-support signing"  # what signs is derived from a key of the ring, and is never that key itself
)
_read = json.JSONDecoder().decode
_write = json.JSONEncoder(separators=(",", ":")).encode  # ASCII: any text a person can send survives


class Vault:
    """Seals and opens with one ring, and hashes with one look-up key."""

    def __init__(self, ring: KeyRing, lookup: LookupKey) -> None:
        self._ciphers = {key.id: AESGCM(key.key) for key in ring.keys}
        self._signing = {key.id: _derived(key.key) for key in ring.keys}
        self._first = ring.keys[0].id
        self._lookup = lookup.key

    @property
    def seals_with(self) -> str:
        """The id of the key that seals now."""
        return self._first

    @property
    def opens_with(self) -> frozenset[str]:
        """The ids of the keys at hand."""
        return frozenset(self._ciphers)

    def seal(self, table: str, column: str, row_id: str, text: str) -> str:
        """`key id:base64(nonce + ciphertext)`, which opens in this one place only."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._first].encrypt(nonce, text.encode(), _place(table, column, row_id))
        return f"{self._first}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, table: str, column: str, row_id: str, token: str) -> str:
        """The text again; SealBroken where the token isn't whole, isn't from here, or its key isn't at hand."""
        key_id, _, encoded = token.partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBroken(f"{table}.{column} was sealed with a key that isn't in the ring.")
        try:
            raw = binascii.a2b_base64(encoded, strict_mode=True)
            return cipher.decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _place(table, column, row_id)
            ).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise SealBroken(f"A sealed text in {table}.{column} doesn't open.") from None

    def seal_json(self, table: str, column: str, row_id: str, value: Any) -> str:
        """A JSON value, padded so that its length tells little of what it holds."""
        text = _write(value)
        return self.seal(table, column, row_id, text.ljust(-(-len(text) // _PAD_TO) * _PAD_TO))

    def open_json(self, table: str, column: str, row_id: str, token: str) -> Any:
        """The value of `seal_json` again."""
        return _read(self.open(table, column, row_id, token))

    def sign(self, purpose: str, *parts: str | int) -> str:
        """`key id:code`, which nobody makes who has only the database."""
        return f"{self._first}:{self._code(self._first, purpose, parts)}"

    def signed(self, token: str, purpose: str, *parts: str | int) -> bool:
        """Whether a key at hand signed just this. A key that isn't at hand proves nothing."""
        key_id, _, code = token.partition(":")
        known = key_id in self._signing and code.isascii()
        return known and hmac.compare_digest(code, self._code(key_id, purpose, parts))

    def person(self, tenant_id: str, directory_id: str) -> str:
        """The keyed hash of one person in one tenant. Ids of a directory are the same in either case of letters."""
        return self.hash("person", tenant_id.casefold(), directory_id.strip().casefold())

    def hash(self, purpose: str, *parts: str) -> str:
        """A keyed hash for equality alone; the purpose keeps hashes of different things apart."""
        message = json.dumps([purpose, *parts]).encode()
        return hmac.new(self._lookup, message, hashlib.sha256).hexdigest()

    def _code(self, key_id: str, purpose: str, parts: tuple[str | int, ...]) -> str:
        message = json.dumps([purpose, *parts]).encode()
        return hmac.new(self._signing[key_id], message, hashlib.sha256).hexdigest()


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_SIGNING).derive(key)


def _place(table: str, column: str, row_id: str) -> bytes:
    """As JSON. An id of ours needs no escapes, which is most of what that costs."""
    if row_id.isascii() and row_id.isalnum():
        return f'["{table}", "{column}", "{row_id}"]'.encode()
    return json.dumps([table, column, row_id]).encode()
