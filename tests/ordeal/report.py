"""What `make faults` found, as data and as the page that is made of it, docs/ordeals.md.

All of it takes over an hour. What is run by itself takes its older self's place; the rest stays, with its own day.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.ordeal.outside import INVARIANTS
from tests.ordeal.races import Race

DOCUMENT = Path(__file__).parents[2] / "docs" / "ordeals.md"


@dataclass(slots=True)
class Line:
    """One ordeal over all its seeds. `taken` is when, and how busy the machine was."""

    name: str
    taken: str = ""
    seeds: list[int] = field(default_factory=list)
    journeys: int = 0
    introduced: int = 0
    messages: int = 0
    kills: int = 0
    broken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(INVARIANTS, 0))
    first: list[str] = field(default_factory=list)
    duplicates: int = 0
    lost: int = 0
    longest: float = 0.0
    unhelped: int = 0
    helped: int = 0
    turned_away: int = 0


@dataclass(frozen=True, slots=True)
class Raced:
    """One race."""

    name: str
    race: Race
    requests: int
    seconds: float
    broken: int
    taken: str = ""


def now_and_how_busy() -> str:
    """For `taken`."""
    return f"{datetime.now(UTC):%d %B %Y}, load {os.getloadavg()[0]:.1f}"


def keep(lines: Sequence[Line], raced: Sequence[Raced], page: Path, names: Sequence[str]) -> str:
    """These in place of their older selves, and the others as they were found; the page that comes of it."""
    data = page.with_suffix(".json")
    old: dict[str, Any] = json.loads(data.read_text("utf-8")) if data.exists() else {"lines": [], "raced": []}
    all_lines = {each["name"]: Line(**each) for each in old["lines"]} | {each.name: each for each in lines}
    ordered = [all_lines[name] for name in names if name in all_lines]
    races = {each["name"]: Raced(**each | {"race": Race(**each["race"])}) for each in old["raced"]}
    races |= {each.name: each for each in raced}
    found = {
        "lines": [asdict(each) for each in ordered],
        "raced": [asdict(each) for each in races.values()],
    }
    data.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    page.write_text(text := document(ordered, list(races.values()), set(names) - all_lines.keys()), "utf-8")
    return text


def document(lines: Sequence[Line], raced: Sequence[Raced], not_run: Collection[str] = ()) -> str:
    """The whole page."""
    heads = ["what breaks", "taken", "seeds", "requests", "introduced", "messages", *INVARIANTS]
    heads += [
        "help now missed",
        "told to try again",
        "answers lost",
        "said twice for that",
        "longest recovery, s",
    ]
    rows = [
        [
            line.name + (f" ({line.kills} kills)" if line.kills else ""),
            line.taken,
            ", ".join(map(str, line.seeds)),
            str(line.journeys),
            str(line.introduced),
            str(line.messages),
            *(str(line.broken[name]) for name in INVARIANTS),
            f"{line.unhelped} of {line.helped + line.unhelped}",
            str(line.turned_away),
            str(line.lost),
            str(line.duplicates),
            f"{line.longest:.1f}",
        ]
        for line in lines
    ]
    faults = [f"- {line.name}: {each}" for line in lines for each in line.first[:5]]
    races = [
        [
            one.name,
            one.taken,
            f"{one.race.presses:,}",
            f"{one.requests:,}",
            f"{one.race.won:,}",
            f"{one.race.kindly:,}",
            str(len(one.race.wrong)),
            str(one.broken),
            f"{one.race.pressed_again:,}",
            f"{one.seconds:.0f}",
        ]
        for one in raced
    ]
    race_heads = [
        "where",
        "taken",
        "accepts",
        "contests",
        "won",
        "read the kind ending",
        "read anything else",
    ]
    race_heads += ["invariants broken", "pressed again, being told it was busy", "seconds"]
    return "\n".join(
        [
            _OPENING.format(cores=os.cpu_count()),
            *_table(heads, rows),
            *(["", f"Not run at this size yet: {'; '.join(sorted(not_run))}."] if not_run else []),
            *(["", "What was found:", *faults] if faults else []),
            "",
            _RACES,
            *_table(race_heads, races),
            "",
            _CLOSING,
        ]
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(each)} |" for each in (heads, ["---"] * len(heads), *rows)]


_OPENING = """# People's requests while things break
Written by `make faults` from what it found; not by hand. Machine: {cores} cores. `python -m tests.ordeal --only NAME`
runs some of it and leaves the other lines as they were found, each on its day, at the load average of the machine.

Replicas of the bot run as processes of their own on one database, beside a channel that keeps a book of all it gets.
People ask, accept, say yes or no, are introduced, close, withdraw, swap and hand back, as a seed draws it, pressing
what stands on their screens, and old cards too. Meanwhile something breaks. When it is mended everything must be caught
up with, and in the end the database's rows and the channel's book are held against what must always be true. The bot's
own code judges nothing of it. What each column counts stands in `tests/ordeal/outside.py`; from “request lost” to “help
now missed” each should be 0.
"""
_RACES = """## Who says yes first
Contested offers, each request's accepted by three people at one moment, one of them on two devices. Then supporters
whom two requests want at once: a yes to both would be more than the rules allow.
"""
_CLOSING = """## How to read it
- **Longest recovery** is from the end of a fault until an ordinary press is answered as ever and nothing is overdue: no
  step of time, and no message. Part of it is the sender's own patience with a channel that was unwell.
- Where replicas are killed, a lease that one of them held is not waited for: after each wave everybody is killed and
  the leases are aged, as if the minutes had passed. By itself such a message is sent when its lease has run out.
- **Said twice** can't be ruled out where the channel took a message and its answer was lost, or could not be written
  down: the channel has no key by which it would know a message again. They are counted; one without such a cause would
  stand in its own column.
- **Told to try again** shows that the fault was felt: so often somebody read “I couldn't do that just now”.
- Time goes faster than it is: the replicas' clock is steered by a file that they all read, and they tick twice a
  second.
"""
