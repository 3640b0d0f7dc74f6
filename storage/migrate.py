"""Migrations, run from the package itself: no ini file and no command line.

A revision is called by its number. One after which older programs can't serve any more says in its name from which on
they can: `0012_from_0010`, and so does each after it. All others only add, so that replicas may be replaced one by one.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.scrub import keep_no_samples

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 7_305_001  # any number that all replicas agree on
LONGEST_WAIT_MS = 3000  # for a table: whoever comes to it meanwhile waits behind the migration
_NAME = re.compile(r"(?P<number>\d{4})(?:_from_(?P<oldest>\d{4}))?")


def config() -> Config:
    """Alembic's settings. A percent sign in the path would be read as a placeholder."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return settings


@cache
def head() -> str:
    """The newest revision in the package."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    if found is None:
        raise FileNotFoundError("the package holds no migrations")
    return found


def current(connection: Connection) -> str | None:
    """The revision the database stands at; None where nothing was migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def later(found: str | None) -> bool:
    """Whether a newer program than this one has migrated the database."""
    theirs = _NAME.fullmatch(found or "")
    return theirs is not None and int(theirs["number"]) > int(head()[:4])


def fits(found: str | None) -> bool:
    """Whether this program can serve on a database at this revision."""
    theirs = _NAME.fullmatch(found or "")
    oldest = int(theirs["oldest"] or 0) if theirs else 0
    return found == head() or (later(found) and int(head()[:4]) >= oldest)


def upgrade(connection: Connection) -> None:
    """To the newest revision, in the transaction at hand. Replicas that start together wait for one another.

    What a newer program has migrated stays as it is: there is no way back, and none is needed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if later(current(connection)):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {LONGEST_WAIT_MS}"))
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    keep_no_samples(connection)
