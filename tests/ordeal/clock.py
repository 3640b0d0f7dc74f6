"""The bots' time, told to processes from outside: the machine's own, moved by the number that a small file holds."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

_NUMBER = struct.Struct("<d")


class SteeredClock:
    """Goes on by itself. `move` and `set` change it for every process that reads the same file, at once."""

    def __init__(self, path: Path, *, ahead: float = 0.0) -> None:
        if not path.exists():
            path.write_bytes(_NUMBER.pack(0.0))
        with path.open("r+b") as file:
            self._held = mmap.mmap(file.fileno(), _NUMBER.size)
        self._ahead = ahead

    def __call__(self) -> datetime:
        moved = _NUMBER.unpack_from(self._held)[0]
        return datetime.now(UTC) + timedelta(seconds=moved + self._ahead)

    def move(self, **how_far: float) -> None:
        """So much later, or earlier."""
        moved = _NUMBER.unpack_from(self._held)[0] + timedelta(**how_far).total_seconds()
        _NUMBER.pack_into(self._held, 0, moved)

    def set(self, moment: datetime) -> None:
        """It is this moment now."""
        _NUMBER.pack_into(self._held, 0, (moment - datetime.now(UTC)).total_seconds())


Clock = Callable[[], datetime]
