"""The databases of these tests."""

from tests.fakes.databases import (
    database_address,
    lasting_store,
    open_work,
    postgresql,
    sqlite_address,
    store,
)

__all__ = ["database_address", "lasting_store", "open_work", "postgresql", "sqlite_address", "store"]
