"""Keeps the chats in a file, so that stopping the sandbox doesn't empty everyone's Teams while the bot remembers."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.chats import By, Chat, Chats, Installed, Message

EVERY_SECONDS = 1.0


class KeptUnreadable(ValueError):
    """The file of kept chats isn't one."""


class Keep:
    """Reads the file at the start, and writes it a moment after anything changed."""

    def __init__(self, path: Path, chats: Chats) -> None:
        self._path, self._chats = path, chats
        self._written = chats.changes
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Bring the chats back, and keep them from now on. Raises KeptUnreadable."""
        if self._path.exists():
            self._read()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what isn't written yet."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._write()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            self._write()

    def _write(self) -> None:
        if self._written == self._chats.changes:
            return
        used = [chat.shown() for chat in self._chats if chat.installed is not Installed.NEVER]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(used, ensure_ascii=False), encoding="utf-8")
        beside.replace(self._path)
        self._written = self._chats.changes

    def _read(self) -> None:
        try:
            for kept in json.loads(self._path.read_text(encoding="utf-8")):
                chat = self._chats.of(kept["who"])
                if chat is not None and chat.person.conversation_id == kept["conversation_id"]:
                    _restore(chat, kept)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise KeptUnreadable(
                f"{self._path} can't be read. Move it away to start with empty chats."
            ) from fault


def _restore(chat: Chat, kept: dict[str, Any]) -> None:
    chat.installed, chat.blocked = Installed(kept["installed"]), bool(kept["blocked"])
    chat.messages = [Message(**{**message, "by": By(message["by"])}) for message in kept["messages"]]
