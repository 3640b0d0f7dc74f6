"""Migrations, run from the package itself: no ini file and no command line."""

from __future__ import annotations

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


def upgrade(connection: Connection) -> None:
    """To the newest revision, in the transaction at hand. Replicas that start together wait for one another."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    keep_no_samples(connection)
