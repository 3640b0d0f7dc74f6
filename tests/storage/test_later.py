"""Due rows, notices with their outbox, worked activities: claimed once, moved when asked, never doubled."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from peer_support.audit import AuditRow
from peer_support.due import Due, DueKind
from peer_support.feedback import Answer, Feedback
from peer_support.ids import new_id
from peer_support.ports import OpenWork, Work
from peer_support.refusals import NotFound
from storage import Store
from tests.fakes.databases import KEYS, LOOKUP, AnyStore, Server, opened
from tests.storage.world import HOUR, NOW

MINUTE = timedelta(minutes=1)


async def _due(open_work: OpenWork, subject: str) -> list[tuple[DueKind, object, int]]:
    async with open_work() as work:
        return [(due.kind, due.at, due.failures) for due in await work.dues.of(subject)]


async def test_a_due_is_one_row_a_kind_and_subject_and_moves(open_work: OpenWork):
    async with open_work() as work:
        await work.dues.put(DueKind.NEWS, "r", NOW)
        await work.dues.put(DueKind.NEWS, "r", NOW + HOUR)
        await work.dues.put(DueKind.ROUND, "r", NOW)
        await work.dues.put(DueKind.ROUND, "other", NOW)
    async with open_work() as work:
        await work.dues.put(DueKind.ROUND, "r", NOW + 2 * HOUR)
    assert await _due(open_work, "r") == [(DueKind.NEWS, NOW + HOUR, 0), (DueKind.ROUND, NOW + 2 * HOUR, 0)]


async def test_dues_are_removed_and_cleared_in_the_order_of_the_acts(open_work: OpenWork):
    async with open_work() as work:
        for kind in (DueKind.NEWS, DueKind.ROUND, DueKind.UNMATCHED):
            await work.dues.put(kind, "r", NOW)
        await work.dues.put(DueKind.NEWS, "other", NOW)
    async with open_work() as work:
        await work.dues.remove(DueKind.NEWS, "r")
        await work.dues.remove(DueKind.NEWS, "never set")
    assert {kind for kind, _, _ in await _due(open_work, "r")} == {DueKind.ROUND, DueKind.UNMATCHED}
    async with open_work() as work:
        await work.dues.put(DueKind.RESTING_CLOSES, "r", NOW)
        await work.dues.clear("r")
        await work.dues.put(DueKind.RESTING_REMINDER, "r", NOW)
    assert await _due(open_work, "r") == [(DueKind.RESTING_REMINDER, NOW, 0)]
    async with open_work() as work:
        await work.dues.remove(DueKind.RESTING_REMINDER, "r")
        await work.dues.put(DueKind.RESTING_REMINDER, "r", NOW + HOUR)
        await work.dues.put(DueKind.NEWS, "r", NOW)
        await work.dues.remove(DueKind.NEWS, "r")
    assert await _due(open_work, "r") == [(DueKind.RESTING_REMINDER, NOW + HOUR, 0)]
    assert len(await _due(open_work, "other")) == 1


async def test_the_longest_due_is_taken_first_and_a_rollback_gives_it_back(open_work: OpenWork):
    async with open_work() as work:
        await work.dues.put(DueKind.NEWS, "late", NOW)
        await work.dues.put(DueKind.NEWS, "early", NOW - HOUR)
        await work.dues.put(DueKind.NEWS, "not yet", NOW + MINUTE)

    async def take_and_fail() -> None:
        async with open_work() as work:
            taken = await _taken(work, NOW)
            assert taken is not None
            assert taken.subject_id == "early"
            raise NotFound

    with pytest.raises(NotFound):
        await take_and_fail()
    async with open_work() as work:
        subjects = []
        while (taken := await _taken(work, NOW)) is not None:
            subjects.append(taken.subject_id)
        assert subjects == ["early", "late"]
    assert len(await _due(open_work, "not yet")) == 1


async def test_what_failed_is_put_off_with_one_failure_more(open_work: OpenWork):
    async with open_work() as work:
        await work.dues.put(DueKind.NEWS, "r", NOW)
    for failures in (1, 2):
        async with open_work() as work:
            due = (await work.dues.of("r"))[0]
            await work.dues.put_off(due, due.at + HOUR)
        assert await _due(open_work, "r") == [(DueKind.NEWS, NOW + failures * HOUR, failures)]
    async with open_work() as work:
        seen = await work.dues.next(NOW + 2 * HOUR)
        assert seen is not None
        await work.dues.put(DueKind.NEWS, "r", NOW + 9 * HOUR)
    async with open_work() as work:
        assert not await work.dues.take(seen)
        await work.dues.put_off(seen, NOW + 4 * HOUR)
    assert await _due(open_work, "r") == [(DueKind.NEWS, NOW + 9 * HOUR, 0)], "moved meanwhile: left as it is"


async def test_what_was_removed_meanwhile_is_neither_taken_nor_put_off(open_work: OpenWork):
    async with open_work() as work:
        await work.dues.put(DueKind.NEWS, "r", NOW)
        seen = await work.dues.next(NOW)
        assert seen is not None
        await work.dues.clear("r")
    async with open_work() as work:
        assert not await work.dues.take(seen)
        await work.dues.put_off(seen, NOW + HOUR)
    assert await _due(open_work, "r") == []


async def _taken(work: Work, now: datetime) -> Due | None:
    due = await work.dues.next(now)
    assert due is None or await work.dues.take(due)
    return due


async def _several(store: AnyStore, many: int) -> list[AnyStore]:
    """Several processes' stores on one database; the twin has but one."""
    if not isinstance(store, Store):
        return [store] * many
    address = store.address.render_as_string(hide_password=False)
    return [await Store.open(address, KEYS, LOOKUP) for _ in range(many)]


