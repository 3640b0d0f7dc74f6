"""One turn with all that answering it needs: who reads, what was said, and how a card becomes a reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from cards.plain import plain, toast
from cards.reader import Reader
from cards.words import ENGLISH, languages
from dialogs.turn import Card, Message, Page, Reply, Turn
from peer_support.acting import By
from peer_support.ports import Desk


@dataclass(frozen=True, slots=True)
class Talk:
    """A turn, the desk it is worked at, and the reader its cards are made for.

    `again` says that this very activity was worked before.
    """

    turn: Turn
    desk: Desk
    reader: Reader
    again: bool = False

    @property
    def by(self) -> By:
        """The actor of an act: worked once for this activity."""
        return By(self.turn.actor, self.turn.now, self.turn.key, self.turn.pressed)

    @property
    def look(self) -> By:
        """The actor of a look, which changes nothing and may be repeated."""
        return By(self.turn.actor, self.turn.now)

    @property
    def subject(self) -> str:
        """The opaque id that the press carried, if any."""
        return self.turn.fields.get("id", "")

    @property
    def dialog_forms(self) -> bool:
        """Whether forms are opened in a Teams dialog."""
        return self.desk.forms == "dialog"

    def spoken_in(self, language: str | None) -> Talk:
        """The same talk with somebody who chose a language. Without a choice it stays that of their Teams."""
        if language not in languages():
            return self
        return replace(self, reader=replace(self.reader, language=language))

    def field(self, name: str) -> str:
        """One typed or chosen answer; empty where it didn't come."""
        return self.turn.fields.get(name, "")

    def message(self, card: Card) -> Message:
        """The card with its plain words and the neutral toast."""
        return message_of(card, self.reader)

    def show(self, card: Card, *, new: bool = False) -> Reply:
        """Show a card where the person is: the dialog's next page, the pressed card's place, or a new message."""
        if self.turn.in_dialog:
            return Reply(page=Page(self.reader.say("dialog.title"), card))
        if self.turn.pressed and not new:
            return Reply(instead=self.message(card))
        return Reply(messages=(self.message(card),))

    def follow(self, here: Card, then: Card) -> Reply:
        """After an act that ends what the pressed card was about: `here` in its place, `then` as a new message.

        The pressed card is edited to `here` on every device, so what comes next must not stand on it.
        """
        if self.turn.in_dialog:
            return Reply(page=Page(self.reader.say("dialog.title"), then))
        new = () if self.again else (self.message(then),)
        return Reply(messages=new, instead=self.message(here)) if self.turn.pressed else Reply(messages=new)

    def say_in_chat(self, card: Card) -> Reply:
        """A new message in the chat, closing the dialog if one is open. What was pressed stays, or is edited later."""
        return Reply(messages=(message_of(card, replace(self.reader, dialog=False)),))

    @property
    def chat_reader(self) -> Reader:
        """The reader of a card that goes into the chat, whatever was pressed."""
        return replace(self.reader, dialog=False)


Handler = Callable[[Talk], Awaitable[Reply]]


def message_of(card: Card, reader: Reader) -> Message:
    """A card ready to be sent: with the same words in plain text, and a toast that says nothing."""
    return Message(card, plain(card), toast(reader), reader.language)


def reader_for(desk: Desk, tenant_id: str, locale: str, *, dialog: bool = False) -> Reader:
    """Who reads: the language of their Teams, where there is a catalogue, and the nations of their tenant."""
    language = locale.partition("-")[0].casefold()
    return Reader(
        language=language if language in languages() else ENGLISH,
        nations=desk.forces.nations_of(tenant_id),
        dialog=dialog,
    )
