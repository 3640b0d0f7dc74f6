"""Each fault that Teams' schema lets pass is found in a package mended by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from manifest import png
from manifest.icons import outline_icon
from manifest.proof import LARGEST, faults
from tests.manifest.packages import built, mended, zipped
from tests.manifest.test_schema import faults as schema_faults

Change = Callable[[dict[str, Any]], object]


def test_a_package_as_built_is_right() -> None:
    assert faults(built().archive) == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda m: m["developer"].update(privacyUrl="http://bot.example.police.uk/p"),
            "must start with https",
        ),
        (lambda m: m["validDomains"].append("https://bot.example.police.uk"), "has a scheme"),
        (lambda m: m["validDomains"].append("*.police.uk"), "wildcard"),
        (
            lambda m: m.update(webApplicationInfo={"id": "3b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9"}),
            "sign-in would fail",
        ),
        (lambda m: m["bots"][0]["scopes"].append("team"), "personal scope alone"),
        (lambda m: m["bots"][0].update(supportsFiles=True), "supportsFiles must be false"),
        (lambda m: m["bots"][0].update(isNotificationOnly=True), "isNotificationOnly must be false"),
        (lambda m: m["permissions"].append("messageTeamMembers"), "permissions beyond identity"),
        (lambda m: m.update(devicePermissions=["media"]), "the bot needs none"),
        (lambda m: m["icons"].update(color="colour.png"), "colour.png isn't in the package"),
        (lambda m: m["icons"].update(color="outline.png"), "32 x 32 pixels"),
        (
            lambda m: m["localizationInfo"]["additionalLanguages"].append(
                {"languageTag": "ga", "file": "ga.json"}
            ),
            "ga.json isn't in the package",
        ),
        (lambda m: m["localizationInfo"].pop("additionalLanguages"), "cy.json, which nothing in it names"),
        (lambda m: m["bots"][0]["commandLists"][0]["commands"].pop(), "commands[8].title, which isn't there"),
    ],
)
def test_what_the_schema_lets_pass_is_found(change: Change, sentence: str) -> None:
    """Right by the schema, and wrong all the same."""
    seen: list[dict[str, Any]] = []
    archive = mended(lambda manifest: (change(manifest), seen.append(manifest)))
    assert schema_faults(seen[0], "1.22") == []
    assert any(sentence in fault for fault in faults(archive))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda w: w.update({"developer.name": "Heddlu"}), "isn't there to be translated"),
        (lambda w: w.update({"name.short": ""}), "empty or too long"),
        (lambda w: w.update({"name.short": "x" * 31}), "text for name.short that is"),
        (lambda w: w.pop("description.full"), "doesn't translate description.full"),
    ],
)
def test_a_language_file_is_looked_through(change: Change, sentence: str) -> None:
    assert any(sentence in fault for fault in faults(mended(change, "cy.json")))


def test_an_outline_with_colour_is_found() -> None:
    files = dict(built().files)
    tinted = outline_icon()
    files["outline.png"] = png.write(
        png.Picture(32, 32, tuple((255, 0, 0, pixel[3]) for pixel in tinted.pixels))
    )
    assert faults(zipped(files)) == ("outline.png: The outline icon has colours: draw it in white alone.",)


NO_PACKAGES = {
    "empty": b"",
    "cut": b"PK\x03\x04 and then nothing",
    "nothing in it": zipped({}),
    "in a folder": zipped({"inner/manifest.json": b"{}"}),
    "no parts": zipped({"manifest.json": b"{}"}),
    "a list": zipped({"manifest.json": b"[]"}),
    "not JSON": zipped({"manifest.json": b"{"}),
    "another shape": zipped({"manifest.json": b'{"bots": [], "icons": 3}'}),
    "too large": zipped({"manifest.json": b" " * (LARGEST + 1)}),
}


@pytest.mark.parametrize("what", NO_PACKAGES)
def test_what_is_no_package_has_one_sentence(what: str) -> None:
    assert len(faults(NO_PACKAGES[what])) == 1
