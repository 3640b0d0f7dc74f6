"""`manifest build` and `manifest check` as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from manifest import png
from manifest.icons import outline_icon
from manifest.proof import faults
from tests.manifest.packages import APP_ID, BOTH, built, mended

GIVEN = ("--app-id", APP_ID, "--domain", "Bot.Example.police.uk")


def typed(*words: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(
        app, ["manifest", *map(str, words)], env={"PEER_SUPPORT_APP_ID": "", **environment}
    )


def test_it_is_built_and_says_where_to_upload_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "package.zip"
    result = typed("build", *GIVEN, "--languages", "en,cy", "--out", file)
    assert result.exit_code == 0, result.output
    assert file.read_bytes() == built(BOTH).archive
    assert "Teams admin centre" in result.output
    assert "awaiting a first-language reviewer" in result.output
    assert [left.name for left in file.parent.iterdir()] == ["package.zip"]
    assert typed("check", file).exit_code == 0


def test_the_app_id_may_come_from_the_bots_own_setting(tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    words = ("build", "--domain", "bot.example.police.uk", "--out", file)
    assert typed(*words, PEER_SUPPORT_APP_ID=APP_ID.upper()).exit_code == 0
    assert faults(file.read_bytes()) == ()
    assert typed(*words).exit_code == 2


def test_a_forces_own_icon_goes_in(tmp_path: Path) -> None:
    icon = tmp_path / "outline.png"
    icon.write_bytes(png.write(outline_icon()))
    assert typed("build", *GIVEN, "--outline-icon", icon, "--out", tmp_path / "package.zip").exit_code == 0
    wrong = typed("build", *GIVEN, "--colour-icon", icon, "--out", tmp_path / "other.zip")
    assert wrong.exit_code == 2
    assert "32 x 32 pixels; Teams takes 192 x 192 alone" in wrong.output
    assert not (tmp_path / "other.zip").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--domain", "https://bot.example.police.uk"), "has a scheme"),
        (("--name", "x" * 31), "Teams takes at most 30"),
        (("--privacy-url", "http://example.police.uk/"), "must start with https://"),
        (("--colour-icon", "nowhere.png"), "nowhere.png can't be read"),
        (("--languages", "en,cy", "--welsh-words", "README.md"), "isn't JSON"),
        (("--out", "README.md/package.zip"), "can't be written"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    words: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    result = typed("build", *GIVEN, "--out", tmp_path / "package.zip", *words)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


def test_a_package_mended_wrongly_is_exit_code_1(tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(mended(lambda manifest: manifest["bots"][0].update(supportsFiles=True)))
    result = typed("check", file)
    assert result.exit_code == 1
    assert "supportsFiles must be false" in result.output
    assert typed("check", tmp_path / "nowhere.zip").exit_code == 2
