"""What a force chooses at build, and each way in which it can be wrong, said in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from manifest.icons import Colour, contrast
from manifest.words import ENGLISH, LANGUAGE_NAMES, PREPARED

GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
NOBODY = "00000000-0000-0000-0000-000000000000"
_HOST = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_VERSION = re.compile(r"(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})")
LONGEST_DEVELOPER, LONGEST_URL = 32, 2048
LEAST_CONTRAST = 3.0
"""WCAG's for a picture that means something."""


DEVELOPER, ACCENT, INK = "Your force's digital team", "#1f5a7a", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Empty means the neutral default. Nothing by default says why somebody has the app."""

    app_id: str
    domain: str
    teams_app_id: str = ""
    version: str = "1.0.0"
    languages: tuple[str, ...] = (ENGLISH,)
    name: str = ""
    full_name: str = ""
    short_description: str = ""
    full_description: str = ""
    developer: str = DEVELOPER
    website: str = ""
    privacy: str = ""
    terms: str = ""
    accent: str = ACCENT
    ink: str = INK
    colour_icon: bytes | None = None
    outline_icon: bytes | None = None
    welsh_words: str | None = None

    @property
    def urls(self) -> dict[str, str]:
        """The developer's addresses by Teams' own keys; the bot serves the ones that aren't chosen."""
        home = f"https://{self.domain}"
        return {
            "websiteUrl": self.website or f"{home}/",
            "privacyUrl": self.privacy or f"{home}/privacy",
            "termsOfUseUrl": self.terms or f"{home}/terms",
        }

    @property
    def texts(self) -> dict[str, str]:
        """What stands in place of the packaged words, by their keys."""
        return {
            "name.short": self.name,
            "name.full": self.full_name or self.name,
            "description.short": self.short_description,
            "description.full": self.full_description,
        }


def mistakes(choices: Choices) -> tuple[str, ...]:
    """Everything that is wrong with what was chosen, words and icon files apart."""
    return (*_ids(choices), *_addresses(choices), *_rest(choices), *_colours(choices))


def _ids(choices: Choices) -> Iterator[str]:
    for option, given in (("app id", choices.app_id), ("Teams app id", choices.teams_app_id)):
        if not given and option != "app id":
            continue
        if not GUID.fullmatch(given):
            yield (
                f"The {option} “{given}” isn't a GUID: 32 letters a to f and digits, like "
                "1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9."
            )
        elif given == NOBODY:
            yield f"The {option} is all noughts. Azure shows the real one on the bot's Configuration page."


def domain_mistake(domain: str) -> str | None:
    """A domain stands alone: Teams takes a scheme, a path or a port for part of the name and then trusts nothing."""
    if "://" in domain:
        return f"The domain “{domain}” has a scheme. Give the name alone, like bot.example.police.uk."
    if "*" in domain:
        return (
            f"The domain “{domain}” has a wildcard, which would trust more than the bot. Give its whole name."
        )
    if not _HOST.fullmatch(domain):
        return (
            f"The domain “{domain}” isn't a public name like bot.example.police.uk "
            "(no path, no port, no number address)."
        )
    return None


def url_mistake(what: str, url: str) -> str | None:
    """Teams' schema lets http pass; a person's browser and the store don't."""
    try:
        parts = urlsplit(url)
        whole = bool(_HOST.fullmatch((parts.hostname or "").lower())) and (parts.port or 443) > 0
    except ValueError:
        parts, whole = urlsplit(""), False
    if parts.scheme and parts.scheme != "https":
        return f"The {what} address “{url}” must start with https://."
    if not whole or not parts.scheme or parts.username is not None or not _plain(url):
        return f"The {what} address “{url}” isn't a whole address like https://bot.example.police.uk/page."
    return f"The {what} address is longer than {LONGEST_URL} characters." if len(url) > LONGEST_URL else None


def _plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def _addresses(choices: Choices) -> Iterator[str]:
    if wrong := domain_mistake(choices.domain):
        yield wrong
    for what, url in (
        ("website", choices.website),
        ("privacy", choices.privacy),
        ("terms", choices.terms),
    ):
        if url and (wrong := url_mistake(what, url)):
            yield wrong


def _rest(choices: Choices) -> Iterator[str]:
    if not _VERSION.fullmatch(choices.version):
        yield f"The version “{choices.version}” isn't three numbers like 1.0.0."
    if not choices.developer or not choices.developer.isprintable():
        yield "The developer's name must be one line of plain text, such as the force's own name."
    elif len(choices.developer) > LONGEST_DEVELOPER:
        yield (
            f"The developer's name has {len(choices.developer)} characters; "
            f"Teams takes at most {LONGEST_DEVELOPER}."
        )
    if ENGLISH not in choices.languages:
        yield "English (en) is the package's own language: write the languages like en,cy."
    for language in choices.languages:
        if language not in LANGUAGE_NAMES:
            known = " and ".join(LANGUAGE_NAMES)
            yield f"There are no words for the language “{language}”. There are {known}."
    if len(set(choices.languages)) < len(choices.languages):
        yield "A language stands twice."
    if choices.welsh_words is not None and not set(PREPARED) & set(choices.languages):
        yield "Welsh words were given, but Welsh isn't among the languages: add en,cy."


def _colours(choices: Choices) -> Iterator[str]:
    wrong = False
    for what, given in (("accent", choices.accent), ("ink", choices.ink)):
        if not _COLOUR.fullmatch(given.lower()):
            wrong = True
            yield f"The {what} colour “{given}” isn't one like #1f5a7a."
    if not wrong and choices.colour_icon is None:
        ratio = contrast(colour(choices.accent), colour(choices.ink))
        if ratio < LEAST_CONTRAST:
            yield (
                f"{choices.ink} on {choices.accent} can hardly be seen: the contrast is {ratio:.1f} to 1, "
                f"and a picture needs {LEAST_CONTRAST:.0f} to 1."
            )


def colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
