"""Opaque ids and the short references that people read out."""

from __future__ import annotations

import secrets
import uuid

_ALPHABET = "ACDEFHJKLMNPQRTUVWXY3479"
REFERENCE_LENGTH = 4


def new_id() -> str:
    """An id that says nothing, made before the row is written, so that sealed columns can be bound to it."""
    return uuid.uuid4().hex


def new_reference() -> str:
    """A random reference without letters that are misread (B/8, I/1, O/0, S/5, Z/2, G/6). Unique among live ones."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(REFERENCE_LENGTH))
