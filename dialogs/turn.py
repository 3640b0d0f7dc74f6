"""What one turn of a conversation brings in, and what it gives back. Nothing here knows Teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peer_support.people import Actor

Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One press or one line of text by one person.

    `verb` is what a card's button or a typed word asks for; `fields` are the strings that came with it, `id` among
    them. `key` names the activity, so that a repeated one does nothing twice. `pressed` is the channel's id of the
    message whose card was pressed, where there was one. `in_dialog` says that the reply is shown in a Teams dialog.
    `happened` names what the channel itself tells of, INSTALLED or LEFT: never to be had by a press.
    """

    actor: Actor
    verb: str
    now: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    key: str = ""
    pressed: str | None = None
    in_dialog: bool = False
    happened: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A card with the plain text to send should the card be refused, and the line a toast may show.

    `language` is its reader's, which a card that is in English only doesn't show. Empty where nobody's is known.
    """

    card: Card
    text: str
    summary: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a Teams dialog shows next."""

    title: str
    card: Card
    height: str = "large"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person gets: `instead` stands where the pressed card stood, `page` in the dialog, `messages` are new.

    A reply to a press inside a dialog that has no `page` closes the dialog.
    """

    messages: tuple[Message, ...] = ()
    instead: Message | None = None
    page: Page | None = None