async def test_several_sweepers_work_each_due_row_once(store: AnyStore):
    async with store.work() as work:
        for number in range(30):
            await work.dues.put(DueKind.NEWS, f"r{number}", NOW)
    sweepers = await _several(store, 4)

    async def sweep(sweeper: AnyStore) -> list[str]:
        worked = []
        while True:
            async with sweeper.work() as work:
                due = await work.dues.next(NOW)
                if due is None:
                    return worked
                if await work.dues.take(due):
                    worked.append(due.subject_id)

    worked = await asyncio.gather(*map(sweep, sweepers))
    await asyncio.gather(*(sweeper.close() for sweeper in sweepers))
    found = [subject for each in worked for subject in each]
    assert sorted(found) == sorted(f"r{number}" for number in range(30))


async def test_a_sweeper_takes_the_next_row_while_another_still_works(postgresql: Server):
    async with opened(postgresql.make_database("sweepers")) as one:
        (other,) = await _several(one, 1)
        async with one.work() as work:
            await work.dues.put(DueKind.NEWS, "first", NOW - HOUR)
            await work.dues.put(DueKind.NEWS, "second", NOW)
        async with one.work() as working:
            first = await _taken(working, NOW)
            async with other.work() as meanwhile:
                second = await _taken(meanwhile, NOW)
                assert await meanwhile.dues.next(NOW) is None
        await other.close()
    assert [due and due.subject_id for due in (first, second)] == ["first", "second"]


async def test_an_activity_is_worked_once(open_work: OpenWork):
    async def turn() -> bool:
        async with open_work() as work:
            return await work.turns.first_time("conversation|activity \0 \ud800", NOW)

    assert sorted(await asyncio.gather(*(turn() for _ in range(5)))) == [False] * 4 + [True]


async def test_audit_and_feedback_are_taken(open_work: OpenWork):
    async with open_work() as work:
        for number in range(3):
            await work.audit.add(AuditRow(new_id(), NOW, "system", "request.sent", f"r{number}"))
        given = Feedback(new_id(), "northmoor", "2026-W10", Answer.YES, None, Answer.NO)
        await work.feedback.add(given)
    async with open_work() as work:
        assert list(await work.feedback.all()) == [given]
