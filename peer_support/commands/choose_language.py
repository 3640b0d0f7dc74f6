"""The language somebody chose for the cards, which counts for more than that of their Teams."""

from __future__ import annotations

from dataclasses import replace

from peer_support.access import Action, may
from peer_support.acting import By, arrive
from peer_support.ports import Desk


async def choose_language(by: By, desk: Desk, language: str) -> None:
    """Remember it. A press on a crisis card makes nobody known who wasn't, and leaves no other trace."""
    async with desk.open_work() as work:
        known = await work.members.find(by.actor.tenant_id, by.actor.directory_id)
        if known is None:
            return
        standing = await arrive(work, desk, by)
        may(standing, Action.CHOOSE_LANGUAGE)
        await work.members.save(standing.member, replace(standing.member, language=language))


async def chosen_language(by: By, desk: Desk) -> str | None:
    """What they chose; None where they never did."""
    async with desk.open_work() as work:
        known = await work.members.find(by.actor.tenant_id, by.actor.directory_id)
        return None if known is None else known.language
