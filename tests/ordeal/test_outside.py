"""Of the judge: what a supporter was asked within a week, as the rows tell it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.ordeal.books import Books
from tests.ordeal.outside import OVER_LIMIT, judge

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def offered(number: int, state: str, answered_at: datetime | None) -> dict[str, Any]:
    sent_at = NOW + number * HOUR
    return {
        "id": f"o{number}",
        "request_id": f"r{number}",
        "supporter_id": "sam",
        "state": state,
        "sent_at": sent_at,
        "answered_at": answered_at,
    }


def over_limit(offers: list[dict[str, Any]], proposals: list[dict[str, Any]]) -> list[str]:
    sam = {"id": "sam", "max_active": 2}
    books = Books([], offers, proposals, [], [], [], [sam], [])
    return judge(books, [], [], [], []).broken[OVER_LIMIT]


def three_and(fourth: dict[str, Any]) -> list[dict[str, Any]]:
    later = NOW + 40 * HOUR
    waiting = [offered(number, "expired", later) for number in range(2)]
    return [*waiting, offered(2, "declined", later), fourth]


def test_a_fourth_offer_while_three_wait_is_one_too_many():
    assert len(over_limit(three_and(offered(3, "sent", None)), [])) == 1


def test_a_yes_that_was_taken_back_later_was_an_answer_when_it_was_said():
    yes = {
        "id": "p",
        "request_id": "r2",
        "offer_id": "o2",
        "supporter_id": "sam",
        "state": "taken_back",
        "made_at": NOW + 2.5 * HOUR,
        "ended_at": NOW + 40 * HOUR,
    }
    assert over_limit(three_and(offered(3, "sent", None)), [yes]) == []
