"""The two icons, drawn at build: two speech bubbles. Nothing on them says why somebody has the app."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from manifest.png import Picture, Pixel

COLOUR_SIDE, OUTLINE_SIDE = 192, 32
WHITE = (255, 255, 255)
STROKE = 2.0

Colour = tuple[int, int, int]
Shape = Callable[[float, float], float]
"""How far a point lies outside a shape; below nought it lies within."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A rounded box with a tail that hangs from its left (-1) or its right (1) foot."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    tail: float
    side: int

    def shape(self) -> Shape:
        box = _rounded_box(self.left, self.top, self.right, self.bottom, self.radius)
        edge = self.left if self.side < 0 else self.right
        inward = -self.side
        foot = edge + inward * self.radius * 0.75
        tail = _triangle(
            (foot, self.bottom - self.radius),
            (foot + inward * self.tail * 1.7, self.bottom - self.radius * 0.4),
            (foot - inward * self.tail * 0.05, self.bottom + self.tail),
        )
        soft, root = self.radius / 9, self.bottom - self.radius

        def distance(x: float, y: float) -> float:
            near = box(x, y)
            if y < root or near > 2 * self.tail:
                return near  # the tail is further off than the box
            return min(near, tail(x, y) - soft)

        return distance


def colour_icon(ground: Colour, ink: Colour) -> Picture:
    """192 x 192, full bleed: Teams rounds the corners itself. The bubbles keep to the middle, clear of them."""
    back = Bubble(77, 48, 153, 104, 18, 15, 1).shape()
    front = Bubble(39, 80, 115, 130, 18, 16, -1).shape()

    def pixel(x: float, y: float) -> Pixel:
        near = front(x, y)
        colour = _mixed(ground, ink, 0.62 * _cover(back(x, y)))
        colour = _mixed(colour, ground, _cover(near - 6))
        return (*_mixed(colour, ink, _cover(near)), 255)

    return _drawn(COLOUR_SIDE, pixel)


def outline_icon() -> Picture:
    """32 x 32, white lines on nothing: Teams tints it for the bar."""
    back = Bubble(11, 3, 31, 18, 4.5, 4, 1).shape()
    front = Bubble(1, 11, 21, 25, 4.5, 4.5, -1).shape()

    def pixel(x: float, y: float) -> Pixel:
        near = front(x, y)
        behind = _line(back(x, y), STROKE) * (1 - _cover(near - STROKE))
        return (*WHITE, round(255 * max(behind, _line(near, STROKE))))

    return _drawn(OUTLINE_SIDE, pixel)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's ratio, from 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [
        value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's
        for value in colour
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _drawn(side: int, pixel: Callable[[float, float], Pixel]) -> Picture:
    return Picture(
        side, side, tuple(pixel(column + 0.5, row + 0.5) for row in range(side) for column in range(side))
    )


def _cover(distance: float) -> float:
    """How much of a pixel is covered by a shape whose edge is so far away: the smooth edge."""
    return max(0.0, min(1.0, 0.5 - distance))


def _line(distance: float, width: float) -> float:
    """A line that lies within the shape's edge."""
    return _cover(abs(distance + width / 2) - width / 2)


def _mixed(under: Colour, over: Colour, share: float) -> Colour:
    if share in {0.0, 1.0}:
        return over if share else under
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(under, over, strict=True))
    return red, green, blue


def _rounded_box(left: float, top: float, right: float, bottom: float, radius: float) -> Shape:
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    half_x, half_y = (right - left) / 2 - radius, (bottom - top) / 2 - radius

    def distance(x: float, y: float) -> float:
        over_x, over_y = abs(x - middle_x) - half_x, abs(y - middle_y) - half_y
        outside = math.sqrt(max(over_x, 0.0) ** 2 + max(over_y, 0.0) ** 2)
        return outside + min(max(over_x, over_y), 0.0) - radius

    return distance


def _triangle(*corners: tuple[float, float]) -> Shape:
    sides = tuple(zip(corners, (*corners[1:], corners[0]), strict=True))

    def distance(x: float, y: float) -> float:
        nearest, turns = math.inf, set()
        for (from_x, from_y), (to_x, to_y) in sides:
            run_x, run_y, off_x, off_y = to_x - from_x, to_y - from_y, x - from_x, y - from_y
            along = max(0.0, min(1.0, (off_x * run_x + off_y * run_y) / (run_x * run_x + run_y * run_y)))
            gap_x, gap_y = off_x - run_x * along, off_y - run_y * along
            nearest = min(nearest, gap_x * gap_x + gap_y * gap_y)
            turns.add(run_x * off_y - run_y * off_x > 0)
        return math.sqrt(nearest) * (-1 if len(turns) == 1 else 1)

    return distance
