"""`roster template`, `check`, `import` and `list` as an operator meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.roster_file import open_roster
from bot.roster_import import check_file, import_file
from bot.roster_listing import WORDS, show_people
from bot.roster_template import EXAMPLE
from peer_support.commands.list_roster import list_roster
from peer_support.matching.eligible import Reason
from peer_support.people import Reach
from peer_support.roster import HEADER
from peer_support.roster_reader import read_roster
from tests.fakes.databases import sqlite_address
from tests.fakes.workbook import Sheet, workbook
from tests.peer_support.test_roster import COLLEAGUE, FORCES, NORTHMOOR, as_csv, changed
from tests.scenarios.town import Town, town

__all__ = ["sqlite_address"]
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def paper(*, terminal: bool = False) -> Console:
    return Console(file=StringIO(), force_terminal=terminal, width=200)


def said(out: Console) -> str:
    assert isinstance(out.file, StringIO)
    return out.file.getvalue()


def roster_of(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "roster.csv"
    file.write_text(as_csv(*rows), encoding="utf-8")
    return file


def typed(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["roster", *map(str, words)])
    return result.exit_code, result.output


def test_the_template_is_a_roster_that_can_be_filled_in_and_not_imported_as_it_is(tmp_path: Path):
    file = tmp_path / "new.csv"
    code, words = typed("template", file)
    assert (code, "Wrote" in words) == (0, True)
    assert file.read_bytes().startswith(b"\xef\xbb\xbftenant_id,directory_id,")
    opened = open_roster(file)
    assert opened.rows == (EXAMPLE,)
    assert {fault.field for fault in read_roster(opened.rows, FORCES).faults} == {"tenant_id", "force"}
    filled = EXAMPLE | {"tenant_id": NORTHMOOR, "force": "northmoor"}
    assert read_roster([filled], FORCES).faults == ()
    assert typed("template") == (0, file.read_text("utf-8-sig"))


def test_the_template_overwrites_nothing_and_needs_a_place(tmp_path: Path):
    file = tmp_path / "kept.csv"
    file.write_text("mine")
    code, words = typed("template", file)
    assert (code, "was left as it is" in words, file.read_text()) == (1, True, "mine")
    code, words = typed("template", tmp_path / "nowhere" / "new.csv")
    assert (code, "can't be written" in words) == (1, True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_check_counts_and_changes_nothing(tmp_path: Path, kind: str):
    rows = [changed(), changed(directory_id=COLLEAGUE, role="coordinator")]
    file = roster_of(tmp_path, *rows)
    if kind == "xlsx":
        file.write_bytes(workbook(Sheet([list(HEADER), *([row[name] for name in HEADER] for row in rows)])))
    out = paper()
    assert check_file(file, FORCES, out) == 0
    assert "Nothing to mend: 1 supporters, 1 coordinators, forces: 1. Nothing was changed." in said(out)
    assert "line 2, line_manager: isn't in this file" in said(out)


def test_check_names_every_fault(tmp_path: Path):
    rows = [changed(line_manager="", grade="x"), changed(line_manager="", directory_id=COLLEAGUE, hours="x")]
    out = paper(terminal=True)
    assert check_file(roster_of(tmp_path, *rows), FORCES, out) == 1
    assert "line 2, grade: “x” is not known (to be mended)" in said(out)
    assert "line 3, hours: can't be read" in said(out)
    assert "It can't be imported like this: 2 to mend." in said(out)
    out = paper()
    assert check_file(tmp_path / "none.csv", FORCES, out) == 1
    assert "can't be opened" in said(out)


def test_commands_exit_with_what_they_mean(tmp_path: Path):
    def runs(*words: str) -> tuple[int, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
        ran = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", "roster", *words],
            cwd=tmp_path,
            env=ours | {"PEER_SUPPORT_LOCAL": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in ran.stdout + ran.stderr
        return ran.returncode, ran.stdout + ran.stderr

    roster_of(tmp_path, changed())
    code, words = runs("check", "roster.csv")
    assert (code, "Nothing to mend" in words) == (0, True)
    assert not (tmp_path / "var").exists()
    code, words = runs("list")
    assert (code, "Nobody is on the roster yet" in words) == (0, True)
    code, words = runs("list", "--force", "kent")
    assert (code, "“kent” is not in the forces file. It has: northmoor" in words) == (2, True)


async def imported(place: Town, file: Path) -> tuple[int, str]:
    out = paper(terminal=True)
    return await import_file(file, place.desk, NOW, out, ask=None), said(out)


async def test_an_import_is_told_of_as_it_goes(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        mine = {"tenant_id": next(iter(place.desk.forces.by_id["northmoor"].tenants)), "line_manager": ""}
        rows = [changed(**mine, directory_id=f"{n:08d}-0000-4000-8000-000000000000") for n in range(1200)]
        rows[0] |= {"role": "coordinator"}
        code, words = await imported(place, roster_of(tmp_path, *rows))
        assert (code, "Imported 1200." in words) == (0, True)
        assert "1200/1200" in words
        code, words = await imported(place, roster_of(tmp_path, *rows))
        assert (code, "unchanged: 1200" in words, "Nothing to change." in words) == (0, True, True)
        rows[7] |= {"status": "left"}
        code, words = await imported(place, roster_of(tmp_path, *rows))
        assert "no longer active: 1" in words


async def test_the_list_says_who_can_be_asked_and_never_who_is_matched(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        jo = await place.officer("Jo Evans")
        sam = await place.supporter("Sam Okafor")
        await place.asks(jo)
        await sam.presses("Accept")
        await place.settle()
        await jo.presses("Introduce us")
        await jo.presses("Introduce us", fields={})
        await place.settle()
        await place.supporter("Never Opened", opened=False)
        await place.supporter("No Sign-Off", signed_off_by="")
        await place.supporter("On Leave", status="leave")
        await place.supporter("Gone Away", status="left")
        await place.supporter("Late Refresher", refresher_due="2026-01-01")
        await place.supporter("Secret Role", roles="covert")
        west = next(iter(place.desk.forces.by_id["westvale"].tenants))
        await place.supporter("West Vale", west)
        await place.coordinator("Ria Holt")
        out = paper()
        show_people(await list_roster(place.desk, place.clock.now), out)
        lines = dict(line.split("\t", 1) for line in said(out).splitlines())
        assert lines.pop("name") == "force\trole\tstate\trefresher due"
        assert {name: line.split("\t")[2] for name, line in lines.items()} == {
            "Ria Holt": "serves",
            "Sam Okafor": "can be asked",
            "Never Opened": "has never opened the bot",
            "No Sign-Off": "no sign-off",
            "On Leave": "on leave",
            "Gone Away": "left",
            "Late Refresher": "refresher overdue",
            "Secret Role": "isn't asked",
            "West Vale": "can be asked",
        }
        assert "Jo" not in said(out)
        out = paper(terminal=True)
        show_people(await list_roster(place.desk, place.clock.now, "westvale"), out)
        assert "1 on the roster. can be asked: 1" in said(out)
        assert "Sam" not in said(out)


async def test_one_who_changes_role_has_one_line(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        await place.supporter("Sam Okafor")
        place.rows[0] |= {"role": "coordinator"}
        await place.imports()
        (line,) = await list_roster(place.desk, place.clock.now)
        assert (line.name, line.role, WORDS[line.state]) == ("Sam Okafor", "coordinator", "serves")


def test_every_state_has_words():
    alone = {Reason.COVERT_ROLE, Reason.NOT_SELECTED, Reason.NOT_TRAINED, Reason.OUT_OF_DATE}
    alone |= {Reason.NOT_SIGNED_OFF, Reason.PAUSED}
    assert alone | {Reach.NEVER_OPENED, Reach.BLOCKED} <= WORDS.keys()
