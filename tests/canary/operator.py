"""What an operator reads in a terminal: every command that looks at the database, over the scenario's own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("check",),
    ("check", "--go-live"),
    ("settings",),
    ("roster", "list"),
    ("audit", "verify"),
    ("sweep",),
    ("migrate",),
)


async def looks(settings: Settings, folder: Path, commands: tuple[tuple[str, ...], ...]) -> dict[str, bytes]:
    """Each command's whole output, by its words."""
    set_to = {
        "LOCAL": "1",
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "FORCES_FILE": str(settings.forces_file),
        "KEYS": settings.keys.get_secret_value(),
        "LOOKUP_KEY": settings.lookup_key.get_secret_value(),
        "LOG_LEVEL": "DEBUG",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in set_to.items():
            if value:
                patch.setenv(f"PEER_SUPPORT_{name}", value)
        return {" ".join(words): await asyncio.to_thread(_run, words) for words in commands}


def _run(words: tuple[str, ...]) -> bytes:
    result = CliRunner().invoke(app, list(words))
    return f"{result.exit_code}\n{result.output}".encode()
