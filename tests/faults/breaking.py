"""How each part is broken: by the thing itself where that can be had, and by a part that raises where it can't."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from typing import NoReturn

from pydantic import SecretStr

import bot.backstage
import bot.conversation
import bot.guard
import bot.service
import bot.visit
import cards.frame
import cards.reader
import dialogs.anyone
from dialogs.turn import Reply
from peer_support.acting import tell
from peer_support.crisis.contacts import ContactsUnreadable
from peer_support.notice import NoticeKind
from storage import Store
from storage.keys import KeyRing
from tests.fakes.line import Line, a_line
from tests.faults.place import KEYS, LOOKUP, Place


class Broken(Exception):
    """What a broken part raises."""


def _raises(*_: object, **__: object) -> NoReturn:
    raise Broken


async def nothing(_place: Place) -> None:
    """All is well."""


# ---- the database


async def no_folder(place: Place) -> None:
    (place.folder / "a_file").write_text("")
    place.settings["database_url"] = SecretStr(f"sqlite:///{place.folder}/a_file/peer.db")


async def on_a_line(place: Place) -> None:
    """PostgreSQL, reached over a line that may be broken."""
    server = place.server()
    name = f"f{os.urandom(8).hex()}"
    address = await asyncio.to_thread(server.make_database, name)
    await _migrated(address)
    place.line = await place.held.enter_async_context(a_line(server.port))
    place.settings["database_url"] = SecretStr(server.address(name, place.line.port))


def _line(place: Place) -> Line:
    assert place.line is not None
    return place.line


async def cut_off(place: Place) -> None:
    _line(place).break_off()


async def silent(place: Place) -> None:
    _line(place).fall_silent()


async def silent_from_the_start(place: Place) -> None:
    """Opening it would take far longer than anybody in crisis can wait: the door opens first."""
    await on_a_line(place)
    _line(place).fall_silent()
    place.settings["database_patience"] = 30.0
    place.patch.setattr(bot.service, "START_PATIENCE", 0.1)
    place.waits_for_the_store = False


async def locked(place: Place) -> None:
    other = _beside(place)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")


async def locked_from_the_start(place: Place) -> None:
    await _migrated(f"sqlite:///{place.database}")
    other = _beside(place)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")


async def corrupt_from_the_start(place: Place) -> None:
    place.database.write_bytes(random.Random(4).randbytes(64 * 1024))


async def corrupt(place: Place) -> None:
    for file in (place.database, place.database.with_name("peer.db-wal")):
        size = file.stat().st_size
        file.write_bytes(random.Random(4).randbytes(size))


async def never_migrated(place: Place) -> None:
    place.signed = True


async def tables_dropped(place: Place) -> None:
    await _meet(place)
    other = _beside(place)
    await asyncio.to_thread(other.execute, "DROP TABLE activities")
    await asyncio.to_thread(other.execute, "DROP TABLE members")


async def other_keys(place: Place) -> None:
    await _migrated(f"sqlite:///{place.database}")
    place.settings["keys"] = SecretStr(KeyRing.new("f1").text())


async def keys_cut_short(place: Place) -> None:
    await _migrated(f"sqlite:///{place.database}")
    place.settings["keys"] = SecretStr(KEYS.text()[:-9])


async def resealed(place: Place) -> None:
    await _meet(place)
    rubbish = "UPDATE members SET person_sealed = zeroblob(80), address_sealed = zeroblob(80)"
    await asyncio.to_thread(_beside(place).execute, rubbish)


def _beside(place: Place) -> sqlite3.Connection:
    """Another program on the same file. What it does waits in a thread: the bot must go on meanwhile."""
    other = sqlite3.connect(place.database, isolation_level=None, check_same_thread=False)
    place.held.callback(other.close)
    return other


async def _migrated(address: str) -> None:
    store = await Store.open(address, KEYS, LOOKUP)
    await store.migrate()
    await store.close()


async def _meet(place: Place) -> None:
    for person in place.others:
        await person.says("hi")


# ---- files, people, and the clock


async def forces_broken(place: Place) -> None:
    (place.folder / "forces.toml").write_bytes(b"\xff\x00 [not toml")


async def forces_missing(place: Place) -> None:
    place.settings["forces_file"] = place.folder / "nowhere.toml"


async def asked_for_a_peer(place: Place) -> None:
    """Somebody asks, of a force with nobody on its roster."""
    jo = place.people["E"]
    await jo.says("request")
    await jo.presses("Continue")
    await jo.presses("Review")
    await jo.presses("Send request")


async def form_open(place: Place) -> None:
    for jo in place.people.values():
        await jo.says("request")
        await jo.presses("Continue")


async def scheduler_stopped(place: Place) -> None:
    place.service.clockwork.stop()


async def outbox_stuck(place: Place) -> None:
    """As many people as there are senders, to whom nothing can be sent: each send hangs."""
    desk = place.service.backstage.desk()
    assert desk is not None
    place.release = place.teams.well
    hung = place.service.settings.senders
    crowd = [place.teams.person(f"Sam {number}", place.people["E"].tenant) for number in range(hung * 2)]
    for person in crowd:
        await person.says("hi")
        place.teams.answers(0, conversation_id=person.conversation_id, times=9)
    async with desk.open_work() as work:
        for person in crowd:
            member = await work.members.find(person.tenant, person.directory)
            assert member is not None
            now = place.service.clock()
            await tell(work, member.id, NoticeKind.MATCH_ENDED, member.id, now, occasion="1")
    await place.teams.until(lambda: sum(call.status == 0 for call in place.teams.calls) >= hung)


# ---- our own parts


async def dialog_raises(place: Place) -> None:
    place.patch.setattr(bot.conversation, "answer", _raises)


async def dialog_hangs(place: Place) -> None:
    """It ends when the test does, or when the visit's patience does."""

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    place.patch.setattr(bot.conversation, "answer", never)
    place.patch.setattr(bot.visit, "PATIENCE", 1.0)


