"""The builder: choices in, a zip to upload out. The same choices give the same bytes, on one machine."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any

from manifest import choices as chosen
from manifest import icons, own_icons, png, telling, words
from manifest.choices import Choices
from manifest.own_icons import WrongIcon
from manifest.png import Picture
from manifest.proof import faults
from manifest.words import ENGLISH, LANGUAGE_NAMES, PREPARED, Words, WordsUnreadable

VERSION = "1.22"
"""Generally available since May 2025. Later ones add agents, of which this is none, and tenants on slow rings lag."""

SCHEMAS = "https://developer.microsoft.com/json-schemas/teams"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
Reads = Callable[[str], bool]
"""Whether the bot understands a typed word: a menu mustn't offer one that it doesn't."""


class CannotBuild(Exception):
    """What was chosen makes no package. It holds a sentence for each mistake."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Package:
    """The zip, what lies in it, and what whoever builds it should know."""

    archive: bytes
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    remarks: tuple[str, ...]


def build(choices: Choices, reads: Reads) -> Package:
    """The package, checked. CannotBuild names every mistake at once."""
    mistakes = [*chosen.mistakes(choices)]
    spoken: dict[str, Words] = {}
    for language in dict.fromkeys((ENGLISH, *(one for one in choices.languages if one in LANGUAGE_NAMES))):
        try:
            spoken[language] = _words(choices, language)
        except WordsUnreadable as why:
            mistakes.append(str(why))
            continue
        mistakes += words.mistakes(spoken[language], language, spoken.get(ENGLISH))
        mistakes += [
            f"The bot doesn't understand “{command.title}”, so its menu can't offer it."
            for command in spoken[language].commands
            if command.title and not reads(command.title)
        ]
    lengths = {len(said.commands) for said in spoken.values()}
    if len(lengths) > 1:
        mistakes.append("The commands must be the same ones, in the same order, in each language.")
    pictures = _pictures(choices, mistakes)
    if mistakes:
        raise CannotBuild(tuple(mistakes))
    manifest = _manifest(choices, spoken)
    held = {
        "manifest.json": _json(manifest),
        manifest["icons"]["color"]: png.write(pictures["colour"]),
        manifest["icons"]["outline"]: png.write(pictures["outline"]),
        **{
            f"{language}.json": _json(_language_file(spoken[language]))
            for language in PREPARED
            if language in spoken
        },
    }
    archive = _zipped(held)
    if wrong := faults(archive):
        raise CannotBuild(wrong)
    return Package(archive, held, manifest, _remarks(choices, spoken))


def _words(choices: Choices, language: str) -> Words:
    """A force's own Welsh stands as it is; otherwise what it chose in English stands in Welsh too."""
    if language in PREPARED and choices.welsh_words is not None:
        return words.read_words(choices.welsh_words)
    return words.packaged(language).with_texts(choices.texts)


def _pictures(choices: Choices, mistakes: list[str]) -> dict[str, Picture]:
    drawn: dict[str, Picture] = {}
    try:
        if choices.colour_icon is not None:
            drawn["colour"] = own_icons.colour(choices.colour_icon)
        elif not mistakes:
            drawn["colour"] = icons.colour_icon(chosen.colour(choices.accent), chosen.colour(choices.ink))
    except WrongIcon as why:
        mistakes.append(str(why))
    try:
        drawn["outline"] = (
            icons.outline_icon() if choices.outline_icon is None else own_icons.outline(choices.outline_icon)
        )
    except WrongIcon as why:
        mistakes.append(str(why))
    return drawn


def _manifest(choices: Choices, spoken: Mapping[str, Words]) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(files("manifest").joinpath("template.json").read_text("utf-8"))
    said = spoken[ENGLISH]
    bot = manifest["bots"][0]
    bot["botId"] = choices.app_id
    bot["commandLists"][0]["commands"] = [
        {"title": command.title, "description": command.description} for command in said.commands
    ]
    extra = [
        {"languageTag": language, "file": f"{language}.json"} for language in PREPARED if language in spoken
    ]
    return {
        "$schema": f"{SCHEMAS}/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        **manifest,
        "id": choices.teams_app_id or choices.app_id,
        "version": choices.version,
        "developer": {"name": choices.developer, **choices.urls},
        "name": {"short": said.texts["name.short"], "full": said.texts["name.full"]},
        "description": {"short": said.texts["description.short"], "full": said.texts["description.full"]},
        "accentColor": choices.accent.lower(),
        "validDomains": [choices.domain],
        "localizationInfo": {
            "defaultLanguageTag": ENGLISH,
            **({"additionalLanguages": extra} if extra else {}),
        },
    }


def _language_file(said: Words) -> dict[str, str]:
    schema = f"{SCHEMAS}/v{VERSION}/MicrosoftTeams.Localization.schema.json"
    held = {"$schema": schema, **said.texts}
    for place, command in enumerate(said.commands):
        held[f"bots[0].commandLists[0].commands[{place}].title"] = command.title
        held[f"bots[0].commandLists[0].commands[{place}].description"] = command.description
    return held


def _remarks(choices: Choices, spoken: Mapping[str, Words]) -> tuple[str, ...]:
    remarks = list(telling.remarks(choices.developer, spoken))
    for language in PREPARED:
        if language not in spoken:
            continue
        named = LANGUAGE_NAMES[language]
        if spoken[language].review:
            remarks.append(f"The {named} words are {spoken[language].review}.")
        if choices.welsh_words is None and any(choices.texts.values()):
            remarks.append(f"What you chose in English stands in {named} too; --welsh-words gives your own.")
    return tuple(remarks)


def _json(held: Mapping[str, Any]) -> bytes:
    return (json.dumps(held, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _zipped(held: Mapping[str, bytes]) -> bytes:
    """Sorted, and dated long ago, so that two builds can be compared."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(held):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, held[name])
    return whole.getvalue()
