"""How an act begins: who it is by, who they are in the store, and what the audit keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from peer_support.access import Action, Standing, may
from peer_support.audit import SYSTEM, AuditRow
from peer_support.break_glass import BreakGlass
from peer_support.due import PURGE, DueKind
from peer_support.ids import new_id
from peer_support.keeping import NIGHT, next_at
from peer_support.notice import Notice, NoticeKind
from peer_support.offer import Match, Offer
from peer_support.people import Actor, Member, Reach
from peer_support.ports import Desk, Work
from peer_support.refusals import MetTwice, NotFound, OutOfDate, Repeated
from peer_support.request import Request

S = TypeVar("S", Request, Offer, Match, BreakGlass)


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, when. `key` names the activity (empty for a look that changes nothing); `pressed` the card pressed."""

    actor: Actor
    now: datetime
    key: str = ""
    pressed: str | None = None


async def arrive(work: Work, desk: Desk, by: By) -> Standing:
    """The actor as stored, made on first sight, reachable from now on.

    Repeated where this activity was worked; MetTwice where another first turn of the same person was quicker.
    """
    if by.key and not await work.turns.first_time(by.key, by.now):
        raise Repeated
    member = await work.members.find(by.actor.tenant_id, by.actor.directory_id)
    if member is None:
        member = await _first_seen(work, desk, by)
    else:
        here = replace(
            member,
            address=by.actor.address,
            locale=by.actor.locale,
            reach=Reach.REACHABLE,
            seen_in=by.now.date().replace(day=1),
        )
        if here != member:
            await work.members.save(member, here)
            if member.reach is not Reach.REACHABLE:
                await work.notices.revive(member.id, by.now)
            member = here
    return Standing(
        member=member,
        supporter=await work.supporters.get(member.id),
        coordinator=await work.coordinators.get(member.id),
    )


async def _first_seen(work: Work, desk: Desk, by: By) -> Member:
    forces = desk.forces.of_tenant(by.actor.tenant_id)
    member = Member(
        id=new_id(),
        tenant_id=by.actor.tenant_id,
        directory_id=by.actor.directory_id,
        force_id=forces[0].id if len(forces) == 1 else None,
        address=by.actor.address,
        reach=Reach.REACHABLE,
        locale=by.actor.locale,
        seen_in=by.now.date().replace(day=1),
    )
    try:
        await work.members.add(member)
    except OutOfDate as taken:
        raise MetTwice from taken
    await work.dues.put(DueKind.PURGE, PURGE, next_at(NIGHT, by.now))
    return member


def allowed(standing: Standing, action: Action, subject: S | None) -> S:
    """The subject, where it exists and the actor may do this to it; NotFound in both other cases alike."""
    if subject is None:
        raise NotFound
    may(standing, action, subject)
    return subject


async def note_act(
    work: Work, now: datetime, action: str, subject_id: str, by: Standing | None = None
) -> None:
    """An audit row in the same transaction. `action` is a static name."""
    actor_id = by.member.id if by else SYSTEM
    await work.audit.add(AuditRow(new_id(), now, actor_id, action, subject_id))


async def tell(
    work: Work,
    recipient_id: str,
    kind: NoticeKind,
    subject_id: str,
    now: datetime,
    *,
    occasion: str = "",
    not_before: datetime | None = None,
    edits: str | None = None,
) -> None:
    """Queue a notice in this transaction; it is worded when it is sent."""
    await work.notices.add(
        Notice(
            id=new_id(),
            recipient_id=recipient_id,
            kind=kind,
            subject_id=subject_id,
            not_before=not_before or now,
            occasion=occasion,
            edits=edits,
            created_at=now,
        )
    )


async def remember_card(
    work: Work, recipient_id: str, kind: NoticeKind, subject_id: str, now: datetime, activity_id: str
) -> None:
    """A message that shows this by way of a press: remembered as sent, so that it is mended with the others."""
    await work.notices.add(
        Notice(
            id=new_id(),
            recipient_id=recipient_id,
            kind=kind,
            subject_id=subject_id,
            not_before=now,
            occasion=f"shown {activity_id}",
            created_at=now,
            sent_at=now,
            activity_id=activity_id,
        )
    )


async def mend_cards(
    work: Work,
    recipient_id: str,
    shown_as: NoticeKind,
    sent_as: tuple[NoticeKind, ...],
    subject_id: str,
    now: datetime,
    *,
    not_before: datetime | None = None,
    pressed: str | None = None,
) -> None:
    """Edit every card already sent about a subject, and the pressed one, so that no device shows an old truth."""
    found = {pressed} if pressed else set()
    for kind in sent_as:
        found.update(await work.notices.sent_cards(recipient_id, kind, subject_id))
    for activity_id in sorted(found):
        await tell(
            work,
            recipient_id,
            shown_as,
            subject_id,
            now,
            occasion=f"edit {new_id()}",
            not_before=not_before,
            edits=activity_id,
        )
