"""Requests, offers, proposals and matches: what is unique stays so, and what ends once ends once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from peer_support.offer import MatchEnd, MatchState, OfferState, ProposalState
from peer_support.ports import OpenWork, Work
from peer_support.refusals import AlreadyAsking, OutOfDate, Refusal
from peer_support.request import CloseReason, RequestState
from tests.storage.world import HOUR, NOW, match, member, offer, pair, proposal, request, supporter

Act = Callable[[Work], Awaitable[object]]


async def _together(open_work: OpenWork, *acts: Act) -> list[object]:
    """Each act in its own unit, all at once; a refusal is its outcome."""

    async def alone(act: Act) -> object:
        try:
            async with open_work() as work:
                return await act(work)
        except Refusal as refusal:
            return type(refusal)

    return await asyncio.gather(*(alone(act) for act in acts))


async def test_one_person_has_one_live_request(open_work: OpenWork):
    jo = member()
    async with open_work() as work:
        await work.members.add(jo)
    first, second = request(jo.id), request(jo.id)
    outcomes = await _together(
        open_work, lambda work: work.requests.add(first), lambda work: work.requests.add(second)
    )
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, AlreadyAsking]))
    async with open_work() as work:
        live = await work.requests.live_of(jo.id)
        assert live in (first, second)


async def test_a_new_request_may_follow_a_closed_one(open_work: OpenWork):
    jo = member()
    closed = request(jo.id, state=RequestState.CLOSED, closed_at=NOW, close_reason=CloseReason.FINISHED)
    later = request(jo.id, created_at=NOW + HOUR, reference=closed.reference)
    async with open_work() as work:
        await work.members.add(jo)
        await work.requests.add(closed)
        assert await work.requests.live_of(jo.id) is None
        assert not await work.requests.reference_taken(closed.reference)
        await work.requests.add(later)
        assert await work.requests.live_of(jo.id) == later
        assert await work.requests.reference_taken(later.reference)
        assert await work.requests.look(closed.id) == closed


async def test_a_live_reference_is_nobody_elses(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        alex = member()
        await work.members.add(alex)
        with pytest.raises(OutOfDate):
            await work.requests.add(request(alex.id, reference=two.asked.reference))


async def test_live_in_a_force_oldest_first(open_work: OpenWork):
    async with open_work() as work:
        late = await pair(work, created_at=NOW + HOUR)
        early = await pair(work)
        await pair(work, force_id="southsea")
        await pair(work, state=RequestState.WITHDRAWN)
        assert await work.requests.live_in("northmoor") == [early.asked, late.asked]


async def test_a_save_from_an_old_reading_is_out_of_date(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
    async with open_work() as work:
        await work.requests.save(replace(two.asked, round=1))
    with pytest.raises(OutOfDate):
        async with open_work() as work:
            await work.requests.save(replace(two.asked, round=2))
    async with open_work() as work:
        assert await work.requests.get(two.asked.id) == replace(two.asked, round=1, version=2)


async def test_get_holds_the_row_so_that_no_turn_is_lost(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)

    async def once_more(work: Work) -> None:
        found = await work.requests.get(two.asked.id)
        assert found is not None
        await asyncio.sleep(0)
        await work.requests.save(replace(found, news_sent=found.news_sent + 1))

    assert await _together(open_work, *[once_more] * 6) == [None] * 6
    async with open_work() as work:
        found = await work.requests.get(two.asked.id)
        assert found is not None
        assert (found.news_sent, found.version) == (6, 7)


async def test_an_offer_ends_once(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        asked = offer(two.asked.id, two.sam.id)
        await work.offers.add(asked)
    ways = [OfferState.ACCEPTED, OfferState.EXPIRED, OfferState.WITHDRAWN, OfferState.DECLINED]
    acts = [lambda work, way=way: work.offers.end(asked.id, way, NOW + HOUR) for way in ways]
    outcomes = await _together(open_work, *acts)
    assert sorted(outcomes) == [False, False, False, True]
    async with open_work() as work:
        ended = await work.offers.get(asked.id)
        assert ended == replace(asked, state=ways[outcomes.index(True)], answered_at=NOW + HOUR)
        assert not await work.offers.end("no such offer", OfferState.EXPIRED, NOW)


async def test_a_yes_becomes_a_no_once_and_nothing_else_does(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        asked = offer(two.asked.id, two.sam.id)
        await work.offers.add(asked)
        assert not await work.offers.take_back(asked.id, NOW)
        assert await work.offers.end(asked.id, OfferState.ACCEPTED, NOW)
        assert await work.offers.take_back(asked.id, NOW + HOUR)
        assert not await work.offers.take_back(asked.id, NOW + HOUR)
        assert await work.offers.get(asked.id) == replace(
            asked, state=OfferState.DECLINED, answered_at=NOW + HOUR
        )


async def test_a_supporter_holds_one_unanswered_offer_of_a_request(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        first = offer(two.asked.id, two.sam.id)
        await work.offers.add(first)
        with pytest.raises(OutOfDate):
            await work.offers.add(offer(two.asked.id, two.sam.id))
        await work.offers.end(first.id, OfferState.EXPIRED, NOW)
        await work.offers.add(offer(two.asked.id, two.sam.id))
        assert len(await work.offers.of_request(two.asked.id)) == 2


async def test_offers_sent_to_a_supporter_wait_oldest_first(open_work: OpenWork):
    async with open_work() as work:
        one, two, three = [await pair(work) for _ in range(3)]
        late = offer(one.asked.id, one.sam.id, sent_at=NOW + HOUR)
        early = offer(two.asked.id, one.sam.id)
        for row in (late, early, offer(three.asked.id, one.sam.id, state=OfferState.DECLINED)):
            await work.offers.add(row)
        assert await work.offers.sent_to(one.sam.id) == [early, late]
        assert await work.offers.sent_to(two.sam.id) == []


async def test_a_request_asks_about_one_supporter_at_a_time(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        alex = member()
        await work.members.add(alex)
        await work.supporters.put(supporter(alex.id))
        offers = [offer(two.asked.id, two.sam.id), offer(two.asked.id, alex.id)]
        for row in offers:
            await work.offers.add(row)
    acts = [lambda work, row=row: work.proposals.add(proposal(row)) for row in offers]
    assert sorted(map(str, await _together(open_work, *acts))) == sorted(map(str, [None, OutOfDate]))


async def test_a_proposal_ends_once_and_names_shown_are_counted(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        asked = offer(two.asked.id, two.sam.id)
        await work.offers.add(asked)
        shown = proposal(asked)
        await work.proposals.add(shown)
        assert await work.proposals.asked_of(two.asked.id) == shown
        assert await work.requests.of_proposal(shown.id) == await work.requests.look(two.asked.id)
        assert await work.requests.of_proposal("no such proposal") is None
        assert await work.proposals.shown_since(two.jo.id, NOW) == 1
        assert await work.proposals.shown_since(two.jo.id, NOW + HOUR) == 0
        assert await work.proposals.shown_since(two.sam.id, NOW) == 0
    ways = [ProposalState.INTRODUCED, ProposalState.RELEASED, ProposalState.SOMEONE_ELSE]
    acts = [lambda work, way=way: work.proposals.end(shown.id, way, NOW + HOUR) for way in ways]
    outcomes = await _together(open_work, *acts)
    assert sorted(outcomes) == [False, False, True]
    async with open_work() as work:
        assert await work.proposals.asked_of(two.asked.id) is None
        ended = replace(shown, state=ways[outcomes.index(True)], ended_at=NOW + HOUR)
        assert await work.proposals.get(shown.id) == ended
        assert await work.proposals.of_offer("no such offer") is None
        again = offer(two.asked.id, two.sam.id, state=OfferState.ACCEPTED)
        await work.offers.add(again)
        await work.proposals.add(proposal(again))
        assert await work.proposals.shown_since(two.jo.id, NOW) == 1, "the same name twice is one name"


async def test_a_request_has_one_live_match(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        offers = [offer(two.asked.id, two.sam.id, state=OfferState.ACCEPTED) for _ in range(2)]
        proposals = [proposal(row, state=ProposalState.INTRODUCED) for row in offers]
        for row in offers:
            await work.offers.add(row)
        for said_yes in proposals:
            await work.proposals.add(said_yes)
    matches = [match(said_yes, two.jo.id) for said_yes in proposals]
    acts = [lambda work, row=row: work.matches.add(row) for row in matches]
    outcomes = await _together(open_work, *acts)
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, OutOfDate]))
    kept, other = (matches[outcomes.index(None)], matches[outcomes.index(OutOfDate)])
    async with open_work() as work:
        assert await work.matches.live_of_request(two.asked.id) == kept
        assert await work.matches.live_of_supporter(two.sam.id) == [kept]
        closed = replace(kept, state=MatchState.CLOSED, closed_at=NOW, end=MatchEnd.SWAPPED)
        await work.matches.save(closed)
        assert await work.matches.live_of_request(two.asked.id) is None
        await work.matches.add(other)
        assert await work.matches.get(kept.id) == closed
        assert await work.matches.live_of_supporter(two.sam.id) == [other]


async def test_a_late_save_never_reopens_a_closed_match(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        asked = offer(two.asked.id, two.sam.id)
        await work.offers.add(asked)
        said_yes = proposal(asked)
        await work.proposals.add(said_yes)
        live = match(said_yes, two.jo.id)
        await work.matches.add(live)
        await work.matches.save(replace(live, state=MatchState.CLOSED, closed_at=NOW))
    with pytest.raises(OutOfDate):
        async with open_work() as work:
            await work.matches.save(replace(live, in_touch_at=NOW))


async def test_a_save_of_what_was_never_added_is_out_of_date(open_work: OpenWork):
    for unknown in (request("nobody"), match(proposal(offer("r", "s")), "nobody")):
        with pytest.raises(OutOfDate):
            async with open_work() as work:
                await (
                    work.requests.save(unknown) if hasattr(unknown, "wishes") else work.matches.save(unknown)
                )


async def test_a_change_to_a_request_never_writes_its_id(open_work: OpenWork):
    """Written, even unchanged, SQLite would look through every past match for one that hangs on it."""
    seen: list[str] = []

    def note(_conn, _cursor, statement, *_rest):
        seen.append(statement)

    async with open_work() as work:
        jo = member()
        await work.members.add(jo)
        asked = request(jo.id)
        await work.requests.add(asked)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        async with open_work() as work:
            await work.requests.save(replace(asked, round=2))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert not [each for each in seen if each.startswith("UPDATE requests SET id=")]
    async with open_work() as work:
        saved = await work.requests.live_of(jo.id)
        assert saved is not None
        assert saved.round == 2
