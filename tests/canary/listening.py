"""The log as it is set up in service, at DEBUG, and what the libraries would have said in their own words."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field

import structlog

from bot import logs

LIBRARIES = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "botbuilder",
    "botframework",
    "msal",
    "psycopg",
    "psycopg.pool",
    "sqlalchemy.engine",
    "sqlalchemy.pool",
    "sqlalchemy.orm",
    "tzlocal",
    "urllib3",
)
_ELSEWHERE = (
    "aiohttp.access",
)  # the fake Teams of this very process logs its own addresses; the bot logs none


class _OwnWords(logging.Handler):
    """What the libraries say, whole: more than any log of ours ever shows."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in _ELSEWHERE:
            self.lines.append(self.format(record))


@dataclass(slots=True)
class Heard:
    """`console` says which of the two shapes of the log this was."""

    console: bool
    log: io.StringIO = field(default_factory=io.StringIO)
    printed: io.StringIO = field(default_factory=io.StringIO)
    libraries: _OwnWords = field(default_factory=_OwnWords)

    def set_up(self) -> None:
        """As `serve` does at its start."""
        logs.set_up(level="DEBUG", console=self.console, stream=self.log)
        logging.getLogger().addHandler(self.libraries)

    def libraries_at(self, level: int) -> None:
        for name in LIBRARIES:
            logging.getLogger(name).setLevel(level)


@contextmanager
def listening(*, console: bool) -> Iterator[Heard]:
    """Everything that is logged or printed meanwhile."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in LIBRARIES}
    heard = Heard(console)
    heard.set_up()
    heard.libraries_at(logging.DEBUG)
    try:
        with redirect_stdout(heard.printed), redirect_stderr(heard.printed):
            yield heard
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
