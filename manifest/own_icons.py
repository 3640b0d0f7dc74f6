"""A force's own icon files: looked at, and saved anew without the dates and names that picture files carry."""

from __future__ import annotations

from collections.abc import Callable

from manifest import png
from manifest.icons import COLOUR_SIDE, OUTLINE_SIDE
from manifest.png import NotPng, Picture

_NEARLY_WHITE = 250


class WrongIcon(Exception):
    """Teams would refuse the icon or draw it badly. The message is a sentence."""


def colour(data: bytes) -> Picture:
    """192 x 192 and nothing of it see-through: Teams cuts the corners itself."""
    return _looked_at(data, "colour", COLOUR_SIDE, _full_bleed)


def outline(data: bytes) -> Picture:
    """32 x 32, white, on nothing: Teams gives it the colour of the bar."""
    return _looked_at(data, "outline", OUTLINE_SIDE, _white_on_nothing)


def _looked_at(data: bytes, what: str, side: int, fault: Callable[[Picture], str | None]) -> Picture:
    try:
        width, height = png.size(data)
        if (width, height) != (side, side):
            raise WrongIcon(
                f"The {what} icon is {width} x {height} pixels; Teams takes {side} x {side} alone."
            )
        picture = png.read(data)
    except NotPng as why:
        raise WrongIcon(f"The {what} icon {why}.") from None
    if wrong := fault(picture):
        raise WrongIcon(f"The {what} icon {wrong}.")
    return picture


def _full_bleed(picture: Picture) -> str | None:
    return None if picture.opaque else "is see-through in places: fill the whole square, corners too"


def _white_on_nothing(picture: Picture) -> str | None:
    seen = [pixel for pixel in picture.pixels if pixel[3]]
    if not seen:
        return "is empty"
    if any(min(pixel[:3]) < _NEARLY_WHITE for pixel in seen):
        return "has colours: draw it in white alone"
    if len(seen) == len(picture.pixels):
        return "has no see-through ground: draw it in white on nothing"
    return None
