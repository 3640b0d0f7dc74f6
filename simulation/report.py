"""What a run says: a table of the scenarios side by side, and the page that keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from simulation.assumptions import WHY, Assumptions
from simulation.figures import middle, share_within
from simulation.run import Evenness, Outcome, Size
from simulation.watch import Promises

BEGIN = "<!-- written by `python -m bot simulate`: from here -->"
END = "<!-- written by `python -m bot simulate`: to here -->"
NOTHING = "–"
_SHOWN = "Share of all who asked that was introduced, by waking hours, for each scenario"


def rows(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """The table: a figure a row, a scenario a column. A row that says nothing for any of them isn't there."""
    found = [
        ["", *(each.title for each in outcomes)],
        ["Supporters who may be asked", *(f"{each.supporters:,}" for each in outcomes)],
        ["Requests", *(f"{each.asked:,}" for each in outcomes)],
        ["Somebody said yes within 12 waking hours", *(_share(each.named, 12) for each in outcomes)],
        ["Somebody said yes within 24 waking hours", *(_share(each.named, 24) for each in outcomes)],
        ["Introduced within 12 waking hours", *(_share(each.waits, 12) for each in outcomes)],
        ["Introduced within 24 waking hours", *(_share(each.waits, 24) for each in outcomes)],
        ["… after the incident, within 12", *(_share(each.surge_waits, 12) for each in outcomes)],
        ["… after the incident, within 24", *(_share(each.surge_waits, 24) for each in outcomes)],
        ["Introduced at all", *(_share(each.waits, float("inf")) for each in outcomes)],
        ["Half of them within, waking hours", *(_half(each.waits) for each in outcomes)],
        ["Offers for each introduction", *(_each(each) for each in outcomes)],
        ["Offers that ran out unanswered", *(_ran_out(each) for each in outcomes)],
        ["Promises of news kept", *(_kept(each.news) for each in outcomes)],
        ["Promises kept to supporters who said yes", *(_kept(each.hear) for each in outcomes)],
        ["Silent ends", *(str(sum(each.silent.values())) for each in outcomes)],
        ["Offers: Gini (most even; by chance)", *(_even(each.offered) for each in outcomes)],
        ["Introductions: Gini (most even; by chance)", *(_even(each.introductions) for each in outcomes)],
        ["Introductions of the busiest supporter", *(str(each.introductions.busiest) for each in outcomes)],
        ["One by one, against the best: points lost a pair", *(_lost(each) for each in outcomes)],
        ["One by one, against the best: left without anybody", *(_left(each) for each in outcomes)],
    ]
    return [row for row in found if row is found[0] or any(cell != NOTHING for cell in row[1:])]


def ends(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """Each request once: how it ended, or what it waits for."""
    kinds = sorted({kind for each in outcomes for kind in each.ends})
    return [
        ["How requests ended", *(each.title for each in outcomes)],
        *([kind.capitalize(), *(f"{each.ends.get(kind, 0):,}" for each in outcomes)] for kind in kinds),
    ]


def markdown(table: Sequence[Sequence[str]], numbers: int | None = None) -> str:
    """A table as the documents write it: words first, then columns of numbers, `numbers` of them or all, then words."""
    head, *body = table
    right = len(head) - 1 if numbers is None else numbers
    sides = ["---", *["--:"] * right, *["---"] * (len(head) - 1 - right)]
    lines = [_line(head), _line(sides), *map(_line, body)]
    return "\n".join(lines)


def page(
    before: str | None,
    size: Size,
    asked_for: str,
    circumstances: Sequence[Outcome],
    settings: Sequence[Outcome],
    pictures: Mapping[str, str],
) -> str:
    """The page with these figures. What people wrote around the earlier ones stays as it is."""
    years = "a year" if size.days >= 365 else f"{size.days} days"  # noqa: PLR2004
    parts = [
        BEGIN,
        f"`{asked_for}`: {size.forces} forces, {years}, seed {size.seed}.",
        "",
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{pictures["dark"]}">',
        f'<img alt="{_SHOWN}" src="{pictures["light"]}">',
        "</picture>",
        "",
        markdown(rows(circumstances)),
        "",
        markdown(ends(circumstances)),
    ]
    if settings:
        parts += [
            "",
            "With other numbers set ([settings.md](settings.md)), all else the same:",
            "",
            markdown(rows([circumstances[0], *settings])),
        ]
    parts += ["", "What it takes for granted:", "", markdown(taken_for_granted(), numbers=1), END]
    text = "\n".join(parts)
    if before is None or BEGIN not in before or END not in before:
        return f"# A simulated year\n\n{text}\n"
    return before[: before.index(BEGIN)] + text + before[before.index(END) + len(END) :]


def taken_for_granted() -> list[list[str]]:
    """Every assumption, its number, and where it is from."""
    plain = Assumptions()
    named = [(WHY[each.name], getattr(plain, each.name)) for each in fields(plain)]
    return [
        ["What", "How much", "From"],
        *([what, _number(value), source] for (what, source), value in named),
    ]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _share(waits: Sequence[float | None], hours: float) -> str:
    return f"{share_within(waits, hours):.1%}" if waits else NOTHING


def _half(waits: Sequence[float | None]) -> str:
    half = middle(wait for wait in waits if wait is not None)
    return NOTHING if half is None else f"{half:.1f}"


def _each(outcome: Outcome) -> str:
    introduced = sum(wait is not None for wait in outcome.waits)
    return f"{sum(outcome.offers.values()) / introduced:.1f}" if introduced else NOTHING


def _ran_out(outcome: Outcome) -> str:
    made = sum(outcome.offers.values())
    return f"{outcome.offers.get('expired', 0) / made:.0%}" if made else NOTHING


def _kept(promises: Promises) -> str:
    return f"{promises.kept:,} of {promises.made:,}" if promises.made else NOTHING


def _even(evenness: Evenness) -> str:
    return f"{evenness.found:.2f} ({evenness.least:.2f}; {evenness.by_chance:.2f})"


def _lost(outcome: Outcome) -> str:
    loss = outcome.loss
    if loss is None:
        return NOTHING
    return (
        NOTHING
        if loss.left_out
        else f"{loss.points_lost:.2f} of {loss.best.points / max(loss.best.count, 1):.0f}"
    )


def _left(outcome: Outcome) -> str:
    loss = outcome.loss
    return NOTHING if loss is None else f"{loss.left_out} of {loss.asked}"
