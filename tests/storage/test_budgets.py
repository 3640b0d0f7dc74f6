"""How much a tenant and a chat are sent, shared by all senders through the database, by its own clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from peer_support.people import Member
from peer_support.sending import TEAMS, Dealt, Ended, Fate, Pace, Rate
from storage.tables import budgets
from tests.fakes.databases import AnyStore
from tests.fakes.memory import MemoryStore
from tests.storage.test_outbox import MINUTE, queue, several, store
from tests.storage.world import NOW, member

__all__ = ["store"]

EVERY = TEAMS.tenant.every
SLOW = Pace(Rate(60.0), TEAMS.chat)  # a minute apart, so that no test waits for a clock
ROUNDED = 0.00001


async def of_tenant(store: AnyStore, tenant: str, many: int = 1) -> list[Member]:
    """People of a tenant, each with something to be sent."""
    found = [member(tenant_id=tenant) for _ in range(many)]
    async with store.work() as work:
        for each in found:
            await work.members.add(each)
    for each in found:
        await queue(store, each.id, "1")
    return found


async def test_no_two_senders_ever_get_the_same_place_and_none_is_wasted(store: AnyStore):
    async with several(store, 2) as senders:
        rounds = await asyncio.gather(
            *(senders[turn % 2].outbox.places("t", 1 + turn % 5, TEAMS) for turn in range(20))
        )
    at = sorted(place for each in rounds for place in each.at)
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert len(at) == 60
    assert min(gaps) >= EVERY - ROUNDED
    window = max(sum(1 for other in at if place <= other < place + 1) for place in at)
    assert window <= 35
    asked_in = max(each.clock for each in rounds) - min(each.clock for each in rounds)
    assert at[-1] - at[0] <= 59 * EVERY + asked_in + ROUNDED


async def test_places_come_with_a_claim_one_each_in_the_order_of_waiting(store: AnyStore):
    for tenant in ("t1", "t1", "t2"):
        await of_tenant(store, tenant)
    claims = await store.outbox.claim(NOW + MINUTE, MINUTE, 10, TEAMS)
    at = {
        tenant: [place for each in claims for place in each.places.at if each.tenant_id == tenant]
        for tenant in ("t1", "t2")
    }
    assert at["t1"][1] - at["t1"][0] == pytest.approx(EVERY, abs=ROUNDED)
    assert len(at["t2"]) == 1
    for each in claims:
        assert 0 < each.places.at[0] - each.places.clock <= TEAMS.lead + EVERY + ROUNDED


async def test_a_tenant_that_was_sent_enough_waits_and_keeps_no_other_waiting(store: AnyStore):
    await store.outbox.places("crowded", 2, SLOW)
    await of_tenant(store, "crowded", 3)
    (free,) = await of_tenant(store, "free")
    async with several(store, 1) as (other,):
        claims = await other.outbox.claim(NOW + MINUTE, MINUTE, 10, SLOW)
    assert [each.recipient_id for each in claims] == [free.id]


async def test_a_tenant_that_the_channel_wants_nothing_for_waits(store: AnyStore):
    await of_tenant(store, "t")
    await store.outbox.stand_back("t", 60)
    await store.outbox.stand_back("t", 1)
    assert await store.outbox.claim(NOW + MINUTE, MINUTE, 10, TEAMS) == []
    places = await store.outbox.places("t", 1, TEAMS)
    assert 55 < places.at[0] - places.clock <= 60.001


async def test_a_clock_that_was_set_back_makes_nobody_wait(store: AnyStore):
    if isinstance(store, MemoryStore):
        return
    await of_tenant(store, "t")
    await store.outbox.places("t", 1, TEAMS)
    async with store._engine.begin() as conn:  # noqa: SLF001
        an_hour = budgets.c.taken_until + 3600 * 1_000_000
        await conn.execute(update(budgets).values(taken_until=an_hour))
    assert await store.outbox.claim(NOW + MINUTE, MINUTE, 10, TEAMS)
    places = await store.outbox.places("t", 1, TEAMS)
    assert places.at[0] - places.clock < 1


async def test_what_a_chat_was_sent_counts_for_whichever_sender_is_next(store: AnyStore):
    (sam,) = await of_tenant(store, "t")
    (first,) = await store.outbox.claim(NOW + MINUTE, MINUTE, 10, TEAMS)
    assert max(first.spent) <= 0
    await queue(store, sam.id, "2", at=NOW + timedelta(seconds=1))
    dealt = [Dealt(each, Fate.SENT, NOW, "a") for each in first.notices]
    tolerated = TEAMS.chat[1].tolerance
    await store.outbox.settle(dealt, [Ended(first, None, (1.0, tolerated - 20))])
    async with several(store, 1) as (other,):
        (again,) = await other.outbox.claim(NOW + MINUTE, MINUTE, 10, TEAMS)
        assert 0 < again.spent[1] <= tolerated - 20
        left = [Dealt(each, Fate.LEFT, NOW) for each in again.notices]
        await other.outbox.settle(left, [Ended(again, None, (1.0, tolerated + 60))])
        assert await store.outbox.claim(NOW + MINUTE, MINUTE, 10, TEAMS) == [], (
            "it has had enough for the hour"
        )
