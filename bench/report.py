"""What was measured, as a table on the screen and as a page of the documents. Nothing else is ever written there."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.contenders import FLOOR, OURS, Contender
from bench.databases import Database
from bench.load import AT_ONCE, STORING_AT_ONCE, Sample
from bench.rounds import ACCEPT, BUTTON, SEND, TEXT, Results

TARGET = 2.0
_ACTS = {TEXT: "`help now`, typed", BUTTON: "Help now, pressed"}
_TURNS = {SEND: "Send request", ACCEPT: "Accept"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench: what was asked for, on which machine, and what came of it."""

    day: date
    rounds: int
    seconds: float
    took: float
    busy: float
    entered: Sequence[Contender]
    databases: Sequence[tuple[Database, int]]
    results: Results

    def ratios(self, name: str, act: str) -> list[float]:
        """CPU against the floor's, round by round."""
        floor, theirs = self.results.samples[FLOOR, act], self.results.samples[name, act]
        return [each.cpu_ms / low.cpu_ms for each, low in zip(theirs, floor, strict=True)]

    @property
    def kept(self) -> bool:
        """Whether help now costs at most so many times the floor, typed and pressed."""
        return all(median(self.ratios(OURS, act)) <= TARGET for act in _ACTS)

    @property
    def verdict(self) -> str:
        """The promise beside what was measured."""
        found = ", ".join(f"{median(self.ratios(OURS, act)):.2f} x {words}" for act, words in _ACTS.items())
        return f"Help now may cost at most {TARGET:g} x the floor's CPU: {found}. {'Kept' if self.kept else 'Missed'}."


@dataclass(frozen=True, slots=True)
class Part:
    """One table."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def parts(run: Run) -> list[Part]:
    """Help now in two tables, and the turns that store something in one."""
    found = []
    for act, words in _ACTS.items():
        head = ("contender", "CPU ms a turn", "x floor", "turns/s", "what it does")
        found.append(Part(words, head, [_row(run, each, act) for each in run.entered]))
    rows = []
    for act, words in _TURNS.items():
        for database, _ in run.databases:
            samples = run.results.samples[database.name, act]
            rows.append(
                (
                    words,
                    f"{database.name} {database.version}",
                    spread([each.cpu_ms for each in samples]),
                    spread([each.per_second for each in samples]),
                    spread(run.results.statements[database.name, act]),
                )
            )
    head = ("turn", "database", "CPU ms a turn", "turns/s", "statements a turn")
    found.append(Part("A request sent, an offer accepted", head, rows))
    return found


def _row(run: Run, each: Contender, act: str) -> tuple[str, ...]:
    note = run.results.notes.get((each.name, act))
    if note is not None:
        return (each.name, "not measured", "", "", note)
    samples: list[Sample] = run.results.samples[each.name, act]
    return (
        each.name,
        spread([sample.cpu_ms for sample in samples]),
        "1" if each.name == FLOOR else spread(run.ratios(each.name, act)),
        spread([sample.per_second for sample in samples]),
        each.does,
    )


def spread(values: Sequence[float]) -> str:
    """The median, and the range about it."""
    return f"{short(median(values))} ({short(min(values))} to {short(max(values))})"


def short(value: float) -> str:
    """Three figures."""
    if value >= 100:  # noqa: PLR2004
        return f"{value:.0f}"
    return f"{value:.3g}"


def show(run: Run, out: Console) -> None:
    """On the screen."""
    for part in parts(run):
        table = Table(title=part.title, title_justify="left")
        for place, name in enumerate(part.head):
            table.add_column(name, overflow="fold", no_wrap=place == 0)
        for row in part.rows:
            table.add_row(*row)
        out.print(table)
    out.print(run.verdict, style="green" if run.kept else "bold red", highlight=False)


def write(run: Run, page: Path) -> None:
    """As the page of the documents."""
    lines = [
        "# Bench",
        f"Written by `make bench ROUNDS={run.rounds}` on {run.day:%d %B %Y}; not by hand.",
        "",
        *_facts(run),
        "",
    ]
    for part in parts(run):
        lines += [f"## {part.title}", _line(part.head), _line(["---"] * len(part.head))]
        lines += [*map(_line, part.rows), ""]
    lines += [run.verdict, ""]
    page.write_text("\n".join(lines), "utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _facts(run: Run) -> list[str]:
    supporters = max((count for _, count in run.databases), default=0)
    names = " and ".join(f"{database.name} {database.version}" for database, _ in run.databases)
    facts = {
        "Machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, aiohttp {version('aiohttp')}. Load {run.busy:.2f} when it began; "
        f"it took {run.took:.0f} s.",
        "Rounds": f"{run.rounds}, every contender in each, in alternating order, {run.seconds:g} s an act, "
        f"{AT_ONCE} activities under way at once ({STORING_AT_ONCE} of those that store something). Each figure "
        "is the median of the rounds, with the range. Ratios are taken round by round.",
        "CPU": "user and system time of the contender's whole process by the kernel's own clock. The channel "
        "and whoever sends the activities are processes of their own, all on this machine.",
        "Help now": "each activity carries a signed token, which is checked. Typed, the card goes to the "
        "connector with a token from a service that takes 50 ms; pressed, it is in the answer itself. All give "
        "the same card, which is looked at before the rounds; that every card arrived is counted in each. The "
        "floor builds it afresh each time and holds its token; this bot made it at start, as it does in service.",
        "The two SDKs": "they fetch their token over HTTPS, the only way that MSAL knows.",
        "A request sent, an offer accepted": f"this bot on {names}, with durable settings, each round on a "
        f"fresh copy of the same data ({supporters} supporters, all available). The turn alone: its notices are "
        "written, and the outbox's sending them afterwards isn't counted; nor is the database server's CPU; nor "
        "are BEGIN and COMMIT, as statements.",
    }
    return [f"- **{what}**: {said}" for what, said in facts.items()]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
