"""Not these people: found by typing, private, and kept until taken back by its own button."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from peer_support.access import Action, may
from peer_support.acting import By, arrive, note_act
from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from peer_support.life.drafting import draft_of
from peer_support.ports import Desk
from peer_support.reading import force_name, left_out
from peer_support.views import Found, PeopleView

MOST = 10
LONGEST = 60
_CLOSE = 0.75


async def see_people(by: By, desk: Desk, typed: str = "", *, searched: bool = False) -> PeopleView:
    """Whom this person left out, and, where they typed a name, the supporters who agreed to be found by it."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        out = await left_out(work, standing.member.id)
        asking = await draft_of(work, standing.member.id) is not None
        if not searched:
            return PeopleView(left_out=out, asking=asking)
        named = {(e.tenant_id, e.directory_id) for e in await work.exclusions.of(standing.member.id)}
        listed = [row for row in await work.supporters.listed() if row[0] != standing.member.id]
        found = find_by_name(typed, listed)
        members = await work.members.many([member_id for member_id, _, _ in found])
        shown = tuple(
            Found(member_id, name, force_name(desk, force_id))
            for member_id, name, force_id in found
            if (members[member_id].tenant_id, members[member_id].directory_id) not in named
        )
        return PeopleView(typed=typed[:LONGEST], searched=True, found=shown, left_out=out, asking=asking)


def find_by_name(typed: str, people: Iterable[tuple[str, str, str]]) -> Sequence[tuple[str, str, str]]:
    """The ten best by name: every typed word starts, or nearly spells, a word of the name. Accents don't matter."""
    words = _plain(typed[:LONGEST]).split()
    if not words:
        return []
    scored = []
    for person in people:
        names = _plain(person[1]).split()
        score = sum(max((_likeness(word, name) for name in names), default=0.0) for word in words) / len(
            words
        )
        if score >= _CLOSE and all(any(_likeness(word, name) >= _CLOSE for name in names) for word in words):
            scored.append((-score, person[1], person))
    return [person for _, _, person in sorted(scored)[:MOST]]


def _likeness(typed: str, name: str) -> float:
    return 1.0 if name.startswith(typed) else SequenceMatcher(None, typed, name).ratio()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c if c.isalpha() else " " for c in decomposed if not unicodedata.combining(c))


async def leave_out(by: By, desk: Desk, member_ids: Sequence[str]) -> PeopleView:
    """Leave these people out from now on. They aren't told. Only people who can be found can be named."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        findable = {member_id for member_id, _, _ in await work.supporters.listed()} - {standing.member.id}
        chosen = [member_id for member_id in dict.fromkeys(member_ids[:MOST]) if member_id in findable]
        members = await work.members.many(chosen)
        before = {(e.tenant_id, e.directory_id) for e in await work.exclusions.of(standing.member.id)}
        new = [each for each in members.values() if (each.tenant_id, each.directory_id) not in before]
        for member in new:
            await work.exclusions.add(
                Exclusion(new_id(), standing.member.id, member.tenant_id, member.directory_id)
            )
        if new:
            await note_act(work, by.now, "people.left_out", standing.member.id, standing)
        asking = await draft_of(work, standing.member.id) is not None
        return PeopleView(left_out=await left_out(work, standing.member.id), asking=asking)


async def take_back(by: By, desk: Desk, exclusion_id: str) -> PeopleView:
    """Take one person off the list. Somebody else's entry, or none, changes nothing and says nothing."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK)
        if await work.exclusions.remove(standing.member.id, exclusion_id):
            await note_act(work, by.now, "people.taken_back", standing.member.id, standing)
        asking = await draft_of(work, standing.member.id) is not None
        return PeopleView(left_out=await left_out(work, standing.member.id), asking=asking)
