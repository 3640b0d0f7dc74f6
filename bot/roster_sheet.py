"""Reads the cells of a spreadsheet (XLSX) as the text that a CSV of it would hold, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Lines = Iterator[tuple[int, list[str]]]

MOST_UNPACKED = 200_000_000
MOST_CELLS = 10_000_000
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A cell or a row says where it stands: r="C12", r="12". The reader makes room for all from A1 to the farthest of them.
_PLACE = re.compile(rb"""\sr=["']([A-Za-z]{0,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\st=["']e["'])[^>]*\sr=["']([A-Za-z]+\d+)["']""")


class SheetUnreadable(ValueError):
    """The spreadsheet can't be read as a table. Says why and what to do, as the end of a sentence about the file."""


def is_spreadsheet(content: bytes) -> bool:
    """By what the file holds, not by its name: XLSX, or an older Excel file that is then refused with advice."""
    return content.startswith((_ZIP, _OLD))


def sheet_lines(content: bytes, key: str) -> tuple[str, Lines]:
    """The name of the one sheet with a column `key`, and its rows with their numbers. Raises SheetUnreadable."""
    if content.startswith(_OLD):
        raise SheetUnreadable("is an older Excel file or has a password. Save it as .xlsx without one.")
    _check_inside(content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            sheet = _choose(_shown(book), key)
    except CalamineError as fault:
        raise SheetUnreadable("is not a spreadsheet that can be read. Save it as .xlsx anew.") from fault
    if sheet.merged_cell_ranges:
        (row, column), _ = sheet.merged_cell_ranges[0]
        where = f"{_column(column)}{row + 1}"
        raise SheetUnreadable(
            f"has merged cells at {where}. Unmerge them, so that every row says all of its own."
        )
    return sheet.name, _lines(sheet)


def _check_inside(content: bytes) -> None:
    """Nothing that unpacks without end, no cell so far out that there is no room, and no error read as nothing."""
    try:
        with ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise SheetUnreadable(f"holds more than {MOST_UNPACKED // 1_000_000} MB")
            for name in parts.namelist():
                if "sheet" in name and name.endswith(".xml"):
                    _check_cells(parts.read(name))
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise SheetUnreadable("is not a spreadsheet that can be read. Save it as .xlsx anew.") from fault


def _check_cells(xml: bytes) -> None:
    if error := _ERROR.search(xml):
        where = error[1].decode()
        raise SheetUnreadable(f"has an error such as #N/A in cell {where}. Mend or clear that cell.")
    width = height = 0
    for letters, digits in set(_PLACE.findall(xml)):
        width, height = max(width, _number(letters)), max(height, int(digits))
    if width * height > MOST_CELLS:
        raise SheetUnreadable(
            f"reaches to row {height} and column {_column(width - 1)}. "
            "Copy the roster alone to a new sheet, and save that."
        )


def _shown(book: CalamineWorkbook) -> list[CalamineSheet]:
    """The sheets that one can see and that hold something."""
    seen = [
        place
        for place, about in enumerate(book.sheets_metadata)
        if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet
    ]
    sheets = [book.get_sheet_by_index(place) for place in seen]
    return [sheet for sheet in sheets if sheet.start is not None]


def _choose(sheets: Sequence[CalamineSheet], key: str) -> CalamineSheet:
    """The sheet that is meant; where none has the column, the first, so that its faults can be named."""
    if not sheets:
        raise SheetUnreadable("is empty")
    fitting = [sheet for sheet in sheets if key in (_text(cell).strip().lower() for cell in _header(sheet))]
    if len(fitting) > 1:
        names = ", ".join(f"“{sheet.name}”" for sheet in fitting)
        raise SheetUnreadable(
            f"has several sheets of people: {names}. Keep one, so that nobody is forgotten."
        )
    return (fitting or sheets)[0]


def _header(sheet: CalamineSheet) -> Sequence[object]:
    return next(iter(sheet.to_python(skip_empty_area=False, nrows=1)), [])


def _lines(sheet: CalamineSheet) -> Lines:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV file: 3 and not 3.0, 2026-04-03 for a day, 08:30 for a time."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27; nothing is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number or 1


def _column(place: int) -> str:
    before, letter = divmod(place, 26)
    return (_column(before - 1) if before else "") + chr(65 + letter)
