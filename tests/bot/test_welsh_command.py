"""The table that a reviewer reads: every Welsh sentence beside its English, without code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cards.words
from bot.cli import app
from cards.words import keys, say, translated

RUNNER = CliRunner()
WELSH_WORDS = [each for each in translated("cy") if each.words]


def test_as_a_table_to_read() -> None:
    shown = RUNNER.invoke(app, ["welsh"])
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == "| key | English | Welsh | state |"
    assert "| button.help_now | Help now | Help nawr | awaiting review |" in lines
    assert len(lines) == len(WELSH_WORDS) + 2
    assert all(line.count(" | ") == 3 for line in lines if not line.startswith("|---"))


def test_all_of_it_names_what_is_in_english_only() -> None:
    shown = RUNNER.invoke(app, ["welsh", "--all"])
    assert f"| offer.heading | {say('offer.heading')} |  | English only |" in shown.stdout
    assert len(shown.stdout.splitlines()) == len(keys()) + 2


def test_as_a_spreadsheet_to_fill_in(tmp_path: Path) -> None:
    file = tmp_path / "cymraeg.csv"
    shown = RUNNER.invoke(app, ["welsh", str(file)])
    assert shown.exit_code == 0
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert len(rows) == len(WELSH_WORDS)
    found = next(row for row in rows if row["key"] == "crisis.deaf")
    assert (found["English"], found["Welsh"]) == (say("crisis.deaf"), say("crisis.deaf", "cy"))
    assert found["better Welsh"] == ""


def test_a_place_that_cant_be_written_is_one_sentence(tmp_path: Path) -> None:
    shown = RUNNER.invoke(app, ["welsh", str(tmp_path / "nowhere" / "cymraeg.csv")])
    assert shown.exit_code == 1
    assert "can't be written" in shown.output
    assert "Traceback" not in shown.output


def test_words_whose_english_has_changed_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {key: say(key, "cy") for key in keys("cy") - {"button.help_now"}}
    monkeypatch.setitem(cards.words._CATALOGUES, "cy", left)  # noqa: SLF001 - as if its English were another
    assert "| button.help_now | Help now | Help nawr | not said: its English changed |" in (
        RUNNER.invoke(app, ["welsh"]).stdout
    )
