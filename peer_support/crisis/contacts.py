"""Who can be rung, texted or written to: packaged facts, each checked by somebody and due to be checked again."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from peer_support.hours import DAYS, WeeklyHours

NATIONS = ("E", "W", "S", "NI")
LONGEST_UNCHECKED = timedelta(days=90)
CONFIRMED_FILE = "contacts-confirmed.toml"
_WORDS = (
    "id",
    "label",
    "call",
    "text",
    "email",
    "deaf",
    "silent",
    "source",
    "certainty",
    "checked_by",
    "note",
)
_MAY_BE_EMPTY = frozenset({"call", "text", "email", "deaf", "silent", "note"})
_KEYS = frozenset({*_WORDS, "hours", "nations", "audience", "always", "last_checked", "review_by"})
_DAY, _WEEK = 24 * 60, 7 * 24 * 60


class ContactsUnreadable(ValueError):
    """The contacts data lacks something, or says something that can't be. The message names the entry and the key."""


class Certainty(StrEnum):
    """How sure we are of a line. One to `check` stands only under More support, marked."""

    SOURCED = "sourced"
    CHECK = "check"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Contact:
    """One line. Empty words mean there is none; `hours` None means that they aren't known, unless `round_the_clock`."""

    id: str
    label: str
    call: str
    text: str
    email: str
    deaf: str
    silent: str
    nations: frozenset[str]
    round_the_clock: bool
    hours: WeeklyHours | None
    audience: frozenset[str]
    always: bool
    certainty: Certainty
    source: str
    last_checked: date
    checked_by: str
    review_by: date
    note: str

    @property
    def sure(self) -> bool:
        """Whether a page or the force itself vouches for it."""
        return self.certainty is not Certainty.CHECK


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The contacts with a force's own checks taken in, and what of its file could not be used."""

    contacts: tuple[Contact, ...]
    ignored: tuple[str, ...] = ()


@cache
def packaged() -> tuple[Contact, ...]:
    """The lines that ship with the service. Raises ContactsUnreadable, which a test turns into a failed build."""
    return parse(resources.files(__package__).joinpath("contacts.toml").read_text("utf-8"))


def parse(text: str) -> tuple[Contact, ...]:
    """Read contacts data. Every entry must have every key."""
    try:
        rows = tomllib.loads(text).get("contact", [])
    except tomllib.TOMLDecodeError as wrong:
        raise ContactsUnreadable(f"the contacts are not TOML: {wrong}") from wrong
    contacts = tuple(_contact(row, place) for place, row in enumerate(rows, start=1))
    if not contacts:
        raise ContactsUnreadable("there are no contacts")
    if len({contact.id for contact in contacts}) != len(contacts):
        raise ContactsUnreadable("two contacts have the same id")
    return contacts


def confirm(contacts: tuple[Contact, ...], path: Path) -> Confirmed:
    """Take in `[id] checked, by, review_by` from a force's own file. What can't be used is ignored, and named."""
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Confirmed(contacts)
    except (OSError, ValueError) as wrong:
        return Confirmed(contacts, (f"{path.name}: {type(wrong).__name__}",))
    ignored = [f"{path.name}: no such line as {key}" for key in rows if key not in {c.id for c in contacts}]
    checked = []
    for contact in contacts:
        try:
            checked.append(_checked(contact, rows[contact.id]) if contact.id in rows else contact)
        except ContactsUnreadable as wrong:
            ignored.append(f"{path.name}: {wrong}")
            checked.append(contact)
    return Confirmed(tuple(checked), tuple(ignored))


def overdue(contacts: Iterable[Contact], today: date) -> tuple[Contact, ...]:
    """The lines whose day to be checked again has passed. They are still shown: an old number beats none."""
    return tuple(contact for contact in contacts if contact.review_by < today)


