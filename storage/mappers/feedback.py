"""Feedback, unlinked to anybody."""

from __future__ import annotations

from sqlalchemy import insert

from peer_support.feedback import Feedback
from storage.tables import feedback as answers
from storage.unit import Unit


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
