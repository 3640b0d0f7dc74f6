"""The roster as a table; tab-separated where it is piped into something, so that nothing is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from peer_support.commands.list_roster import CAN_BE_ASKED, SERVES, RosterLine
from peer_support.matching.eligible import Reason
from peer_support.people import Reach, RosterStatus

# Which covert role somebody has is shown to nobody, so its reason is told as the plain fact that they aren't asked.
WORDS: dict[str, str] = {
    CAN_BE_ASKED: "can be asked",
    SERVES: "serves",
    RosterStatus.LEAVE: "on leave",
    RosterStatus.LEFT: "left",
    Reach.NEVER_OPENED: "has never opened the bot",
    Reach.BLOCKED: "has removed or blocked the bot",
    Reason.COVERT_ROLE: "isn't asked",
    Reason.NOT_SELECTED: "not selected yet",
    Reason.NOT_TRAINED: "not trained yet",
    Reason.OUT_OF_DATE: "refresher overdue",
    Reason.NOT_SIGNED_OFF: "no sign-off",
    Reason.PAUSED: "paused",
}
COLUMNS = ("name", "force", "role", "state", "refresher due")


def show_people(people: Sequence[RosterLine], out: Console) -> None:
    """Everybody, and how many of each state."""
    if not people:
        out.print("Nobody is on the roster yet. Begin with: roster template FILE", highlight=False)
        return
    rows = [
        (one.name, one.force_id, str(one.role), WORDS[one.state], str(one.refresher_due or ""))
        for one in people
    ]
    if not out.is_terminal:
        out.file.writelines("\t".join(row) + "\n" for row in (COLUMNS, *rows))
        return
    table = Table(*COLUMNS)
    for row in rows:
        table.add_row(*row)
    out.print(table)
    states = Counter(WORDS[one.state] for one in people)
    said = ", ".join(f"{state}: {count}" for state, count in states.most_common())
    out.print(f"{len(people)} on the roster. {said}", markup=False, highlight=False)
