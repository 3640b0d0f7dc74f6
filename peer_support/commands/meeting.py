"""First contact and the kind menu: who you are to the bot, and what you may do from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from peer_support.acting import By, arrive
from peer_support.life.letting_go import let_go_of_offers
from peer_support.people import Reach
from peer_support.ports import Desk
from peer_support.reading import menu_view
from peer_support.views import MenuView


@dataclass(frozen=True, slots=True)
class Met:
    """`first` is true once a person: the welcome isn't said twice. `language` is the one they chose, if they did."""

    view: MenuView
    first: bool
    language: str | None = None


async def meet(by: By, desk: Desk) -> Met:
    """Know a person, and whether they were welcomed before. Installing again brings no second welcome."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        first = standing.member.welcomed_at is None and await work.turns.first_time(
            f"welcome {standing.member.id}", by.now
        )
        if first:
            await work.members.save(standing.member, replace(standing.member, welcomed_at=by.now))
        return Met(await menu_view(work, standing), first, standing.member.language)


async def leave(by: By, desk: Desk) -> None:
    """The person removed the bot, so it can't reach them. Offers that wait for them go to somebody else at once."""
    async with desk.open_work() as work:
        member = await work.members.find(by.actor.tenant_id, by.actor.directory_id)
        if member is None:
            return
        await work.members.save(member, replace(member, reach=Reach.BLOCKED))
        await let_go_of_offers(work, desk, member.id, by.now)


async def lose_reach(member_id: str, now: datetime, desk: Desk) -> None:
    """The channel says that this person can't be written to, until they write or install again."""
    async with desk.open_work() as work:
        member = (await work.members.many([member_id])).get(member_id)
        if member is not None and member.reach is Reach.REACHABLE:
            await work.members.save(member, replace(member, reach=Reach.BLOCKED))
            await let_go_of_offers(work, desk, member.id, now)
