"""What must hold before real people use it: who signed what, and that a signature goes stale with what it covers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import time_machine

from bot.settings import Settings
from bot.sign_offs import BY_ID, SIGN_OFFS, SIGNED_FILE, Signed, read_signed, standing, write_signed
from cards.words import keys
from peer_support.crisis.contacts import packaged
from tests.bot.test_cli import TENANT, Shell, shell

__all__ = ["shell"]
WHEN = max(contact.last_checked for contact in packaged())


@pytest.fixture(autouse=True)
def _while_the_help_lines_are_fresh():
    with time_machine.travel(WHEN.isoformat(), tick=True):
        yield


def real(made: Shell) -> None:
    made.ready()
    (made.folder / "forces.toml").write_text(f'[[force]]\nid = "kent"\ntenants = ["{TENANT}"]\n')


def test_nobody_has_signed_at_first_and_each_is_asked_for_by_name(shell: Shell):
    shell.ready()
    assert shell.runs("migrate").exit_code == 0
    assert shell.runs("check").exit_code == 0
    done = shell.runs("check", "--go-live")
    assert done.exit_code == 1
    assert re.findall(r"^wrong +signed +([^:]+): not signed yet", done.output, re.MULTILINE) == [
        each.who for each in SIGN_OFFS
    ]
    assert re.search(r"wrong +real people +Made up: Northmoor Police", done.output)


def test_once_all_have_signed_it_may_go_live_and_a_change_makes_one_stale(shell: Shell):
    real(shell)
    assert shell.runs("migrate").exit_code == 0
    for each in SIGN_OFFS:
        done = shell.runs("sign", each.id, "--by", "Dr  Ada\nQuinn")
        assert (done.exit_code, each.who in done.output) == (0, True), done.output
    done = shell.runs("check", "--go-live")
    assert done.exit_code == 0, done.output
    assert done.output.count("signed by Dr Ada Quinn, ") == len(SIGN_OFFS)
    shell.set(NOTE_KEPT_DAYS="10")
    done = shell.runs("check", "--go-live")
    assert done.exit_code == 1
    stale = re.findall(r"^wrong +signed +([^:]+): changed since it was signed", done.output, re.MULTILINE)
    assert stale == ["Data protection officer"]


def test_what_is_signed_can_be_read_and_reading_signs_nothing(shell: Shell):
    shell.ready()
    done = shell.runs("sign", "legal")
    assert done.exit_code == 0
    assert {line.partition("\t")[0] for line in done.output.splitlines() if "\t" in line} >= {
        key for key in keys() if key.startswith("limits.")
    }
    assert not (shell.folder / SIGNED_FILE).exists()
    assert shell.runs("sign", "legal", "--by", "  ").exit_code == 0
    assert not (shell.folder / SIGNED_FILE).exists()


def test_somebody_who_doesnt_sign_is_refused_with_the_names_of_those_who_do(shell: Shell):
    shell.ready()
    done = shell.runs("sign", "chief", "--by", "A Lead")
    assert done.exit_code == 2
    assert "clinical-lead" in done.output
    assert not (shell.folder / SIGNED_FILE).exists()


@pytest.mark.parametrize(
    "broken",
    ["[", '[chief]\nby = "x"', "[legal]\nby = 3", 'legal = "me"', '[legal]\nby="x"\non="y"\nmark="z"'],
)
def test_a_broken_file_of_signatures_is_told_of_and_never_written_over(shell: Shell, broken: str):
    real(shell)
    path = shell.folder / SIGNED_FILE
    path.write_text(broken)
    assert shell.runs("migrate").exit_code == 0
    done = shell.runs("check", "--go-live")
    assert (done.exit_code, SIGNED_FILE in done.output) == (1, True)
    done = shell.runs("sign", "legal", "--by", "A Lead")
    assert (done.exit_code, SIGNED_FILE in done.output) == (1, True)
    assert path.read_text() == broken


def test_any_name_is_written_and_read_back(tmp_path: Path):
    path = tmp_path / SIGNED_FILE
    given = {"legal": Signed('Siân "O’Neill" \\ Iwan', date(2026, 11, 20), "0123456789ab")}
    write_signed(path, given)
    assert read_signed(path) == given
    assert [each.name for each in tmp_path.iterdir()] == [SIGNED_FILE]


def test_each_covers_something_and_a_word_less_is_another_mark():
    settings = Settings()
    for each in SIGN_OFFS:
        assert len(list(each.reads(settings))) > 3, each.id
    assert len({each.mark(settings) for each in SIGN_OFFS}) == len(SIGN_OFFS)
    stale = {"dpo": Signed("A Lead", WHEN, BY_ID["dpo"].mark(settings))}
    assert standing(BY_ID["dpo"], stale, settings)[0]
    assert not standing(BY_ID["dpo"], stale, Settings(draft_hours=3))[0]
