"""The second voice as it is packaged: names, and the weight of each name and of each row of names, as plain arrays.

A few hundredths of a second to read, the same bytes for the same weights, and a sum over them that a torn file fails.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from zlib import crc32

KINDS = ("1", "2", "3", "T")
_MAGIC = b"the second voice, 1\n"
_CHECK, _HEAD = struct.Struct("<I"), struct.Struct("<III5i")
SHIFT, _HEAVIEST = 17, 32_767
_MASK = (1 << SHIFT) - 1
Weights = tuple[int, ...]


class Row(IntEnum):
    """What a row of names is: words in a row, their classes in a row, two around a third, two that stand together."""

    ALONE = 0
    WORDS = 1
    CLASSED = 2
    AROUND = 3
    COMPANY = 4


WORDS, CLASSED, AROUND, COMPANY = (int(row) << 3 * SHIFT for row in list(Row)[1:])


@dataclass(frozen=True, slots=True)
class Taught:
    """`alone` goes by the place of a name; `rows` by `key`; `kinds` (towards each of `KINDS`) by either."""

    names: Mapping[str, int]
    alone: list[int]
    rows: Mapping[int, int]
    kinds: Mapping[int, Weights]
    bias: Weights


def read(packed: bytes) -> Taught:
    """The same as was written; ValueError where a byte of it is not."""
    checked = len(_MAGIC) + _CHECK.size
    start = checked + _HEAD.size
    if packed[: len(_MAGIC)] != _MAGIC or len(packed) < start:
        raise ValueError("not a second voice")
    if (crc32(packed[checked:]),) != _CHECK.unpack_from(packed, len(_MAGIC)):
        raise ValueError("a second voice that was torn")
    length, rows, telling, *bias = _HEAD.unpack_from(packed, checked)
    names = packed[start : start + length].decode().split("\n")
    rest = memoryview(packed)[start + length :]
    sizes = (("h", len(names)), ("Q", rows), ("h", rows), ("Q", telling), *(("h", telling),) * len(KINDS))
    alone, keys, weights, told, *kinds = _columns(rest, sizes)
    return Taught(
        {name: place for place, name in enumerate(names) if place},
        alone,
        dict(zip(keys, weights, strict=True)),
        dict(zip(told, zip(*kinds, strict=True), strict=True)),
        tuple(bias),
    )


def written(made: Mapping[str, Weights], bias: Weights) -> bytes:
    """From each feature as `voice` spells it: its weight towards a crisis and, where it tells, towards each kind."""
    spelt = {feature: _spelt(feature) for feature in made}
    names = ["", *sorted({name for _, parts in spelt.values() for name in parts})]
    place = {name: number for number, name in enumerate(names)}
    found = {
        key(row, *(place[part] for part in parts)): made[feature] for feature, (row, parts) in spelt.items()
    }
    alone = [_held(found.get(number, (0,))[0]) for number in range(len(names))]
    rows = sorted(each for each in found if each > _MASK)
    telling = sorted(each for each, weights in found.items() if len(weights) > 1)
    text = "\n".join(names).encode()
    body = [
        text,
        _bytes("h", alone),
        _bytes("Q", rows),
        _bytes("h", (_held(found[each][0]) for each in rows)),
    ]
    body += [
        _bytes("Q", telling),
        *(_bytes("h", (_held(found[each][n]) for each in telling)) for n in range(1, 5)),
    ]
    rest = _HEAD.pack(len(text), len(rows), len(telling), *bias) + b"".join(body)
    return _MAGIC + _CHECK.pack(crc32(rest)) + rest


def key(row: int, *places: int) -> int:
    """One number for a row of up to three names."""
    found = 0
    for place in places:
        found = found << SHIFT | place
    return int(row) << 3 * SHIFT | found


def pair(each: int) -> tuple[int, int]:
    """The last two places of a key."""
    return each >> SHIFT & _MASK, each & _MASK


def spelling(each: int, names: list[str]) -> str:
    """A key as the feature that it stands for."""
    row = Row(each >> 3 * SHIFT)
    parts = [names[each >> shift & _MASK] for shift in (2 * SHIFT, SHIFT, 0) if each >> shift & _MASK]
    between = {Row.AROUND: "_", Row.COMPANY: "&"}.get(row, " ")
    return ("~" if row in (Row.CLASSED, Row.AROUND) else "") + between.join(parts)


def _spelt(feature: str) -> tuple[Row, list[str]]:
    if " " in feature:
        return (Row.CLASSED, feature[1:].split(" ")) if feature[0] == "~" else (Row.WORDS, feature.split(" "))
    if feature[0] == "~":
        return Row.AROUND, feature[1:].rsplit("_", 1)
    return (Row.COMPANY, feature.split("&")) if "&" in feature else (Row.ALONE, [feature])


def _held(weight: int) -> int:
    return max(-_HEAVIEST, min(_HEAVIEST, weight))


def _bytes(code: str, numbers: Iterable[int]) -> bytes:
    column = array(code, numbers)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def _columns(rest: memoryview, sizes: Iterable[tuple[str, int]]) -> list[list[int]]:
    found, start = [], 0
    for code, length in sizes:
        column = array(code)
        end = start + length * column.itemsize
        column.frombytes(rest[start:end])
        if sys.byteorder == "big":
            column.byteswap()
        found.append(column.tolist())
        start = end
    return found
