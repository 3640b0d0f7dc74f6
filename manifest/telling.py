"""Words that would tell a passer-by why somebody has the app. A force may choose them, knowing it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from manifest.words import Words

_TELLING = re.compile(
    r"\b(?:peer|support|well-?being|welfare|mental|health|counsel|therap|trauma|crisis|stress|struggl|suicid"
    r"|listen|cop(?:e|ing)\b|someone to talk|cefnog|cymorth|lles\b|llesiant|iechyd|meddwl|cynghor|argyfwng)\w*",
    re.IGNORECASE,
)


def found(text: str) -> str | None:
    """The first word in it that tells why."""
    match = _TELLING.search(text)
    return match.group().lower() if match else None


def remarks(developer: str, spoken: Mapping[str, Words]) -> Iterator[str]:
    """A sentence for each place that shows without being opened."""
    shown = [("The developer's name", developer)]
    for said in spoken.values():
        shown += [
            ("The name", said.texts["name.short"]),
            ("The full name", said.texts["name.full"]),
            ("The short description", said.texts["description.short"]),
        ]
    said_of: set[str] = set()
    for what, text in shown:
        if (word := found(text)) and text not in said_of:
            said_of.add(text)
            yield (
                f"{what}, “{text}”, says “{word}”. It shows on notifications or in lists, where others may read "
                "why somebody has the app. You may choose that; then install it for everyone."
            )
