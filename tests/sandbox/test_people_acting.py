"""What a person does reaches the bot as Teams sends it, and what the bot answers is read as Teams reads it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox.answers import SORRY
from sandbox.people import PeopleUnreadable, read_people
from tests.sandbox import cards
from tests.sandbox.conftest import HandClock
from tests.sandbox.scripted_bot import PEOPLE, Town, running_town

JO, SAM, LEE = "officer-jo", "supporter-sam", "officer-lee"


async def press(town: Town, who: str, action: object, **more: object) -> dict[str, object]:
    """Press a button of the first message in somebody's chat."""
    first = (await town.get(f"/sandbox/chats/{who}"))["messages"][0]["id"]
    status, outcome = await town.post(
        f"/sandbox/chats/{who}/press", {"message_id": first, "action": action, **more}
    )
    assert status == 200
    assert isinstance(outcome, dict)
    return outcome


async def test_people_come_from_both_files_with_an_officer_and_their_own_force_first(town: Town) -> None:
    found = await town.get("/sandbox/people")
    assert [person["name"] for person in found["people"]][0::2] == ["Jo Evans", "Ada Stone", "Mel Hughes"]
    assert found["defaults"] == {"left": JO, "middle": SAM, "right": "coordinator-mel"}


async def test_the_first_look_installs_the_app_once(town: Town) -> None:
    for _ in range(2):
        await town.open(JO)
    kinds = [activity["type"] for activity in town.bot.heard]
    assert sorted(kinds) == ["conversationUpdate", "installationUpdate"]
    await town.post(f"/sandbox/chats/{JO}/install")
    assert len(town.bot.heard) == 4


async def test_an_activity_has_what_teams_puts_in_it(town: Town) -> None:
    await town.open(JO)
    await town.post(f"/sandbox/chats/{JO}/say", {"text": "  hi "})
    said = town.bot.of("message")[0]
    assert (said["text"], said["channelId"], said["locale"]) == ("hi", "msteams", "en-GB")
    assert said["from"]["id"].startswith("29:")
    assert (said["from"]["aadObjectId"], said["from"]["name"]) == (JO, "Jo Evans")
    assert said["recipient"]["id"] == "28:peer-support"
    assert said["channelData"]["tenant"]["id"] == "t-north"
    assert said["conversation"]["conversationType"] == "personal"
    assert said["conversation"]["tenantId"] == "t-north"
    assert said["serviceUrl"] == f"{town.url}/"
    assert len({activity["id"] for activity in town.bot.heard}) == len(town.bot.heard)
    shown = (await town.get(f"/sandbox/chats/{JO}"))["messages"]
    assert [message["text"] for message in shown] == ["", "hi", "You said: hi"]


async def test_ids_are_the_same_after_a_restart() -> None:
    first, again = (read_people(PEOPLE / "roster.csv", None).everyone[0] for _ in range(2))
    assert (first.user_id, first.conversation_id) == (again.user_id, again.conversation_id)
    assert first.user_id[4:] != first.conversation_id[3:]


async def test_execute_is_answered_by_a_card_words_nothing_or_a_fault(town: Town) -> None:
    await town.open(JO)
    action = {
        "type": "Action.Execute",
        "title": "Learn more",
        "verb": "replace",
        "data": {"id": "r1", "n": "2"},
    }
    assert await press(town, JO, action) == {"outcome": "card", "card": cards.REPLACED}
    sent = town.bot.of("invoke")[0]
    assert (sent["name"], sent["value"]) == ("adaptiveCard/action", {"action": action, "trigger": "manual"})
    assert sent["replyToId"] == town.bot.last_id
    assert (await press(town, JO, {**action, "verb": "words"}))["text"] == "Ring 999 if you are in danger."
    assert (await press(town, JO, {**action, "verb": "nothing"})) == {"outcome": "done"}
    broken = await press(town, JO, {**action, "verb": "broken"})
    assert (broken["outcome"], broken["text"]) == ("failed", SORRY)


async def test_submit_is_a_message_with_a_value_and_no_line_in_the_chat(town: Town) -> None:
    await town.open(JO)
    before = await town.get(f"/sandbox/chats/{JO}")
    assert await press(town, JO, {"type": "Action.Submit", "data": {"verb": "x"}}) == {"outcome": "done"}
    sent = town.bot.of("message")[0]
    assert (sent["value"], sent["replyToId"], sent.get("text")) == ({"verb": "x"}, town.bot.last_id, None)
    assert await town.get(f"/sandbox/chats/{JO}") == before


