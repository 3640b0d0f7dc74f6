"""Whether a line answers now, in London time, and the lines to list under More support."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peer_support.crisis.contacts import Contact
from peer_support.hours import LONDON


class State(StrEnum):
    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Opening:
    """`opens` (London time) is set where the line is closed; `today` says that it opens before midnight."""

    state: State
    opens: datetime | None = None
    today: bool = False


@dataclass(frozen=True, slots=True)
class SupportLine:
    """A line and whether it answers now: what the More support card is made from."""

    contact: Contact
    opening: Opening


@dataclass(frozen=True, slots=True)
class MoreSupport:
    """The lines in the order they are shown. The first one always answers."""

    lines: tuple[SupportLine, ...]


def opening(contact: Contact, now: datetime) -> Opening:
    """Open, closed until a moment, or not known. Never a guess: no hours means unknown."""
    if contact.round_the_clock:
        return Opening(State.ALWAYS)
    if contact.hours is None:
        return Opening(State.UNKNOWN)
    if contact.hours.open_at(now):
        return Opening(State.OPEN)
    opens = contact.hours.next_open(now).astimezone(LONDON)
    return Opening(State.CLOSED, opens, today=opens.date() == now.astimezone(LONDON).date())


def more_support(contacts: Iterable[Contact], nations: frozenset[str], now: datetime) -> MoreSupport:
    """The lines that the crisis card of these nations leaves out, with an always-open one for anybody first.

    After it come the lines for anyone, then those for one kind of trouble; what answers now before what doesn't.
    """
    here = [contact for contact in contacts if contact.nations & nations and (contact.call or contact.text)]
    anyone = [
        contact for contact in here if contact.round_the_clock and contact.sure and not contact.audience
    ]
    first = next((contact for contact in anyone if contact.email), anyone[0])
    rest = [SupportLine(contact, opening(contact, now)) for contact in here if not contact.always]
    rest.sort(key=_place)
    return MoreSupport((SupportLine(first, Opening(State.ALWAYS)), *rest))


def _place(line: SupportLine) -> tuple[int, list[str], int, str]:
    audience = sorted(line.contact.audience)
    group = 0 if not audience else 1 if audience == ["police"] else 2
    return group, audience, list(State).index(line.opening.state), line.contact.label
