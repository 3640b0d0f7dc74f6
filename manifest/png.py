"""PNG pictures, written and read with the standard library: a package needs two small ones and no drawing library."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
LARGEST_SIDE = 4096
SOLID = 255

Pixel = tuple[int, int, int, int]


class NotPng(Exception):
    """It can't be read as a picture. The message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of red, green, blue and alpha, top to bottom."""

    width: int
    height: int
    pixels: tuple[Pixel, ...]

    @property
    def opaque(self) -> bool:
        return all(pixel[3] == SOLID for pixel in self.pixels)


def write(picture: Picture) -> bytes:
    """The picture alone: no dates, no maker's name. An opaque one has no alpha channel."""
    kind = RGB if picture.opaque else RGBA
    channels = CHANNELS[kind]
    rows = bytearray()
    for start in range(0, len(picture.pixels), picture.width):
        rows.append(0)
        for pixel in picture.pixels[start : start + picture.width]:
            rows.extend(pixel[:channels])
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, kind, 0, 0, 0)
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


def size(data: bytes) -> tuple[int, int]:
    """Width and height, from the head alone."""
    head = _head(data)
    return head.width, head.height


def read(data: bytes) -> Picture:
    """Every pixel, whatever the depth and kind. Interlaced pictures are refused."""
    head = _head(data)
    if head.interlaced:
        raise NotPng("is interlaced: save it without interlacing")
    palette, clear, packed = b"", b"", b""
    for name, chunk in _chunks(data):
        if name == b"PLTE":
            palette = chunk
        elif name == b"tRNS":
            clear = chunk
        elif name == b"IDAT":
            packed += chunk
    rows = _rows(head, _unpacked(packed, (head.row_bytes + 1) * head.height))
    pixels = tuple(pixel for row in rows for pixel in _pixels(head, row, palette, clear))
    return Picture(head.width, head.height, pixels)


@dataclass(frozen=True, slots=True)
class _Head:
    width: int
    height: int
    depth: int
    kind: int
    interlaced: bool

    @property
    def row_bytes(self) -> int:
        return (self.width * self.depth * CHANNELS[self.kind] + 7) // 8


def _head(data: bytes) -> _Head:
    if not data.startswith(SIGNATURE):
        raise NotPng("isn't a PNG picture")
    if data[12:16] != b"IHDR" or len(data) < 33:  # noqa: PLR2004 - the signature, the head and its sum
        raise NotPng("is a broken PNG picture")
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if depth not in DEPTHS.get(kind, ()) or not 0 < width <= LARGEST_SIDE or not 0 < height <= LARGEST_SIDE:
        raise NotPng("is a PNG picture of a kind or size that can't be read")
    return _Head(width, height, depth, kind, bool(interlaced))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + length]
        if data[place + 8 + length : place + 12 + length] != struct.pack(">I", zlib.crc32(body)):
            raise NotPng("is a broken PNG picture")
        yield body[:4], body[4:]
        place += 12 + length


def _unpacked(packed: bytes, length: int) -> bytes:
    """Never more than the head promised, so that a small file can't fill the memory."""
    try:
        plain = zlib.decompressobj().decompress(packed, length)
    except zlib.error:
        raise NotPng("is a broken PNG picture") from None
    if len(plain) < length:
        raise NotPng("is a broken PNG picture")
    return plain


def _rows(head: _Head, plain: bytes) -> Iterator[bytes]:
    step = max(1, head.depth * CHANNELS[head.kind] // 8)
    above = bytes(head.row_bytes)
    for start in range(0, len(plain), head.row_bytes + 1):
        row = bytearray(plain[start + 1 : start + 1 + head.row_bytes])
        _unfilter(plain[start], row, above, step)
        above = bytes(row)
        yield above


def _unfilter(way: int, row: bytearray, above: bytes, step: int) -> None:
    for place in range(len(row)):
        left = row[place - step] if place >= step else 0
        up = above[place]
        corner = above[place - step] if place >= step else 0
        match way:
            case 0:
                return
            case 1:
                guess = left
            case 2:
                guess = up
            case 3:
                guess = (left + up) // 2
            case 4:
                guess = _nearest(left, up, corner)
            case _:
                raise NotPng("is a broken PNG picture")
        row[place] = (row[place] + guess) & 0xFF


def _nearest(left: int, up: int, corner: int) -> int:
    sum_ = left + up - corner
    return min((left, up, corner), key=lambda one: abs(sum_ - one))


def _pixels(head: _Head, row: bytes, palette: bytes, clear: bytes) -> Iterator[Pixel]:
    values = _values(head, row)
    whole = (1 << head.depth) - 1
    channels = CHANNELS[head.kind]
    seen_through = (
        struct.unpack(f">{len(clear) // 2}H", clear) if head.kind in {GREY, RGB} and clear else None
    )
    for start in range(0, head.width * channels, channels):
        raw = values[start : start + channels]
        if head.kind == PALETTE:
            index = raw[0]
            red, green, blue = _colour(palette, index)
            yield red, green, blue, clear[index] if index < len(clear) else SOLID
            continue
        alpha = 0 if seen_through == raw else SOLID
        shown = [value * SOLID // whole for value in raw]
        if head.kind in {GREY_ALPHA, RGBA}:
            alpha = shown.pop()
        red, green, blue = shown * 3 if len(shown) == 1 else shown
        yield red, green, blue, alpha


def _colour(palette: bytes, index: int) -> bytes:
    colour = palette[index * 3 : index * 3 + 3]
    if len(colour) < 3:  # noqa: PLR2004 - red, green and blue
        raise NotPng("is a broken PNG picture")
    return colour


def _values(head: _Head, row: bytes) -> tuple[int, ...]:
    if head.depth == 16:  # noqa: PLR2004 - two bytes a value
        return struct.unpack(f">{len(row) // 2}H", row)
    if head.depth == 8:  # noqa: PLR2004 - one byte a value
        return tuple(row)
    mask = (1 << head.depth) - 1
    return tuple((byte >> shift) & mask for byte in row for shift in range(8 - head.depth, -1, -head.depth))
