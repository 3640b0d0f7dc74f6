"""Each kind of activity through the real app, and what each part of a Reply becomes on the wire."""

from __future__ import annotations

import asyncio

import pytest
from botbuilder.core import TurnContext

from bot.incoming import Kind
from dialogs.turn import Page, Reply
from tests.bot.doorway import card, doorway, message


async def test_typed_words_are_answered_by_a_new_message_with_its_toast():
    async with doorway() as door:
        jo = door.teams.person(name="Jo Evans", tenant="t1", directory="d1")
        await jo.says("<at>Peer support</at> hi&nbsp;there ", entities=[])
        came = door.talk.came[0]
        assert (came.kind, came.text, came.verb, came.attachments) == (Kind.MESSAGE, "hi there", "", False)
        assert (came.actor.tenant_id, came.actor.directory_id) == ("t1", "d1")
        assert came.actor.address.conversation_id == jo.conversation_id
        assert [(seen.words.split("\n")[1], seen.text, seen.summary) for seen in jo.sees] == [
            ("hello", "", "You have an update")
        ]
        assert jo.last_status == 200


async def test_a_press_is_answered_in_its_own_response_and_carries_what_was_typed():
    async with doorway() as door:
        jo = door.teams.person()
        door.talk.reply = Reply(messages=(message("form", inputs=("note",)),))
        await jo.says("hi")
        door.talk.reply = Reply(instead=message("done"), messages=(message("sent"),))
        await jo.presses("Execute", fields={"note": "two words"})
        came = door.talk.came[1]
        assert (came.kind, came.verb, dict(came.fields)) == (
            Kind.PRESS,
            "do",
            {"id": "x1", "note": "two words"},
        )
        assert came.pressed == jo.sees[0].id
        assert jo.last_answer["statusCode"] == 200
        assert "done" in jo.sees[0].words
        assert "sent" in jo.sees[1].words
        assert [call.act for call in door.teams.calls] == ["send", "send"]


async def test_a_press_without_a_card_instead_leaves_the_card_and_sends_the_messages():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        await jo.presses("Execute")
        assert jo.last_answer == {
            "statusCode": 200,
            "type": "application/vnd.microsoft.activity.message",
            "value": "",
        }
        assert [seen.edits for seen in jo.sees] == [0, 0]


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
async def test_a_message_that_cannot_be_sent_never_fails_the_press(status):
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        door.teams.answers(status, on="send", times=9)
        door.talk.reply = Reply(instead=message("done"), messages=(message("sent"),))
        await jo.presses("Execute")
        assert (jo.last_status, "done" in jo.sees[0].words) == (200, True)


async def test_a_submit_edits_the_pressed_message_by_its_id():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        door.talk.reply = Reply(instead=message("done"))
        await jo.presses("Submit")
        came = door.talk.came[1]
        assert (came.kind, came.verb, dict(came.fields), came.pressed) == (
            Kind.SUBMIT,
            "do",
            {"id": "x2"},
            jo.sees[0].id,
        )
        assert [(seen.edits, "done" in seen.words) for seen in jo.sees] == [(1, True)]


async def test_a_submit_on_a_message_that_is_gone_is_answered_by_a_new_one():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        gone = jo.sees.pop()
        door.talk.reply = Reply(instead=message("done"))
        await jo.presses("Submit", on=gone)
        assert [("done" in seen.words) for seen in jo.sees] == [True]


async def test_a_dialog_opens_goes_on_and_closes_and_its_messages_go_to_the_chat():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        door.talk.reply = Reply(page=Page("Ask", card("page one", inputs=("note",)), "medium"))
        await jo.presses("Open")
        assert (door.talk.came[1].kind, door.talk.came[1].verb) == (Kind.DIALOG_OPEN, "open")
        assert dict(door.talk.came[1].fields) == {"id": "x3"}
        assert jo.last_answer["task"]["value"]["height"] == "medium"
        assert jo.dialog is not None
        assert jo.dialog.title == "Ask"
        door.talk.reply = Reply(page=Page("Ask", card("page two")))
        await jo.presses("Submit", fields={"note": "a"})
        assert (door.talk.came[2].kind, dict(door.talk.came[2].fields)) == (
            Kind.DIALOG_SUBMIT,
            {"id": "x2", "note": "a"},
        )
        assert "page two" in jo.dialog.words
        door.talk.reply = Reply(instead=message("asked"), messages=(message("Sent."),))
        await jo.presses("Submit")
        assert jo.dialog is None
        assert jo.last_answer == {}
        assert ["asked" in jo.sees[0].words, "Sent." in jo.sees[1].words] == [True, True]


async def test_a_dialog_without_a_page_says_its_line_and_the_message_goes_to_the_chat():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        await jo.presses("Open")
        assert (jo.told, jo.dialog, len(jo.sees)) == (["hello (plain)"], None, 2)


async def test_installing_and_leaving():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.installs()
        await jo.installs("add-upgrade")
        await jo.installs("remove-upgrade")
        await jo.installs("remove")
        kinds = [came.kind for came in door.talk.came]
        assert kinds == [Kind.INSTALLED, Kind.INSTALLED, Kind.INSTALLED, Kind.LEFT]
        assert len(jo.sees) == 3


