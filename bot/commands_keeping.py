"""What is kept until when, and the purge by hand. An operator sees numbers by kind, and nothing of anybody."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer

from bot import ticks
from bot.service import make_service
from bot.settings import PREFIX, Settings
from bot.terminal import WRONG, desk_of, moment_of, out, run, settings_now
from peer_support.commands.erase import forget_again
from peer_support.commands.purge import count_purge, purge
from peer_support.keeping import KEPT
from peer_support.policy import Policy

_WORDS = {
    "requests": "closed requests",
    "members": "people who no longer write",
    "addresses": "addresses of deleted people",
    "drafts": "forms not sent",
    "turns": "activities",
    "notices": "messages",
    "feedback": "feedback",
    "counts": "counts",
    "handovers": "files not fetched",
    "shown_names": "names shown to deleted people",
}


def retention_table(policy: Policy) -> str:
    """The table of docs/retention.md, with the numbers given."""
    rows = ["| what | kept until | setting | why | where |", "|---|---|---|---|---|"]
    for kept in KEPT:
        settings = ", ".join(f"`{PREFIX}{name.upper()}`" for name in kept.settings)
        where = ", ".join(f"`{name}`" for name in kept.where)
        rows.append(f"| {kept.what} | {kept.ends(policy)} | {settings or 'fixed'} | {kept.why} | {where} |")
    return "\n".join([*rows, ""])


def retention() -> None:
    """Print what is kept until when, by the settings in force, as the table in docs/retention.md."""
    sys.stdout.write(retention_table(settings_now().policy()))


def purge_by_hand(
    as_of: Annotated[
        str, typer.Option("--as-of", help="A time like 2026-11-21T09:00, or +100d. Local mode only.")
    ] = "",
    count: Annotated[bool, typer.Option("--count", help="Only say how many would go.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Let go of what is past its time, and scrub it from the database's files. The clock does it each night."""
    settings = settings_now()
    moment = moment_of(settings, as_of, ticks.now())
    run(_purge(settings, moment, only_count=count))


async def _purge(settings: Settings, moment: datetime, *, only_count: bool) -> int:
    async with make_service(settings, lambda: moment) as service:
        desk = await desk_of(service.backstage)
        if only_count:
            _say(await count_purge(desk, moment), "Would go")
            return 0
        with out.status("Purging"):
            done = await purge(desk, moment)
        _say(done.gone, "Gone")
        if done.scrubbed:
            out.print(f"Scrubbed from the files: {', '.join(done.scrubbed)}.", highlight=False)
        if done.put_off:
            out.print(f"In use now, and scrubbed tonight: {', '.join(done.put_off)}.", highlight=False)
        return WRONG if done.put_off else 0


def forget(
    member_ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="The opaque id, as the audit has it.")
    ],
) -> None:
    """After a backup was put back: forget once more whoever had deleted their data, by the id that the audit has."""
    run(_forget(settings_now(), member_ids))


async def _forget(settings: Settings, member_ids: Sequence[str]) -> int:
    async with make_service(settings) as service:
        desk = await desk_of(service.backstage)
        found = [await forget_again(each, service.clock(), desk) for each in member_ids]
    out.print(f"Forgotten: {sum(found)}. Not there: {len(found) - sum(found)}.", highlight=False)
    return 0


def _say(numbers: Mapping[str, int], what: str) -> None:
    parts = [f"{number} {_WORDS[kind]}" for kind, number in numbers.items() if number]
    out.print(f"{what}: {', '.join(parts) or 'nothing'}.", highlight=False)
