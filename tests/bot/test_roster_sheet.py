"""A roster as a spreadsheet: the same rows and the same faults as its CSV, and clear words where it can't be one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.roster_file import RosterFileUnreadable, open_roster
from peer_support.roster import HEADER
from peer_support.roster_reader import read_roster
from tests.fakes.workbook import Cell, Fault, Sheet, workbook
from tests.peer_support.test_roster import COLLEAGUE, FORCES, ROW, as_csv, changed

DATES = ("selected_on", "trained_on", "refresher_due")
Put = Callable[[bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def _put(content: bytes) -> Path:
        path = tmp_path / "roster.xlsx"
        path.write_bytes(content)
        return path

    return _put


def typed(row: dict[str, str], **cells: Cell) -> list[Cell]:
    """A row as somebody types it into a spreadsheet: days as days, counts as numbers, nothing where there's nothing."""
    made: dict[str, Cell] = {name: words or None for name, words in row.items()}
    made |= {name: date.fromisoformat(row[name]) for name in DATES if row[name]}
    made["max_active"] = int(row["max_active"]) if row["max_active"].isdigit() else row["max_active"]
    return [{**made, **cells}[name] for name in HEADER]


def sheet(*rows: list[Cell], **more: object) -> Sheet:
    return Sheet([list(HEADER), *rows], **more)  # type: ignore[arg-type]


def test_it_is_read_as_its_csv_is(put: Put, tmp_path: Path):
    rows = [ROW, changed(directory_id=COLLEAGUE, refresher_due="", bio="Tea & <biscuits>, “always”")]
    beside = tmp_path / "roster.csv"
    beside.write_text(as_csv(*rows), encoding="utf-8")
    ours, theirs = open_roster(put(workbook(sheet(*map(typed, rows))))), open_roster(beside)
    assert (ours.rows, ours.lines, ours.extra) == (theirs.rows, (2, 3), ())
    assert read_roster(ours.rows, FORCES, ours.lines).faults == ()


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"trained_on": datetime(2024, 3, 4, 9, 30)}, "trained_on", "“2024-03-04 09:30” is not a date"),  # noqa: DTZ001 - a cell has no zone
        ({"trained_on": "04/03/2024"}, "trained_on", "“04/03/2024” is not a date"),
        ({"trained_on": 45355}, "trained_on", "“45355” is not a date"),
        ({"max_active": 2.5}, "max_active", "is not a whole number"),
        ({"max_active": True}, "max_active", "is not a whole number"),
        ({"hours": time(8, 30)}, "hours", "can't be read"),
        ({"grade": "sargeant"}, "grade", "did you mean “sergeant”?"),
        ({"name": None}, "name", "is empty"),
        ({"status": 1}, "status", "“1” is not one of active, leave, left"),
    ],
)
def test_each_bad_cell_is_named(put: Put, cells: dict[str, Cell], field: str, said: str):
    opened = open_roster(
        put(workbook(sheet(typed(changed(directory_id=COLLEAGUE)), [], typed(ROW, **cells))))
    )
    (fault,) = read_roster(opened.rows, FORCES, opened.lines).faults
    assert (fault.line, fault.field) == (4, field)
    assert said in fault.problem


def test_numbers_and_days_become_what_a_csv_would_say(put: Put):
    day = datetime(2024, 3, 4)  # noqa: DTZ001 - a cell has no zone
    row = typed(ROW, max_active=3, trained_on=day, team=7, bio=2.5, signed_off_by=False)
    (read,) = open_roster(put(workbook(sheet(row)))).rows
    assert (read["max_active"], read["trained_on"], read["team"]) == ("3", "2024-03-04", "7")
    assert (read["bio"], read["signed_off_by"]) == ("2.5", "FALSE")


def test_blank_rows_and_columns_are_passed_over(put: Put):
    shifted = [None, *HEADER, None, "Shoe size"], [], [], [None, *typed(ROW), None, 9]
    opened = open_roster(put(workbook(Sheet(shifted))))
    assert (opened.lines, opened.extra) == ((4,), ("shoe size",))
    assert opened.rows == (ROW,)


def test_what_stands_beside_the_columns_is_told_of(put: Put):
    opened = open_roster(put(workbook(Sheet([[*HEADER], [*typed(ROW), "a stray note"]]))))
    assert (opened.extra, opened.rows) == (("(one without a name)",), (ROW,))


def test_the_sheet_with_the_people_is_read_wherever_it_stands(put: Put):
    notes, hidden = Sheet([["How to fill this in"]], "Notes"), sheet(typed(ROW), name="Old", hidden=True)
    book = workbook(Sheet([], "Empty"), hidden, notes, sheet(typed(changed(name="Sam"))))
    assert [row["name"] for row in open_roster(put(book)).rows] == ["Sam"]


def without_names(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same file with one piece of its first sheet's XML replaced."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as parts, ZipFile(made, "w", ZIP_DEFLATED) as anew:
        for name in parts.namelist():
            part = parts.read(name)
            anew.writestr(name, part.replace(old, new) if name.endswith("sheet1.xml") else part)
    return made.getvalue()


GOOD = workbook(sheet(typed(ROW)))
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(sheet(typed(ROW), merged=["L2:L5"])), "merged cells at L2. Unmerge them"),
        (workbook(Sheet([["Our roster"], list(HEADER)], merged=["A1:U1"])), "merged cells at A1"),
        (workbook(Sheet([["Our roster"], list(HEADER), typed(ROW)])), "the first line lacks tenant_id"),
        (workbook(Sheet([[], list(HEADER), typed(ROW)])), "has an empty first line"),
        (workbook(sheet(typed(ROW)), sheet(typed(ROW), name="Leavers")), "“Roster”, “Leavers”. Keep one"),
        (workbook(sheet(typed(ROW, team=Fault("#N/A")))), "an error such as #N/A in cell L2"),
        (workbook(Sheet([])), "is empty"),
        (without_names(GOOD, b"</sheetData>", FAR), "reaches to row 1048576 and column XFD"),
        (GOOD[:900], "is not a spreadsheet that can be read"),
        (b"PK\x03\x04" + bytes(200), "that can be read. Save it as .xlsx anew"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an older Excel file or has a password"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_roster_says_why(put: Put, content: bytes, said: str):
    with pytest.raises(RosterFileUnreadable, match=said.replace(".", r"\.")):
        open_roster(put(content))


def test_nothing_unpacks_without_end(put: Put):
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as parts:
        for number in range(5):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", bytes(50_000_000))
    with pytest.raises(RosterFileUnreadable, match="holds more than 200 MB"):
        open_roster(put(made.getvalue()))


def test_a_csv_may_be_called_xlsx_and_the_other_way_round(put: Put):
    assert open_roster(put(as_csv(ROW).encode())).rows == open_roster(put(GOOD)).rows
