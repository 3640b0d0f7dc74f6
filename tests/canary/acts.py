"""The scenario: one list of named acts, in the order they are played. Each leaves canaries wherever it goes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.canary import broken
from tests.canary.cast import TOPICS, WORK, Cast
from tests.canary.wire import Said, Tap
from tests.fakes.person import Person, actions_of
from tests.scenarios.steps import kept, saves_profile
from tests.scenarios.town import WESTVALE, Town

OPEN_NAME = "See who asked (life or safety at risk)"


@dataclass(slots=True)
class Stage:
    """Where the scenario is played."""

    place: Town
    cast: Cast
    tap: Tap

    async def opens(self, name: str, tenant: str = "") -> Person:
        """One more supporter, from now on."""
        given = (tenant,) if tenant else ()
        return await self.cast.rostered(self.place, self.tap, name, *given)

    async def later(self, hours: float, step: float = 4) -> None:
        """A long time in long steps, with all that falls due on the way."""
        place = self.place
        until = place.clock.now + timedelta(hours=hours)
        while place.clock.now < until:
            place.clock.now = min(place.clock.now + timedelta(hours=step), until)
            await place.service.clockwork._tick(None)  # noqa: SLF001  the clock's own work, at the town's own time
            await place.settle()


async def presses(person: Person, title: str, **fields: str) -> None:
    """Press, and carry on where the words that were typed brought up who to ring."""
    await person.presses(title, fields=fields)
    shown = person.dialog.card if person.dialog else person.newest.card
    if shown and any(action.get("title") == "Carry on" for action in actions_of(shown)):
        await person.presses("Carry on")


async def asks(stage: Stage, person: Person, note: str) -> None:
    """From a typed word to sent, wishing for one's own force alone."""
    await person.says("request")
    await person.presses("Continue")
    await presses(person, "Review", note=note, force_wish="own", soon="today")
    await person.presses("Send request")
    await stage.place.settle()


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


async def jo_looks_at_what_is_held(stage: Stage) -> None:
    """In a window of its own, and as a file from an address that works once."""
    jo, zed, kit = stage.cast["jo"], stage.cast["zed"], stage.cast["kit"]
    await jo.says("my data")
    await jo.presses("My data")
    assert jo.dialog is not None
    assert zed.name in jo.dialog.words
    await jo.presses("Who has seen it")
    assert kit.name in jo.dialog.words
    await jo.presses("My data")
    await jo.presses("Get it as a file")
    await fetches(stage, "jo")
    await jo.closes()


async def fetches(stage: Stage, name: str) -> None:
    """Look at the page that hands the file over, press its button, and press it once more."""
    person = stage.cast[name]
    assert person.dialog is not None
    path = urlsplit(re.findall(r"http\S+/my-data/\S+", person.dialog.words)[0]).path
    client = stage.place.teams.client
    for number, ask in enumerate((client.get, client.post, client.post)):
        async with ask(path) as answer:
            content = f"{answer.url} {dict(answer.headers)} ".encode() + await answer.read()
            if number == 1:
                stage.tap.said.append(Said(stage.tap.act, name, "file", content))
                assert answer.status == HTTPStatus.OK
            else:
                stage.tap.plain.append(content)


async def jo_deletes_their_data(stage: Stage) -> None:
    jo = stage.cast["jo"]
    await jo.says("delete my data")
    await jo.presses("Yes, delete it")
    await stage.later(8)


async def kim_asks_again(stage: Stage) -> None:
    """A request waits for long, and what is held of it is looked at."""
    kim = stage.cast["kim"]
    await stage.cast["sam"].says("pause")
    await asks(stage, kim, stage.cast.words["kim.note"])
    await kim.says("my data")
    await kim.presses("My data")
    await kim.presses("Who has seen it")
    await kim.closes()
    await kim.says("withdraw")
    await kim.presses("Withdraw", on=kim.newest)
    await stage.place.settle()


async def a_season_goes_by(stage: Stage) -> None:
    """What is kept for ninety days goes, and so do its bytes."""
    stage.place.clock.now += timedelta(days=100)
    await stage.later(36, 12)


async def years_go_by(stage: Stage) -> None:
    """Everybody has long been silent, and one supporter has left the force."""
    stage.place.row(stage.cast["ola"])["status"] = "left"
    await stage.place.imports()
    stage.place.clock.now += timedelta(days=800)
    await stage.later(72, 12)


async def things_break(stage: Stage) -> None:
    """Faults everywhere, each with a canary in its text: in the store, a dialog, the channel, a swept row, a body."""
    await broken.everywhere(stage.place, stage.cast, stage.tap)


Act = Callable[[Stage], Awaitable[None]]
ACTS: tuple[Act, ...] = (
    everybody_opens_the_bot,
    one_is_listed,
    ned_asks_to_be_contacted,
    ria_has_been_in_touch,
    jo_types,
    jo_fills_in_the_form,
    jo_sends_it,
    sam_declines,
    pat_accepts,
    jo_wants_someone_else,
    kit_accepts,
    jo_is_introduced_to_kit,
    kit_hands_back,
    lee_accepts,
    jo_is_introduced_to_lee,
    jo_swaps,
    ria_sends_her_details,
    ria_asks_who_asked,
    bo_says_yes,
    ria_sees_the_name,
    the_hour_is_over,
    the_digest_comes,
    jo_looks_at_what_is_held,
    jo_withdraws,
    kim_asks_where_nobody_is,
    wes_offers_it_to_ola,
    wes_asks_kim_to_look_wider,
    sam_is_introduced_to_kim,
    kim_closes_and_answers,
    things_break,
    kim_asks_again,
    jo_deletes_their_data,
    a_season_goes_by,
    years_go_by,
)


async def play(stage: Stage, after_each: Callable[[], Awaitable[None]]) -> None:
    """All of it. What is said is filed under the act during which it was said."""
    for act in ACTS:
        stage.tap.act = act.__name__
        await act(stage)
        stage.tap.catch_up()
        await after_each()
