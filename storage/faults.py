"""The database's own errors, told as ours."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import StoreBusy, StoreError, StoreRefused, StoreUnavailable

_GIVEN_UP = ("40P01", "40001")  # PostgreSQL: a deadlock, a serialisation failure


def ours(error: SQLAlchemyError) -> StoreError:
    """The database's errors in our own words: only this room may know SQLAlchemy's."""
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _GIVEN_UP:
        return StoreBusy(
            "Two units of work waited for each other, and one was given up.", cause=_cause(error)
        )
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return StoreUnavailable(
            "The database can't be reached or didn't answer in time.", cause=_cause(error)
        )
    return StoreRefused("The database refused a statement.", cause=_cause(error))


def _cause(error: SQLAlchemyError) -> str:
    """The database's own code where it gave one, else the driver's kind of error. Never a text."""
    orig = error.orig if isinstance(error, DBAPIError) else None
    state = getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None)
    return str(state or type(orig or error).__name__)
