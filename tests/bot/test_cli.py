"""The command line: what each command says and ends with, with everything in its place and with each part missing."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from bot.backstage import DEMO
from bot.cli import app
from bot.times import read_time
from peer_support.roster import HEADER
from storage.keys import KeyRing, LookupKey
from tests.peer_support.village import TUESDAY_TEN

TENANT = "11111111-0000-4000-8000-000000000001"
FORCES = f"""
[[force]]
id = "northmoor"
fictional = true
name = "Northmoor Police"
nations = ["E"]
region = "yorkshire_humber"
tenants = ["{TENANT}"]
"""


class Shell:
    """A shell in an empty folder, with nothing set but what a test sets."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, patch
        for name in [name for name in os.environ if name.startswith("PEER_SUPPORT_")]:
            patch.delenv(name)
        patch.chdir(folder)

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._patch.setenv(f"PEER_SUPPORT_{name}", value)

    def ready(self, *, local: bool = False) -> None:
        """Everything that a real deployment needs; or a local one."""
        (self.folder / "forces.toml").write_text(FORCES)
        self.set(
            DATABASE_URL=f"sqlite:///{self.folder}/peer.db", FORCES_FILE=str(self.folder / "forces.toml")
        )
        if local:
            self.set(LOCAL="1")
            return
        self.set(
            APP_ID="11111111-2222-3333-4444-555555555555",
            APP_PASSWORD="made up",
            APP_TENANT_ID="99999999-2222-3333-4444-555555555555",
            KEYS=KeyRing.new().text(),
            LOOKUP_KEY=LookupKey.new().text(),
        )

    def runs(self, *words: str, typed: str = "") -> Result:
        """One command, which never shows a stack trace."""
        done = CliRunner().invoke(app, list(words), input=typed)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert "Traceback" not in done.output
        return done


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Each command sets up the log for a screen that is gone afterwards, so the log is put back as it was."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield Shell(tmp_path, monkeypatch)
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def roster(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "roster.csv"
    lines = [",".join(HEADER)]
    lines += [",".join(row.get(column, "") for column in HEADER) for row in rows]
    file.write_text("\n".join(lines) + "\n")
    return file


SAM = {
    "tenant_id": TENANT,
    "directory_id": "aaaaaaaa-0000-4000-8000-000000000001",
    "name": "Sam Okafor",
    "email": "sam@police.example",
    "role": "supporter",
    "force": "northmoor",
    "grade": "constable",
    "languages": "en",
    "selected_on": "2024-01-01",
    "trained_on": "2024-02-01",
    "refresher_due": "2030-01-01",
    "signed_off_by": "A Lead",
    "status": "active",
}


def test_serve_without_an_identity_refuses_in_one_sentence(shell: Shell):
    done = shell.runs("serve")
    assert done.exit_code == 2
    assert "PEER_SUPPORT_APP_ID" in done.output
    assert len(done.output.strip().splitlines()) <= 3


def test_a_setting_that_is_wrong_is_named_and_its_value_isnt_shown(shell: Shell):
    shell.ready()
    shell.set(PORT="gibberish-7531")
    done = shell.runs("sweep")
    assert done.exit_code == 2
    assert "PEER_SUPPORT_PORT" in done.output
    assert "gibberish-7531" not in done.output


def test_a_name_that_is_nearly_a_setting_is_pointed_out(shell: Shell):
    shell.ready(local=True)
    shell.set(DATABASE_ULR="x")
    done = shell.runs("migrate")
    assert done.exit_code == 0
    assert "PEER_SUPPORT_DATABASE_ULR" in done.output


def test_migrate_then_check_says_that_all_stands(shell: Shell):
    shell.ready()
    before = shell.runs("check")
    assert before.exit_code == 1
    assert re.search(r"wrong +database +.*migrat", before.output)
    assert shell.runs("migrate").exit_code == 0
    assert shell.runs("migrate").exit_code == 0
    done = shell.runs("check")
    assert done.exit_code == 0, done.output
    assert re.findall(r"^(\w+) ", done.output, re.MULTILINE)[:3] == ["ok", "ok", "ok"]


def test_check_names_each_thing_that_is_wrong_and_goes_on(shell: Shell):
    (shell.folder / "forces.toml").write_text('[[force]]\nid = "atlantis"\n')
    shell.set(FORCES_FILE=str(shell.folder / "forces.toml"), KEYS="broken")
    done = shell.runs("check")
    assert done.exit_code == 1
    assert re.search(r"wrong +settings +.*APP_ID", done.output)
    assert re.search(r"wrong +forces +.*atlantis", done.output)
    assert re.search(r"wrong +database ", done.output)
    assert "broken" not in done.output.replace("isn't", "")


def test_another_key_opens_nothing(shell: Shell):
    shell.ready()
    assert shell.runs("migrate").exit_code == 0
    shell.set(KEYS=KeyRing.new().text())
    for command in (
        ("migrate",),
        ("sweep",),
        ("check",),
        ("roster", "import", str(roster(shell.folder, SAM)), "--yes"),
    ):
        done = shell.runs(*command)
        assert done.exit_code == 1, command
        assert "key" in done.output.casefold(), command


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "no address at all",
        "mysql://x/y",
        "sqlite:////proc/none/here.db",
    ],
)
@pytest.mark.parametrize("command", ["migrate", "sweep", "check"])
def test_no_database_is_one_sentence(shell: Shell, address: str, command: str):
    shell.ready()
    shell.set(DATABASE_URL=address)
    done = shell.runs(command)
    assert done.exit_code in {1, 2}
    assert "atabase" in done.output or "DATABASE_URL" in done.output
    assert "nobody@" not in done.output


