"""The page in docs and the screen: made of what was measured, and of nothing else."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.findings import Section, keep, kept_in

_INTRODUCTION = (
    "Written by `make bench` and `make endurance` from what they measured; not by hand.",
    "",
    "A figure is the median of its rounds, with the range. Ratios are taken round by round, between contenders that",
    "take turns in alternating order.",
)


def show(section: Section, out: Console) -> None:
    """On the screen."""
    for part in section.tables:
        table = Table(title=part.title, title_justify="left")
        for place, name in enumerate(part.head):
            table.add_column(name, overflow="fold", no_wrap=place == 0)
        for row in part.rows:
            table.add_row(*row)
        out.print(table)
    for promise in section.promises:
        out.print(promise.sentence, style="green" if promise.kept else "bold red", highlight=False)


def write(sections: Sequence[Section], order: Sequence[str], page: Path) -> None:
    """These in place of their older selves, and what else was measured before, as data and as the page."""
    data = page.with_suffix(".json")
    known = {each.name: each for each in kept_in(data)} | {each.name: each for each in sections}
    whole = [known[name] for name in order if name in known]
    keep(whole, data)
    page.write_text("\n".join(_lines(whole)), "utf-8")


def _lines(sections: Sequence[Section]) -> list[str]:
    machine = (
        f"The machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, aiohttp {version('aiohttp')}. Everything that takes part runs on it. "
        "Where a load average stands near the number of cores or above, others had the machine too."
    )
    lines = [
        "# Bench",
        *_INTRODUCTION,
        "",
        machine,
        "",
        _line(("promise", "measured", "")),
        _line(["---"] * 3),
    ]
    for section in sections:
        lines += [
            _line((promise.target, promise.found, "kept" if promise.kept else "**missed**"))
            for promise in section.promises
        ]
    for section in sections:
        lines += ["", f"## {section.title}", section.taken.sentence, ""]
        lines += [f"- {said}" for said in section.said]
        for part in section.tables:
            lines += ["", f"**{part.title}**", "", _line(part.head), _line(["---"] * len(part.head))]
            lines += map(_line, part.rows)
    return [*lines, ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
