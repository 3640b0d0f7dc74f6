"""Coordinators at work on what they can't see, a name that is opened, and Kim, for whom it goes well."""

from __future__ import annotations

from tests.canary.stage import Stage, asks
from tests.scenarios.steps import saves_profile
from tests.scenarios.town import WESTVALE

OPEN_NAME = "See who asked (life or safety at risk)"


async def everybody_opens_the_bot(stage: Stage) -> None:
    place, cast, tap = stage.place, stage.cast, stage.tap
    bo = cast.named(place, tap, "bo", WESTVALE, directory=cast.approver)
    await bo.installs()
    for name, tenant in (("ria", None), ("una", None), ("wes", WESTVALE)):
        await cast.coordinator(place, tap, name, *([tenant] if tenant else []))
    jo = await cast.officer(place, tap, "jo")
    await cast.officer(place, tap, "kim", WESTVALE)
    await jo.says("hi")
    await jo.presses("Learn more")
    await jo.says("privacy")


async def one_is_listed(stage: Stage) -> None:
    """Zed may be found by name, so that Jo can leave them out."""
    zed = await stage.opens("zed")
    await saves_profile(zed, listed="true")
    sam = await stage.opens("sam")
    await saves_profile(sam, listed="true", bio=stage.cast.words["sam.bio"])


async def ned_asks_to_be_contacted(stage: Stage) -> None:
    """Ned asks for no supporter: a coordinator is to ring, and may know who."""
    ned = await stage.cast.officer(stage.place, stage.tap, "ned")
    await ned.says(f"I want to die. {stage.cast.words['ned.typed']}")
    await ned.presses("Ask a coordinator to contact me")
    await ned.presses("Yes, ask them to contact me")
    await stage.place.settle()
    assert ned.name in stage.cast["una"].newest.words


async def ria_has_been_in_touch(stage: Stage) -> None:
    await stage.cast["ria"].presses("I've been in touch")
    await stage.place.settle()


async def ria_sends_her_details(stage: Stage) -> None:
    ria = stage.cast["ria"]
    await ria.says("digest")
    await ria.presses("See what I can do")
    await ria.presses("Send them my contact details")
    await stage.place.settle()
    assert ria.email in stage.cast["jo"].newest.words


async def ria_asks_who_asked(stage: Stage) -> None:
    ria = stage.cast["ria"]
    await ria.presses(OPEN_NAME)
    await ria.presses("Ask for a second yes", fields={"risk": "life", "why": "no"})
    await ria.presses("Ask for a second yes", fields={"risk": "life", "why": stage.cast.words["ria.reason"]})
    await stage.place.settle()


async def bo_says_yes(stage: Stage) -> None:
    bo = stage.cast["bo"]
    await bo.presses("Read why, and answer")
    await bo.presses("Yes, show them the name")
    await stage.place.settle()


async def ria_sees_the_name(stage: Stage) -> None:
    ria, jo = stage.cast["ria"], stage.cast["jo"]
    await ria.presses("Show me the name")
    assert ria.dialog is not None
    assert jo.name in ria.dialog.words
    await ria.closes()


async def the_hour_is_over(stage: Stage) -> None:
    await stage.later(2, 0.5)
    await stage.later(72, 12)
    assert "believed someone's life was at risk" in stage.cast["jo"].reads


async def the_digest_comes(stage: Stage) -> None:
    una = stage.cast["una"]
    await una.says("digest")
    await una.presses("Send this every day")
    await stage.later(24)
    assert "Needs you" in una.newest.words
    await una.presses("Only when needed")


async def jo_withdraws(stage: Stage) -> None:
    jo = stage.cast["jo"]
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await stage.later(8)


async def kim_asks_where_nobody_is(stage: Stage) -> None:
    kim, wes = stage.cast["kim"], stage.cast["wes"]
    await kim.says(stage.cast.words["kim.typed"])
    await asks(stage, kim, stage.cast.words["kim.note"])
    assert "needs you" in wes.newest.words


async def wes_offers_it_to_ola(stage: Stage) -> None:
    wes = stage.cast["wes"]
    ola = await stage.opens("ola", WESTVALE)
    await wes.presses("Offer it to a supporter I choose")
    await wes.presses("Find", fields={"name": ola.name.split()[0]})
    assert wes.newest.card is not None
    choices = next(part for part in wes.newest.card["body"] if part.get("id") == "supporter")["choices"]
    await wes.presses("Offer it", fields={"supporter": choices[0]["value"]})
    await stage.place.settle()
    await ola.presses("Decline and pause me")
    await stage.place.settle()


async def wes_asks_kim_to_look_wider(stage: Stage) -> None:
    for name in ("zed", "pat", "kit", "lee"):
        await stage.cast[name].says("pause")
    wes, kim = stage.cast["wes"], stage.cast["kim"]
    await wes.presses("Ask them to look wider")
    await stage.place.settle()
    await kim.presses("Look wider", on=kim.newest)
    await stage.place.settle()
    assert "Could you listen" in stage.cast["sam"].newest.words


async def sam_is_introduced_to_kim(stage: Stage) -> None:
    kim, sam = stage.cast["kim"], stage.cast["sam"]
    await sam.presses("Accept")
    await stage.place.settle()
    await kim.presses("Introduce us")
    await kim.presses("Introduce us", fields={"how": "call", "phone": stage.cast.words["kim.phone"]})
    await stage.place.settle()
    assert kim.name in sam.newest.words
    await kim.says("status")
    await stage.later(49, 7)


async def kim_closes_and_answers(stage: Stage) -> None:
    kim = stage.cast["kim"]
    await kim.presses("Close")
    await kim.presses("Yes, close it")
    await stage.place.settle()
    await kim.presses("Send answers", fields={"listened": "yes", "otherwise": "no"})
    await stage.later(8)
