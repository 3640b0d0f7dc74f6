"""Help now: from every point of the journey, by button and by text, whatever is broken behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.service import make_service
from bot.settings import Settings
from tests.fakes.connector import FakeTeams
from tests.fakes.person import Person, actions_of, words_of
from tests.scenarios.steps import asks, heading, introduce, introduced, kept, proposed, request_of, shown
from tests.scenarios.town import NORTHMOOR, Town

LINES = ("999", "Police crisis line 0300 131 2789", "Samaritans 116 123", "Text SHOUT to 85258", "NHS 111")
IN_WELSH = (
    "ewch i'r adran frys (A&E)",
    "Llinell argyfwng yr heddlu 0300 131 2789",
    "Samaritans 116 123",
    "Tecstiwch SHOUT i 85258",
    "NHS 111",
    "Mewn perygl: 999",
)
STAGES = ("welcome", "limits", "form", "review", "looking", "asked", "contact", "introduced", "closed")


def is_crisis(words: str) -> bool:
    """Whether all that a crisis card must say stands in these words."""
    return all(line in words for line in LINES) and "Nobody has been alerted" in words


def is_crisis_in_welsh(words: str) -> bool:
    """The same lines, in Welsh."""
    return all(line in words for line in IN_WELSH) and "Does neb wedi cael gwybod am hyn" in words


async def at(place: Town, stage: str) -> tuple[Person, Person]:
    """An officer and a supporter, as far as this."""
    if stage in ("asked", "contact"):
        jo, sam = await proposed(place)
    elif stage in ("introduced", "closed"):
        jo, sam = await introduced(place)
    else:
        jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    if stage in ("limits", "form", "review"):
        await jo.says("request")
    if stage in ("form", "review"):
        await jo.presses("Continue")
    if stage == "review":
        await jo.presses("Review")
    if stage == "looking":
        await asks(place, jo)
    if stage == "contact":
        await jo.presses("Introduce us")
    if stage == "closed":
        await sam.presses("Close")
        await sam.presses("Yes, close it")
        await place.settle()
    return jo, sam


@pytest.mark.parametrize("stage", STAGES)
async def test_by_button_from_every_stage_for_both(place: Town, stage: str) -> None:
    for person in await at(place, stage):
        was_in_dialog = person.dialog is not None
        sent = len(place.teams.calls)
        await person.presses("Help now", again=True)
        assert len(place.teams.calls) == sent
        words = person.dialog.words if person.dialog else person.reads
        assert (person.dialog is not None) is was_in_dialog
        assert is_crisis(words)
        await kept()


@pytest.mark.parametrize(
    "line", ["help now", "HELP NOW!!", "helpnow", "sos", "999", "i need help", "argyfwng"]
)
async def test_by_text_in_the_middle_of_anything(place: Town, line: str) -> None:
    jo, sam = await at(place, "contact")
    for person in (jo, sam):
        await person.says(line)
        in_welsh = line == "argyfwng"
        assert heading(person.newest.card or {}) == ("Help nawr" if in_welsh else "Help now")
        assert is_crisis_in_welsh(person.newest.words) if in_welsh else is_crisis(person.newest.words)
    await introduce_from_dialog(place, jo)
    assert "Jo Evans" in sam.newest.words


async def introduce_from_dialog(place: Town, jo: Person) -> None:
    """The dialog was still open: nothing was lost."""
    await jo.presses("Introduce us", fields={"how": "teams"})
    await place.settle()


@pytest.mark.parametrize("stage", ["welcome", "looking", "asked", "introduced"])
async def test_carry_on_leads_back_to_where_they_were(place: Town, stage: str) -> None:
    jo, sam = await at(place, stage)
    before = shown(jo)
    await jo.presses("Help now", on=jo.newest)
    await jo.presses("Carry on", on=jo.newest)
    back = {"welcome": "What would you like to do?", "looking": f"I'm looking. {before[6:]}"}
    assert shown(jo) == back.get(stage, before)
    await sam.presses("Help now", on=sam.newest)
    await sam.presses("Carry on", on=sam.newest)
    assert is_crisis(sam.newest.words) is False
    if stage == "introduced":
        assert "Jo Evans" in sam.newest.words


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("I want to die", "There is someone to talk to right now"),
        ("I've taken all my tablets", "Help now"),
        ("I'm worried my sergeant is going to kill himself", "If you're worried about someone"),
    ],
)
async def test_what_is_typed_freely_is_heard(place: Town, line: str, heading: str) -> None:
    jo, _sam = await at(place, "looking")
    before = await request_of(place, jo)
    await jo.says(line)
    assert shown(jo) == heading
    assert is_crisis(jo.newest.words)
    assert await request_of(place, jo) == before
    await jo.presses("Carry on")
    assert before.reference in jo.newest.words


@asynccontextmanager
async def _raises() -> AsyncIterator[None]:
    raise OSError("the database is gone")
    yield


@asynccontextmanager
async def _hangs() -> AsyncIterator[None]:
    await asyncio.Event().wait()
    yield


@pytest.mark.parametrize("broken", [_raises, _hangs])
async def test_with_the_store_broken_in_the_middle_of_the_form(
    place: Town, broken: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, sam = await at(place, "form")
    desk = replace(place.desk, open_work=broken)  # type: ignore[arg-type]
    monkeypatch.setattr(place.service.backstage, "_desk", desk)
    async with asyncio.timeout(2):
        await jo.presses("Help now", fields={"note": "Someone patient."})
        assert jo.dialog is not None
        assert is_crisis(jo.dialog.words)
        await sam.says("help now")
        assert is_crisis(sam.newest.words)
    await kept()
    if broken is _raises:
        await sam.says("status")
        assert shown(sam) == "I couldn't do that just now"
        await jo.presses("Carry on")
        assert "couldn't do that" in jo.dialog.words
        assert "999" in jo.dialog.words


async def test_with_the_store_closed(place: Town) -> None:
    jo, _sam = await at(place, "asked")
    store = place.service.backstage.store
    assert store is not None
    await store.close()
    await jo.presses("Help now")
    assert is_crisis(jo.newest.words)
    await jo.says("sos")
    assert is_crisis(jo.newest.words)


@asynccontextmanager
async def without(tmp_path: Path, **settings: object) -> AsyncIterator[FakeTeams]:
    """The bot with something missing behind it."""
    given = Settings(local=True, **settings)  # type: ignore[arg-type]
    async with FakeTeams() as teams, make_service(given) as service:
        await service.backstage.open()
        async with TestClient(TestServer(service.app, host="127.0.0.1")) as client:
            teams.meets(client)
            yield teams


async def test_help_only_mode_answers_everything_with_who_to_ring(tmp_path: Path) -> None:
    broken = tmp_path / "forces.toml"
    broken.write_text("this is [not toml")
    async with without(
        tmp_path, forces_file=broken, database_url=SecretStr("sqlite:////nowhere/x.db")
    ) as teams:
        jo = teams.person("Jo Evans", NORTHMOOR)
        await jo.installs()
        for line in ("help now", "hi", "request", "I want to die"):
            await jo.says(line)
            assert "Samaritans 116 123" in jo.newest.words
        await jo.presses("More support")
        assert "Samaritans" in jo.newest.words
        assert not [seen for seen in jo.sees if "Ask for a peer" in seen.words]


async def test_no_database_and_good_forces(tmp_path: Path) -> None:
    folder = tmp_path / "a_folder_where_a_file_should_be"
    folder.mkdir()
    async with without(tmp_path, database_url=SecretStr(f"sqlite:///{folder}")) as teams:
        jo = teams.person("Jo Evans", "00000000-aaaa-4000-8000-000000000000")
        for line in ("help now", "hi", "request"):
            await jo.says(line)
            assert "Samaritans 116 123" in jo.newest.words


async def test_somebody_of_a_tenant_that_is_not_allowed_gets_help_and_nothing_else(place: Town) -> None:
    stranger = place.teams.person("Ann Other", "99999999-0000-4000-8000-000000000009")
    await stranger.installs()
    assert stranger.sees == []
    for line in ("help now", "hi", "request", "digest"):
        await stranger.says(line)
        assert is_crisis(stranger.newest.words.replace("England: ", "").replace("England and Wales: ", ""))
    await stranger.presses("Carry on")
    assert "Ask for a peer" not in stranger.reads
    async with place.desk.open_work() as work:
        assert await work.members.find(stranger.tenant, stranger.directory) is None


async def test_every_card_has_help_now_or_is_help_itself(place: Town) -> None:
    jo, sam = await proposed(place, {"note": "Someone patient."})
    await introduce(place, jo, how="call", phone="07700 900123")
    for person in (jo, sam):
        for line in ("menu", "status", "privacy", "learn more", "my matches", "my profile", "withdraw"):
            await person.says(line)
        for card in (*person.chat_cards, *person.pages):
            titles = [action.get("title") for action in actions_of(card)]
            assert "Help now" in titles or "Carry on" in titles, words_of(card)
