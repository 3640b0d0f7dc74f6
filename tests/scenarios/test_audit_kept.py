"""What people do is in the audit, the clock seals it, and after two years it goes, and what is left still stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.ticks import tend_audit
from peer_support.sealing import seal_audit
from storage.chain_check import ChainCheck, check_chain
from tests.scenarios.town import Town


async def look(place: Town) -> ChainCheck:
    store: Any = place.service.backstage.store
    async with store.look() as unit:
        return await check_chain(unit, None, lambda _done, _total: None)


async def test_the_clock_seals_what_people_did_and_lets_it_go_in_time(place: Town):
    jo = await place.officer("Jo Evans")
    await place.asks(jo)
    before = await look(place)
    assert before.waiting > 0
    await tend_audit(place.desk, place.clock.now)
    sealed = await look(place)
    assert (sealed.looked_at, sealed.waiting, sealed.fault_count) == (before.waiting, 0, 0)
    assert await seal_audit(place.desk, place.clock.now) is None

    place.clock.now += timedelta(days=23 * 30)
    await place.asks(await place.officer("Kim Hale"))
    await tend_audit(place.desk, place.clock.now)
    young = await look(place)
    assert (young.purged, young.fault_count) == (0, 0)
    place.clock.now += timedelta(days=90)
    await tend_audit(place.desk, place.clock.now)
    old = await look(place)
    assert (old.purged, old.looked_at) == (before.waiting, young.looked_at - before.waiting)
    assert (old.fault_count, old.looked_at > 0) == (0, True)
