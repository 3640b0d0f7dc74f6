"""Towns for whole journeys, on SQLite and on PostgreSQL. What must hold of every screen is looked at after each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.databases import database_address, postgresql, sqlite_address
from tests.scenarios.steps import check_screens
from tests.scenarios.town import Town, town

__all__ = ["database_address", "postgresql", "sqlite_address"]


@pytest.fixture
async def place(database_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town, with forms in dialogs."""
    async with town(database_address, tmp_path) as made:
        yield made
        check_screens(made)


@pytest.fixture
async def chat_place(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose clients have no dialogs: forms are cards in the chat."""
    async with town(sqlite_address, tmp_path, forms="chat") as made:
        yield made
        check_screens(made)
