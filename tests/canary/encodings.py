"""How a text may lie about: in every encoding that a file, a log, a card or a database is likely to hold it in.

A needle is the bytes of one canary in one encoding. Unkeyed hashes count: whoever can guess a name can test it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import quopri
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, quote_plus
from uuid import UUID

SHORTEST = 7  # bytes: what is shorter would be found by chance
_DIGEST = 8  # so many bytes of a hash are enough to know it by, and find one that was cut short


def _base64(data: bytes, *, urlsafe: bool) -> Iterator[bytes]:
    """The middle of the base64 text at each of the three places where the bytes may begin."""
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    for before in range(3):
        whole = encode(b"\0" * before + data).rstrip(b"=")
        first = -(-before * 8 // 6)
        last = (before + len(data)) * 8 // 6
        yield whole[first:last]


def _each_base64(text: str) -> Iterator[bytes]:
    for codec in ("utf-8", "utf-16-le", "latin-1"):
        data = _encoded(text, codec)
        if data:
            yield from _base64(data, urlsafe=False)
            yield from _base64(data, urlsafe=True)


def _encoded(text: str, codec: str) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return b""


def _in(codec: str) -> Callable[[str], Iterator[bytes]]:
    def encode(text: str) -> Iterator[bytes]:
        yield _encoded(text, codec)

    return encode


def _percent(text: str) -> Iterator[bytes]:
    yield from (quote(text, safe="").encode(), quote_plus(text).encode(), quote(text).lower().encode())
    yield from ("".join(f"%{byte:02{case}}" for byte in text.encode()).encode() for case in "xX")


def _hex(text: str) -> Iterator[bytes]:
    for codec in ("utf-8", "utf-16-le", "latin-1"):
        raw = _encoded(text, codec).hex()
        yield from (raw.encode(), raw.upper().encode())


def _json(text: str) -> Iterator[bytes]:
    escaped = json.dumps(text)[1:-1]
    yield from (escaped.encode(), json.dumps(escaped)[1:-1].encode(), escaped.replace("/", "\\/").encode())
    for case in "xX":
        yield "".join(f"\\u{unit:04{case}}" for unit in _units(text)).encode()


def _units(text: str) -> Iterator[int]:
    raw = text.encode("utf-16-be")
    return (int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))


def _entities(text: str) -> Iterator[bytes]:
    yield html.escape(text).encode()
    yield html.escape(text).encode("ascii", "xmlcharrefreplace")
    for form in ("&#{:d};", "&#x{:x};", "&#x{:X};"):
        yield "".join(form.format(ord(each)) for each in text).encode()


def _quoted_printable(text: str) -> Iterator[bytes]:
    yield from (quopri.encodestring(text.encode()), quopri.encodestring(text.encode(), header=True))
    yield "".join(f"={byte:02X}" for byte in text.encode()).encode()


def _escaped_bytes(text: str) -> Iterator[bytes]:
    """As a programming language shows it: \\xc3\\xa9, \\xe9, octal, doubled quotes, and PostgreSQL's \\x hex."""
    yield repr(text.encode())[2:-1].encode()
    yield text.encode("unicode_escape")
    yield text.replace("'", "''").encode()
    yield "".join(f"\\x{byte:02x}" for byte in text.encode()).encode()
    yield "".join(f"\\{byte:03o}" for byte in text.encode()).encode()


def _cases(text: str) -> Iterator[bytes]:
    for other in (text.casefold(), text.upper(), text.swapcase(), unicodedata.normalize("NFD", text)):
        yield from (other.encode(), other.encode("utf-16-le"), *_base64(other.encode(), urlsafe=False))
        yield other.encode().hex().encode()


def _run_together(text: str) -> Iterator[bytes]:
    """Without its spaces, with other marks in their place, and without its accents."""
    for mark in ("", "-", "_", ".", "+", "\u00a0"):
        yield text.replace(" ", mark).encode()
        yield text.casefold().replace(" ", mark).encode()
    plain = "".join(each for each in unicodedata.normalize("NFD", text) if unicodedata.category(each) != "Mn")
    yield from (plain.encode(), plain.casefold().encode())


def _number(text: str) -> Iterator[bytes]:
    """A phone number however it is spaced or begun."""
    digits = "".join(each for each in text if each.isdigit())
    if len(digits) < 10 or len(digits) < len(text) - 4:
        return
    for one in (digits, digits.removeprefix("0"), f"{digits[:5]}-{digits[5:]}", f"{digits[:5]} {digits[5:]}"):
        yield from (one.encode(), one.encode("utf-16-le"), *_base64(one.encode(), urlsafe=False))


def _identifier(text: str) -> Iterator[bytes]:
    """A UUID without its dashes, and its sixteen bytes."""
    try:
        id_ = UUID(text)
    except ValueError:
        return
    yield from (id_.hex.encode(), id_.hex.upper().encode(), id_.bytes, id_.bytes_le, str(id_.int).encode())
    yield from (*_base64(id_.bytes, urlsafe=False), *_base64(id_.bytes, urlsafe=True))


def _unkeyed_hashes(name: str) -> Callable[[str], Iterator[bytes]]:
    def digests(text: str) -> Iterator[bytes]:
        for form in dict.fromkeys((text, text.casefold(), text.upper())):
            for codec in ("utf-8", "utf-16-le"):
                raw = hashlib.new(name, form.encode(codec), usedforsecurity=False).digest()
                cut = raw[:_DIGEST]
                yield from (cut, cut.hex().encode(), cut.hex().upper().encode())
                yield base64.b64encode(raw)[: _DIGEST + 2]
                yield base64.urlsafe_b64encode(raw)[: _DIGEST + 2]

    return digests


ENCODINGS: Mapping[str, Callable[[str], Iterator[bytes]]] = {
    "utf-8": _in("utf-8"),
    "utf-16le": _in("utf-16-le"),
    "utf-16be": _in("utf-16-be"),
    "utf-32le": _in("utf-32-le"),
    "latin-1": _in("latin-1"),
    "percent": _percent,
    "base64": _each_base64,
    "hex": _hex,
    "json": _json,
    "entities": _entities,
    "quoted-printable": _quoted_printable,
    "escaped bytes": _escaped_bytes,
    "other case": _cases,
    "run together": _run_together,
    "number": _number,
    "identifier": _identifier,
    "md5": _unkeyed_hashes("md5"),
    "sha1": _unkeyed_hashes("sha1"),
    "sha256": _unkeyed_hashes("sha256"),
    "sha512": _unkeyed_hashes("sha512"),
}


def needles(text: str) -> Iterator[tuple[str, bytes]]:
    """(encoding, bytes) for everything that this text may lie about as; each bytes once."""
    seen = set[bytes]()
    for name, encode in ENCODINGS.items():
        for needle in encode(text):
            if len(needle) >= SHORTEST and needle not in seen:
                seen.add(needle)
                yield name, needle