async def test_a_dialog_is_fetched_submitted_again_and_closed(town: Town) -> None:
    await town.open(JO)
    data = {"msteams": {"type": "task/fetch"}, "verb": "ask"}
    opened = await press(town, JO, {"type": "Action.Submit", "data": data}, theme="dark")
    assert (opened["outcome"], opened["title"], opened["card"]) == ("dialog", "Ask for a peer", cards.form())
    sent = town.bot.of("invoke")[0]
    assert (sent["name"], sent["value"]) == ("task/fetch", {"data": data, "context": {"theme": "dark"}})
    outcomes = {
        verb: await press(town, JO, {"type": "Action.Submit", "data": {"verb": verb}}, in_dialog=True)
        for verb in ("again", "done", "words", "broken")
    }
    assert outcomes["again"]["outcome"] == "dialog"
    assert outcomes["done"] == {"outcome": "closed"}
    assert outcomes["words"] == {"outcome": "closed", "text": "Sent. Your reference is K7QF."}
    assert outcomes["broken"]["outcome"] == "failed"
    assert {activity["name"] for activity in town.bot.of("invoke")[1:]} == {"task/submit"}


async def test_a_bot_that_fails_or_is_silent_is_shown_as_teams_shows_it(clock: HandClock) -> None:
    async with running_town(clock, patience=0.2) as town:
        await town.open(JO)
        town.bot.status = 500
        assert (await town.post(f"/sandbox/chats/{JO}/say", {"text": "hi"}))[1]["text"] == SORRY
        town.bot.status, town.bot.hanging = 200, asyncio.Event()
        assert (await town.post(f"/sandbox/chats/{JO}/say", {"text": "hm"}))[1]["text"] == SORRY
        town.bot.hanging.set()
        messages = (await town.get(f"/sandbox/chats/{JO}"))["messages"]
        assert [m["failed"] for m in messages if m["by"] == "person"] == [True, True]


async def test_a_bot_that_is_not_there_yet_is_installed_at_the_next_look(town: Town) -> None:
    town.bot.status = 503
    await town.open(JO)
    assert (await town.get(f"/sandbox/chats/{JO}"))["installed"] == "never"
    town.bot.status = 200
    await town.open(JO)
    assert (await town.get(f"/sandbox/chats/{JO}"))["installed"] == "yes"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("officer-jo/say", {"text": " "}, 400),
        ("officer-jo/say", {"text": "x" * 4001}, 400),
        ("officer-jo/say", [], 400),
        ("officer-jo/press", {"message_id": "1", "action": {"type": "Action.Submit"}}, 404),
        ("officer-jo/press", {"action": {"type": "Action.OpenUrl"}}, 400),
        ("officer-jo/block", {"blocked": "no"}, 400),
        ("nobody/say", {"text": "hi"}, 404),
    ],
)
async def test_a_mistaken_call_is_refused_clearly(town: Town, path: str, body: object, status: int) -> None:
    await town.open(JO)
    answered, answer = await town.post(f"/sandbox/chats/{path}", body)
    assert answered == status
    assert answer["error"]["message"]


async def test_who_has_blocked_or_uninstalled_the_app_cannot_write(town: Town) -> None:
    await town.open(JO)
    await town.post(f"/sandbox/chats/{JO}/uninstall")
    assert town.bot.heard[-1]["action"] == "remove"
    assert (await town.post(f"/sandbox/chats/{JO}/say", {"text": "hi"}))[0] == 409


async def test_changes_are_streamed(town: Town) -> None:
    jo = await town.open(JO)
    async with town.session.get(town.url + "/sandbox/events") as stream:
        await stream.content.readuntil(b": listening\n\n")
        await town.bot.send(jo, {"type": "message", "text": "Hello"})
        event = await stream.content.readuntil(b"\n\n")
    assert event.startswith(b'data: {"kind":"message","who":"officer-jo"')


async def test_chats_are_kept_between_runs(clock: HandClock, tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "chats.json"
    async with running_town(clock, kept=kept) as town:
        await town.open(JO)
        await town.post(f"/sandbox/chats/{JO}/say", {"text": "hi"})
        before = await town.get(f"/sandbox/chats/{JO}")
    async with running_town(clock, kept=kept) as town:
        assert await town.get(f"/sandbox/chats/{JO}") == before
        await town.post(f"/sandbox/chats/{JO}/open")
        assert town.bot.heard == []
        assert (await town.get(f"/sandbox/chats/{LEE}"))["installed"] == "never"


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("name\nJo", "lacks tenant_id"),
        ("tenant_id,directory_id,name,email,force\nt,,Jo,j@x.example,f", "line 2: directory_id is empty"),
        ("tenant_id,directory_id,name,email,force\n" + "t,a,Jo,j@x.example,f\n" * 2, "stands there twice"),
        ("tenant_id,directory_id,name,email,force\n", "nobody to be"),
    ],
)
def test_a_mistaken_file_of_people_is_named(tmp_path: Path, lines: str, complaint: str) -> None:
    path = tmp_path / "officers.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(PeopleUnreadable, match=complaint):
        read_people(None, path)
