"""Keeps a force's own check of a help line in the small file beside its forces file. The bot reads it at start."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from peer_support.crisis.contacts import LONGEST_UNCHECKED

LONGEST_NAME = 80


class NotConfirmed(ValueError):
    """It can't be kept. Says why in a sentence."""


def keep_confirmation(path: Path, contact_id: str, by: str, today: date) -> date:
    """Keep who checked this line today, beside what was kept before, all or nothing. Gives the day to check it again.

    A file that can't be read was ignored anyway: it is set aside, and a new one begun.
    """
    name = " ".join(by.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotConfirmed(f"--by takes a name of at most {LONGEST_NAME} letters.")
    try:
        rows = _rows(path)
        review_by = today + LONGEST_UNCHECKED
        rows[contact_id] = {"checked": today, "by": name, "review_by": review_by}
        _replace(path, _text(rows))
    except OSError as fault:
        raise NotConfirmed(f"{path} can't be written: {fault.strerror or 'no reason'}.") from fault
    return review_by


def _replace(path: Path, text: str) -> None:
    """All of it or nothing: it is written beside, and then put in the file's place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        path.replace(path.with_name(f"{path.name}.unreadable"))
        return {}
    return {key: row for key, row in found.items() if isinstance(row, dict)}


def _text(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Dates and words as TOML; whatever else stood there isn't ours to keep."""
    parts = ["# Written by `python -m bot contacts confirm`. Read when the bot starts.\n"]
    for key, row in sorted(rows.items()):
        lines = [f"{name} = {_value(value)}" for name, value in row.items() if type(value) in (str, date)]
        parts.append("\n".join([f"[{json.dumps(key, ensure_ascii=False)}]", *lines, ""]))
    return "\n".join(parts)


def _value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    kept = "".join(letter for letter in str(value) if letter.isprintable())
    return json.dumps(kept, ensure_ascii=False)
