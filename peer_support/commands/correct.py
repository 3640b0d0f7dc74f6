"""Put right what a person said of themselves: what is remembered About me, and the number a supporter rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from peer_support.access import Action, may
from peer_support.acting import By, arrive, mend_cards, note_act, tell
from peer_support.commands.answer_proposal import Introduce, read_contact
from peer_support.form import read, to_answers
from peer_support.ids import new_id
from peer_support.life.asking import policy_of
from peer_support.life.ending import INTRODUCTION_CARDS
from peer_support.notice import NoticeKind
from peer_support.offer import Match
from peer_support.people import AboutMe
from peer_support.ports import Desk, Work
from peer_support.reading import given_name
from peer_support.refusals import CovertRole, NotFound
from peer_support.request import RequestState, Wishes
from peer_support.rights import AboutView, CorrectView
from peer_support.views import ContactView

ABOUT = ("about_grade", "about_work", "about_language", "alike")


async def see_correct(by: By, desk: Desk) -> CorrectView:
    """Which of it there is."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        live = await work.requests.live_of(standing.member.id)
        match = await work.matches.live_of_request(live.id) if live else None
        return CorrectView(
            may_change_request=live is not None and live.state is RequestState.OPEN,
            may_change_number=match is not None,
            supporter=standing.supporter is not None,
            rostered=standing.supporter is not None or standing.coordinator is not None,
            left_out=len(await work.exclusions.of(standing.member.id)),
        )


async def see_about(by: By, desk: Desk) -> AboutView:
    """What is remembered About me."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        return AboutView(_answers(standing.member.about))


async def save_about(by: By, desk: Desk, typed: Mapping[str, str]) -> AboutView:
    """Remember this instead. All left empty, nothing is remembered. A covert role is never kept."""
    given = {name: typed[name] for name in ABOUT if name in typed}
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        reading = read(given, policy=policy_of(desk, standing.member.force_id or ""))
        if reading.covert:
            raise CovertRole
        if reading.wishes is None:
            mends = {mend.field: mend.words for mend in reading.mends}
            near = tuple(role for mend in reading.mends for role in mend.near)
            return AboutView(given, mends, near)
        about = reading.wishes.about if reading.wishes.about != AboutMe() else None
        await work.members.save(standing.member, replace(standing.member, about=about))
        await note_act(work, by.now, "data.corrected", standing.member.id, standing)
        return AboutView(_answers(about), saved=True)


def _answers(about: AboutMe | None) -> dict[str, str]:
    answers = to_answers(Wishes(about=about)) if about else {}
    return {name: value for name, value in answers.items() if name in ABOUT}


@dataclass(frozen=True, slots=True)
class ContactCorrected:
    """`contact` again where something is to be mended; None once it is saved."""

    contact: ContactView | None = None


async def see_contact(by: By, desk: Desk) -> ContactView:
    """How their supporter reaches them now. NotFound while they're introduced to nobody."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        match = await _live(work, standing.member.id)
        given = await _given(work, match)
        contact = match.contact
        return ContactView(match.id, given, contact.how, None, contact.phone or "", contact.voicemail_safe)


async def save_contact(by: By, desk: Desk, how: str, phone: str, *, voicemail: bool) -> ContactCorrected:
    """Another number, or another way. The cards on which the supporter has the old one are edited to the new."""
    async with desk.open_work() as work:
        standing = await arrive(work, desk, by)
        may(standing, Action.OWN_DATA)
        match = await _live(work, standing.member.id, lock=True)
        contact = read_contact(Introduce(by, "", how, phone, voicemail))
        if isinstance(contact, str):
            given = await _given(work, match)
            return ContactCorrected(
                ContactView(match.id, given, match.contact.how, contact, phone[:30], voicemail)
            )
        await work.matches.save(replace(match, contact=contact))
        await _put_right(work, match, by)
        await note_act(work, by.now, "data.corrected", match.id, standing)
        return ContactCorrected()


async def _put_right(work: Work, match: Match, by: By) -> None:
    """Every card with the old number, one that is being sent this moment too: it is edited, and said once more."""
    supporter = match.supporter_id
    about = [(kind, match.id) for kind in INTRODUCTION_CARDS] + [(NoticeKind.MATCHES, supporter)]
    for kind, subject_id in about:
        if await work.notices.drop(subject_id, (kind,)):
            await tell(work, supporter, kind, subject_id, by.now, occasion=f"corrected {new_id()}")
    await mend_cards(work, supporter, NoticeKind.INTRODUCTION, INTRODUCTION_CARDS, match.id, by.now)
    await mend_cards(work, supporter, NoticeKind.MATCHES, (NoticeKind.MATCHES,), supporter, by.now)


async def _live(work: Work, member_id: str, *, lock: bool = False) -> Match:
    """Their live match; its request is locked first, where it is about to be changed."""
    live = await work.requests.live_of(member_id)
    if live is not None and lock:
        await work.requests.get(live.id)
    match = await work.matches.live_of_request(live.id) if live else None
    if match is None:
        raise NotFound
    return match


async def _given(work: Work, match: Match) -> str:
    supporter = await work.members.get(match.supporter_id)
    return given_name((supporter.name if supporter else None) or "")
