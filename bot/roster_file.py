"""Opens a roster file. Knows encodings, separators and columns; what the cells mean is the rules' to check."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from peer_support.roster import HEADER

MOST_BYTES = 20_000_000


class RosterFileUnreadable(ValueError):
    """The file can't be read as a roster. Says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class RosterFile:
    """Rows under the known columns, the line each began on, and the names of columns that aren't used."""

    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]
    extra: tuple[str, ...] = ()


def open_roster(path: Path) -> RosterFile:
    """Read a CSV roster: UTF-8, comma, semicolon or tab, columns in any order. Raises RosterFileUnreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RosterFileUnreadable(f"{path} is larger than {MOST_BYTES // 1_000_000} MB")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise RosterFileUnreadable(f"{path} can't be opened: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise RosterFileUnreadable(
            f"{path} is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”."
        ) from fault
    return _read(text, str(path))


def _read(text: str, title: str) -> RosterFile:
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    try:
        columns = [" ".join(cell.split()).lower() for cell in next(reader, [])]
        _check(columns, title)
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(columns):
                    raise RosterFileUnreadable(
                        f"{title}, line {start}: {len(cells)} cells under {len(columns)} columns. "
                        f"Put quotes around a cell that holds “{separator}”."
                    )
                named = zip(columns, cells, strict=True)
                rows.append({column: cell for column, cell in named if column in HEADER})
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as fault:
        raise RosterFileUnreadable(f"{title}, line {reader.line_num}: {fault}") from fault
    return RosterFile(tuple(rows), tuple(lines), tuple(column for column in columns if column not in HEADER))


def _check(columns: list[str], title: str) -> None:
    if not any(columns):
        raise RosterFileUnreadable(
            f"{title} is empty. Its first line must name the columns: {','.join(HEADER)}"
        )
    twice = [column for column, times in Counter(columns).items() if times > 1 and column]
    if twice:
        raise RosterFileUnreadable(f"{title}: the first line names {', '.join(twice)} more than once")
    missing = [column for column in HEADER if column not in columns]
    if missing:
        said = ", ".join(missing)
        spare = [column for column in columns if column not in HEADER]
        close = [
            f"“{near[0]}” for {column}"
            for column in missing
            if (near := get_close_matches(column, spare, n=1))
        ]
        hint = f" It has {', '.join(close)}." if close else ""
        raise RosterFileUnreadable(f"{title}: the first line lacks {said}.{hint}")
