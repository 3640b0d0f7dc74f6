"""Opens a roster file, CSV or XLSX. Knows encodings and columns; what the cells mean is the rules' to check."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from bot.roster_sheet import Lines, SheetUnreadable, is_spreadsheet, sheet_lines
from peer_support.roster import HEADER

MOST_BYTES = 20_000_000
NO_NAME = "(one without a name)"


class RosterFileUnreadable(ValueError):
    """The file can't be read as a roster. Says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class RosterFile:
    """Rows under the known columns, the line each began on, and the names of columns that aren't used."""

    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]
    extra: tuple[str, ...] = ()


def open_roster(path: Path) -> RosterFile:
    """Read a roster: XLSX, or CSV in UTF-8 with comma, semicolon or tab; columns in any order. RosterFileUnreadable."""
    content = _content(path)
    if is_spreadsheet(content):
        try:
            name, lines = sheet_lines(content, HEADER[1])
        except SheetUnreadable as fault:
            raise RosterFileUnreadable(f"{path} {fault}") from fault
        return _read(lines, f"{path}, sheet “{name}”")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise RosterFileUnreadable(
            f"{path} is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8” or as .xlsx."
        ) from fault
    return _read(_csv_lines(text, str(path)), str(path))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RosterFileUnreadable(f"{path} is larger than {MOST_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as fault:
        raise RosterFileUnreadable(f"{path} can't be opened: {fault.strerror}") from fault


def _csv_lines(text: str, title: str) -> Lines:
    """Each row of a CSV text and the line on which it begins, as an editor counts them."""
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start, width = 1, 0
    try:
        for cells in reader:
            width = width or len(cells)
            if len(cells) != width and any(cell.strip() for cell in cells):
                raise RosterFileUnreadable(
                    f"{title}, line {start}: {len(cells)} cells under {width} columns. "
                    f"Put quotes around a cell that holds “{separator}”."
                )
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as fault:
        raise RosterFileUnreadable(f"{title}, line {reader.line_num}: {fault}") from fault


def _read(lines: Lines, title: str) -> RosterFile:
    _, header = next(lines, (1, []))
    columns = [" ".join(cell.split()).lower() for cell in header]
    _check(columns, title)
    rows: list[dict[str, str]] = []
    begun: list[int] = []
    extra = dict.fromkeys(column for column in columns if column and column not in HEADER)
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            named = list(zip(columns, cells, strict=True))
            rows.append({column: cell for column, cell in named if column in HEADER})
            begun.append(line)
            if any(cell.strip() for column, cell in named if not column):
                extra[NO_NAME] = None
    return RosterFile(tuple(rows), tuple(begun), tuple(extra))


def _check(columns: list[str], title: str) -> None:
    if not any(columns):
        raise RosterFileUnreadable(
            f"{title} has an empty first line. It must name the columns: {','.join(HEADER)}"
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
