"""`contacts` and `contacts confirm`: what they say, and that a check is kept whole or not at all."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from peer_support.crisis.confirming import NotConfirmed, keep_confirmation
from peer_support.crisis.contacts import CONFIRMED_FILE, confirm, packaged
from tests.bot.test_cli import Shell, shell

__all__ = ["shell"]

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def row(said: str, id: str) -> str:
    return next(line.rstrip() for line in said.splitlines() if line.startswith(f"{id} "))


def test_every_line_is_shown_with_how_it_stands(shell: Shell) -> None:
    shell.ready()
    done = shell.runs("contacts")
    assert done.exit_code == 0
    for contact in packaged():
        assert contact.label in row(done.output, contact.id)
    assert "closed, opens Tue 17:00" in row(done.output, "calm")
    assert "24/7" in row(done.output, "samaritans")
    assert "E W S NI" in row(done.output, "samaritans")
    assert row(done.output, "samaritans").endswith("sourced")
    assert row(done.output, "calm").endswith("check")
    assert "desk check" in done.output
    assert "to check again" not in done.output


def test_a_line_that_was_checked_is_confirmed_until_it_is_overdue(shell: Shell) -> None:
    shell.ready()
    done = shell.runs("contacts", "confirm", "calm", "--by", "A. Jones, wellbeing")
    assert (done.exit_code, "CALM was checked today. Check it again by 2027-03-01" in done.output) == (
        0,
        True,
    )
    shown = row(shell.runs("contacts").output, "calm")
    assert "A. Jones, wellbeing" in shown
    assert shown.endswith("confirmed")
    with time_machine.travel(datetime(2027, 3, 2, 12, tzinfo=UTC), tick=False):
        later = shell.runs("contacts").output
        assert row(later, "calm").endswith("overdue")
        assert f"{len(packaged())} to check again" in later
        assert "to be checked again: " in shell.runs("check").output


def test_what_cannot_be_kept_is_said_in_a_sentence(shell: Shell) -> None:
    no_file = shell.runs("contacts", "confirm", "calm", "--by", "A. Jones")
    assert (no_file.exit_code, "isn't set" in no_file.output) == (1, True)
    shell.ready()
    slip = shell.runs("contacts", "confirm", "clam", "--by", "A. Jones")
    assert (slip.exit_code, "Is it “calm”?" in slip.output) == (1, True)
    nobody = shell.runs("contacts", "confirm", "calm", "--by", " ")
    assert (nobody.exit_code, "--by takes a name" in nobody.output) == (1, True)
    assert not (shell.folder / CONFIRMED_FILE).exists()


def test_earlier_checks_stay_and_any_name_is_kept_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / CONFIRMED_FILE
    file.write_text(
        '[mind]\nchecked = 2026-11-30\nby = "Ria"\n\n[gone_line]\nchecked = 2026-01-01\nby = "x"\n'
    )
    keep_confirmation(file, "calm", 'Siân "Lle\\wyrch" O\'Neill 😀', NOON.date())
    found = tomllib.loads(file.read_text("utf-8"))
    assert found["calm"]["by"] == 'Siân "Lle\\wyrch" O\'Neill 😀'
    assert set(found) == {"calm", "mind", "gone_line"}
    assert [each.name for each in tmp_path.iterdir()] == [CONFIRMED_FILE]
    read = {contact.id: contact.checked_by for contact in confirm(packaged(), file).contacts}
    assert read["calm"].startswith("Siân")


def test_a_broken_file_is_set_aside_and_a_failed_write_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / CONFIRMED_FILE
    file.write_bytes(b"\xff not toml")
    keep_confirmation(file, "calm", "Ria", NOON.date())
    assert file.with_name(f"{CONFIRMED_FILE}.unreadable").read_bytes() == b"\xff not toml"
    before = file.read_bytes()

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotConfirmed, match="No space left"):
        keep_confirmation(file, "samaritans", "Ria", NOON.date())
    assert file.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
