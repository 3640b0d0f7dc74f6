"""One SQLite file, one serving process: held by a lock on a file beside it, which the system frees at any end."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType
from typing import Self

from storage.engine import read_address, sqlite_file
from storage.errors import AlreadyServing


class SingleProcess:
    """Hold this while serving. PostgreSQL may be served by many, so there it holds nothing."""

    def __init__(self, address: str) -> None:
        self._database = sqlite_file(read_address(address))
        self._handle: int | None = None

    def __enter__(self) -> Self:
        if self._database is None:
            return self
        path = self._database.with_name(self._database.name + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise AlreadyServing(
                f"Another process already serves on {self._database.name}. Stop it first, or use PostgreSQL, "
                "which several may share."
            ) from None
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