async def card_raises(place: Place) -> None:
    place.patch.setattr(dialogs.anyone, "help_card", _raises)


async def every_card_raises(place: Place) -> None:
    place.patch.setattr(cards.frame, "footer", _raises)


async def words_raise(place: Place) -> None:
    place.patch.setattr(cards.reader, "say", _raises)


async def contacts_unreadable(place: Place) -> None:
    def unreadable() -> NoReturn:
        raise ContactsUnreadable("no contacts")

    place.patch.setattr(bot.backstage, "packaged", unreadable)


async def ladder_raises(place: Place) -> None:
    place.patch.setattr(bot.guard, "asked_for", _raises)


async def count_raises(place: Place) -> None:
    place.patch.setattr(bot.guard.Guard, "_tell", _raises)


async def lane_full(place: Place) -> None:
    """Ann's turn has the one place there is, and keeps it."""
    begun, ends = asyncio.Event(), asyncio.Event()

    async def keeps(*_: object) -> Reply:
        begun.set()
        await ends.wait()
        return Reply()

    place.patch.setattr(bot.conversation, "answer", keeps)
    place.later.append(asyncio.create_task(place.others[1].says("hi")))
    place.release = ends.set
    await begun.wait()


# ---- the channel, and who we are to it


async def card_refused(place: Place) -> None:
    place.teams.answers(413, on="send", cards_only=True, times=999)


async def throttled(place: Place) -> None:
    for person in place.people.values():
        place.teams.answers(
            429, on="send", retry_after="0.3", times=2, conversation_id=person.conversation_id
        )


async def slow(place: Place) -> None:
    """It takes each message, and says so only at the end."""
    gate = asyncio.Event()
    place.release = gate.set

    async def wait(_act: str) -> None:
        await gate.wait()

    place.teams.meanwhile = wait


async def unwell(place: Place) -> None:
    for person in place.people.values():
        place.teams.answers(503, on="send", times=1, conversation_id=person.conversation_id)


async def one_place(place: Place) -> None:
    place.settings["lane"] = 1


async def signed(place: Place) -> None:
    """As in service: signed in on both sides, and nothing migrates by itself."""
    await _migrated(f"sqlite:///{place.database}")
    place.signed = True


async def token_service_down(place: Place) -> None:
    """Until somebody who typed has waited for it once."""
    openid = place.openid
    assert openid is not None
    openid.token_answer = {"error": "unwell"}

    async def back() -> None:
        while openid.token_fetches == 0:  # noqa: ASYNC110 - the fake counts, and tells nobody
            await asyncio.sleep(0.01)
        openid.token_answer = None

    task = asyncio.create_task(back())
    place.held.callback(task.cancel)


async def key_server_down(place: Place) -> None:
    """The keys that it had listed are kept."""
    await _meet(place)
    assert place.openid is not None
    place.openid.unwell = True
    place.openid.keys_answer = {"keys": []}
