"""My data: all that is held of a person, shown to them, and as a file that is fetched once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from peer_support.access import Action, Standing, may
from peer_support.acting import By, arrive, note_act
from peer_support.keeping import HANDOVER_MINUTES, identity_days
from peer_support.life.asking import policy_of
from peer_support.life.drafting import draft_of
from peer_support.offer import Offer, OfferState
from peer_support.ports import Desk, Work
from peer_support.reading import force_name, left_out
from peer_support.request import Request
from peer_support.rights import HeldCoordinator, HeldMatch, HeldOffer, HeldRequest, HeldSupporter, HeldView
from peer_support.rights_file import as_file
from peer_support.sights import Looked, sights

# What a supporter answered themselves. How else an offer ended isn't theirs to know here: it would tell of the other.
_ANSWERS = {OfferState.ACCEPTED: "yes", OfferState.DECLINED: "no"}


async def see_my_data(by: By, desk: Desk) -> HeldView:
    """Everything held of this person, for them."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        return await held(work, desk, standing, by.now)


async def open_handover(by: By, desk: Desk) -> str:
    """A token with which the file may be fetched once, for ten minutes. Nothing in it says whose it is."""
    token = secrets.token_urlsafe(32)
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        await work.handovers.add(token, standing.member.id, by.now + timedelta(minutes=HANDOVER_MINUTES))
        await note_act(work, by.now, "data.file_offered", standing.member.id, standing)
    return token


async def hand_over(token: str, now: datetime, desk: Desk) -> str | None:
    """The file, as things stand now; None where the token is unknown, was used, or is too old. All three look alike."""
    async with desk.open_work() as work:
        member_id = await work.handovers.take(token, now)
        member = await work.members.get(member_id) if member_id else None
        if member is None:
            return None
        supporter = await work.supporters.get(member.id)
        standing = Standing(member, supporter, await work.coordinators.get(member.id))
        await note_act(work, now, "data.file_fetched", member.id, standing)
        return as_file(await held(work, desk, standing, now))


async def held(work: Work, desk: Desk, standing: Standing, now: datetime) -> HeldView:
    """The view, put together from every table that names them."""
    member = standing.member
    requests = tuple(await work.records.requests_of(member.id))
    live = await work.requests.live_of(member.id)
    match = await work.matches.live_of_request(live.id) if live else None
    draft = await draft_of(work, member.id)
    coordinator = standing.coordinator
    return HeldView(
        as_of=now,
        tenant_id=member.tenant_id,
        directory_id=member.directory_id,
        force=force_name(desk, member.force_id) if member.force_id else "",
        locale=member.locale,
        has_address=member.address is not None,
        name=member.name,
        email=member.email,
        welcomed_at=member.welcomed_at,
        limits_version=member.limits_version,
        limits_read_at=member.limits_read_at,
        last_month=member.seen_in,
        about=member.about,
        draft=draft.answers if draft else {},
        draft_saved_at=draft.saved_at if draft else None,
        left_out=await left_out(work, member.id),
        requests=tuple(_request(desk, each) for each in requests),
        sights=await sights(work, desk, Looked(member, requests, now)),
        messages=await work.records.messages_to(member.id),
        phone=(match.contact.phone if match else None) or "",
        supporter=await _supporter(work, desk, standing),
        coordinator=HeldCoordinator(coordinator, force_name(desk, coordinator.force_id))
        if coordinator
        else None,
    )


def _request(desk: Desk, request: Request) -> HeldRequest:
    days = identity_days(policy_of(desk, request.force_id))
    return HeldRequest(
        reference=request.reference,
        force=force_name(desk, request.force_id),
        state=request.state,
        asked_at=request.created_at,
        closed_at=request.closed_at,
        wishes=request.wishes,
        goes_at=request.closed_at + timedelta(days=days) if request.closed_at else None,
    )


async def _supporter(work: Work, desk: Desk, standing: Standing) -> HeldSupporter | None:
    supporter = standing.supporter
    if supporter is None:
        return None
    offers = await work.records.offers_to(supporter.id)
    matches = await work.records.matches_with(supporter.id)
    return HeldSupporter(
        roster=supporter,
        force=force_name(desk, supporter.force_id),
        offers=tuple(map(_offer, offers)),
        matches=tuple(HeldMatch(each.introduced_at, each.state) for each in matches),
    )


def _offer(offer: Offer) -> HeldOffer:
    answer = _ANSWERS.get(offer.state, "")
    return HeldOffer(offer.sent_at, answer, offer.answered_at if answer else None)
