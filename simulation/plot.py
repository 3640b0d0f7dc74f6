"""The picture: how many of all who asked were introduced, by waking hours. Small own SVG, in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from simulation.figures import share_within

_WIDTH, _HEIGHT = 920, 500
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 690, 92, 430
_HOURS, _STEP, _MARKED = 48, 0.5, (12, 24)
_LABEL_APART = 21.0
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """Inks on a ground, and a colour for each line; the first line is the one that the others are held against."""

    ground: str
    ink: str
    faint: str
    grid: str
    lines: tuple[str, ...]


LIGHT = Palette(
    "#ffffff",
    "#1c2430",
    "#5b6675",
    "#e3e7ec",
    ("#1c2430", "#0b63c5", "#0a7d62", "#a85400", "#7b3fd0", "#c0264b"),
)
DARK = Palette(
    "#0f141b",
    "#e8edf3",
    "#9aa7b6",
    "#263140",
    ("#f2f6fa", "#6fb4ff", "#4fd1a5", "#f2a65a", "#c39bff", "#ff7d95"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One scenario: its title, and the waits in waking hours, None for those who never were introduced."""

    title: str
    waits: Sequence[float | None]


def draw(lines: Sequence[Line], subtitle: str, palette: Palette) -> str:
    """The picture of up to six lines, as SVG text."""
    parts = [_opening(lines, subtitle, palette), *_grid(palette)]
    ends = _apart([_y(share_within(line.waits, _HOURS)) for line in lines])
    for place, line in reversed(list(enumerate(lines))):
        colour = palette.lines[place % len(palette.lines)]
        parts.append(_curve(line, colour, first=place == 0))
        parts.append(_label(line, colour, ends[place], palette, first=place == 0))
    return "\n".join([*parts, "</svg>", ""])


def _opening(lines: Sequence[Line], subtitle: str, palette: Palette) -> str:
    told = "; ".join(
        f"{line.title}: {share_within(line.waits, 12):.0%} within 12 and {share_within(line.waits, 24):.0%} within 24"
        for line in lines
    )
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    heading, left = "How soon people were introduced", _LEFT - 40
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title told"',
            f' font-family="{_FONT}">',
            f'<title id="title">{heading}</title>',
            f'<desc id="told">Share of all who asked, by waking hours. {escape(told)}.</desc>',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="10" fill="{palette.ground}"/>',
            _text(left, 40, heading, palette.ink, bold=True, size=21),
            _text(left, 65, subtitle, palette.faint),
        )
    )


def _grid(palette: Palette) -> list[str]:
    parts = []
    for percent in range(0, 101, 25):
        y = _y(percent / 100)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="{palette.grid}"/>')
        parts.append(_text(_LEFT - 10, y + 4.5, f"{percent}%", palette.faint, anchor="end"))
    for hour in range(0, _HOURS + 1, 6):
        marked = hour in _MARKED
        ink = palette.ink if marked else palette.faint
        parts.append(_text(_x(hour), _BOTTOM + 22, str(hour), ink, anchor="middle", bold=marked))
        if marked:
            parts.append(
                f'<path d="M{_x(hour):.1f} {_TOP}V{_BOTTOM}" stroke="{palette.faint}" stroke-dasharray="2 5"/>'
            )
    middle = (_LEFT + _RIGHT) / 2
    parts.append(_text(middle, _BOTTOM + 46, "waking hours since they asked", palette.faint, anchor="middle"))
    return parts


def _curve(line: Line, colour: str, *, first: bool) -> str:
    hours = [step * _STEP for step in range(int(_HOURS / _STEP) + 1)]
    points = " ".join(f"{_x(hour):.1f},{_y(share_within(line.waits, hour)):.1f}" for hour in hours)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{3.2 if first else 2}" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _label(line: Line, colour: str, y: float, palette: Palette, *, first: bool) -> str:
    end = _y(share_within(line.waits, _HOURS))
    lead = f'<path d="M{_RIGHT + 3} {end:.1f}L{_RIGHT + 15} {y:.1f}" stroke="{colour}" stroke-width="1.2" fill="none"/>'
    share = _text(_RIGHT + 20, y + 4.5, f"{share_within(line.waits, _HOURS):.0%}", colour, bold=True)
    return (
        lead
        + share
        + _text(_RIGHT + 58, y + 4.5, line.title, palette.ink if first else colour, bold=first, size=13)
    )


def _text(
    x: float, y: float, words: str, ink: str, *, anchor: str = "start", bold: bool = False, size: int = 14
) -> str:
    weight = ' font-weight="650"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{ink}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def _x(hour: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * hour / _HOURS


def _y(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights near those wanted at which no label lies on another; the lowest stays on the page."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    heights = dict[int, float]()
    above = -_LABEL_APART
    for place in order:
        above = max(wanted[place], above + _LABEL_APART)
        heights[place] = above
    spread = sum(heights[place] - wanted[place] for place in order) / max(len(order), 1)
    return [heights[place] - spread for place in range(len(wanted))]