def test_broken_forces_are_named(shell: Shell):
    shell.ready()
    (shell.folder / "forces.toml").write_text("[[force")
    done = shell.runs("sweep")
    assert done.exit_code == 1
    assert "forces.toml" in done.output


def test_a_roster_is_shown_asked_about_and_imported_once(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    file = roster(shell.folder, SAM)
    no = shell.runs("roster", "import", str(file), typed="n\n")
    assert no.exit_code == 1
    assert "Nothing was imported." in no.output
    yes = shell.runs("roster", "import", str(file), typed="y\n")
    assert yes.exit_code == 0, yes.output
    assert "Imported 1." in yes.output
    again = shell.runs("roster", "import", str(file), "--yes")
    assert again.exit_code == 0
    assert "Nothing to change." in again.output


def test_a_roster_with_mistakes_names_row_and_field_and_imports_nothing(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    file = roster(
        shell.folder, SAM, SAM | {"directory_id": "aaaaaaaa-0000-4000-8000-000000000002", "grade": "wizard"}
    )
    done = shell.runs("roster", "import", str(file), "--yes")
    assert done.exit_code == 1
    assert re.search(r"line 3, grade: ", done.output)
    assert "Nothing was imported" in done.output
    mended = shell.runs("roster", "import", str(roster(shell.folder, SAM)), "--yes")
    assert "Imported 1." in mended.output


def test_a_roster_that_isnt_there_or_isnt_one_is_said(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    for name, content in (("missing.csv", None), ("empty.csv", b""), ("photo.csv", b"\xff\xfe\x00\x01")):
        if content is not None:
            (shell.folder / name).write_bytes(content)
        done = shell.runs("roster", "import", str(shell.folder / name), "--yes")
        assert done.exit_code == 1, name
        assert done.output.strip(), name


def test_sweep_works_what_is_due_and_says_how_much(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    done = shell.runs("sweep")
    assert done.exit_code == 0
    assert "Worked 0, put off 0, sent 0." in done.output


def test_as_of_is_for_local_mode_alone(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    done = shell.runs("sweep", "--as-of", "+4h")
    assert done.exit_code == 2
    assert "local mode" in done.output


def test_as_of_works_what_would_be_due_then(shell: Shell):
    shell.ready(local=True)
    ria = {
        "tenant_id": TENANT,
        "directory_id": "aaaaaaaa-0000-4000-8000-000000000003",
        "name": "Ria Holt",
        "email": "ria@police.example",
        "role": "coordinator",
        "force": "northmoor",
        "status": "active",
    }
    assert shell.runs("roster", "import", str(roster(shell.folder, ria)), "--yes").exit_code == 0
    assert "Worked 0," in shell.runs("sweep").output
    done = shell.runs("sweep", "--as-of", "+8d")
    assert done.exit_code == 0, done.output
    assert "Worked 2, put off 0," in done.output, "the digest, and the purge of a night"
    wrong = shell.runs("sweep", "--as-of", "yesterday-ish")
    assert wrong.exit_code == 2
    assert "isn't a time" in wrong.output


@pytest.mark.parametrize(
    "text", ["+h", "+4x", "+1e400h", "+nand", "-4h", "2026-13-01T09:00", "9 o'clock", "+999999999d"]
)
def test_what_is_no_time_is_said(shell: Shell, text: str):
    shell.ready(local=True)
    done = shell.runs("sweep", f"--as-of={text}")
    assert done.exit_code == 2
    assert "isn't a time" in done.output


def test_times_are_londons_unless_they_say_otherwise():
    assert read_time("2026-07-01T09:00", TUESDAY_TEN).isoformat() == "2026-07-01T08:00:00+00:00"
    assert read_time("2026-07-01T09:00+00:00", TUESDAY_TEN).isoformat() == "2026-07-01T09:00:00+00:00"
    assert (read_time("+90m", TUESDAY_TEN) - TUESDAY_TEN).total_seconds() == 5400
    assert read_time("", TUESDAY_TEN) == TUESDAY_TEN


def test_the_demos_own_roster_can_be_imported(shell: Shell):
    shell.set(LOCAL="1", DATABASE_URL=f"sqlite:///{shell.folder}/demo.db")
    done = shell.runs("roster", "import", str(DEMO / "roster.csv"), "--yes")
    assert done.exit_code == 0, done.output
    assert shell.runs("check").exit_code == 0


def test_no_command_shows_what_there_is(shell: Shell):
    done = shell.runs("--help")
    assert done.exit_code == 0
    for command in ("serve", "check", "migrate", "roster", "sweep", "demo"):
        assert command in done.output


def test_a_command_leaves_no_loop_behind(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
