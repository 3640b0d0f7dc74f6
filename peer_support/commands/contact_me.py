"""“Ask a coordinator to contact me”: a person's own choice, told of beforehand, and theirs to take back."""

from __future__ import annotations

from peer_support.access import Action, Standing, may
from peer_support.acting import By, arrive, note_act, tell
from peer_support.due import DueKind
from peer_support.force import LocalContact
from peer_support.life.asking import policy_of
from peer_support.life.contact_asks import asked_of, end, given_up_at, is_open, reminded_at, tell_them
from peer_support.notice import NoticeKind
from peer_support.people import RosterStatus
from peer_support.ports import Desk, NameUnknown, Work
from peer_support.reading import force_name
from peer_support.refusals import NotFound, OutOfDate
from peer_support.views import ContactAskedView, ContactMeView, CoordinatorContact


async def see_contact_me(by: By, desk: Desk) -> ContactMeView:
    """Who would be told what, and when they work. Nothing is asked of anybody yet."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK_TO_BE_CONTACTED)
        return await _view(work, desk, standing, by)


async def ask_to_be_contacted(by: By, desk: Desk) -> ContactMeView:
    """They said yes to it. At most one is open; without a coordinator nothing is begun."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK_TO_BE_CONTACTED)
        member = standing.member
        asked = await asked_of(work, member)
        if asked and not await is_open(work, member.id):
            force_id = member.force_id or ""
            await work.dues.put(DueKind.CONTACT_REMINDER, member.id, reminded_at(desk, force_id, by.now))
            await work.dues.put(DueKind.CONTACT_UNANSWERED, member.id, given_up_at(desk, force_id, by.now))
            await tell_them(work, desk, member, by.now, asked)
            await note_act(work, by.now, "contact.asked", member.id, standing)
        return await _view(work, desk, standing, by)


async def take_back_contact_me(by: By, desk: Desk) -> bool:
    """Never mind. True where a coordinator may have seen the name already."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.ASK_TO_BE_CONTACTED)
        member = standing.member
        if not await is_open(work, member.id):
            return False
        sent = await work.notices.told(NoticeKind.CONTACT_ME, member.id)
        await end(work, member, by.now)
        await note_act(work, by.now, "contact.taken_back", member.id, standing)
        return bool(sent)


async def say_contacted(by: By, desk: Desk, member_id: str) -> None:
    """A coordinator has been in touch: it is over, and the person is told that they say so.

    Who was never told of it finds nothing, so that no id tells them whether somebody asked.
    """
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        member = (await work.members.many([member_id])).get(member_id)
        if member is None:
            raise NotFound
        may(standing, Action.ANSWER_CONTACT_ASK, member)
        told = standing.member.id in await work.notices.told(NoticeKind.CONTACT_ME, member.id)
        if not told or member.id in await work.exclusions.around(standing.member.id):
            raise NotFound
        if not await is_open(work, member.id):
            raise OutOfDate
        pressed = (standing.member.id, by.pressed) if by.pressed else None
        await end(work, member, by.now, pressed)
        await tell(work, member.id, NoticeKind.CONTACTED, member.id, by.now, occasion=by.now.isoformat())
        await note_act(work, by.now, "contact.made", member.id, standing)


async def contact_asked_of(desk: Desk, member_id: str, coordinator_id: str) -> ContactAskedView | None:
    """Who asked, for a coordinator whom they asked; None where it never was one. No name once it is over for them.

    NameUnknown where the channel can't tell the name now. Whether it is open is read again after the look-up.
    """
    async with desk.open_work() as work:
        coordinator = await work.coordinators.get(coordinator_id)
        member = (await work.members.many([member_id])).get(member_id)
        if coordinator is None:
            return None
        if coordinator.status is not RosterStatus.ACTIVE:
            return ContactAskedView(member_id, open=False)
        theirs = member is not None and coordinator_id in {each.id for each in await asked_of(work, member)}
        address = member.address if member is not None else None
        if not theirs or not await is_open(work, member_id):
            return ContactAskedView(member_id, open=False)
    name = await desk.names.of(address) if address else None
    async with desk.open_work() as work:
        if not await is_open(work, member_id):
            return ContactAskedView(member_id, open=False)
    if name is None:
        raise NameUnknown
    return ContactAskedView(member_id, open=True, name=name.full, email=name.email)


async def own_contact_me(desk: Desk, member_id: str) -> tuple[LocalContact, ...]:
    """Their force's wellbeing team, for when no coordinator has answered."""
    async with desk.open_work() as work:
        member = (await work.members.many([member_id])).get(member_id)
    return _wellbeing(desk, member.tenant_id) if member is not None else ()


async def _view(work: Work, desk: Desk, standing: Standing, by: By) -> ContactMeView:
    member = standing.member
    coordinators = await asked_of(work, member)
    members = await work.members.many([each.id for each in coordinators])
    force_id = member.force_id or ""
    policy = policy_of(desk, force_id)
    hours = dict.fromkeys((each.hours or policy.office).text() for each in coordinators)
    dues = [due.at for due in await work.dues.of(member.id) if due.kind is DueKind.CONTACT_REMINDER]
    return ContactMeView(
        coordinators=tuple(
            CoordinatorContact(
                members[each.id].name or "", members[each.id].email, force_name(desk, force_id)
            )
            for each in coordinators
        ),
        hours=tuple(hours),
        by=dues[0] if dues else reminded_at(desk, force_id, by.now),
        asked=await is_open(work, member.id),
        wellbeing=_wellbeing(desk, member.tenant_id),
    )


def _wellbeing(desk: Desk, tenant_id: str) -> tuple[LocalContact, ...]:
    return tuple(force.wellbeing for force in desk.forces.of_tenant(tenant_id) if force.wellbeing is not None)
