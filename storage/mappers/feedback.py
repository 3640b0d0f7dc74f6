"""Feedback, unlinked to anybody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from peer_support.feedback import Answer, Feedback
from storage.tables import feedback as answers
from storage.unit import Unit

_T = answers.c


class FeedbackStore:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def add(self, feedback: Feedback) -> None:
        await self._unit.conn.execute(
            insert(answers).values(
                id=feedback.id,
                force_id=feedback.force_id,
                week=feedback.week,
                listened=feedback.listened,
                easy=feedback.easy,
                otherwise=feedback.otherwise,
            )
        )

    async def all(self) -> Sequence[Feedback]:
        """In no order that says when each was given."""
        rows = await self._unit.all(select(answers).order_by(_T.id))
        return [
            Feedback(
                id=row[_T.id],
                force_id=row[_T.force_id],
                week=row[_T.week],
                listened=_answer(row[_T.listened]),
                easy=_answer(row[_T.easy]),
                otherwise=_answer(row[_T.otherwise]),
            )
            for row in rows
        ]


def _answer(said: str | None) -> Answer | None:
    return Answer(said) if said else None
