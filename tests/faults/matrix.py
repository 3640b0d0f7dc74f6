"""The fault matrix: what may be broken, when, and what everybody is answered meanwhile. docs/faults.md is its table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.faults import breaking as make
from tests.faults.place import Place

Break = Callable[[Place], Awaitable[None]]


class Typed(StrEnum):
    """What comes to somebody who types."""

    AT_ONCE = "the card, at once"
    PLAIN = "the same words without the card, at once"
    TOLD = "the card, as soon as the channel said it may be sent"
    LATER = "the card, as soon as the channel takes it; tried for ten minutes"
    TOKEN = "the card, once the token service answers; tried for ten minutes"


class Otherwise(StrEnum):
    """What anything but a call for help gets meanwhile."""

    AS_EVER = "as ever"
    HELP_ONLY = "“I can't take requests just now”, and who to ring"
    KIND = "“I couldn't do that just now”, and who to ring"
    CRISIS = "the crisis card"
    WAITS = "comes when the channel takes it"
    EITHER = "as ever, or “I couldn't do that just now” and who to ring"


@dataclass(frozen=True, slots=True)
class Fault:
    """`before` breaks it before the bot starts, `during` while it runs. `all_nations`: where the force isn't known."""

    part: str
    when: str
    before: Break = make.nothing
    during: Break = make.nothing
    typed: Typed = Typed.AT_ONCE
    otherwise: Otherwise = Otherwise.HELP_ONLY
    all_nations: bool = False

    @property
    def name(self) -> str:
        """Short, for the test's id."""
        return f"{self.part}, {self.when}"


BEFORE, DURING = "before it starts", "while it runs"

MATRIX: Sequence[Fault] = (
    Fault("Nothing is broken", DURING, otherwise=Otherwise.AS_EVER),
    Fault("The database is gone", BEFORE, before=make.no_folder),
    Fault(
        "The database is gone", DURING, before=make.on_a_line, during=make.cut_off, otherwise=Otherwise.KIND
    ),
    Fault("The database is locked by another", BEFORE, before=make.locked_from_the_start),
    Fault("The database is locked by another", DURING, during=make.locked, otherwise=Otherwise.KIND),
    Fault("The database is corrupt", BEFORE, before=make.corrupt_from_the_start),
    Fault("The database is corrupt", DURING, during=make.corrupt, otherwise=Otherwise.EITHER),
    Fault("The database says nothing (black hole)", BEFORE, before=make.silent_from_the_start),
    Fault(
        "The database says nothing (black hole)",
        DURING,
        before=make.on_a_line,
        during=make.silent,
        otherwise=Otherwise.KIND,
    ),
    Fault("Migrations are missing", BEFORE, before=make.never_migrated),
    Fault("Tables are missing", DURING, during=make.tables_dropped, otherwise=Otherwise.KIND),
    Fault("The keys are not those of the database", BEFORE, before=make.other_keys),
    Fault("The keys are cut short", BEFORE, before=make.keys_cut_short),
    Fault("A row that the keys don't open", DURING, during=make.resealed, otherwise=Otherwise.KIND),
    Fault(
        "The forces file is broken",
        BEFORE,
        before=make.forces_broken,
        all_nations=True,
        otherwise=Otherwise.CRISIS,
    ),
    Fault(
        "The forces file is missing",
        BEFORE,
        before=make.forces_missing,
        all_nations=True,
        otherwise=Otherwise.CRISIS,
    ),
    Fault("The forces file is broken", DURING, during=make.forces_broken, otherwise=Otherwise.AS_EVER),
    Fault("The roster is empty", DURING, during=make.asked_for_a_peer, otherwise=Otherwise.AS_EVER),
    Fault("The scheduler is dead", DURING, during=make.scheduler_stopped, otherwise=Otherwise.AS_EVER),
    Fault("The outbox is stuck", DURING, during=make.outbox_stuck, otherwise=Otherwise.AS_EVER),
    Fault("A dialog raises", DURING, during=make.dialog_raises, otherwise=Otherwise.KIND),
    Fault("A dialog never ends", DURING, during=make.dialog_hangs, otherwise=Otherwise.KIND),
    Fault("A card raises", DURING, during=make.card_raises, otherwise=Otherwise.KIND),
    Fault("Every card raises", DURING, during=make.every_card_raises, otherwise=Otherwise.CRISIS),
    Fault(
        "Every card raises",
        BEFORE,
        before=make.every_card_raises,
        all_nations=True,
        otherwise=Otherwise.CRISIS,
    ),
    Fault("The translation raises", DURING, during=make.words_raise, otherwise=Otherwise.CRISIS),
    Fault(
        "The translation raises",
        BEFORE,
        before=make.words_raise,
        all_nations=True,
        otherwise=Otherwise.CRISIS,
    ),
    Fault(
        "The help lines can't be read",
        BEFORE,
        before=make.contacts_unreadable,
        all_nations=True,
        otherwise=Otherwise.AS_EVER,
    ),
    Fault("The ladder raises", DURING, during=make.ladder_raises, otherwise=Otherwise.CRISIS),
    Fault(
        "The count of answers can't be kept", DURING, during=make.count_raises, otherwise=Otherwise.AS_EVER
    ),
    Fault(
        "No turn has a place (lane full)",
        DURING,
        before=make.one_place,
        during=make.lane_full,
        otherwise=Otherwise.KIND,
    ),
    Fault(
        "The channel refuses the card",
        DURING,
        during=make.card_refused,
        typed=Typed.PLAIN,
        otherwise=Otherwise.AS_EVER,
    ),
    Fault(
        "The channel throttles (429, Retry-After)",
        DURING,
        during=make.throttled,
        typed=Typed.TOLD,
        otherwise=Otherwise.WAITS,
    ),
    Fault("The channel is slow to answer", DURING, during=make.slow, otherwise=Otherwise.AS_EVER),
    Fault(
        "The channel is unwell (503)",
        DURING,
        during=make.unwell,
        typed=Typed.LATER,
        otherwise=Otherwise.WAITS,
    ),
    Fault(
        "The outbound token service is down",
        BEFORE,
        before=make.signed,
        during=make.token_service_down,
        typed=Typed.TOKEN,
        otherwise=Otherwise.WAITS,
    ),
    Fault(
        "The channel's key server is down",
        DURING,
        before=make.signed,
        during=make.key_server_down,
        otherwise=Otherwise.AS_EVER,
    ),
    Fault("A form is half filled", DURING, during=make.form_open, otherwise=Otherwise.AS_EVER),
)
PRESSED = "the card, in the press's own answer"


def table() -> str:
    """The matrix in Markdown."""
    rows = [
        f"| {fault.part} | {fault.when} | {PRESSED} | {fault.typed} | {fault.otherwise} |" for fault in MATRIX
    ]
    heads = ["broken", "when", "Help now, pressed", "help now, typed", "anything else"]
    return "\n".join([f"| {' | '.join(heads)} |", "|---|---|---|---|---|", *rows, ""])
