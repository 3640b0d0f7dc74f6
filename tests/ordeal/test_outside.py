"""Of the judge: what a supporter was asked within a week, as the rows tell it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.ordeal.books import Books
from tests.ordeal.channel import Got
from tests.ordeal.outside import OVER_LIMIT, SAID_TWICE, judge

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


LOOKING = ("jo", "I'm looking.")


def came(id: str, *, in_turn: bool = False) -> Got:
    return Got(NOW, id, "jo", "I'm looking.", LOOKING, lost=False, moment=1.0, in_turn=in_turn)


def said_twice(got: list[Got], owed: dict[tuple[str, ...], int]) -> int:
    """Of the messages only the first is known to the bot, as a notice of its own."""
    notice = {"id": "n", "kind": "request", "subject_id": "r", "activity_id": "1:1", "edits": ""}
    told = notice | {"dropped": False, "dead_at": None, "dead_why": "", "recipient_id": "jo", "occasion": ""}
    books = Books([], [], [], [], [], [told], [], [])
    return len(judge(books, got, [], [], [], owed=owed).broken[SAID_TWICE])


def test_the_same_once_more_is_a_break_but_as_an_answer_or_as_often_as_one_was_not_taken():
    assert said_twice([came("1:1"), came("1:2")], {}) == 1
    assert said_twice([came("1:1"), came("1:2", in_turn=True)], {}) == 0
    assert said_twice([came("1:1"), came("1:2")], {LOOKING: 1}) == 0
    assert said_twice([came("1:1"), came("1:2"), came("1:3")], {LOOKING: 1}) == 1
    assert said_twice([came("1:1"), came("1:2")], {("kim", "I'm looking."): 1}) == 1