def _checked(contact: Contact, row: object) -> Contact:
    if not isinstance(row, Mapping):
        raise ContactsUnreadable(f"{contact.id} is not a table")
    checked, by, review_by = row.get("checked"), row.get("by"), row.get("review_by")
    if type(checked) is not date or not isinstance(by, str) or not by.strip():
        raise ContactsUnreadable(f"{contact.id} needs checked (a date) and by")
    latest = checked + LONGEST_UNCHECKED
    if review_by is not None and (type(review_by) is not date or not checked <= review_by <= latest):
        raise ContactsUnreadable(f"{contact.id}: review_by must be a date at most 90 days after checked")
    return replace(
        contact,
        certainty=Certainty.CONFIRMED,
        last_checked=checked,
        checked_by=by.strip(),
        review_by=review_by or latest,
    )


def _contact(row: Mapping[str, Any], place: int) -> Contact:
    name = f"contact {place} ({row.get('id', 'no id')})"
    missing, unknown = sorted(_KEYS - set(row)), sorted(set(row) - _KEYS)
    if missing or unknown:
        raise ContactsUnreadable(
            f"{name}: missing {', '.join(missing) or '-'}; unknown {', '.join(unknown) or '-'}"
        )
    for key in _WORDS:
        if not isinstance(row[key], str) or (not row[key].strip() and key not in _MAY_BE_EMPTY):
            raise ContactsUnreadable(f"{name}: {key} must be words")
    nations = frozenset(row["nations"])
    if not nations or not nations <= set(NATIONS):
        raise ContactsUnreadable(f"{name}: nations must be some of {', '.join(NATIONS)}")
    if row["certainty"] not in {Certainty.SOURCED, Certainty.CHECK}:
        raise ContactsUnreadable(f"{name}: certainty must be sourced or check")
    if (
        type(row["always"]) is not bool
        or type(row["last_checked"]) is not date
        or type(row["review_by"]) is not date
    ):
        raise ContactsUnreadable(f"{name}: always must be true or false, last_checked and review_by dates")
    if not row["last_checked"] <= row["review_by"] <= row["last_checked"] + LONGEST_UNCHECKED:
        raise ContactsUnreadable(f"{name}: review_by must be at most 90 days after last_checked")
    return Contact(
        **{key: row[key].strip() for key in _WORDS if key != "certainty"},
        certainty=Certainty(row["certainty"]),
        nations=nations,
        round_the_clock=row["hours"] == "24/7",
        hours=_hours(row["hours"], name),
        audience=frozenset(row["audience"]),
        always=row["always"],
        last_checked=row["last_checked"],
        review_by=row["review_by"],
    )


def _hours(given: object, name: str) -> WeeklyHours | None:
    if given in ("24/7", []):
        return None
    if not isinstance(given, list):
        raise ContactsUnreadable(f'{name}: hours must be "24/7", [] or a list of spans')
    try:
        spans = [span for part in given for span in _spans(part["days"], part["from"], part["to"])]
    except (KeyError, TypeError, ValueError) as wrong:
        raise ContactsUnreadable(
            f"{name}: hours need days, from and to, like Mon-Fri, 09:00, 17:00"
        ) from wrong
    return WeeklyHours(tuple(sorted(set(spans))))


def _spans(days: str, start: str, end: str) -> list[tuple[int, int, int]]:
    """The span of each day, cut at every midnight it passes. `end` may name a later day: `Mon 06:00`."""
    first, _, last = days.partition("-")
    begin, many = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7 + 1
    spans = []
    for day in range(begin, begin + many):
        opens = day * _DAY + _minute(start)
        until_day, _, until = end.rpartition(" ")
        closes = (DAYS.index(until_day) if until_day else day) * _DAY + _minute(until)
        while closes <= opens:
            closes += _WEEK if until_day else _DAY
        while opens < closes:
            midnight = (opens // _DAY + 1) * _DAY
            spans.append((opens // _DAY % 7, opens % _DAY, min(closes, midnight) - opens // _DAY * _DAY))
            opens = midnight
    return spans


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    found = int(hour) * 60 + int(minute)
    if not 0 <= int(minute) < 60 or not 0 <= found <= _DAY:  # noqa: PLR2004
        raise ValueError(text)
    return found
