"""Jo asks: two supporters are introduced and given up again, and a third is passed over."""

from __future__ import annotations

from tests.canary.cast import TOPICS, WORK
from tests.canary.stage import Stage, presses
from tests.scenarios.steps import kept


async def jo_types(stage: Stage) -> None:
    jo = stage.cast["jo"]
    await jo.says(stage.cast.words["jo.typed"])
    await jo.says(f"I can't cope anymore, {stage.cast.words['jo.typed']}")
    await jo.says(f"I want to kill myself. {stage.cast.words['jo.typed']}")
    await jo.presses("Carry on")


async def jo_fills_in_the_form(stage: Stage) -> None:
    jo, zed, words = stage.cast["jo"], stage.cast["zed"], stage.cast.words
    await jo.says("request")
    await jo.presses("Continue")
    await jo.presses("Help now", fields={"note": words["jo.note"]})
    await kept()
    await jo.presses("Carry on")
    wrong = {"note": words["jo.note"], "about_work": words["jo.unknown_work"], "remember": "true"}
    await presses(jo, "Review", **wrong, **TOPICS)
    await presses(jo, "Not these people")
    await presses(jo, "Find", name=zed.name.split()[0])
    assert jo.dialog is not None
    found = next(part for part in jo.dialog.card["body"] if part.get("id") == "people")
    await presses(jo, "Leave these people out", people=found["choices"][0]["value"])
    assert zed.name in jo.dialog.words
    await presses(jo, "Back")
    await presses(jo, "Review", about_work=WORK, about_grade="sergeant")
    assert words["jo.note"] in jo.dialog.words


async def jo_sends_it(stage: Stage) -> None:
    await stage.cast["jo"].presses("Send request")
    await stage.place.settle()
    assert "Could you listen" in stage.cast["sam"].newest.words


async def sam_declines(stage: Stage) -> None:
    await stage.opens("pat")
    await stage.cast["sam"].presses("Decline")
    await stage.place.settle()


async def pat_accepts(stage: Stage) -> None:
    pat, jo = stage.cast["pat"], stage.cast["jo"]
    await pat.presses("Accept")
    await stage.place.settle()
    assert pat.name in jo.newest.words
    await jo.says("status")
    await jo.says("change")
    await stage.later(5)


async def jo_wants_someone_else(stage: Stage) -> None:
    await stage.opens("kit")
    await stage.cast["jo"].presses("Someone else")
    await stage.place.settle()


async def kit_accepts(stage: Stage) -> None:
    kit = stage.cast["kit"]
    await kit.presses("Accept")
    await kit.says("my matches")
    await stage.place.settle()
    assert kit.name in stage.cast["jo"].newest.words


async def jo_is_introduced_to_kit(stage: Stage) -> None:
    jo, kit, phone = stage.cast["jo"], stage.cast["kit"], stage.cast.words["jo.phone"]
    await jo.presses("Introduce us")
    await presses(jo, "Introduce us", how="call", phone=f"{phone} {stage.cast.words['jo.typed']}")
    await jo.presses("Introduce us", fields={"how": "call", "phone": phone, "voicemail": "false"})
    await stage.place.settle()
    assert jo.name in kit.newest.words
    assert phone in kit.newest.words
    await kit.says("my matches")
    await stage.later(49, 7)
    await jo.says("status")
    await kit.presses("I'm worried about this person")
    await stage.place.settle()


async def kit_hands_back(stage: Stage) -> None:
    kit = stage.cast["kit"]
    await stage.opens("lee")
    await kit.says("hand back")
    await stage.place.settle()
    await kit.presses("Hand back", on=kit.newest, fields={"reason": "know_them"})
    await stage.place.settle()


async def lee_accepts(stage: Stage) -> None:
    await stage.cast["lee"].presses("Accept")
    await stage.place.settle()


async def jo_is_introduced_to_lee(stage: Stage) -> None:
    jo, lee, phone = stage.cast["jo"], stage.cast["lee"], stage.cast.words["jo.second_phone"]
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "call", "phone": phone, "voicemail": "false"})
    await stage.place.settle()
    assert phone in lee.newest.words
    await lee.presses("I've said hello")
    await stage.place.settle()


async def jo_swaps(stage: Stage) -> None:
    jo = stage.cast["jo"]
    await jo.presses("Someone else")
    await jo.presses("Yes, someone else")
    await stage.later(8)
