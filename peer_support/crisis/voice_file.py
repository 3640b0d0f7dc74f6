"""The second voice as it is packaged: names, and the weight of each name and of each row of names, as plain arrays.

A tenth of a second to read, the same bytes for the same weights, and a sum over them that a torn file fails. The three
ways in which a weight leans are kept side by side in one whole number, so that one sum adds up all of them.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from zlib import crc32

KINDS = ("1", "2", "3", "T")
# Towards the writer's own crisis, towards danger from somebody, towards somebody else at risk.
WAYS = 3
_MAGIC = b"the second voice, 2\n"
_CHECK, _HEAD = struct.Struct("<I"), struct.Struct("<III7i")
_ROOM = 30
_HALF, _ALL = 1 << _ROOM - 1, (1 << _ROOM) - 1
SHIFT, _HEAVIEST = 17, 32_767
_MASK = (1 << SHIFT) - 1
Weights = tuple[int, ...]
_NONE: Weights = (0,) * WAYS


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
    """`alone` goes by the place of a name; `rows` by `key`; `kinds` (towards each of `KINDS`) by either.

    The weights of `alone` and `rows` are `abreast`; the bias is that of each way, then of each kind.
    """

    names: Mapping[str, int]
    alone: list[int]
    rows: Mapping[int, int]
    kinds: Mapping[int, Weights]
    bias: Weights


def abreast(ways: Iterable[int]) -> int:
    """The weights of each way as one number. Sums of such numbers are the sums of each way, until they are `apart`."""
    return sum(weight << place * _ROOM for place, weight in enumerate(ways))


def apart(total: int) -> list[int]:
    """The weight or the sum of each way."""
    found = []
    for _ in range(WAYS):
        weight = (total + _HALF & _ALL) - _HALF
        found.append(weight)
        total = total - weight >> _ROOM
    return found


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
    sizes = (*(("h", len(names)),) * WAYS, ("Q", rows), *(("h", rows),) * WAYS)
    columns = _columns(rest, (*sizes, ("Q", telling), *(("h", telling),) * len(KINDS)))
    alone, keys, weights, (told, *kinds) = (
        columns[:WAYS],
        columns[WAYS],
        columns[WAYS + 1 : len(sizes)],
        columns[len(sizes) :],
    )
    return Taught(
        {name: place for place, name in enumerate(names) if place},
        _abreast(alone),
        dict(zip(keys, _abreast(weights), strict=True)),
        dict(zip(told, zip(*kinds, strict=True), strict=True)),
        tuple(bias),
    )


def written(made: Mapping[str, Weights], bias: Weights) -> bytes:
    """From each feature as `voice` spells it: its weight in each way and, where it tells, towards each kind.

    One weight alone, or before those of the kinds, is that of every way.
    """
    made, bias = {feature: _in_every_way(weights) for feature, weights in made.items()}, _in_every_way(bias)
    spelt = {feature: _spelt(feature) for feature in made}
    names = ["", *sorted({name for _, parts in spelt.values() for name in parts})]
    place = {name: number for number, name in enumerate(names)}
    found = {
        key(row, *(place[part] for part in parts)): made[feature] for feature, (row, parts) in spelt.items()
    }
    rows = sorted(each for each in found if each > _MASK)
    telling = sorted(each for each, weights in found.items() if len(weights) > WAYS)
    text = "\n".join(names).encode()
    body = [
        text,
        *(_bytes("h", (_held(found.get(each, _NONE)[n]) for each in range(len(names)))) for n in range(WAYS)),
        _bytes("Q", rows),
        *(_bytes("h", (_held(found[each][n]) for each in rows)) for n in range(WAYS)),
    ]
    body += [
        _bytes("Q", telling),
        *(_bytes("h", (_held(found[each][WAYS + n]) for each in telling)) for n in range(len(KINDS))),
    ]
    rest = _HEAD.pack(len(text), len(rows), len(telling), *bias) + b"".join(body)
    return _MAGIC + _CHECK.pack(crc32(rest)) + rest


def _in_every_way(weights: Weights) -> Weights:
    return weights if len(weights) in (WAYS, WAYS + len(KINDS)) else (weights[0],) * (WAYS - 1) + weights


def _abreast(columns: Sequence[list[int]]) -> list[int]:
    second, third = 1 << _ROOM, 1 << 2 * _ROOM
    return [a + b * second + c * third for a, b, c in zip(*columns, strict=True)]


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
