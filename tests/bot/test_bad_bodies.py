"""Malformed and hostile bodies: a 4xx with one sentence, never a 5xx, never a stack trace, never a turn."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress

import pytest

from bot.incoming import BODY_LIMIT, BadActivity, Kind, address_of, parse, read
from tests.bot.doorway import doorway

NOT_ACTIVITIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"hi"',
    b"5",
    b"\xff\xfe",
    b"{}",
    b'{"type": NaN}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"type": ' + b"9" * 10_000 + b"}",
]


@pytest.mark.parametrize("body", NOT_ACTIVITIES, ids=lambda body: repr(body[:12]))
async def test_a_body_that_is_no_activity(body):
    async with doorway() as door:
        status, answer = await door.teams.post(body)
        assert status == 400
        assert list(answer) == ["error"]
        assert door.talk.came == []


@pytest.mark.parametrize(
    "part",
    [
        {"type": None},
        {"type": 5},
        {"type": ["message"]},
        {"channelId": "emulator"},
        {"channelId": None},
        {"serviceUrl": None},
        {"serviceUrl": 5},
        {"serviceUrl": "https://smba.trafficmanager.net/uk/"},
        {"serviceUrl": "http://169.254.169.254/"},
        {"serviceUrl": "file:///etc/passwd"},
        {"serviceUrl": "http://127.0.0.1@evil.example/"},
        {"conversation": None},
        {"conversation": "a:1"},
        {"conversation": {}},
        {"conversation": {"id": 5}},
        {"conversation": {"id": "x" * 2000}},
        {"from": None},
        {"from": []},
        {"from": {"id": {}}},
        {"recipient": None},
        {"text": {"a": 1}},
        {"id": 5},
        {"replyToId": []},
        {"locale": 5},
        {"type": "invoke", "name": 5},
        {"type": "invoke", "name": "adaptiveCard/action"},
        {"type": "invoke", "name": "adaptiveCard/action", "value": "x"},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": "x"}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"verb": "x", "data": "y"}}},
        {"type": "invoke", "name": "task/fetch"},
        {"type": "invoke", "name": "task/submit", "value": []},
        {"type": "invoke", "name": "task/submit", "value": {"data": []}},
        {"type": "invoke", "name": "composeExtension/query", "value": {}},
        {"type": "invoke"},
        {"type": "installationUpdate", "action": 5},
    ],
    ids=str,
)
async def test_a_part_of_the_wrong_shape(part):
    async with doorway() as door:
        jo = door.teams.person()
        status, answer = await door.teams.post(jo.activity(type="message", text="hi") | part)
        assert status == 400
        assert list(answer) == ["error"]
        assert "Traceback" not in answer["error"]
        assert (door.talk.came, door.teams.calls) == ([], [])


@pytest.mark.parametrize(
    "part",
    [
        {"attachments": "x"},
        {"attachments": [5, None]},
        {"entities": {"type": "mention"}},
        {"entities": [{"type": "mention", "mentioned": "me", "text": 5}]},
        {"channelData": "x"},
        {"channelData": {"tenant": "x"}},
        {"membersAdded": 5},
        {"locale": "../../etc"},
        {"value": "x"},
        {"value": ["x"]},
        {"text": None},
        {"timestamp": "yesterday"},
        {"deliveryMode": "expectReplies"},
    ],
    ids=str,
)
async def test_a_part_that_does_not_matter_is_passed_over(part):
    async with doorway() as door:
        jo = door.teams.person()
        await jo.sends(jo.activity(type="message", text="hi") | part)
        assert (jo.last_status, len(jo.sees)) == (200, 1)
        assert door.talk.came[0].kind is Kind.MESSAGE
        assert door.talk.came[0].locale == "en-GB"


async def test_hostile_fields_become_plain_strings_or_nothing():
    async with doorway() as door:
        jo = door.teams.person()
        data = {
            "verb": ["x"],
            "v": 1,
            "msteams": {"type": "messageBack"},
            "n": 5,
            "t": True,
            "s": "a\u0000b\ud800c",
            "none": None,
            "list": ["x"],
            "object": {"$ne": ""},
        }
        await jo.sends(jo.activity(type="message", value=data, text="\ud83d\ude00\ud83d"))
        came = door.talk.came[0]
        assert (came.kind, came.verb, came.text) == (Kind.SUBMIT, "", "\U0001f600")
        assert dict(came.fields) == {"n": "5", "t": "true", "s": "abc"}


async def test_nothing_in_an_activity_can_break_the_reading_of_it():
    strange = [None, 5, "x", [], {}, [None], {"id": []}, True, 1e999]
    whole = {
        "type": "message",
        "channelId": "msteams",
        "serviceUrl": "https://s.example/",
        "conversation": {"id": "c"},
        "from": {"id": "u", "aadObjectId": "d"},
        "recipient": {"id": "b"},
    }
    names = [
        *whole,
        "id",
        "text",
        "value",
        "name",
        "entities",
        "attachments",
        "membersAdded",
        "channelData",
        "locale",
    ]
    tried = 0
    for kind in ("message", "invoke", "installationUpdate", "conversationUpdate", "other"):
        for name in names:
            for value in strange:
                activity = whole | {"type": kind, "name": "adaptiveCard/action"} | {name: value}
                with suppress(BadActivity):
                    parse(activity, address_of(activity))
                tried += 1
    assert tried > 500


async def test_a_body_that_is_too_large():
    async with doorway() as door:
        jo = door.teams.person()
        for body in (
            b"x" * (BODY_LIMIT + 1),
            json.dumps(jo.activity(type="message", text="x" * BODY_LIMIT)).encode(),
        ):
            status, answer = await door.teams.post(body)
            assert (status, list(answer)) == (413, ["error"])
        just = jo.activity(type="message", text="")
        just["text"] = "x" * (BODY_LIMIT - len(json.dumps(just)))
        assert (await door.teams.post(just))[0] == 200


async def test_a_large_body_in_pieces_is_stopped_as_well():
    async def pieces():
        for _ in range(BODY_LIMIT // 1024 + 2):
            yield b"x" * 1024

    async with doorway() as door:
        headers = {"Content-Type": "application/json"}
        async with door.client.post("/api/messages", data=pieces(), headers=headers) as response:
            assert response.status == 413


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""]
)
async def test_another_content_type(content_type):
    async with doorway() as door:
        jo = door.teams.person()
        status, _ = await door.teams.post(jo.activity(type="message"), headers={"Content-Type": content_type})
        assert status == 415


async def test_a_packed_body_is_not_unpacked():
    async with doorway() as door:
        packed = gzip.compress(b"0" * 50_000_000)
        status, _ = await door.teams.post(packed, headers={"Content-Encoding": "gzip"})
        assert status == 415


@pytest.mark.parametrize(
    "kind", ["typing", "messageReaction", "event", "endOfConversation", "messageDelete", "x"]
)
async def test_what_nobody_said_is_passed_over(kind):
    async with doorway() as door:
        jo = door.teams.person()
        await jo.sends(jo.activity(type=kind))
        assert (jo.last_status, door.talk.came, door.teams.calls) == (200, [], [])


async def test_another_tenant_and_an_unknown_person_get_the_crisis_card_and_nothing_else():
    async with doorway(signed=True) as door:
        door.talk.tenants = {"t1"}
        sam = door.teams.person(name="Sam Okafor", tenant="t2")
        await sam.says("hi")
        await sam.installs()
        assert ["Samaritans" in seen.words for seen in sam.sees] == [True]
        nobody = door.teams.person(tenant="t1")
        nobody.directory = ""
        await nobody.says("hi")
        await nobody.presses("Execute")
        assert "Samaritans" in nobody.last_answer["value"]["body"][0]["text"]
        assert door.talk.came == []


async def test_the_tenant_is_the_channels_own_word():
    async with doorway() as door:
        jo = door.teams.person(tenant="t1")
        await jo.says("hi", channelData={"tenant": {"id": "t9"}})
        await jo.says("hi", channelData={})
        assert [came.actor.tenant_id for came in door.talk.came] == ["t9", "t1"]


async def test_in_any_other_chat_nothing_but_help_is_said():
    async with doorway() as door:
        jo = door.teams.person()
        group = {"id": jo.conversation_id, "conversationType": "groupChat", "tenantId": jo.tenant}
        await jo.says("hi", conversation=group)
        await jo.sends(jo.activity(type="installationUpdate", action="add", conversation=group))
        assert (door.talk.came, jo.sees) == ([], [])
        await jo.says("help now", conversation=group)
        assert len(jo.sees) == 1


def test_reading_says_what_is_wrong_and_never_what_stood_there():
    with pytest.raises(BadActivity) as bad:
        read(b'{"type": "Jo Evans"')
    assert "Jo" not in str(bad.value)
