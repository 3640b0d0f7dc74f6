"""The outbox in the store: each notice once, each person's in their order, by one sender at a time, among several."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event

from peer_support.notice import UNREACHABLE, Notice, NoticeKind
from peer_support.sending import UNMETERED, Claim, Dealt, Ended, Fate
from storage import Store
from storage.tables import budgets, chats, notices
from tests.fakes.databases import KEYS, LOOKUP, UNHURRIED, AnyStore
from tests.fakes.memory import MemoryStore
from tests.storage.world import HOUR, NOW, member, notice

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def store(lasting_store: AnyStore) -> AnyStore:
    """A store with an empty outbox."""
    if isinstance(lasting_store, MemoryStore):
        lasting_store.rows.notices.clear()
        lasting_store.rows.chats.clear()
        lasting_store.rows.budgets.clear()
    else:
        async with lasting_store._engine.begin() as conn:  # noqa: SLF001
            for table in (notices, chats, budgets):
                await conn.execute(delete(table))
    return lasting_store


@asynccontextmanager
async def several(store: AnyStore, many: int) -> AsyncIterator[list[AnyStore]]:
    """Several processes' stores on one database; the twin has but one."""
    if not isinstance(store, Store):
        yield [store] * many
        return
    address = store.address.render_as_string(hide_password=False)
    stores = [await Store.open(address, KEYS, LOOKUP, UNHURRIED) for _ in range(many)]
    yield list(stores)
    for each in stores:
        await each.close()


async def people(store: AnyStore, many: int) -> list[str]:
    """Somebody new, so many times, in an order of their ids."""
    found = [member() for _ in range(many)]
    async with store.work() as work:
        for each in found:
            await work.members.add(each)
    return [each.id for each in found]


async def queue(store: AnyStore, person: str, *occasions: str, at: datetime = NOW, **parts: object) -> None:
    """Notices of one person, a moment apart in this order."""
    async with store.work() as work:
        for place, occasion in enumerate(occasions):
            due = at + place * timedelta(milliseconds=1)
            await work.notices.add(notice(person, occasion=occasion, not_before=due, **parts))


async def with_notices(store: AnyStore, *kinds: NoticeKind) -> str:
    (jo,) = await people(store, 1)
    for kind in kinds:
        await queue(store, jo, "", kind=kind)
    return jo


async def claim(
    store: AnyStore, now: datetime = NOW, lease: timedelta = MINUTE, most: int = 10
) -> list[Claim]:
    return list(await store.outbox.claim(now, lease, most, UNMETERED))


def theirs(claims: Sequence[Claim]) -> list[Notice]:
    return [each for found in claims for each in found.notices]


async def settle(store: AnyStore, found: Claim, fate: Fate, at: datetime = NOW, **parts: object) -> None:
    """All of a claim came to this."""
    dealt = [Dealt(each, fate, at, **parts) for each in found.notices]  # type: ignore[arg-type]
    await store.outbox.settle(dealt, [Ended(found)])


async def test_several_senders_claim_each_notice_once_and_all_of_a_persons_in_order(store: AnyStore):
    for person in await people(store, 8):
        await queue(store, person, *map(str, range(5)))
    taken: list[Claim] = []

    async def send(sender: AnyStore) -> None:
        empty = 0
        while empty < 3:  # one that met another's claim finds what is left the next time
            claims = await claim(sender, NOW + MINUTE, most=6)
            empty = 0 if claims else empty + 1
            taken.extend(claims)

    async with several(store, 3) as senders:
        await asyncio.gather(*map(send, senders))
    assert len({found.recipient_id for found in taken}) == len(taken) == 8
    assert {tuple(each.occasion for each in found.notices) for found in taken} == {("0", "1", "2", "3", "4")}


async def test_a_persons_later_notice_waits_while_another_sender_has_an_earlier_one(store: AnyStore):
    (jo,) = await people(store, 1)
    await queue(store, jo, "1")
    (first,) = await claim(store)
    await queue(store, jo, "2", at=NOW + MINUTE)
    async with several(store, 1) as (other,):
        assert await claim(other, NOW + HOUR) == []
        await settle(store, first, Fate.SENT, activity_id="a")
        (later,) = await claim(other, NOW + HOUR)
        assert [each.occasion for each in later.notices] == ["2"]


