"""Writes small XLSX files as a spreadsheet program does: shared strings, date styles, merged and hidden things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SEEN = {False: "visible", True: "hidden"}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/>'
    '<xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds an error, such as #N/A."""

    code: str


Cell = str | float | bool | date | time | Fault | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`merged` are ranges such as A1:C1."""

    rows: Sequence[Sequence[Cell]]
    name: str = "Roster"
    merged: Sequence[str] = ()
    hidden: bool = False


def workbook(*sheets: Sheet) -> bytes:
    """The bytes of a file with these sheets."""
    shared: dict[str, int] = {}
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as parts:
        for number, sheet in enumerate(sheets, start=1):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(sheet, shared))
        parts.writestr("xl/sharedStrings.xml", _shared(shared))
        parts.writestr("xl/styles.xml", _STYLES)
        parts.writestr("xl/workbook.xml", _book(sheets))
        parts.writestr("xl/_rels/workbook.xml.rels", _book_parts(len(sheets)))
        parts.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        parts.writestr("[Content_Types].xml", _types(len(sheets)))
    return file.getvalue()


def _sheet(sheet: Sheet, shared: dict[str, int]) -> str:
    rows = []
    for number, row in enumerate(sheet.rows, start=1):
        cells = "".join(
            _cell(f"{column_name(place)}{number}", cell, shared)
            for place, cell in enumerate(row)
            if cell is not None
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in sheet.merged)
    merged = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    return f'{_HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def _cell(place: str, value: Cell, shared: dict[str, int]) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'
    if isinstance(value, Fault):
        return f'<c r="{place}" t="e"><v>{value.code}</v></c>'
    if isinstance(value, datetime):
        days = (value - _FIRST_DAY).total_seconds() / 86400
        return f'<c r="{place}" s="2"><v>{days}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - _FIRST_DAY.date()).days}</v></c>'
    if isinstance(value, time):
        return f'<c r="{place}" s="3"><v>{(value.hour * 60 + value.minute) / 1440}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def column_name(place: int) -> str:
    """0 is A, 26 is AA."""
    before, letter = divmod(place, 26)
    return (column_name(before - 1) if before else "") + chr(65 + letter)


def _shared(shared: dict[str, int]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{escape(words)}</t></si>' for words in shared)
    return f'{_HEAD}<sst xmlns="{MAIN}">{items}</sst>'


def _book(sheets: Sequence[Sheet]) -> str:
    listed = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" state="{_SEEN[sheet.hidden]}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'


def _book_parts(count: int) -> str:
    sheets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, count + 1)]
    return _relations([*sheets, ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")])


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _types(count: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    named = [("workbook.xml", "sheet.main"), ("sharedStrings.xml", "sharedStrings"), ("styles.xml", "styles")]
    named += [(f"worksheets/sheet{n}.xml", "worksheet") for n in range(1, count + 1)]
    listed = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{kind}.{what}+xml"/>' for part, what in named
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
