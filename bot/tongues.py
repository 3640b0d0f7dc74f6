"""Which language a chat was last answered in, for help now, which waits for no database to say what somebody chose."""

from __future__ import annotations

from collections import OrderedDict

MOST = 20_000


class Tongues:
    """As far as this process saw it, of the chats that spoke last. It holds no id: only what can't be turned back."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: OrderedDict[int, str] = OrderedDict()

    def speaks(self, chat: str, language: str) -> None:
        """This chat was answered in this language, by somebody's choice or their Teams'."""
        key = hash(chat)
        self._of[key] = language
        self._of.move_to_end(key)
        if len(self._of) > self._most:
            self._of.popitem(last=False)

    def of(self, chat: str) -> str | None:
        """None where this process doesn't know."""
        return self._of.get(hash(chat))
