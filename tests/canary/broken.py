"""Faults with a canary in each one's text, in every part that may raise. Neither the log nor any answer repeats it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from bot.names import ChannelNames
from cards.verbs import Verb
from dialogs.router import ROUTES
from dialogs.talk import Talk
from peer_support import falling_due
from peer_support.draft import Draft
from peer_support.due import DueKind
from storage.errors import StoreError
from tests.canary.cast import Cast
from tests.canary.wire import Tap
from tests.fakes.person import Person
from tests.scenarios.town import Town


async def everywhere(place: Town, cast: Cast, tap: Tap) -> None:
    jo = cast["jo"]
    words = f"{jo.name} {jo.email} {jo.directory} {cast.words['jo.typed']}"
    await _the_store(place, jo, cast.words["jo.note"], tap)
    with _instead(ROUTES, Verb.MENU, _raises(words)):
        await jo.says("menu")
    await _the_channel(place, jo, words)
    await _a_swept_row(place, cast["ria"], words)
    await _bad_bodies(place, jo, words, tap)


async def _the_store(place: Town, jo: Person, note: str, tap: Tap) -> None:
    """A statement that the database refuses, with what was typed on its way into it."""
    store = place.service.backstage.store
    assert store is not None
    engine = store._engine  # noqa: SLF001  a hostile hand in the database
    async with engine.begin() as conn:
        await conn.execute(text("ALTER TABLE drafts RENAME TO drafts_away"))
    try:
        await jo.says("request")
        review = {"verb": Verb.FORM_REVIEW, "v": 1, "note": note}
        await jo.sends(jo.activity(type="message", value=review))
        try:
            async with store.work() as work:
                await work.drafts.put(Draft("nobody", {"note": note}, place.clock.now))
        except StoreError as fault:
            tap.plain.append("".join(traceback.format_exception(fault)).encode())
    finally:
        async with engine.begin() as conn:
            await conn.execute(text("ALTER TABLE drafts_away RENAME TO drafts"))


async def _the_channel(place: Town, jo: Person, words: str) -> None:
    """It refuses with words of ours in its answer, and a name can't be asked for."""
    with _patched(ChannelNames, "of", _raises(words)):
        await jo.says("status")
    for status in (400, 403, 500):
        place.teams.answers(status, code=words, conversation_id=jo.conversation_id)
        await jo.says("status")
        await place.settle()


async def _a_swept_row(place: Town, person: Person, words: str) -> None:
    """A due row that can't be worked is put off, and told in the log."""
    async with place.desk.open_work() as work:
        found = await work.members.find(person.tenant, person.directory)
        assert found is not None
        await work.dues.put(DueKind.DRAFT_GOES, found.id, place.clock.now)
    with _instead(falling_due.WORKERS, DueKind.DRAFT_GOES, _raises(words)):
        await place.service.clockwork._tick(None)  # noqa: SLF001  the clock's own work, at the town's own time


async def _bad_bodies(place: Town, jo: Person, words: str, tap: Tap) -> None:
    """What isn't an activity is refused without a word of it, and so is a page that isn't there."""
    for body in (words.encode(), json.dumps([words]).encode(), json.dumps({"type": words}).encode()):
        await place.teams.post(body)
    strange = jo.activity(type=words, channelId=words)
    await place.teams.post(json.dumps(strange).encode())
    await jo.sends(jo.activity(type="invoke", name=words, value={"data": words}))
    await jo.sends(jo.activity(type="message", value={"verb": words, "id": words, "v": words}))
    client = place.teams.client
    for address in (f"/{jo.directory}", f"/privacy?who={jo.email}", "/readyz", "/healthz", "/metrics"):
        async with client.get(address, headers={"X-Who": jo.directory}) as answer:
            tap.plain.append(f"{answer.status} {dict(answer.headers)} ".encode() + await answer.read())


def _raises(words: str) -> Any:
    async def fails(*_: Talk, **__: object) -> None:
        raise ValueError(words)

    return fails


@contextmanager
def _instead(table: Any, key: object, other: object) -> Iterator[None]:
    before = table[key]
    table[key] = other
    try:
        yield
    finally:
        table[key] = before


@contextmanager
def _patched(where: type, name: str, other: object) -> Iterator[None]:
    before = getattr(where, name)
    setattr(where, name, other)
    try:
        yield
    finally:
        setattr(where, name, before)