async def test_the_key_is_the_same_for_the_same_activity_and_for_no_other():
    async with doorway() as door:
        jo, sam = door.teams.person(), door.teams.person(name="Sam Okafor")
        activity = jo.activity(type="message", text="hi", id="a1")
        await jo.sends(activity)
        await jo.sends(activity)
        await jo.sends(activity | {"id": "a2"})
        await sam.sends(sam.activity(type="message", text="hi", id="a1"))
        await jo.sends({name: part for name, part in activity.items() if name != "id"})
        await jo.sends({name: part for name, part in activity.items() if name != "id"})
        keys = [came.key for came in door.talk.came]
        assert keys[0] == keys[1]
        assert keys[4] == keys[5]
        assert len(set(keys)) == 4
        assert jo.conversation_id not in "".join(keys)


async def test_pictures_are_told_apart_from_formatted_text():
    async with doorway() as door:
        jo = door.teams.person()
        html = {"contentType": "text/html", "content": "<p>hi</p>"}
        await jo.says("hi", attachments=[html])
        await jo.says(
            "", attachments=[html, {"contentType": "image/png", "contentUrl": "https://x.example/1"}]
        )
        assert [came.attachments for came in door.talk.came] == [False, True]


async def test_a_card_that_the_channel_refuses_goes_as_plain_words():
    async with doorway() as door:
        jo = door.teams.person()
        door.talk.reply = Reply(messages=(message("long", size=30_000), message("next")))
        await jo.says("hi")
        assert [seen.text for seen in jo.sees] == ["long (plain)", ""]


async def test_a_throttled_reply_comes_once_more_after_its_wait_and_in_order():
    async with doorway() as door:
        jo = door.teams.person()
        door.teams.answers(429, on="send", retry_after="7")
        door.talk.reply = Reply(messages=(message("one"), message("two")))
        await jo.says("hi")
        await door.teams.until(lambda: len(jo.sees) == 2)
        assert door.talk.waits == [7.0]
        assert ["one" in jo.sees[0].words, "two" in jo.sees[1].words] == [True, True]


async def test_a_handler_that_fails_is_answered_for_kindly_in_every_way():
    async with doorway() as door:
        jo = door.teams.person()
        await jo.says("hi")
        door.talk.fault = RuntimeError("Jo Evans")
        await jo.says("hi")
        assert "A moment, please" in jo.newest.words
        await jo.presses("Execute")
        assert jo.told == ["A moment, please (plain)"]
        await jo.presses("Submit")
        assert "A moment, please" in jo.newest.words
        await jo.presses("Open")
        assert jo.dialog is not None
        assert "A moment, please" in jo.dialog.words
        await jo.presses("Submit")
        assert jo.dialog is not None
        before = len(jo.sees)
        await jo.installs()
        assert len(jo.sees) == before
        assert jo.last_status == 200


async def test_a_handler_that_hangs_is_answered_for(monkeypatch):
    monkeypatch.setattr("bot.visit.PATIENCE", 0.02)
    async with doorway(lane=1) as door:
        jo = door.teams.person()
        door.talk.gate = asyncio.Event()
        await jo.says("hi")
        await jo.says("hi")
        assert ["A moment" in seen.words for seen in jo.sees] == [True, True]
        assert len(door.talk.came) == 2


async def test_a_full_lane_answers_at_once_and_help_now_is_not_held():
    async with doorway(lane=1) as door:
        jo, sam = door.teams.person(), door.teams.person(name="Sam Okafor")
        await sam.says("hi")
        door.talk.gate, door.talk.entered = asyncio.Event(), asyncio.Event()
        slow = asyncio.create_task(jo.says("hi"))
        await door.talk.entered.wait()
        await sam.says("hi")
        await sam.presses("Execute", on=sam.sees[0])
        await sam.says("help now")
        assert ["A moment" in sam.sees[1].words, sam.told] == [True, ["A moment, please (plain)"]]
        assert "Samaritans" in sam.sees[2].words
        assert len(door.talk.came) == 2
        door.talk.gate.set()
        await slow
        assert "hello" in jo.newest.words
        await sam.says("hi")
        assert "hello" in sam.newest.words


async def test_the_sdks_own_pipeline_sends_over_our_connector():
    class Echo:
        async def on_turn(self, context: TurnContext, logic):
            sent = await context.send_activity("from the middleware")
            activity = context.activity
            await logic()
            again = TurnContext.apply_conversation_reference(
                type(activity)(type="message", id=sent.id, text="edited"),
                TurnContext.get_conversation_reference(activity),
            )
            again.id = sent.id
            await context.update_activity(again)

    async with doorway() as door:
        door.adapter.use(Echo())
        jo = door.teams.person()
        await jo.says("hi")
        assert [seen.text for seen in jo.sees] == ["edited", ""]
        assert door.teams.calls[0].activity_id == door.talk.came[0].activity_id
