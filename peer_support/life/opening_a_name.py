"""Break-glass between presses: its hour runs out, the cards lose what they showed, and the person is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from peer_support.acting import By, mend_cards, note_act, tell
from peer_support.break_glass import STANDING, BreakGlass, GlassState
from peer_support.due import DueKind
from peer_support.notice import NoticeKind
from peer_support.ports import Work
from peer_support.request import Request

ASKER_CARDS = (NoticeKind.NAME_ASKED, NoticeKind.NAME_SHOWN)
APPROVER_CARDS = (NoticeKind.SECOND_YES,)


async def settled(
    work: Work, before: BreakGlass, after: BreakGlass, now: datetime, by: By | None = None
) -> None:
    """Keep how it stands now, and edit every card of it to the same. `by` is who pressed, with the card pressed."""
    await work.break_glass.save(before, after)
    await work.dues.remove(DueKind.SECOND_YES_ENDS, after.id)
    await work.dues.remove(DueKind.NAME_HIDES, after.id)
    await work.notices.drop(after.id, (*ASKER_CARDS, *APPROVER_CARDS))
    await mend_cards(work, after.asked_by, NoticeKind.NAME_ASKED, ASKER_CARDS, after.id, now)
    for approver in sorted(after.asked_of):
        pressed = by.pressed if by is not None and approver == after.answered_by else None
        await mend_cards(
            work, approver, NoticeKind.SECOND_YES, APPROVER_CARDS, after.id, now, pressed=pressed
        )


async def run_out(work: Work, ask: BreakGlass, now: datetime) -> None:
    """Its hour is over: nobody answered, or the name isn't shown any more."""
    after = ask.ran_out(now)
    if after is not ask:
        await settled(work, ask, after, now)
        if after.state is GlassState.LAPSED:
            await tell(work, ask.asked_by, NoticeKind.NAME_ASKED, ask.id, now, occasion=after.state)
        await note_act(work, now, f"break_glass.{after.state}", ask.request_id)


async def shut(work: Work, member_id: str, now: datetime) -> None:
    """The person deletes what is held of them: no name of theirs is shown from now on. They're still told in time."""
    for ask in await work.break_glass.about(member_id):
        if ask.state in STANDING:
            agreed = ask.state is GlassState.AGREED
            after = replace(ask, state=GlassState.OVER if agreed else GlassState.LAPSED)
            await settled(work, ask, after, now)
            await note_act(work, now, f"break_glass.{after.state}", ask.request_id)


async def opened(work: Work, ask: BreakGlass, request: Request, now: datetime) -> None:
    """The second yes was given: an hour runs, and the person is told at once, or when 72 hours have passed."""
    if ask.shown_until is not None:
        await work.dues.put(DueKind.NAME_HIDES, ask.id, ask.shown_until)
    if ask.told_from <= now:
        await tell_opened(work, ask, request, now)
    else:
        await work.dues.put(DueKind.OPENING_TOLD, ask.id, ask.told_from)


async def tell_opened(work: Work, ask: BreakGlass, request: Request, now: datetime) -> None:
    """Tell the person that their name could be seen. Once, and whatever has become of their request."""
    if ask.shown_until is not None:
        await tell(work, request.requester_id, NoticeKind.NAME_OPENED, ask.id, now)
        await note_act(work, now, "break_glass.told", ask.request_id)
