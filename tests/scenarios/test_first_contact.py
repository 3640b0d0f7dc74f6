"""First contact: what this is, what it isn't, and three things to do. Said once."""

import pytest

from tests.scenarios.steps import headings, notices_sent, shown
from tests.scenarios.town import Town

ACTS = ("installationUpdate", "conversationUpdate")


@pytest.mark.parametrize("order", [ACTS, ACTS[::-1]])
async def test_both_events_in_either_order_and_again_bring_one_welcome(
    place: Town, order: tuple[str, str]
) -> None:
    jo = await place.officer(opened=False)
    for kind in (*order, *order):
        members = [{"id": "28:bot"}, {"id": jo.user_id, "aadObjectId": jo.directory}]
        parts = {"action": "add"} if kind == "installationUpdate" else {"membersAdded": members}
        await jo.sends(jo.activity(type=kind, **parts))
    assert headings(jo) == ["Hello"]
    assert notices_sent(place, jo) == 1


async def test_the_welcome_says_what_this_is_and_what_it_is_not(place: Town) -> None:
    jo = await place.officer()
    words = jo.newest.words
    for said in ("a trained colleague who listens", "I'm a computer program", "Nobody watches this chat"):
        assert said in words
    assert "I check what you type for signs that you need urgent help" in words
    for title in ("Ask for a peer", "Learn more", "Help now"):
        assert title in words


@pytest.mark.parametrize("line", ["hi", "hello", "start", "Hi there!", "helo", "HELLO"])
async def test_a_greeting_is_answered_with_three_things_to_do(place: Town, line: str) -> None:
    jo = await place.officer()
    await jo.says(line)
    assert headings(jo) == ["Hello", "Hello again"]
    assert "Ask for a peer" in jo.newest.words


async def test_whoever_writes_first_is_welcomed_whatever_they_wrote(place: Town) -> None:
    jo = await place.officer(opened=False)
    await jo.says("what's all this then")
    assert headings(jo) == ["Hello"]
    await jo.installs()
    assert headings(jo) == ["Hello"]


async def test_help_opens_with_help_now(place: Town) -> None:
    jo = await place.officer()
    await jo.says("help")
    assert shown(jo) == "Need someone now? Press Help now."
    await jo.presses("Help now")
    assert "Samaritans 116 123" in jo.newest.words


async def test_learning_and_privacy_lead_back_to_asking(place: Town) -> None:
    jo = await place.officer()
    await jo.presses("Learn more")
    assert shown(jo) == "Learn more"
    await jo.presses("Privacy")
    assert shown(jo) == "What stays private"
    await jo.presses("Menu")
    await jo.presses("Ask for a peer")
    assert shown(jo) == "Before you ask"


async def test_removing_and_installing_again_says_nothing_twice(place: Town) -> None:
    jo = await place.officer()
    await jo.installs("remove")
    await jo.installs()
    await jo.installs("add-upgrade")
    assert headings(jo) == ["Hello"]


async def test_a_supporter_who_removes_the_bot_is_asked_nothing_until_they_are_back(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter()
    await sam.installs("remove")
    await place.asks(jo)
    assert "Could you listen" not in sam.reads
    assert "I can't find anyone who is free" in jo.newest.words
    await sam.says("hello")
    await place.time_passes(hours=5)
    assert "Could you listen to a colleague?" in sam.reads
