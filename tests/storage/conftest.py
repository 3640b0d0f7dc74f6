"""The databases of these tests."""

from tests.fakes.databases import open_work, postgresql, sqlite_address, store

__all__ = ["open_work", "postgresql", "sqlite_address", "store"]
