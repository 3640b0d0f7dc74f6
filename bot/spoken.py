"""Which language a chat is spoken to in, for help now, which waits for no database to say what somebody chose."""

from __future__ import annotations

from collections import OrderedDict

MOST = 20_000


class Spoken:
    """What was chosen, as far as this process saw it, in the chats that spoke last. No id is held: only its hash."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._in: OrderedDict[int, str] = OrderedDict()

    def note(self, chat: str, language: str) -> None:
        """Somebody's choice, or what a chat was answered in that isn't the language of their Teams."""
        key = hash(chat)
        self._in[key] = language
        self._in.move_to_end(key)
        if len(self._in) > self._most:
            self._in.popitem(last=False)

    def of(self, chat: str) -> str | None:
        """None where this process doesn't know: then it is the language of their Teams."""
        return self._in.get(hash(chat))
