"""`manifest build` and `manifest check`: the Teams app package, and where to upload it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from dialogs.typed import meaning
from manifest.build import CannotBuild, Package, build
from manifest.choices import ACCENT, DEVELOPER, INK, Choices
from manifest.proof import LARGEST, faults
from peer_support.crisis.help_now import asks_for_help_now

app = typer.Typer(no_args_is_help=True, help="The app package that a force uploads to its Teams.")
out, err = Console(), Console(stderr=True)
WRONG, REFUSED = 1, 2

UPLOAD = """\
To upload it: the Teams admin centre, Teams apps, Manage apps, Actions, Upload new app (or Upload file on its own
page, for a newer version). Then put it into an app setup policy for everyone, so that having it says nothing."""


@app.command("build")
def build_package(  # noqa: PLR0913 - one option for each thing that a force chooses
    *,
    app_id: Annotated[
        str,
        typer.Option(help="The bot's Microsoft app id.", envvar="PEER_SUPPORT_APP_ID", show_envvar=True),
    ],
    domain: Annotated[str, typer.Option(help="Where the bot is served, like bot.example.police.uk.")],
    out_file: Annotated[Path, typer.Option("--out", help="The package to write.")] = Path(
        "dist/peer-support.zip"
    ),
    name: Annotated[
        str, typer.Option(help="On notifications and lists, 30 characters; neutral unless given.")
    ] = "",
    full_name: Annotated[str, typer.Option(help="The name where there is room, 100 characters.")] = "",
    short_description: Annotated[str, typer.Option(help="One line in lists, 80 characters.")] = "",
    full_description: Annotated[str, typer.Option(help="On the app's own page, 4000 characters.")] = "",
    developer: Annotated[
        str, typer.Option(help="Whose app it is, such as the force's name, 32 characters.")
    ] = DEVELOPER,
    website: Annotated[str, typer.Option("--website", help="https; the bot's own page unless given.")] = "",
    privacy: Annotated[
        str, typer.Option("--privacy-url", help="https; the bot's own page unless given.")
    ] = "",
    terms: Annotated[str, typer.Option("--terms-url", help="https; the bot's own page unless given.")] = "",
    accent: Annotated[str, typer.Option(help="The ground of the colour icon.")] = ACCENT,
    ink: Annotated[str, typer.Option("--icon-ink", help="The bubbles of the colour icon.")] = INK,
    colour_icon: Annotated[
        Path | None, typer.Option(help="Your own colour icon: PNG, 192 x 192, nothing see-through.")
    ] = None,
    outline_icon: Annotated[
        Path | None, typer.Option(help="Your own outline icon: PNG, 32 x 32, white on nothing.")
    ] = None,
    languages: Annotated[str, typer.Option(help="en, or en,cy for Welsh too.")] = "en",
    welsh_words: Annotated[
        Path | None, typer.Option(help="Your own Welsh words, shaped like manifest/languages/cy.json.")
    ] = None,
    teams_app_id: Annotated[
        str, typer.Option(help="The package's own id in Teams, where it isn't the app id.")
    ] = "",
    app_version: Annotated[str, typer.Option(help="Raise it with each upload.")] = "1.0.0",
) -> None:
    """Build the package, check it, and say where to upload it."""
    choices = Choices(
        app_id=app_id.strip().lower(),
        domain=domain.strip().lower(),
        teams_app_id=teams_app_id.strip().lower(),
        version=app_version.strip(),
        languages=tuple(one.strip().lower() for one in languages.split(",") if one.strip()),
        name=name.strip(),
        full_name=full_name.strip(),
        short_description=short_description.strip(),
        full_description=full_description.strip(),
        developer=developer.strip(),
        website=website.strip(),
        privacy=privacy.strip(),
        terms=terms.strip(),
        accent=accent.strip(),
        ink=ink.strip(),
        colour_icon=_bytes(colour_icon) if colour_icon else None,
        outline_icon=_bytes(outline_icon) if outline_icon else None,
        welsh_words=_text(welsh_words) if welsh_words else None,
    )
    try:
        package = build(choices, _reads)
    except CannotBuild as why:
        _stop("\n".join(why.mistakes), REFUSED)
    _write(out_file, package.archive)
    _show(out_file, package)


@app.command("check")
def check_package(
    file: Annotated[Path, typer.Argument(help="A package, perhaps mended by hand.")],
) -> None:
    """Look in a package for what Teams' own check lets pass."""
    found = faults(_bytes(file))
    if found:
        _stop("\n".join(found), WRONG)
    out.print(f"{file} is right.", markup=False, highlight=False, soft_wrap=True)


def _reads(title: str) -> bool:
    return asks_for_help_now(title) or meaning(title) is not None


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            _stop(f"{file} is too large to be what was asked for.", REFUSED)
        return file.read_bytes()
    except OSError as fault:
        _stop(f"{file} can't be read: {fault.strerror}.", REFUSED)


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        _stop(f"{file} isn't text in UTF-8.", REFUSED)


def _write(file: Path, archive: bytes) -> None:
    """Whole or not at all: an old package isn't half replaced."""
    beside = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(archive)
        beside.replace(file)
    except OSError as fault:
        _stop(f"{file} can't be written: {fault.strerror}.", REFUSED)


def _show(file: Path, package: Package) -> None:
    manifest = package.manifest
    for what, value in (
        ("Built", f"{file} ({len(package.archive):,} bytes)"),
        ("sha256", hashlib.sha256(package.archive).hexdigest()),
        ("Holds", ", ".join(sorted(package.files))),
        ("Name", f"{manifest['name']['short']} (in full: {manifest['name']['full']})"),
        ("In lists", manifest["description"]["short"]),
        ("By", manifest["developer"]["name"]),
        ("Version", f"{manifest['version']} (Teams manifest {manifest['manifestVersion']})"),
        ("Bot", manifest["bots"][0]["botId"]),
        ("Served at", ", ".join(manifest["validDomains"])),
        ("Menu", ", ".join(one["title"] for one in manifest["bots"][0]["commandLists"][0]["commands"])),
    ):
        out.print(f"{what:10} {value}", markup=False, highlight=False, soft_wrap=True)
    for remark in package.remarks:
        out.print(f"Note: {remark}", markup=False, highlight=False, soft_wrap=True)
    out.print(UPLOAD, markup=False, highlight=False, soft_wrap=True)


def _stop(sentences: str, code: int) -> NoReturn:
    err.print(sentences, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
