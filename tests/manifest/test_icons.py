"""The icons as Teams wants them, and a force's own looked at."""

from __future__ import annotations

import struct
import zlib

import pytest

from manifest import own_icons, png
from manifest.icons import colour_icon, contrast, outline_icon
from manifest.own_icons import WrongIcon
from manifest.png import NotPng, Picture, Pixel

GROUND, INK = (31, 90, 122), (255, 255, 255)
CLEAR: Pixel = (0, 0, 0, 0)
WHITE: Pixel = (255, 255, 255, 255)


def filled(side: int, pixel: Pixel) -> Picture:
    return Picture(side, side, (pixel,) * (side * side))


def with_first(side: int, first: Pixel, rest: Pixel) -> bytes:
    return png.write(Picture(side, side, (first, *(rest,) * (side * side - 1))))


def raw(
    width: int,
    height: int,
    rows: bytes,
    *,
    depth: int = 8,
    kind: int = png.RGB,
    interlaced: int = 0,
    **extra: bytes,
) -> bytes:
    """A PNG as other programs write them."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced))]
    chunks += [(name.encode(), data) for name, data in extra.items()]
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return png.SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def test_the_colour_icon_fills_its_square() -> None:
    picture = colour_icon(GROUND, INK)
    assert (picture.width, picture.height) == (192, 192)
    assert picture.opaque
    corners = {picture.pixels[place] for place in (0, 191, 191 * 192, 192 * 192 - 1)}
    assert corners == {(*GROUND, 255)}
    assert 0.08 < picture.pixels.count(WHITE) / len(picture.pixels) < 0.3
    assert own_icons.colour(png.write(picture)) == picture


def test_its_bubbles_keep_clear_of_the_rounded_corners() -> None:
    picture = colour_icon(GROUND, INK)
    drawn = [(place % 192, place // 192) for place, pixel in enumerate(picture.pixels) if pixel[:3] != GROUND]
    assert all(36 <= x < 156 and 36 <= y < 156 for x, y in drawn)


def test_the_outline_icon_is_white_on_nothing() -> None:
    picture = outline_icon()
    assert (picture.width, picture.height) == (32, 32)
    assert {pixel[:3] for pixel in picture.pixels} == {(255, 255, 255)}
    clear = sum(pixel[3] == 0 for pixel in picture.pixels)
    assert 0.5 < clear / len(picture.pixels) < 0.9
    assert any(pixel[3] == 255 for pixel in picture.pixels)
    own_icons.outline(png.write(picture))


def test_contrast_is_wcags() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "colour icon isn't a PNG"),
        (png.SIGNATURE, "broken"),
        (png.write(filled(191, WHITE)), "191 x 191 pixels; Teams takes 192 x 192 alone"),
        (with_first(192, CLEAR, WHITE), "see-through in places"),
        (png.write(filled(192, WHITE))[:-30], "broken"),
        (raw(192, 192, b"", interlaced=1), "interlaced"),
        (raw(192, 192, b"\0" * 100), "broken"),
        (raw(192, 192, (b"\x09" + b"\0" * 576) * 192), "broken"),
        (raw(192, 192, (b"\0" * 193) * 192, kind=png.PALETTE), "broken"),
        (raw(192, 192, b"", depth=3), "kind or size"),
        (raw(90000, 90000, b""), "kind or size"),
    ],
)
def test_a_wrong_colour_icon_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(WrongIcon, match=sentence):
        own_icons.colour(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (png.write(filled(33, WHITE)), "33 x 33"),
        (png.write(filled(32, WHITE)), "no see-through ground"),
        (png.write(filled(32, CLEAR)), "is empty"),
        (with_first(32, (255, 0, 0, 255), CLEAR), "has colours"),
        (with_first(32, (255, 0, 0, 1), CLEAR), "has colours"),
    ],
)
def test_a_wrong_outline_icon_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(WrongIcon, match=sentence):
        own_icons.outline(data)


ROW = ((10, 20, 30), (13, 24, 35), (0, 255, 128))
PLAIN = bytes(value for pixel in ROW for value in pixel)


def unlike(way: int) -> bytes:
    """The same row twice, kept the five ways that PNG has."""
    filtered = bytearray()
    for row in range(2):
        filtered.append(way)
        for place, value in enumerate(PLAIN):
            left = PLAIN[place - 3] if place >= 3 else 0
            up = value if row else 0
            corner = PLAIN[place - 3] if row and place >= 3 else 0
            close = min((left, up, corner), key=lambda one, near=left + up - corner: abs(near - one))
            filtered.append((value - (0, left, up, (left + up) // 2, close)[way]) % 256)
    return bytes(filtered)


@pytest.mark.parametrize("way", range(5))
def test_pictures_are_read_however_their_rows_are_kept(way: int) -> None:
    picture = png.read(raw(3, 2, unlike(way)))
    assert picture.pixels == tuple((*pixel, 255) for pixel in ROW) * 2


def test_pictures_of_every_kind_are_read() -> None:
    grey = png.read(raw(3, 1, b"\0\xe0", depth=1, kind=png.GREY, tRNS=b"\0\0"))
    assert grey.pixels == ((255, 255, 255, 255),) * 3
    keyed = png.read(raw(2, 1, b"\0\0\xff", kind=png.GREY, tRNS=b"\0\xff"))
    assert [pixel[3] for pixel in keyed.pixels] == [255, 0]
    deep = png.read(raw(1, 1, b"\0\xff\xff\x80\x00", depth=16, kind=png.GREY_ALPHA))
    assert deep.pixels == ((255, 255, 255, 127),)
    listed = png.read(
        raw(2, 1, b"\0\x40", depth=2, kind=png.PALETTE, PLTE=bytes((1, 2, 3, 4, 5, 6)), tRNS=b"\x09\x08")
    )
    assert listed.pixels == ((4, 5, 6, 8), (1, 2, 3, 9))


def test_what_is_written_is_read_again_and_nothing_else_is_kept() -> None:
    picture = Picture(2, 1, ((1, 2, 3, 4), (5, 6, 7, 255)))
    assert png.read(png.write(picture)) == picture
    named = raw(3, 2, unlike(0), tEXt=b"Author\0Sam Okafor")
    assert b"Okafor" not in png.write(png.read(named))


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(raw(3, 2, unlike(0)))
    data[45] ^= 1
    with pytest.raises(NotPng):
        png.read(bytes(data))
