"""`numbers`: a quarter or nothing, and no exact count in what is printed."""

from __future__ import annotations

import pytest

from tests.bot.test_cli import Shell, shell

__all__ = ["shell"]


@pytest.mark.parametrize("period", ["2026", "2026-07", "2026-Q5", "2026-Q1..2026-Q2"])
def test_only_a_quarter_is_told(shell: Shell, period: str):
    result = shell.runs("numbers", "--period", period)
    assert result.exit_code == 2
    assert "isn't a quarter" in result.output


def test_a_quarter_that_isnt_counted_yet_says_from_when(shell: Shell):
    shell.ready(local=True)
    result = shell.runs("numbers", "--period", "2039-Q4")
    assert result.exit_code == 2
    assert "It can be printed from 2040-07-01." in " ".join(result.output.split())


def test_a_quarter_without_people_shows_nothing_but_what_hides(shell: Shell):
    shell.ready(local=True)
    result = shell.runs("numbers", "--period", "2025-Q1")
    assert result.exit_code == 0, result.output
    assert "How requests ended 2025-Q1" in result.output
    assert "Did you feel listened to? 2025-Q1" in result.output
    assert "all forces\t-\t-" in result.output
    assert "is hidden" in result.output
