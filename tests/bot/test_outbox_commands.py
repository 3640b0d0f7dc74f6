"""`outbox`: what an operator sees of messages that aren't tried again and does about them, with each act kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from bot.backstage import open_store
from bot.commands_outbox import WHY
from bot.settings import read
from peer_support.notice import NoticeKind
from peer_support.sending import UNMETERED, Dealt, Ended, Fate
from storage import Store
from storage.tables import audit
from tests.bot.test_cli import SAM, Shell, roster, shell
from tests.storage.world import member, notice

__all__ = ["shell"]

T = TypeVar("T")
DIED = datetime(2026, 11, 24, 14, 37, tzinfo=UTC)


def with_store(work: Callable[[Store], Awaitable[T]]) -> T:
    """Something done in the store that the commands use."""

    async def opened() -> T:
        store = await open_store(read()[0])
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


async def four_dead(store: Store) -> dict[str, str]:
    """One of each cause, by cause; the first is an edit."""
    jo = member()
    async with store.work() as work:
        await work.members.add(jo)
        for number, why in enumerate(WHY):
            at = DIED + number * timedelta(hours=1)
            edits = "1:card" if number == 0 else None
            await work.notices.add(
                notice(jo.id, kind=NoticeKind.OFFER, subject_id=why, not_before=at, edits=edits)
            )
    (claim,) = await store.outbox.claim(DIED + timedelta(days=1), timedelta(minutes=1), 10, UNMETERED)
    dealt = [Dealt(each, Fate.DEAD, each.not_before, why=each.subject_id) for each in claim.notices]
    await store.outbox.settle(dealt, [Ended(claim)])
    return {each.subject_id: each.id for each in claim.notices}


async def waiting(store: Store) -> set[str]:
    claims = await store.outbox.claim(datetime.now(UTC) + timedelta(days=300), -timedelta(1), 10, UNMETERED)
    return {each.subject_id for claim in claims for each in claim.notices}


async def acts(store: Store) -> list[tuple[str, str]]:
    async with store.look() as unit:
        rows = await unit.all(select(audit.c.action, audit.c.subject_id).order_by(audit.c.seq))
    return [(row["action"], row["subject_id"]) for row in rows if row["action"].startswith("outbox.")]


def test_dead_letters_are_seen_without_anybody_replayed_and_dropped(shell: Shell):
    shell.ready(local=True)
    assert shell.runs("roster", "import", str(roster(shell.folder, SAM)), "--yes").exit_code == 0
    assert "None." in shell.runs("outbox").output
    dead = with_store(four_dead)

    listed = shell.runs("outbox")
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines[:5]] == ["id", *dead.values()]
    assert lines[1].split(maxsplit=1)[1].split() == [
        *("offer", "(edit)", "24", "November,", "14:00"),
        *WHY["refused"].split(),
        "1",
    ]
    assert all(words in listed.output for words in WHY.values())
    assert not any(word in listed.output for word in ("14:37", "Sam", "tenant", "subject"))

    assert shell.runs("outbox", "replay").exit_code == 2
    assert shell.runs("outbox", "replay", dead["refused"], "--all").exit_code == 2
    assert shell.runs("outbox", "replay", "nothing").exit_code == 1
    assert "tried again: 1." in shell.runs("outbox", "replay", dead["given_up"]).output
    assert with_store(waiting) == {"given_up"}

    unsure = shell.runs("outbox", "drop", dead["refused"], typed="n\n")
    assert (unsure.exit_code, "maybe with a name on it" in unsure.output) == (1, True)
    assert dead["refused"] in shell.runs("outbox").output
    assert shell.runs("outbox", "drop", dead["refused"], typed="y\n").exit_code == 0
    assert shell.runs("outbox", "drop", dead["stopped"], "--yes").exit_code == 0
    assert shell.runs("outbox", "drop", dead["refused"], "--yes").exit_code == 1

    assert "tried again: 1." in shell.runs("outbox", "replay", "--all").output
    assert "None." in shell.runs("outbox").output
    assert with_store(waiting) == {"given_up", "unreachable"}
    assert with_store(acts) == [
        ("outbox.replayed", dead["given_up"]),
        ("outbox.dropped", dead["refused"]),
        ("outbox.dropped", dead["stopped"]),
        ("outbox.replayed", dead["unreachable"]),
    ]
