"""Time's way on the wire: the promise at night, offers that pass on, consent's clock, what is overdue."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from peer_support.due import DueKind
from peer_support.hours import LONDON
from peer_support.request import LIVE
from peer_support.sweep import sweep
from tests.fakes.databases import Server, opened
from tests.peer_support.village import Village
from tests.scenarios.steps import ENDED
from tests.scenarios.town import Town
from tests.storage.world import pair


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


async def until(place: Town, text: str) -> None:
    await place.time_passes(seconds=(london(text) - place.clock.now).total_seconds())


async def test_at_twelve_past_three_the_promise_is_one_o_clock_and_it_is_kept(place: Town) -> None:
    place.clock.now = london("2026-11-24T03:12")
    sam, jo = await place.supporter(), await place.officer()
    await place.asks(jo)
    words = jo.newest.words
    assert "Most supporters are off until 08:00, so I'll ask then." in words
    assert "By 13:00 today I'll tell you how it's going, even if nobody has said yes." in words
    assert "Open now: " in words
    assert "Samaritans 116 123" in words
    assert "I'm asking supporters now" not in words
    await until(place, "2026-11-24T07:40")
    assert "Could you listen" not in sam.reads
    await until(place, "2026-11-24T08:00")
    assert "Could you listen to a colleague?" in sam.newest.words
    assert "Please answer by 12:00 today" in sam.newest.words
    assert "I've started asking" in jo.newest.words
    await until(place, "2026-11-24T12:00")
    assert (
        "Could you listen to a colleague?" in sam.newest.words
    )  # it has ended, and they hear after the random wait
    before = len(jo.sees)
    await until(place, "2026-11-24T13:00")
    assert len(jo.sees) == before + 1
    assert "By " in jo.newest.words
    assert "By 13:00 today" not in jo.newest.words
    await until(place, "2026-11-24T18:20")
    assert ENDED in sam.newest.words


async def test_no_answer_rests_the_request_and_ends_the_supporters_kindly(place: Town) -> None:
    sam, jo = await place.supporter(), await place.officer()
    await place.asks(jo)
    await sam.presses("Accept")
    assert "You'll hear by Friday 16:30, either way." in sam.newest.words
    await place.settle()
    assert "I'll hold this until Friday 10:00." in jo.newest.words
    await place.time_passes(hours=5)
    assert "Someone is still holding time for you" in jo.newest.words
    place.clock.now += timedelta(hours=67)
    await place.time_passes(hours=1)
    assert "I've kept your place" in jo.newest.words
    assert "close it on Friday 11 December" in jo.newest.words
    assert not [seen for seen in jo.sees if "Introduce us" in seen.words]
    await until(place, "2026-11-27T16:30")
    assert ENDED in sam.newest.words
    assert not [seen for seen in sam.sees if "You'll hear by" in seen.words]
    await jo.presses("Keep looking")
    assert "I'm looking" in jo.newest.words


async def test_a_restart_works_what_fell_due_meanwhile(place: Town) -> None:
    sam, jo = await place.supporter(), await place.officer()
    await place.asks(jo)
    assert "Could you listen" in sam.newest.words
    place.clock.now += timedelta(days=2)
    swept = await sweep(place.desk, place.clock.now, lambda *fault: place.faults.append(fault))
    assert swept.worked
    assert not place.faults
    assert (await sweep(place.desk, place.clock.now, lambda *fault: place.faults.append(fault))).worked == 0
    await place.settle()
    assert "By " in jo.newest.words
    await place.time_passes(hours=7)
    assert ENDED in sam.newest.words


async def test_every_live_request_of_the_store_has_a_next_step(place: Town) -> None:
    people = [await place.supporter(f"Sam Number{number}") for number in range(4)]
    asking = [await place.officer(f"Jo Number{number}") for number in range(4)]
    for jo, soon in zip(asking, ("today", "few_days", "no_rush", "few_days"), strict=True):
        await place.asks(jo, soon=soon)
    for sam in people:
        if "Accept" in sam.reads:
            await sam.presses("Accept")
    await place.settle()
    for jo, title in zip(asking, ("Someone else", "Not now"), strict=False):
        if title in jo.reads:
            await jo.presses(title)
    await place.settle()
    for _ in range(12):
        async with place.desk.open_work() as work:
            for request in await work.requests.live_in("northmoor"):
                assert request.state in LIVE
                dues = list(await work.dues.of(request.id))
                proposal = await work.proposals.asked_of(request.id)
                match = await work.matches.live_of_request(request.id)
                for part in filter(None, (proposal, match)):
                    dues += await work.dues.of(part.id)
                steps = [due for due in dues if due.kind not in {DueKind.NOTE_GOES, DueKind.UNMATCHED}]
                assert steps, request.state
                assert all(due.at > place.clock.now for due in steps)
        place.clock.now += timedelta(hours=9)
        await place.time_passes(minutes=0)


async def test_two_sweepers_at_once_work_each_row_once(postgresql: Server) -> None:
    """Two replicas tick at the same moment on one PostgreSQL."""
    address = postgresql.make_database("two_sweepers")
    async with opened(address) as one, opened(address) as other:
        village = Village()
        ids = []
        async with one.work() as work:
            for _ in range(12):
                made = await pair(work)
                await work.dues.put(DueKind.NEWS, made.asked.id, village.now)
                ids.append((made.asked.id, made.jo.id))
        desks = [replace(village.desk, open_work=store.work) for store in (one, other)]
        faults: list[object] = []
        swept = await asyncio.gather(
            *(sweep(desk, village.now, lambda *fault: faults.append(fault)) for desk in desks)
        )
        assert not faults
        assert sum(each.worked for each in swept) == 12
        async with one.work() as work:
            requests = [await work.requests.get(request_id) for request_id, _ in ids]
        assert [request and request.news_sent for request in requests] == [1] * 12
