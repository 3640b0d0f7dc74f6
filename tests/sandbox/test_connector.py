"""The connector refuses what Teams refuses, over HTTP."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.sandbox import cards
from tests.sandbox.conftest import HandClock
from tests.sandbox.scripted_bot import Town, attached

JO, SAM, ADA = "officer-jo", "supporter-sam", "supporter-ada"
HELLO = {"type": "message", "text": "Hello"}


async def test_a_message_arrives_and_can_be_edited_and_taken_back(town: Town) -> None:
    jo = await town.open(JO)
    status, made = await town.bot.call("POST", jo, "/activities", attached(cards.OFFER))
    assert status == 201
    status, kept = await town.bot.call("PUT", jo, f"/activities/{made['id']}", attached(cards.REPLACED))
    assert (status, kept["id"]) == (200, made["id"])
    last = (await town.get(f"/sandbox/chats/{JO}"))["messages"][-1]
    assert (last["cards"], last["edited"], last["summary"]) == ([cards.REPLACED], True, "You have an update")
    assert (await town.bot.call("DELETE", jo, f"/activities/{made['id']}"))[0] == 200
    last = (await town.get(f"/sandbox/chats/{JO}"))["messages"][-1]
    assert (last["cards"], last["deleted"]) == ([], True)
    assert (await town.bot.call("PUT", jo, f"/activities/{made['id']}", HELLO))[0] == 404


async def test_a_reply_is_a_new_message(town: Town) -> None:
    jo = await town.open(JO)
    status, made = await town.bot.call("POST", jo, f"/activities/{jo['id']}", HELLO)
    assert status == 201
    assert (await town.get(f"/sandbox/chats/{JO}"))["messages"][-1]["id"] == made["id"]


async def test_a_card_over_28_kb_is_refused_and_one_under_is_not(town: Town) -> None:
    jo = await town.open(JO)
    big = cards.card(cards.text("x" * 28 * 1024))
    for method, path in (("POST", "/activities"), ("PUT", f"/activities/{town.bot.last_id}")):
        status, body = await town.bot.call(method, jo, path, attached(big))
        assert (status, body["error"]["code"]) == (413, "MessageSizeTooBig")
    nearly = cards.card(cards.text("x" * 27 * 1024))
    assert (await town.bot.call("POST", jo, "/activities", attached(nearly)))[0] == 201


async def test_a_request_too_big_to_read_is_refused_alike(town: Town) -> None:
    jo = await town.open(JO)
    address = f"{jo['serviceUrl']}v3/conversations/{jo['conversation']['id']}/activities"
    async with town.session.post(address, data=BytesIO(b" " * 1_100_000)) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (413, "MessageSizeTooBig")


@pytest.mark.parametrize(
    "body",
    [
        {"type": "message"},
        {"type": "invoke", "text": "x"},
        {"type": "message", "text": 3},
        {"type": "message", "attachments": "x"},
        {"type": "message", "attachments": [{"contentType": "image/png", "contentUrl": "x"}]},
        {"type": "message", "attachments": [{"contentType": cards.CARD, "content": {"type": "Card"}}]},
        {"type": "message", "attachments": [{"contentType": cards.CARD, "content": "x"}]},
        ["x"],
    ],
)
async def test_a_malformed_message_is_refused(town: Town, body: object) -> None:
    jo = await town.open(JO)
    before = await town.get(f"/sandbox/chats/{JO}")
    status, answer = await town.bot.call("POST", jo, "/activities", body)  # type: ignore[arg-type]
    assert (status, answer["error"]["code"]) == (400, "BadSyntax")
    assert await town.get(f"/sandbox/chats/{JO}") == before


async def test_only_the_bots_own_messages_can_be_edited_and_only_in_their_chat(town: Town) -> None:
    jo, sam = await town.open(JO), await town.open(SAM)
    sams_message = town.bot.last_id
    await town.post(f"/sandbox/chats/{JO}/say", {"text": "hi"})
    hers = next(m["id"] for m in (await town.get(f"/sandbox/chats/{JO}"))["messages"] if m["by"] == "person")
    assert (await town.bot.call("PUT", jo, f"/activities/{hers}", HELLO))[0] == 403
    assert (await town.bot.call("DELETE", jo, f"/activities/{hers}"))[0] == 403
    assert (await town.bot.call("PUT", jo, f"/activities/{sams_message}", HELLO))[0] == 404
    assert (await town.bot.call("PUT", sam, f"/activities/{sams_message}", HELLO))[0] == 200


async def test_a_personal_chat_has_one_person_whom_teams_knows(town: Town) -> None:
    jo = await town.open(JO)
    tenant = {"channelData": {"tenant": {"id": "t-north"}}}
    status, made = await town.post("/v3/conversations", {"members": [{"id": jo["from"]["id"]}], **tenant})
    assert (status, made["id"]) == (201, jo["conversation"]["id"])
    status, made = await town.post("/v3/conversations", {"members": [{"id": JO}], "activity": HELLO})
    assert (await town.get(f"/sandbox/chats/{JO}"))["messages"][-1]["id"] == made["activityId"]
    refused = {
        400: {"members": [{"id": JO}, {"id": SAM}]},
        404: {"members": [{"id": "29:nobody"}]},
        403: {"members": [{"id": ADA}]},
    }
    for expected, body in refused.items():
        assert (await town.post("/v3/conversations", body))[0] == expected
    assert (await town.post("/v3/conversations", {"isGroup": True, "members": [{"id": JO}]}))[0] == 400
    assert (await town.post("/v3/conversations", {"members": [{"id": JO}], "tenantId": "t-fen"}))[0] == 404


async def test_an_unknown_chat_or_call_is_not_found(town: Town) -> None:
    status, body = await town.post("/v3/conversations/a:nowhere/activities", HELLO)
    assert (status, body["error"]["code"]) == (404, "ConversationNotFound")
    assert (await town.post("/v3/teams/x", HELLO))[0] == 404


async def test_members_are_looked_up_by_either_id(town: Town) -> None:
    jo = await town.open(JO)
    for path in ("/members/" + jo["from"]["id"], "/members/" + JO):
        status, account = await town.bot.call("GET", jo, path)
        assert (status, account["aadObjectId"], account["name"]) == (200, JO, "Jo Evans")
        assert (account["tenantId"], account["email"]) == ("t-north", "jo.evans@northmoor.example")
    assert (await town.bot.call("GET", jo, "/members/" + SAM))[0] == 404
    assert [m["name"] for m in (await town.bot.call("GET", jo, "/members"))[1]] == ["Jo Evans"]
    assert len((await town.bot.call("GET", jo, "/pagedmembers"))[1]["members"]) == 1


async def test_sends_are_throttled_for_each_chat_by_every_window(town: Town, clock: HandClock) -> None:
    jo, sam = await town.open(JO), await town.open(SAM)
    clock.now += 60
    sent = [(await town.bot.call("POST", jo, "/activities", HELLO))[0] for _ in range(8)]
    assert sent == [201] * 7 + [429]
    clock.now += 1
    assert [(await town.bot.call("POST", jo, "/activities", HELLO))[0] for _ in range(2)] == [201, 429]
    assert (await town.bot.call("POST", sam, "/activities", HELLO))[0] == 201
    for _ in range(56):
        clock.now += 0.5
        await town.bot.call("POST", jo, "/activities", HELLO)
    taken = len([m for m in (await town.get(f"/sandbox/chats/{JO}"))["messages"] if m["text"] == "Hello"])
    assert taken == 60
    clock.now += 30
    assert (await town.bot.call("POST", jo, "/activities", HELLO))[0] == 201


async def test_a_throttled_call_is_told_when_to_come_back(town: Town) -> None:
    jo = await town.open(JO)
    address = f"{jo['serviceUrl']}v3/conversations/{jo['conversation']['id']}/activities"
    answers = []
    for _ in range(8):
        async with town.session.post(address, json=HELLO) as response:
            answers.append((response.status, response.headers.get("Retry-After")))
    assert answers[-1] == (429, "1")


async def test_blocked_and_uninstalled_people_cannot_be_written_to(town: Town) -> None:
    jo = await town.open(JO)
    await town.post(f"/sandbox/chats/{JO}/block")
    status, body = await town.bot.call("POST", jo, "/activities", HELLO)
    assert (status, body["error"]["code"]) == (403, "ConversationBlockedByUser")
    await town.post(f"/sandbox/chats/{JO}/block", {"blocked": False})
    assert (await town.bot.call("POST", jo, "/activities", HELLO))[0] == 201
    await town.post(f"/sandbox/chats/{JO}/uninstall")
    status, body = await town.bot.call("POST", jo, "/activities", HELLO)
    assert (status, body["error"]["code"]) == (403, "BotNotInConversationRoster")


async def test_other_machines_and_other_sites_are_refused(town: Town) -> None:
    for headers in ({"Host": "sandbox.example"}, {"Origin": "https://elsewhere.example"}):
        async with town.session.get(town.url + "/sandbox/people", headers=headers) as response:
            assert response.status == 403
