"""What wording a notice needs, and the looks that several of them share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from cards.reader import Reader
from dialogs.talk import message_of
from dialogs.turn import Card, Message
from peer_support.notice import Notice
from peer_support.people import Member
from peer_support.ports import Desk


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice, the member it is for, and the reader its card is made for."""

    notice: Notice
    member: Member
    desk: Desk
    reader: Reader
    now: datetime

    @property
    def subject(self) -> str:
        """The id of what it is about."""
        return self.notice.subject_id

    @property
    def editing(self) -> bool:
        """Whether it mends a card sent before, rather than being sent anew."""
        return self.notice.edits is not None

    @property
    def dialog_forms(self) -> bool:
        """Whether forms are opened in a Teams dialog."""
        return self.desk.forms == "dialog"

    def message(self, card: Card) -> Message:
        """The card with its plain words and the neutral toast."""
        return message_of(card, self.reader)


Teller = Callable[[Telling], Awaitable[Message | None]]
