"""The table of settings in the documents says what the settings say."""

from pathlib import Path

from bot.settings import table


def test_the_documents_hold_the_settings_as_they_are():
    assert table() in Path("docs/settings.md").read_text("utf-8"), "run: python -m bot settings"
