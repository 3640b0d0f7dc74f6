"""What must hold after `scripts.replicas`, looked at from outside: in the database, in the logs, in people's chats."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import psycopg

from scripts.replicas_load import Chats, Load

SENDS_WITHIN = 20.0
# The bench's people, by name, directory id, chat and address, and the words of a stack trace.
PRIVATE = re.compile(rb"Jo Evans|Supporter \d|a0000000-0000-4000|\ba:\d|\b29:\d|@police|Traceback")
_ROWS = """
SELECT count(*), count(DISTINCT requester_id),
  count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM dues d WHERE d.subject_id = r.id)) FROM requests r
"""
_WAITING = """
SELECT count(*) FILTER (WHERE dead_at IS NULL AND not_before <= now()), count(*) FILTER (WHERE dead_at IS NOT NULL)
FROM notices WHERE sent_at IS NULL AND NOT dropped
"""


class Told(Protocol):
    """Where what was found is said."""

    notes: list[str]
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in the database in the end."""

    requests: int
    requesters: int
    without_a_next_step: int
    waiting: int
    dead: int


async def look(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """What the balancer says of itself."""
    async with session.get(url) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def settled(address: str) -> Stored:
    """What stands once everything due has been sent, or after a while."""
    until = time.monotonic() + SENDS_WITHIN
    found = await asyncio.to_thread(_stored, address)
    while found.waiting and time.monotonic() < until:
        await asyncio.sleep(0.5)
        found = await asyncio.to_thread(_stored, address)
    return found


def _stored(address: str) -> Stored:
    with closing(psycopg.connect(address)) as conn:
        rows, waiting = conn.execute(_ROWS).fetchone(), conn.execute(_WAITING).fetchone()
    return Stored(*(rows or (0, 0, 0)), *(waiting or (0, 0)))


def told(balancer: dict[str, Any], chats: Chats) -> str:
    """What the balancer had to do, and what that cost."""
    return (
        f"The balancer sent {balancer['again']} activities to the other replica because a line broke, and found no "
        f"replica well {balancer['nobody_well']} times. The same card came twice to a chat {chats.twice} times."
    )


def check(load: Load, stored: Stored, trial: Told) -> None:
    """Nobody who was told that their request is sent is without one, and nobody has two."""
    trial.notes.append(
        f"{load.begun} people asked for a peer, {len(load.sent)} were told that it is sent, and {stored.requests} "
        f"requests stand for {stored.requesters} people. {stored.waiting} notices that are due weren't sent within "
        f"{SENDS_WITHIN:.0f} s of the end; {stored.dead} were given up."
    )
    if stored.requesters < len(load.sent):
        trial.faults.append("Somebody was told that their request is sent, and there is none.")
    if len(load.sent) < load.begun:
        trial.faults.append(
            f"{load.begun - len(load.sent)} people couldn't send their request, however often they tried."
        )
    if stored.requests > stored.requesters:
        trial.faults.append("Somebody has two requests.")
    if stored.without_a_next_step:
        trial.faults.append(f"{stored.without_a_next_step} requests have no next step.")
    if stored.dead:
        trial.faults.append(f"{stored.dead} notices were given up.")


def check_logs(folder: Path, trial: Told) -> None:
    """No line of a replica names anybody."""
    lines, named = 0, 0
    for log in folder.glob("Replica *.log"):
        for line in log.read_bytes().splitlines():
            lines += 1
            named += PRIVATE.search(line) is not None
    trial.notes.append(
        f"The replicas logged {lines} lines; {named} of them name anybody or hold a stack trace."
    )
    if named:
        trial.faults.append(f"{named} lines of the log name somebody or hold a stack trace.")
