"""Three questions after a match, kept apart: nothing joins the answers to the person or the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peer_support.access import Action
from peer_support.acting import By, allowed, arrive
from peer_support.feedback import Answer, Feedback
from peer_support.ids import new_id
from peer_support.keeping import TURN_DAYS
from peer_support.ports import Desk
from peer_support.refusals import OutOfDate


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Each answer as typed: yes, partly, no, or anything else for none."""

    by: By
    match_id: str
    listened: str
    easy: str
    otherwise: str


async def give_feedback(command: GiveFeedback, desk: Desk) -> bool:
    """Keep the answers without saying whose they are. False where all three were left empty. Once a match.

    They are written in a unit of work of their own, so that not even a transaction's number joins them to a person.
    """
    answers = [_answer(text) for text in (command.listened, command.easy, command.otherwise)]
    async with desk.open_work() as work:
        standing = await arrive(work, desk, command.by)
        match = allowed(standing, Action.GIVE_FEEDBACK, await work.matches.get(command.match_id))
        if match.closed_at is None or command.by.now >= match.closed_at + timedelta(days=TURN_DAYS):
            raise OutOfDate  # later on nobody could tell whether it was given before
        if not any(answers):
            return False
        if not await work.turns.first_time(f"feedback {command.match_id}", command.by.now):
            return True
    year, week, _ = command.by.now.isocalendar()
    force_id = standing.member.force_id or ""
    async with desk.open_work() as alone:
        await alone.feedback.add(Feedback(new_id(), force_id, f"{year}-W{week:02}", *answers))
    return True


def _answer(text: str) -> Answer | None:
    return Answer(text) if text in set(Answer) else None