async def test_a_persons_later_notice_waits_while_an_earlier_one_waits_for_its_retry(store: AnyStore):
    jo, pat = await people(store, 2)
    await queue(store, jo, "1", "2")
    await queue(store, pat, "1")
    found = {each.recipient_id: each for each in await claim(store, NOW + MINUTE)}
    one, two = found[jo].notices
    pats = Dealt(found[pat].notices[0], Fate.LEFT, NOW)
    dealt = [Dealt(one, Fate.TRIED, NOW), Dealt(two, Fate.LEFT, NOW), pats]
    await store.outbox.settle(dealt, [Ended(found[jo], NOW + HOUR), Ended(found[pat])])
    await queue(store, jo, "3", at=NOW + MINUTE)
    async with several(store, 1) as (other,):
        assert [each.recipient_id for each in await claim(other, NOW + HOUR - MINUTE)] == [pat]
        (again,) = await claim(other, NOW + HOUR)
    assert [(each.occasion, each.attempts) for each in again.notices] == [("1", 2), ("2", 1), ("3", 1)]


async def test_a_hold_that_a_clock_gone_wrong_wrote_ends(store: AnyStore):
    await with_notices(store, NoticeKind.REQUEST)
    (found,) = await claim(store)
    await store.outbox.settle([Dealt(found.notices[0], Fate.TRIED, NOW)], [Ended(found, NOW + 300 * HOUR)])
    assert theirs(await claim(store, NOW + MINUTE))


async def test_what_is_put_aside_lets_what_comes_after_it_go(store: AnyStore):
    (jo,) = await people(store, 1)
    await queue(store, jo, "1", "2")
    (found,) = await claim(store, NOW + MINUTE)
    one, two = found.notices
    dealt = [Dealt(one, Fate.ASIDE, NOW + HOUR), Dealt(two, Fate.SENT, NOW, "a")]
    await store.outbox.settle(dealt, [Ended(found)])
    await queue(store, jo, "3", at=NOW + MINUTE)
    assert [each.occasion for each in theirs(await claim(store, NOW + MINUTE))] == ["3"]


async def test_a_notice_stands_once_however_often_it_is_added(store: AnyStore):
    jo = await with_notices(store, NoticeKind.REQUEST, NoticeKind.REQUEST)
    async with store.work() as work:
        await work.notices.add(notice(jo))
        await work.notices.add(notice(jo, occasion="2"))
        await work.notices.add(notice(jo, edits="activity-1"))
    (found,) = await claim(store)
    assert sorted((each.occasion, each.edits or "") for each in found.notices) == [
        ("", ""),
        ("", "activity-1"),
        ("2", ""),
    ]
    await settle(store, found, Fate.SENT, activity_id="a")
    async with store.work() as work:
        await work.notices.add(notice(jo))
    assert await claim(store, NOW + HOUR) == [], "a sent one still stands"


async def test_whoever_is_claimed_is_nobody_elses_and_a_try_counts(store: AnyStore):
    jo = await with_notices(store, NoticeKind.REQUEST)
    (first,) = await claim(store)
    assert (first.recipient_id, first.tenant_id) == (jo, "tenant-1")
    assert [each.attempts for each in first.notices] == [1]
    assert await claim(store, NOW + 9 * HOUR) == [], "whatever a sender thinks the time is"


async def test_a_lease_that_ran_out_by_the_databases_clock_is_anybodys_and_its_holder_changes_nothing(
    store: AnyStore,
):
    await with_notices(store, NoticeKind.REQUEST)
    (first,) = await claim(store, lease=-MINUTE)
    (second,) = await claim(store)
    assert [each.attempts for each in second.notices] == [2]
    for fate in (Fate.LEFT, Fate.ASIDE, Fate.DEAD):
        await settle(store, first, fate, NOW, why="refused")
    assert await claim(store, NOW + HOUR) == [], "still the second one's"
    await settle(store, first, Fate.SENT, activity_id="what was sent was sent")
    await settle(store, second, Fate.TRIED)
    assert await claim(store, NOW + HOUR) == []


