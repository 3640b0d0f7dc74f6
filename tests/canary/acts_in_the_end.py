"""What is held is looked at, fetched and deleted; everything breaks once; and years go by."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.canary import broken
from tests.canary.stage import Stage, asks
from tests.canary.wire import Said


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
