"""What a force chooses, what it gets, and the sentence for each mistake."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from manifest import telling
from manifest.build import CannotBuild, build
from manifest.choices import DEVELOPER
from manifest.words import LANGUAGE_NAMES, packaged
from tests.manifest.packages import APP_ID, BOTH, CHOICES, built, reads


def test_the_package_holds_what_it_says_and_no_more() -> None:
    package = built()
    with zipfile.ZipFile(BytesIO(package.archive)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["color.png", "cy.json", "manifest.json", "outline.png"]
        assert {name: archive.read(name) for name in archive.namelist()} == dict(package.files)
    assert "cy.json" not in built(CHOICES).files


def test_the_same_choices_give_the_same_bytes() -> None:
    assert build(BOTH, reads).archive == build(BOTH, reads).archive == built().archive
    assert built().archive != built(replace(BOTH, version="1.0.1")).archive


def test_the_bot_is_for_one_person_and_asks_for_nothing() -> None:
    manifest = built().manifest
    bot = manifest["bots"][0]
    assert bot["botId"] == manifest["id"] == APP_ID
    assert bot["scopes"] == ["personal"]
    assert [listed["scopes"] for listed in bot["commandLists"]] == [["personal"]]
    assert not any(
        bot[key] for key in ("supportsFiles", "isNotificationOnly", "supportsCalling", "supportsVideo")
    )
    assert manifest["permissions"] == ["identity"]
    assert not {"authorization", "devicePermissions", "webApplicationInfo", "staticTabs"} & set(manifest)
    assert manifest["validDomains"] == ["bot.example.police.uk"]
    assert manifest["developer"]["privacyUrl"] == "https://bot.example.police.uk/privacy"


def test_nothing_that_shows_by_default_says_why_somebody_has_it() -> None:
    assert telling.found(DEVELOPER) is None
    for language in LANGUAGE_NAMES:
        words = packaged(language)
        for text in (
            *words.texts.values(),
            *(command.title + ": " + command.description for command in words.commands),
        ):
            assert telling.found(text.replace("Mewn argyfwng, ffoniwch 999", "")) is None
    assert not any("why somebody has the app" in remark for remark in built().remarks)


@pytest.mark.parametrize(
    "name", ["Peer support", "Wellbeing", "Someone to talk to", "Coping", "Cymorth cydweithwyr"]
)
def test_a_telling_name_is_the_forces_choice_but_it_is_told(name: str) -> None:
    package = built(replace(CHOICES, name=name))
    assert package.manifest["name"]["short"] == name
    assert len([remark for remark in package.remarks if "why somebody has the app" in remark]) == 1


@pytest.mark.parametrize("language", list(LANGUAGE_NAMES))
def test_the_bot_understands_every_word_that_its_menu_offers(language: str) -> None:
    commands = packaged(language).commands
    assert commands[0].title in {"help now", "help nawr"}
    assert [command.title for command in commands if not reads(command.title)] == []


def test_the_welsh_says_that_nobody_has_reviewed_it() -> None:
    assert "The Welsh words are awaiting a first-language reviewer." in built().remarks
    assert not any("Welsh" in remark for remark in built(CHOICES).remarks)


def test_a_chosen_name_stands_in_welsh_too_until_welsh_is_given() -> None:
    choices = replace(BOTH, name="Ask a colleague")
    package = built(choices)
    assert json.loads(package.files["cy.json"])["name.short"] == "Ask a colleague"
    assert any("--welsh-words" in remark for remark in package.remarks)
    own = _welsh(review="", **{"name.short": "Holi cydweithiwr"})
    package = built(replace(choices, welsh_words=own))
    assert json.loads(package.files["cy.json"])["name.short"] == "Holi cydweithiwr"
    assert not package.remarks


def _welsh(**changes: Any) -> str:
    words = packaged("cy")
    commands = [{"title": one.title, "description": one.description} for one in words.commands]
    return json.dumps({**words.texts, "commands": commands, **changes})


def _one_command(title: str) -> str:
    return _welsh(commands=[{"title": title, "description": "Rhywbeth"}])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"app_id": "nope"}, "app id “nope” isn't a GUID"),
        ({"app_id": ""}, "app id “” isn't a GUID"),
        ({"app_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, "all noughts"),
        ({"teams_app_id": "{" + APP_ID + "}"}, "Teams app id"),
        ({"domain": "https://bot.example.police.uk"}, "has a scheme"),
        ({"domain": "*.example.police.uk"}, "wildcard"),
        ({"domain": "bot.example.police.uk/api"}, "isn't a public name"),
        ({"domain": "bot.example.police.uk:443"}, "isn't a public name"),
        ({"domain": "localhost"}, "isn't a public name"),
        ({"domain": "127.0.0.1"}, "isn't a public name"),
        ({"domain": ""}, "isn't a public name"),
        (
            {"privacy": "http://example.police.uk/p"},
            "privacy address “http://example.police.uk/p” must start",
        ),
        ({"terms": "/terms"}, "terms address “/terms” isn't a whole address"),
        ({"website": "https://me:pw@example.police.uk/"}, "isn't a whole address"),
        ({"website": "https://example.police.uk:99999/"}, "isn't a whole address"),
        ({"website": "https://example.police.uk/a b"}, "isn't a whole address"),
        ({"website": "https://[::1"}, "isn't a whole address"),
        ({"website": "https://example.police.uk/" + "a" * 2048}, "longer than 2048"),
        ({"name": "x" * 31}, "The name has 31 characters; Teams takes at most 30."),
        ({"name": "two\nlines"}, "one line"),
        ({"full_name": "x" * 101}, "at most 100"),
        ({"short_description": "x" * 81}, "at most 80"),
        ({"full_description": "x" * 4001}, "at most 4000"),
        ({"developer": "x" * 33}, "at most 32"),
        ({"developer": ""}, "developer's name"),
        ({"version": "1.0"}, "three numbers"),
        ({"version": "01.0.0"}, "three numbers"),
        ({"languages": ("cy",)}, "English (en) is the package's own"),
        ({"languages": ("en", "fr")}, "no words for the language “fr”"),
        ({"languages": ("en", "cy", "cy")}, "stands twice"),
        ({"accent": "red"}, "accent colour “red”"),
        ({"accent": "#eeeeee"}, "can hardly be seen"),
        ({"colour_icon": b"GIF89a"}, "colour icon isn't a PNG"),
        ({"languages": ("en",), "welsh_words": "{}"}, "Welsh isn't among the languages"),
        ({"welsh_words": "{"}, "isn't JSON"),
        ({"welsh_words": "[]"}, "isn't a list of keys"),
        ({"welsh_words": "{}"}, "no text for name.short"),
        ({"welsh_words": _welsh(greeting="helo")}, "nothing reads: greeting"),
        ({"welsh_words": _welsh(commands=["cais"])}, "a title and a description"),
        ({"welsh_words": _welsh(commands=[])}, "There are 0 commands in Welsh"),
        ({"welsh_words": _one_command("help nawr")}, "same ones, in the same order"),
        ({"welsh_words": _one_command("gwneud cais am gymar")}, "doesn't understand “gwneud cais am gymar”"),
        ({"welsh_words": _welsh(**{"name.short": "x" * 31})}, "The name in Welsh has 31"),
    ],
)
def test_each_mistake_has_its_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotBuild) as caught:
        built(replace(BOTH, **changes))
    assert [said for said in caught.value.mistakes if sentence in said]
    assert len(set(caught.value.mistakes)) == len(caught.value.mistakes)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(CannotBuild) as caught:
        built(replace(BOTH, app_id="nope", domain="nope", name="x" * 31, outline_icon=b""))
    assert len(caught.value.mistakes) == 4
