"""First turns that come at once, and what Teams says differently from one time to the next."""

from __future__ import annotations

import asyncio

from tests.scenarios.town import NORTHMOOR, WESTVALE, Town


async def test_two_first_events_at_once_bring_one_welcome(place: Town) -> None:
    jo = place.teams.person("Jo Evans", NORTHMOOR)
    added = [{"id": "28:bot"}, {"id": jo.user_id, "aadObjectId": jo.directory}]
    await asyncio.gather(
        jo.sends(jo.activity(type="installationUpdate", action="add")),
        jo.sends(jo.activity(type="conversationUpdate", membersAdded=added)),
        jo.sends(jo.activity(type="installationUpdate", action="add")),
    )
    assert [seen.words.count("I'm a computer program") for seen in jo.sees] == [1]


async def test_two_first_lines_at_once_are_both_answered_kindly(place: Town) -> None:
    jo = place.teams.person("Jo Evans", NORTHMOOR)
    await asyncio.gather(jo.says("hi"), jo.says("hello"))
    assert len(jo.sees) == 2
    assert "out of date" not in jo.reads.lower()
    assert all("Ask for a peer" in seen.words for seen in jo.sees)


async def test_a_tenant_in_capitals_is_the_same_tenant(place: Town) -> None:
    jo = place.teams.person("Jo Evans", WESTVALE)
    await jo.says("hi")
    await jo.presses("Ask for a peer")
    jo.tenant, jo.directory = WESTVALE.upper(), jo.directory.upper()
    await jo.presses("Continue")
    jo.tenant, jo.directory = WESTVALE, jo.directory.lower()
    await jo.presses("Review")
    assert jo.dialog is not None
    assert "Send request" in jo.dialog.words


async def test_a_new_language_of_teams_is_noticed(place: Town) -> None:
    jo = await place.officer("Jo Evans")
    jo.locale = "cy-GB"
    await jo.says("hi")
    async with place.desk.open_work() as work:
        member = await work.members.find(NORTHMOOR, jo.directory)
    assert member is not None
    assert member.locale == "cy-GB"
