"""A supporter's own say: pause, resume, what they are introduced to, and what may be shown of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from peer_support import taxonomy
from peer_support.access import Action, Standing, may
from peer_support.acting import By, arrive, note_act, remember_card, tell
from peer_support.ids import new_id
from peer_support.life.asking import policy_of
from peer_support.life.letting_go import hold, let_go_of_offers
from peer_support.notice import NoticeKind
from peer_support.offer import Match
from peer_support.people import Address, Supporter
from peer_support.ports import Desk, PersonName, Work
from peer_support.reading import introduction_view, left_out, offer_view
from peer_support.refusals import NotASupporter
from peer_support.request import Request
from peer_support.roster_reader import BIO_LENGTH
from peer_support.views import IntroductionView, MatchesView, OfferView, ProfileView


async def set_paused(by: By, desk: Desk, *, paused: bool) -> None:
    """Pause or resume. Pausing takes back the offers that wait, and they go to somebody else at once."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        supporter = _supporter(standing)
        if paused:
            await hold(work, [supporter.id])
        await work.supporters.set_paused(supporter.id, paused=paused)
        if paused:
            await let_go_of_offers(work, desk, supporter.id, by.now)
        await note_act(
            work, by.now, "supporter.paused" if paused else "supporter.resumed", supporter.id, standing
        )


def _supporter(standing: Standing) -> Supporter:
    may(standing, Action.SET_AVAILABILITY)
    if standing.supporter is None:
        raise NotASupporter
    return standing.supporter


@dataclass(frozen=True, slots=True)
class _Pair:
    match: Match
    request: Request
    address: Address | None


async def see_matches(by: By, desk: Desk) -> MatchesView:
    """Everyone this supporter is introduced to, by the name the channel gives now, and the offers that wait."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.SEE_OWN_NETWORK)
        pairs, offers = await _found(work, desk, standing.member.id, by.now)
    paused = standing.supporter is not None and standing.supporter.paused
    return await _named(desk, standing.member.id, pairs, offers, by.now, paused=paused)


async def show_matches(by: By, desk: Desk) -> MatchesView | None:
    """The same, to stand in the chat. A card with names must be mended when a match ends, so it is a notice.

    None where it comes as a message of its own; where a card was pressed, that one shows it.
    """
    view = await see_matches(By(by.actor, by.now), desk)
    if not view.matches:
        return view
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        own, kind = standing.member.id, NoticeKind.MATCHES
        if by.pressed:
            await remember_card(work, own, kind, own, by.now, by.pressed)
        await tell(work, own, kind, own, by.now, occasion=new_id(), edits=by.pressed)
    return view if by.pressed else None


async def matches_of(desk: Desk, member_id: str, now: datetime) -> MatchesView | None:
    """The same for a notice; None for somebody who is no supporter."""
    async with desk.open_work() as work:
        supporter = await work.supporters.get(member_id)
        if supporter is None:
            return None
        pairs, offers = await _found(work, desk, member_id, now)
    return await _named(desk, member_id, pairs, offers, now, paused=supporter.paused)


async def _found(
    work: Work, desk: Desk, supporter_id: str, now: datetime
) -> tuple[list[_Pair], list[OfferView]]:
    pairs = await _pairs(work, await work.matches.live_of_supporter(supporter_id))
    offers = []
    for offer in await work.offers.sent_to(supporter_id):
        request = await work.requests.look(offer.request_id)
        if request is not None:
            offers.append(offer_view(desk, offer, request, None, now))
    return pairs, offers


async def _named(
    desk: Desk, member_id: str, pairs: list[_Pair], offers: list[OfferView], now: datetime, *, paused: bool
) -> MatchesView:
    """With the names. Looking them up takes its time, so which matches live is read again after it."""
    names = {pair.match.id: await name_of(desk, pair.address) for pair in pairs}
    if names:
        async with desk.open_work() as work:
            pairs, offers = await _found(work, desk, member_id, now)
    shown = [introduction_view(pair.match, pair.request, names.get(pair.match.id)) for pair in pairs]
    return MatchesView(tuple(shown), tuple(offers), paused)


async def _pairs(work: Work, matches: Sequence[Match]) -> list[_Pair]:
    members = await work.members.many([match.requester_id for match in matches])
    found = []
    for match in matches:
        request = await work.requests.look(match.request_id)
        member = members.get(match.requester_id)
        if request is not None and member is not None:
            found.append(_Pair(match, request, member.address))
    return found


async def name_of(desk: Desk, address: Address | None) -> PersonName | None:
    """A person's name from the channel, asked for only once it may be shown. Never inside a unit of work."""
    return await desk.names.of(address) if address else None


async def see_introduction(by: By, desk: Desk, match_id: str) -> IntroductionView | None:
    """One introduction again, for its supporter; None where it isn't theirs, isn't live, or isn't."""
    view = await see_matches(by, desk)
    return next((match for match in view.matches if match.match_id == match_id), None)


async def see_profile(by: By, desk: Desk) -> ProfileView:
    """What is said of this supporter, and what of it they let be shown."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        return await _profile(work, desk, _supporter(standing))


async def _profile(work: Work, desk: Desk, supporter: Supporter, *, saved: bool = False) -> ProfileView:
    hours = supporter.hours or policy_of(desk, supporter.force_id).waking
    labels = [(topic, taxonomy.experience(topic).supporter) for topic in sorted(supporter.experiences)]
    return ProfileView(
        bio=supporter.bio,
        experiences=tuple((topic, label, topic in supporter.named) for topic, label in labels),
        listed=supporter.listed,
        paused=supporter.paused,
        hours=hours.text(),
        left_out=await left_out(work, supporter.id),
        saved=saved,
    )


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """`named` are the experiences that may be shown; `listed` lets others find them in Not these people."""

    by: By
    bio: str
    named: Collection[str]
    listed: bool


async def save_profile(command: SaveProfile, desk: Desk) -> ProfileView:
    """Keep what the supporter chose. Only experiences that the roster has can be named."""
    by = command.by
    bio = " ".join(command.bio.split())
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        supporter = _supporter(standing)
        saved = replace(
            supporter, bio=bio, named=frozenset(command.named) & supporter.experiences, listed=command.listed
        )
        if len(bio) > BIO_LENGTH:
            return replace(await _profile(work, desk, saved), mend="profile.mend.bio")
        await work.supporters.set_profile(saved.id, bio=saved.bio, named=saved.named, listed=saved.listed)
        await note_act(work, by.now, "supporter.profile", supporter.id, standing)
        return await _profile(work, desk, saved, saved=True)
