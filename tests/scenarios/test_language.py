"""Whoever chose Welsh is shown it wherever there is any, each card whole in one language, and may go back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from cards.words import say
from tests.fakes.person import Person
from tests.scenarios.steps import kept, member, shown
from tests.scenarios.test_help_now import without
from tests.scenarios.town import FORCES, NORTHMOOR, Town

WELSH_FOOT, ENGLISH_FOOT = "Angen rhywun nawr?", "Need someone now?"


def in_one_language(person: Person) -> str:
    """The language of the newest card, or of the open dialog, which is in no other."""
    words = person.dialog.words if person.dialog else person.newest.words
    assert (WELSH_FOOT in words) != (ENGLISH_FOOT in words), words
    return "cy" if WELSH_FOOT in words else "en"


async def test_the_choice_is_kept_and_every_card_is_in_one_language(place: Town) -> None:
    jo = await place.officer()
    await jo.says("cymraeg")
    assert (shown(jo), in_one_language(jo)) == ("Helo eto", "cy")
    assert "Saesneg yw'r ffurflen" in jo.newest.words
    assert (await member(place, jo)).language == "cy"
    for line, heading in (
        ("help", "menu"), ("menu", "menu"), ("what is this thing", "menu"), ("privacy", "privacy"), ("hi", "welcome")
    ):  # fmt: skip
        await jo.says(line)
        assert in_one_language(jo) == "cy", heading
    await jo.presses("Help nawr")
    assert (shown(jo), in_one_language(jo)) == ("Help nawr", "cy")
    await jo.presses("Parhau")
    assert (shown(jo), in_one_language(jo)) == ("Beth hoffech chi ei wneud?", "cy")
    await jo.says("i'm at breaking point")
    assert (shown(jo), in_one_language(jo)) == (say("crisis.soft.heading", "cy"), "cy")
    await jo.says("hi")
    await jo.presses("Gofyn am gefnogwr")
    assert (shown(jo), in_one_language(jo)) == ("Cyn i chi ofyn", "cy")
    await jo.presses("Ymlaen")
    assert in_one_language(jo) == "en"
    await jo.presses("Help now")
    assert in_one_language(jo) == "en"  # a card in English doesn't know what was chosen, and offers it again
    assert "Cymraeg" in (jo.dialog.words if jo.dialog else jo.newest.words)


@pytest.mark.parametrize("words", ["help now", "I want to end my life", "mwy o gymorth"])
async def test_who_to_ring_is_said_in_welsh_after_cymraeg_whatever_is_typed(place: Town, words: str) -> None:
    jo, kim = await place.officer(), await place.officer("Kim Hale")
    await jo.says("cymraeg")
    for person, language in ((jo, "cy"), (kim, "cy" if words.startswith("mwy") else "en")):
        await person.says(words)
        assert in_one_language(person) == language
    await jo.says("english")
    await jo.says("help now")
    assert in_one_language(jo) == "en"


async def test_a_choice_of_long_ago_is_known_to_help_now_once_the_chat_was_answered(place: Town) -> None:
    jo = await place.officer()
    async with place.desk.open_work() as work:
        met = await work.members.find(jo.tenant, jo.directory)
        assert met is not None
        await work.members.save(met, replace(met, language="cy"))
    await jo.says("help now")
    assert in_one_language(jo) == "en"
    await jo.says("hi")
    await jo.says("help now")
    assert in_one_language(jo) == "cy"


async def test_welsh_of_their_teams_alone_goes_when_their_teams_speaks_english(place: Town) -> None:
    jo = await place.officer()
    jo.locale = "cy-GB"
    for _ in range(2):
        await jo.says("menu")
        await jo.says("help now")
        assert in_one_language(jo) == "cy"
    jo.locale = "en-GB"
    await jo.says("help now")
    assert in_one_language(jo) == "en"


async def test_a_topic_that_asks_for_help_is_answered_in_the_language_that_was_chosen(place: Town) -> None:
    jo = await place.officer()
    await jo.says("yn gymraeg")
    await jo.says("request")
    await jo.presses("Ymlaen")
    await jo.presses("Review", fields={"note": "I want to end my life"})
    assert (shown(jo), in_one_language(jo)) == (say("crisis.suicide.heading", "cy"), "cy")
    await jo.presses("Parhau")
    assert in_one_language(jo) == "en"


async def test_by_the_button_of_the_welcome_and_back(place: Town) -> None:
    jo = await place.officer()
    await jo.presses("Cymraeg")
    assert (shown(jo), in_one_language(jo), len(jo.sees)) == ("Helo eto", "cy", 1)
    await jo.presses("English", again=True)
    assert (shown(jo), in_one_language(jo)) == ("Hello again", "en")
    assert (await member(place, jo)).language == "en"
    jo.locale = "cy-GB"
    await jo.says("menu")
    assert in_one_language(jo) == "en"
    await jo.says("saesneg")
    assert in_one_language(jo) == "en"


async def test_the_locale_speaks_until_somebody_chose(place: Town) -> None:
    jo = place.teams.person("Jo Evans", NORTHMOOR)
    jo.locale = "cy-GB"
    await jo.installs()
    assert (shown(jo), in_one_language(jo)) == ("Helo", "cy")
    assert (await member(place, jo)).language is None
    await jo.says("english")
    assert in_one_language(jo) == "en"


async def test_the_button_of_a_crisis_card_is_remembered_for_whoever_is_known_and_makes_nobody_known(
    place: Town,
) -> None:
    jo, stranger = await place.officer(), await place.officer("Ann Other", opened=False)
    for person in (jo, stranger):
        await person.says("help now")
        await person.presses("Cymraeg")
        assert (shown(person), in_one_language(person)) == ("Help nawr", "cy")
    await _kept_as(place, jo, "cy")
    async with place.desk.open_work() as work:
        assert await work.members.find(stranger.tenant, stranger.directory) is None
    await jo.says("menu")
    assert in_one_language(jo) == "cy"


async def _kept_as(place: Town, person: Person, language: str) -> None:
    """The keeping gives up soon, so as never to be in the way of help: on a busy machine it may take another press."""
    for _ in range(20):
        await kept()
        if (await member(place, person)).language == language:
            return
        await person.presses("Cymraeg")
    raise AssertionError(f"{language} was not kept")


async def test_where_there_is_no_store_it_holds_for_the_one_card(tmp_path: Path) -> None:
    folder = tmp_path / "a_folder_where_a_file_should_be"
    folder.mkdir()
    forces = tmp_path / "forces.toml"
    forces.write_text(FORCES)
    async with without(tmp_path, forces_file=forces, database_url=SecretStr(f"sqlite:///{folder}")) as teams:
        jo = teams.person("Jo Evans", NORTHMOOR)
        for line in ("cymraeg", "yn gymraeg"):
            await jo.says(line)
            assert (shown(jo), in_one_language(jo)) == (say("crisis.help_only.heading", "cy"), "cy")
        await jo.presses("English")
        assert (shown(jo), in_one_language(jo)) == (say("crisis.help_only.heading"), "en")
        await jo.says("hi")
        assert in_one_language(jo) == "en"
