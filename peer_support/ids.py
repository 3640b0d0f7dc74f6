"""Opaque ids and the short references that people read out."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ALPHABET = "ACDEFHJKLMNPQRTUVWXY3479"
REFERENCE_LENGTH = 4


def _by_chance() -> str:
    return uuid.uuid4().hex


_made: ContextVar[Callable[[], str]] = ContextVar("made", default=_by_chance)


def new_id() -> str:
    """An id that says nothing, made before the row is written, so that sealed columns can be bound to it."""
    return _made.get()()


@contextmanager
def ids_from(make: Callable[[], str]) -> Iterator[None]:
    """Ids that come out the same each time, for a simulated year, where nobody is real; within this context alone."""
    before = _made.set(make)
    try:
        yield
    finally:
        _made.reset(before)


def new_reference() -> str:
    """A random reference without letters that are misread (B/8, I/1, O/0, S/5, Z/2, G/6). Unique among live ones."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(REFERENCE_LENGTH))
