"""Delete my data: at once, but for what a duty to somebody else still needs, and that without saying whose it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from peer_support.access import Action, Standing, may
from peer_support.acting import By, arrive, note_act
from peer_support.audit import DATA_DELETED
from peer_support.due import DueKind
from peer_support.ids import new_id
from peer_support.keeping_ports import Closed
from peer_support.life.asking import policy_of
from peer_support.life.contact_asks import end, is_open
from peer_support.life.forgetting import ERASED_FROM, count, scrub_soon
from peer_support.life.opening_a_name import shut
from peer_support.life.withdrawing import withdraw
from peer_support.notice import NoticeKind
from peer_support.people import Member
from peer_support.ports import Desk, Work
from peer_support.refusals import Repeated
from peer_support.request import Wishes

# What is said to somebody who asks; the rest is said to supporters and coordinators, whom the roster still has.
TO_A_REQUESTER = frozenset(
    {
        NoticeKind.REQUEST,
        NoticeKind.ASKING_STARTED,
        NoticeKind.PROPOSAL,
        NoticeKind.PROPOSAL_REMINDER,
        NoticeKind.RESTING,
        NoticeKind.RESTING_REMINDER,
        NoticeKind.RESTING_CLOSED,
        NoticeKind.LOOK_WIDER,
        NoticeKind.COORDINATOR_CONTACT,
        NoticeKind.NAMES_RUN_OUT,
        NoticeKind.INTRODUCED,
        NoticeKind.IN_TOUCH,
        NoticeKind.TAKEN_BACK,
        NoticeKind.HANDED_BACK,
        NoticeKind.CHECK_IN,
        NoticeKind.CLOSED,
        NoticeKind.NAME_OPENED,
        NoticeKind.CONTACTED,
        NoticeKind.CONTACT_UNANSWERED,
    }
)


@dataclass(frozen=True, slots=True)
class DeleteMyData:
    by: By


@dataclass(frozen=True, slots=True)
class Deleted:
    """`rostered`: what their force's roster says of them stays, since it isn't theirs alone to delete."""

    rostered: bool = False


async def delete_my_data(command: DeleteMyData, desk: Desk) -> Deleted:
    """End what is under way, and forget. Doing it again, or with nothing held, is the same. A later hi begins anew."""
    by = command.by
    async with desk.open_work() as work:
        if await work.members.find(by.actor.tenant_id, by.actor.directory_id) is None:
            return Deleted()
        try:
            standing = await arrive(work, desk, by)
        except Repeated:
            return Deleted()
        may(standing, Action.OWN_DATA)
        return await _erase(work, desk, standing, by.now)


async def forget_again(member_id: str, now: datetime, desk: Desk) -> bool:
    """After a backup was put back: whoever had deleted their data is forgotten again. False where they aren't there.

    By the opaque id that the audit has, so that an operator does it without learning who it is.
    """
    async with desk.open_work() as work:
        member = await work.members.get(member_id)
        if member is None:
            return False
        supporter = await work.supporters.get(member_id)
        standing = Standing(member, supporter, await work.coordinators.get(member_id))
        await _erase(work, desk, standing, now)
        return True


async def _erase(work: Work, desk: Desk, standing: Standing, now: datetime) -> Deleted:
    member = standing.member
    await work.drafts.get(member.id)  # a draft is locked before the request it changes
    live = await work.requests.live_of(member.id)
    request = await work.requests.get(live.id) if live else None
    if request is not None and request.live:
        await withdraw(work, desk, request, now)
    await shut(work, member.id, now)
    if await is_open(work, member.id):
        await end(work, member, now)
    nobody = await _nobody(work, member)
    await _forget_requests(work, desk, standing, nobody, now)
    await work.erasing.detach(member.id, nobody.id, TO_A_REQUESTER, now)
    await work.dues.remove(DueKind.DRAFT_GOES, member.id)
    await scrub_soon(work, frozenset(ERASED_FROM), now)
    await note_act(work, now, DATA_DELETED, member.id, standing)
    if standing.supporter is None and standing.coordinator is None:
        await work.erasing.forget_member(member.id)
        return Deleted()
    await work.erasing.forget_own(member.id)
    plain = replace(member, about=None, limits_version=None, limits_read_at=None, welcomed_at=None)
    await work.members.save(member, plain)
    return Deleted(rostered=True)


async def _nobody(work: Work, member: Member) -> Member:
    """An emptied row that stands for them where others' cards still have to be put right; it leads back to nobody.

    It keeps the chat's address for as long as a card of their own, with a supporter's name on it, waits to be mended.
    """
    nobody = Member(
        id=new_id(),
        tenant_id=member.tenant_id,
        directory_id=new_id(),
        address=member.address,
        reach=member.reach,
        locale=member.locale,
    )
    await work.members.add(nobody)
    return nobody


async def _forget_requests(work: Work, desk: Desk, standing: Standing, nobody: Member, now: datetime) -> None:
    """Each is counted, as it would have been later, and loses its wishes. That names were shown isn't forgotten yet."""
    member = standing.member
    for request in await work.records.requests_of(member.id):
        matches = [each for each in await work.records.matches_of(member.id) if each.request_id == request.id]
        introduced = min((each.introduced_at for each in matches), default=None)
        await count(work, Closed(request, introduced, erased=False))
        await work.requests.save(replace(request, requester_id=nobody.id, wishes=Wishes()))
    shown = {each.supporter_id: each.made_at for each in await work.records.proposals_to(nobody.id)}
    days = policy_of(desk, member.force_id or "").names_shown_days
    for at in shown.values():
        until = at + timedelta(days=days)
        if until > now:
            await work.erasing.name_was_shown(member.tenant_id, member.directory_id, at, until)