async def test_a_notice_waits_for_its_time_and_the_oldest_goes_first(store: AnyStore):
    jo, pat = await people(store, 2)
    for hours in (2, 0, 1):
        await queue(store, jo, str(hours), at=NOW + hours * HOUR)
    await queue(store, pat, "pat", at=NOW - HOUR)
    claims = await claim(store, NOW + HOUR)
    assert [each.occasion for each in theirs(claims)] == ["pat", "0", "1"]


async def test_sent_and_dead(store: AnyStore):
    jo = await with_notices(store, NoticeKind.PROPOSAL, NoticeKind.CLOSED)
    (found,) = await claim(store)
    by_kind = {each.kind: each for each in found.notices}
    proposal, closed = by_kind[NoticeKind.PROPOSAL], by_kind[NoticeKind.CLOSED]
    dealt = [Dealt(proposal, Fate.SENT, NOW, "activity-7"), Dealt(closed, Fate.DEAD, NOW, why="refused")]
    await store.outbox.settle(dealt, [Ended(found)])
    await store.outbox.settle([Dealt(proposal, Fate.SENT, NOW + HOUR, "never mind")], [])
    assert await claim(store, NOW + 2 * HOUR) == []
    async with store.work() as work:
        assert await work.notices.sent_cards(jo, NoticeKind.PROPOSAL, "subject") == ["activity-7"]
        assert await work.notices.sent_cards(jo, NoticeKind.CLOSED, "subject") == []
        assert await work.notices.told(NoticeKind.PROPOSAL, "subject") == {jo}
        assert await work.notices.told(NoticeKind.REQUEST, "subject") == set()
        assert await work.notices.told(NoticeKind.PROPOSAL, "another") == set()


async def test_sent_cards_leave_edits_out_and_come_in_order(store: AnyStore):
    (jo,) = await people(store, 1)
    for occasion, edits in (("1", None), ("2", None), ("3", "activity-1")):
        await queue(store, jo, occasion, edits=edits)
    (found,) = await claim(store)
    dealt = [
        Dealt(each, Fate.SENT, NOW + int(each.occasion) * MINUTE, f"activity-{each.occasion}")
        for each in found.notices
    ]
    await store.outbox.settle(dealt, [Ended(found)])
    async with store.work() as work:
        sent = await work.notices.sent_cards(jo, NoticeKind.REQUEST, "subject")
        assert sent == ["activity-1", "activity-2"]


async def test_what_waits_is_taken_back_and_may_come_again(store: AnyStore):
    jo = await with_notices(store, NoticeKind.OFFER, NoticeKind.CLOSED)
    async with store.work() as work:
        await work.notices.add(notice(jo, kind=NoticeKind.OFFER, occasion="same unit"))
        await work.notices.drop("subject", [NoticeKind.OFFER])
        await work.notices.drop("another subject", [NoticeKind.CLOSED])
        await work.notices.drop("subject", [])
    (found,) = await claim(store)
    assert [each.kind for each in found.notices] == [NoticeKind.CLOSED]
    await settle(store, found, Fate.SENT)
    async with store.work() as work:
        await work.notices.add(notice(jo, kind=NoticeKind.OFFER, not_before=NOW + HOUR))
    again = theirs(await claim(store, NOW + HOUR))
    assert (NoticeKind.OFFER, NOW + HOUR) in [(each.kind, each.not_before) for each in again]


