"""What Teams' own schema doesn't catch in a finished package, a sentence a fault. Also for one mended by hand."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from manifest import own_icons
from manifest.choices import GUID, domain_mistake, url_mistake
from manifest.own_icons import WrongIcon
from manifest.words import LONGEST, LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_COMMANDS

LARGEST = 2 * 1024 * 1024
_COMMAND_KEY = re.compile(r"bots\[0\]\.commandLists\[(\d)\]\.commands\[(\d)\]\.(title|description)")
_URLS = {"websiteUrl": "website", "privacyUrl": "privacy", "termsOfUseUrl": "terms"}
_NEVER = ("supportsFiles", "isNotificationOnly", "supportsCalling", "supportsVideo")


def faults(archive: bytes) -> tuple[str, ...]:
    """Nothing, where the package is right."""
    try:
        held = _opened(archive)
        manifest = _object(held, "manifest.json")
        bot = manifest["bots"][0]
        return (*_files(held, manifest), *_claims(manifest), *_bot(bot), *_languages(held, manifest))
    except _Broken as why:
        return (str(why),)
    except (AttributeError, KeyError, IndexError, TypeError):
        return ("The package's manifest.json lacks a part, or has one of another shape.",)


class _Broken(Exception):
    pass


def _opened(archive: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            if sum(entry.file_size for entry in opened.infolist()) > LARGEST:
                raise _Broken("The package is larger than a package of this app can be.")
            return {entry.filename: opened.read(entry) for entry in opened.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise _Broken("The package isn't a zip file that can be opened.") from None


def _object(held: Mapping[str, bytes], name: str) -> dict[str, Any]:
    if name not in held:
        raise _Broken(f"The package has no {name} at its top.")
    try:
        read = json.loads(held[name])
    except ValueError:
        raise _Broken(f"{name} isn't JSON.") from None
    if not isinstance(read, dict):
        raise _Broken(f"{name} isn't a JSON object.")
    return read


def _files(held: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    named = {"manifest.json", *_language_files(manifest)}
    for kind, look in (("color", own_icons.colour), ("outline", own_icons.outline)):
        name = manifest["icons"][kind]
        named.add(name)
        if name not in held:
            yield f"The icon {name} isn't in the package."
            continue
        try:
            look(held[name])
        except WrongIcon as why:
            yield f"{name}: {why}"
    for name in _language_files(manifest):
        if name not in held:
            yield f"The language file {name} isn't in the package."
    for name in sorted(set(held) - named):
        yield f"The package holds {name}, which nothing in it names."


def _language_files(manifest: Mapping[str, Any]) -> list[str]:
    return [extra["file"] for extra in manifest.get("localizationInfo", {}).get("additionalLanguages", ())]


def _claims(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Who the app says it is, and what it asks for."""
    for key, what in _URLS.items():
        if wrong := url_mistake(what, manifest["developer"][key]):
            yield wrong
    for domain in manifest["validDomains"]:
        if wrong := domain_mistake(domain):
            yield wrong
    bot = manifest["bots"][0]
    for what, given in (("app id", bot["botId"]), ("Teams app id", manifest["id"])):
        if not GUID.fullmatch(given.lower()):
            yield f"The {what} “{given}” isn't a GUID."
    single = manifest.get("webApplicationInfo", {"id": bot["botId"]})["id"]
    if single.lower() != bot["botId"].lower():
        yield f"webApplicationInfo names {single}, but the bot is {bot['botId']}: sign-in would fail."
    asked = sorted(set(manifest.get("permissions", ())) - {"identity"})
    if asked or manifest.get("authorization") or manifest.get("devicePermissions"):
        yield "The package asks for permissions beyond identity, and the bot needs none."


def _bot(bot: Mapping[str, Any]) -> Iterator[str]:
    """One person and the bot, in words and presses alone."""
    if bot["scopes"] != ["personal"]:
        yield "The bot must have the personal scope alone: in a team or a group others would read along."
    for claim in _NEVER:
        if bot.get(claim):
            yield f"{claim} must be false: the bot takes words and presses alone."
    for listed in bot.get("commandLists", ()):
        yield from _commands(listed["commands"])


def _commands(commands: list[dict[str, str]]) -> Iterator[str]:
    if len(commands) > MOST_COMMANDS:
        yield f"There are {len(commands)} commands; Teams takes at most {MOST_COMMANDS}."
    for command in commands:
        if len(command["title"]) > LONGEST_TITLE or len(command["description"]) > LONGEST_DESCRIPTION:
            yield f"The command “{command['title']}” is too long to be shown whole."


def _languages(held: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    """A key must be one that Teams lets a language file translate, of something that the manifest has."""
    for name in _language_files(manifest):
        if name not in held:
            continue
        translated = _object(held, name)
        for key, text in translated.items():
            if key == "$schema":
                continue
            if not _stands(key, manifest):
                yield f"{name} translates {key}, which isn't there to be translated."
            elif not isinstance(text, str) or not 0 < len(text) <= _longest(key):
                yield f"{name} has a text for {key} that is empty or too long."
        for key in LONGEST:
            if key not in translated:
                yield f"{name} doesn't translate {key}."


def _stands(key: str, manifest: Mapping[str, Any]) -> bool:
    if match := _COMMAND_KEY.fullmatch(key):
        lists = manifest["bots"][0].get("commandLists", ())
        listed, place = int(match[1]), int(match[2])
        return listed < len(lists) and place < len(lists[listed]["commands"])
    return key in LONGEST


def _longest(key: str) -> int:
    return LONGEST.get(key) or (LONGEST_TITLE if key.endswith(".title") else LONGEST_DESCRIPTION)
