"""Somebody asked their coordinators to contact them: open while its last due row stands, and ended in one place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from peer_support.acting import mend_cards, tell
from peer_support.due import DueKind
from peer_support.life.asking import policy_of
from peer_support.notice import NoticeKind
from peer_support.people import Coordinator, Member, Reach
from peer_support.ports import Desk, Work

REMINDER, UNANSWERED = timedelta(days=1), timedelta(days=3)
CARDS = (NoticeKind.CONTACT_ME,)
DUES = (DueKind.CONTACT_REMINDER, DueKind.CONTACT_UNANSWERED)


async def is_open(work: Work, member_id: str) -> bool:
    """Whether they asked, and nobody has said yet that they've been in touch."""
    return any(due.kind is DueKind.CONTACT_UNANSWERED for due in await work.dues.of(member_id))


async def asked_of(work: Work, member: Member) -> Sequence[Coordinator]:
    """Whom it goes to: their force's coordinators who can be reached. Never themselves, nor whom either left out."""
    if member.force_id is None:
        return []
    coordinators = await work.coordinators.of_force(member.force_id)
    apart = {member.id, *await work.exclusions.around(member.id)}
    members = await work.members.many([each.id for each in coordinators])
    return [
        each for each in coordinators if each.id not in apart and members[each.id].reach is Reach.REACHABLE
    ]


async def remind_them(work: Work, desk: Desk, member: Member, now: datetime) -> None:
    """Those who were told, and nobody who became a coordinator since: the person wasn't asked about them."""
    told = await work.notices.told(NoticeKind.CONTACT_ME, member.id)
    await tell_them(
        work, desk, member, now, [each for each in await asked_of(work, member) if each.id in told]
    )


async def tell_them(
    work: Work, desk: Desk, member: Member, now: datetime, coordinators: Sequence[Coordinator]
) -> None:
    """Each of them, in their own hours. The same moment asked for twice is told once."""
    for coordinator in coordinators:
        hours = coordinator.hours or policy_of(desk, coordinator.force_id).office
        sent = len(await work.notices.sent_cards(coordinator.id, NoticeKind.CONTACT_ME, member.id))
        await tell(
            work,
            coordinator.id,
            NoticeKind.CONTACT_ME,
            member.id,
            now,
            occasion=f"{sent + 1}",
            not_before=hours.next_open(now),
        )


def reminded_at(desk: Desk, force_id: str, now: datetime) -> datetime:
    """By when they're asked to be in touch: a day from when they're next at work. After it they're reminded."""
    office = policy_of(desk, force_id).office
    return office.next_open(office.next_open(now) + REMINDER)


def given_up_at(desk: Desk, force_id: str, now: datetime) -> datetime:
    """When the person is told that nobody has answered, and whom else they could ask."""
    office = policy_of(desk, force_id).office
    return office.next_open(office.next_open(now) + UNANSWERED)


async def end(work: Work, member: Member, now: datetime, pressed: tuple[str, str] | None = None) -> None:
    """It is over, whoever ended it: what waits isn't sent, and the name goes from every card that was,
    on the chats of those who have left the roster too.

    `pressed` is the coordinator, and the message, on which it was ended.
    """
    for kind in DUES:
        await work.dues.remove(kind, member.id)
    await work.notices.drop(member.id, CARDS)
    for told in sorted({*await work.notices.told(NoticeKind.CONTACT_ME, member.id), *(pressed or ())[:1]}):
        own = pressed[1] if pressed and pressed[0] == told else None
        await mend_cards(work, told, NoticeKind.CONTACT_ME, CARDS, member.id, now, pressed=own)