async def test_what_is_being_sent_when_taken_back_is_remembered_and_edited_but_not_tried_again(
    store: AnyStore,
):
    jo = await with_notices(store, NoticeKind.OFFER, NoticeKind.CLOSED)
    (found,) = await claim(store)
    by_kind = {each.kind: each for each in found.notices}
    async with store.work() as work:
        await work.notices.drop("subject", [NoticeKind.OFFER, NoticeKind.CLOSED])
    sent = Dealt(by_kind[NoticeKind.OFFER], Fate.SENT, NOW, "activity-1")
    tried = Dealt(by_kind[NoticeKind.CLOSED], Fate.TRIED, NOW)
    await store.outbox.settle([sent, tried], [Ended(found)])
    again = theirs(await claim(store, NOW + HOUR))
    assert [(each.kind, each.edits) for each in again] == [(NoticeKind.OFFER, "activity-1")]
    async with store.work() as work:
        assert await work.notices.sent_cards(jo, NoticeKind.OFFER, "subject") == ["activity-1"]


async def test_dead_letters_are_listed_replayed_and_let_go_and_edits_out_of_reach_live_again(
    store: AnyStore,
):
    jo = await with_notices(store, NoticeKind.OFFER)
    await queue(store, jo, "edit", edits="activity-1")
    await queue(store, jo, "long", kind=NoticeKind.CLOSED)
    (found,) = await claim(store)
    for number, each in enumerate(found.notices):
        at = NOW + number * MINUTE
        await store.outbox.settle([Dealt(each, Fate.DEAD, at, why=UNREACHABLE)], [])
    await store.outbox.settle([], [Ended(found)])
    async with store.work() as work:
        dead = await work.notices.dead()
        assert [each.since for each in dead] == [NOW, NOW + MINUTE, NOW + 2 * MINUTE]
        assert {(each.kind, each.edit, each.why, each.tries) for each in dead} == {
            (NoticeKind.OFFER, False, UNREACHABLE, 1),
            (NoticeKind.REQUEST, True, UNREACHABLE, 1),
            (NoticeKind.CLOSED, False, UNREACHABLE, 1),
        }
        await work.notices.revive(jo, NOW + HOUR)
    offer, closed = (
        next(each.id for each in dead if each.kind is kind) for kind in (NoticeKind.OFFER, NoticeKind.CLOSED)
    )
    async with store.work() as work:
        assert await work.notices.let_go(closed)
        assert not await work.notices.let_go(closed)
        assert await work.notices.replay(NOW + HOUR, closed) == []
        assert await work.notices.replay(NOW + HOUR, "nobody's") == []
        assert [each.id for each in await work.notices.dead()] == [offer]
        assert await work.notices.replay(NOW + HOUR) == [offer]
        assert await work.notices.dead() == []
    again = theirs(await claim(store, NOW + HOUR))
    assert {(each.kind, each.edits, each.attempts) for each in again} == {
        (NoticeKind.OFFER, None, 1),
        (NoticeKind.REQUEST, "activity-1", 1),
    }


async def test_what_says_nothing_any_more_is_let_go_and_what_does_stays(store: AnyStore):
    quiet, held = await people(store, 2)
    for person in (quiet, held):
        await queue(store, person, "1")
    until = {quiet: None, held: NOW + HOUR}
    claims = await claim(store)
    left = [Dealt(each, Fate.LEFT, NOW) for each in theirs(claims)]
    await store.outbox.settle(left, [Ended(each, until[each.recipient_id], (-1.0, -1.0)) for each in claims])
    await store.outbox.tidy(NOW)
    again = await claim(store, NOW + MINUTE)
    assert [(each.recipient_id, each.lease) for each in again] == [(quiet, 1)], (
        "begun afresh, and one is held"
    )


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that the database is given, however many rows each is for."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = store._engine.sync_engine  # noqa: SLF001
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_claim_and_its_end_take_two_statements_each_however_many_people(store: AnyStore):
    if isinstance(store, MemoryStore):
        return
    for person in await people(store, 12):
        await queue(store, person, "1")
    with counted(store) as statements:
        claims = await claim(store, most=12)
        assert (len(claims), len(statements)) == (12, 2)
        dealt = [Dealt(each, Fate.SENT, NOW, "a") for each in theirs(claims)]
        await store.outbox.settle(dealt, [Ended(each) for each in claims])
        assert len(statements) == 4
