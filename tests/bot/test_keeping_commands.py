"""The table of keeping in the documents, and the purge by hand: numbers by kind, and nothing of anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands_keeping import retention_table
from bot.settings import Settings
from dialogs.notices import requester
from peer_support.commands.erase import TO_A_REQUESTER
from peer_support.keeping import KEPT
from peer_support.policy import Policy
from tests.bot.test_cli import TENANT, Shell, roster, shell

__all__ = ["shell"]


def test_the_documents_hold_the_table_as_it_is() -> None:
    assert retention_table(Policy()) in Path("docs/retention.md").read_text("utf-8"), (
        "run: python -m bot retention"
    )


def test_every_setting_of_the_table_is_one() -> None:
    assert {name for kept in KEPT for name in kept.settings} <= set(Settings.model_fields)
    unsaid = {name for name in Settings.model_fields if name.endswith(("_kept_days", "_kept_months"))}
    assert unsaid <= {name for kept in KEPT for name in kept.settings}


def test_what_is_said_to_a_requester_is_what_goes_with_them() -> None:
    assert set(requester.TELLERS) == TO_A_REQUESTER


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://bot.example.police.uk", True),
        ("https://bot.example.police.uk/", True),
        ("http://127.0.0.1:3978", True),
        ("http://bot.example.police.uk", False),
        ("https://bot.example.police.uk/there", False),
        ("https://me:secret@bot.example.police.uk", False),
        ("javascript:alert(1)", False),
    ],
)
def test_people_are_led_to_https_alone(url: str, good: bool) -> None:
    try:
        found = Settings(pages_url=url).pages
    except ValueError:
        found = ""
    assert bool(found) is good
    assert not found.endswith("/")


def test_the_purge_by_hand_counts_then_does_then_finds_nothing(shell: Shell) -> None:
    shell.ready(local=True)
    sam = {
        "tenant_id": TENANT,
        "directory_id": "aaaaaaaa-0000-4000-8000-000000000003",
        "name": "Ria Holt",
        "email": "ria@police.example",
        "role": "coordinator",
        "force": "northmoor",
        "status": "left",
    }
    assert shell.runs("roster", "import", str(roster(shell.folder, sam)), "--yes").exit_code == 0
    assert "Would go: nothing." in shell.runs("purge", "--count").output
    assert shell.runs("sweep", "--as-of", "+300d").exit_code == 0
    assert (
        "Would go: 1 people who no longer write." in shell.runs("purge", "--count", "--as-of", "+301d").output
    )
    done = shell.runs("purge", "--as-of", "+301d")
    assert done.exit_code == 0, done.output
    assert "Gone: 1 people who no longer write." in done.output
    assert "Scrubbed from the files: drafts, exclusions, handovers, members, notices." in done.output
    assert "Gone: nothing." in shell.runs("purge", "--as-of", "+301d").output
    assert "Forgotten: 0. Not there: 1." in shell.runs("forget", "nobody").output
    assert "ria" not in done.output.lower()


def test_another_day_is_for_trying_alone(shell: Shell) -> None:
    shell.ready()
    assert shell.runs("purge", "--as-of", "+1d").exit_code == 2
