"""Towns for whole journeys, on SQLite and on PostgreSQL. What must hold of every screen is looked at after each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.databases import (
    database_address,
    migrated_address,
    migrated_file,
    postgresql,
    sqlite_address,
)
from tests.scenarios.steps import check_screens
from tests.scenarios.town import Town, town

__all__ = ["database_address", "migrated_address", "migrated_file", "postgresql", "sqlite_address"]


@pytest.fixture
async def place(migrated_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town, with forms in dialogs."""
    async with town(migrated_address, tmp_path, migrated=True) as made:
        yield made
        check_screens(made)


@pytest.fixture
async def chat_place(migrated_file: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose clients have no dialogs: forms are cards in the chat."""
    async with town(migrated_file, tmp_path, forms="chat", migrated=True) as made:
        yield made
        check_screens(made)
