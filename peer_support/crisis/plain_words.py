"""Text as typed, made plain: one case, no accents, no marks, so that the same words are always the same."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 40_000
# Only what is surely markup, so that `<want to die>` is still read.
_TAG = re.compile(
    r"<at\b[^<>]{0,99}>[^<>]{0,99}</at>"
    r"|</?(?:at|a|b|i|u|s|p|br|div|span|em|strong|img|attachment|emoji|ul|ol|li|pre|code|blockquote|h[1-6])"
    r"(?:\s[^<>=]{0,60}=[^<>]{0,4000})?\s?/?>",
    re.IGNORECASE,
)
_APOSTROPHES = re.compile(
    "['`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"
    "\N{MODIFIER LETTER APOSTROPHE}\N{PRIME}\N{ACUTE ACCENT}]"
)
_RUN = re.compile(r"([a-z])\1{2,}")
_STOOD_IN = re.compile(r"(?<=[a-z])[!1|*](?=[a-z])")


def folded(text: str) -> str:
    """Compatible forms, lower case, no accents, no invisible characters, no tags, no apostrophes; long runs cut."""
    text = text[:LONGEST]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    text = _APOSTROPHES.sub("", text)
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)[:LONGEST]
        text = "".join(c for c in parts if c.isascii() or unicodedata.category(c) not in {"Mn", "Cf"})
        text = _APOSTROPHES.sub("", text)
    text = _STOOD_IN.sub("i", text.casefold())
    return _RUN.sub(r"\1", text)
