"""The page of what was found: a part that is run by itself takes its older self's place, and nothing else's."""

from __future__ import annotations

from pathlib import Path

from tests.ordeal.races import Race
from tests.ordeal.report import Line, Raced, keep

NAMES = ["first", "second", "third"]


def test_what_is_run_by_itself_takes_its_older_selfs_place(tmp_path: Path) -> None:
    page = tmp_path / "ordeals.md"
    keep([Line("third", "Monday", journeys=3), Line("first", "Monday", journeys=7)], [], page, NAMES)
    raced = Raced("two", Race(presses=9, won=3), 3, 1.0, 0, "Tuesday")
    found = keep([Line("third", "Tuesday", journeys=11, kills=2)], [raced], page, NAMES)
    assert found == page.read_text("utf-8")
    rows = [line for line in found.splitlines() if line.startswith(("| first", "| third", "| two"))]
    assert [row.split(" | ")[:4] for row in rows] == [
        ["| first", "Monday", "", "7"],
        ["| third (2 kills)", "Tuesday", "", "11"],
        ["| two", "Tuesday", "9", "3"],
    ]
    assert "Not run at this size yet: second." in found
    assert keep([], [], page, NAMES) == found
