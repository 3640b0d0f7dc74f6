"""Two at once: neither undoes what the other wrote, a look waits for nobody, and one of two in a ring is given up."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from peer_support.offer import Offer, OfferState
from peer_support.people import Coordinator, Reach, RosterStatus
from peer_support.ports import OpenWork
from storage import StoreBusy
from tests.fakes.databases import Server, opened
from tests.storage.world import HOUR, NOW, member, offer, pair, proposal, request, supporter


async def test_an_import_leaves_what_only_the_person_may_say(open_work: OpenWork):
    sam = member(name="Sam Okafor")
    read = supporter(sam.id, experiences=frozenset({"a", "b", "c"}), named=frozenset({"a"}))
    async with open_work() as work:
        await work.members.add(sam)
        await work.supporters.put(read)
        await work.coordinators.put(Coordinator(sam.id, "northmoor"))
    after = replace(sam, locale="cy", reach=Reach.REACHABLE, welcomed_at=NOW)
    async with open_work() as work:  # meanwhile
        await work.members.save(sam, after)
        await work.supporters.set_paused(sam.id, paused=True)
        await work.supporters.set_profile(sam.id, bio="Mine", named={"b", "c", "z"}, listed=True)
        await work.supporters.offered(sam.id, NOW)
        await work.coordinators.set_daily(sam.id, daily=True)
    rostered = replace(read, team="Team 9", experiences=frozenset({"a", "c"}), bio="The roster's")
    async with open_work() as work:
        left = Coordinator(sam.id, "northmoor", status=RosterStatus.LEFT)
        await work.roster.put([(replace(sam, name="Sam Obi", force_id="west"), rostered, left)], set())
    async with open_work() as work:
        assert await work.members.get(sam.id) == replace(after, name="Sam Obi", force_id="west")
        assert await work.supporters.get(sam.id) == replace(
            rostered, named=frozenset({"c"}), paused=True, listed=True, last_offered_at=NOW
        )
        assert await work.coordinators.get(sam.id) == replace(left, daily=True)


async def test_a_press_leaves_what_the_roster_says(open_work: OpenWork):
    sam = member()
    async with open_work() as work:
        await work.members.add(sam)
        await work.supporters.put(supporter(sam.id, experiences=frozenset({"a", "b"})))
    gone = supporter(sam.id, experiences=frozenset({"a"}), status=RosterStatus.LEFT, team="Team 9")
    async with open_work() as work:  # meanwhile
        await work.roster.put([(replace(sam, name="Sam Obi"), gone, None)], set())
    async with open_work() as work:
        await work.members.save(sam, replace(sam, limits_version="2", limits_read_at=NOW))
        await work.supporters.set_paused(sam.id, paused=True)
        await work.supporters.set_profile(sam.id, bio="Mine", named={"a", "b"}, listed=True)
    async with open_work() as work:
        assert await work.members.get(sam.id) == replace(
            sam, name="Sam Obi", limits_version="2", limits_read_at=NOW
        )
        assert await work.supporters.get(sam.id) == replace(
            gone, paused=True, bio="Mine", named=frozenset({"a"}), listed=True
        )


async def test_an_offer_is_remembered_within_its_own_unit(open_work: OpenWork):
    async with open_work() as work:
        two = await pair(work)
        await work.supporters.offered(two.sam.id, NOW + HOUR)
        candidate = await work.supporters.candidate(two.sam.id, NOW)
        assert candidate is not None
        assert candidate.supporter.last_offered_at == NOW + HOUR


async def test_a_look_waits_for_nobody_who_holds_the_request(postgresql: Server):
    async with opened(postgresql.make_database("looks")) as store:
        async with store.work() as work:
            two = await pair(work)
        looked = asyncio.Event()

        async def look() -> None:
            async with store.work() as work:
                assert await work.requests.look(two.asked.id) == two.asked
            looked.set()

        async with store.work() as work:
            await work.requests.get(two.asked.id)
            looking = asyncio.create_task(look())
            async with asyncio.timeout(1):
                await looked.wait()
        await looking


async def test_of_two_that_wait_for_each_other_one_is_given_up_and_says_so(postgresql: Server):
    async with opened(postgresql.make_database("ring")) as store:
        async with store.work() as work:
            first = (await pair(work)).asked
            await work.members.add(other := member())
            second = request(other.id)
            await work.requests.add(second)
        both = asyncio.Barrier(2)

        async def lock(one: str, then: str) -> str:
            try:
                async with store.work() as work:
                    await work.requests.get(one)
                    await both.wait()
                    await work.requests.get(then)
            except StoreBusy:
                return "given up"
            return "done"

        ended = await asyncio.gather(lock(first.id, second.id), lock(second.id, first.id))
    assert sorted(ended) == ["done", "given up"]


async def test_of_two_that_offer_one_supporter_at_once_one_is_given_up(postgresql: Server):
    """Each saw how many offers the supporter has, and neither saw the other's: together they might be one too many."""
    async with opened(postgresql.make_database("offered")) as store:
        async with store.work() as work:
            two = await pair(work)
        both = asyncio.Barrier(2)

        async def offers(later: int) -> str:
            try:
                async with store.work() as work:
                    assert [some async for some in work.supporters.candidates(NOW)]
                    await both.wait()
                    await work.supporters.offered(two.sam.id, NOW + later * HOUR)
            except StoreBusy:
                return "given up"
            return "done"

        assert sorted(await asyncio.gather(offers(1), offers(2))) == ["done", "given up"]
        both = asyncio.Barrier(1)
        assert await offers(3) == "done"


@pytest.mark.parametrize("answers", [False, True])
async def test_an_offer_that_is_anothers_locks_nothing(postgresql: Server, answers: bool):
    """Or the time that others wait would tell that there is such an offer. With a lock the second unit never got on."""
    async with opened(postgresql.make_database(f"anothers{answers:d}")) as store:
        async with store.work() as work:
            two = await pair(work)
            await work.members.add(other := member())
            await work.supporters.put(supporter(other.id))
            await work.offers.add(made := offer(two.asked.id, two.sam.id))

        async def others_go_on() -> None:
            async with store.work() as work:
                assert await work.requests.of_offer(made.id, two.sam.id, answers=True) == two.asked
                await work.supporters.set_paused(other.id, paused=True)

        async with store.work() as stranger:
            assert await stranger.requests.of_offer(made.id, other.id, answers=answers) is None
            await asyncio.create_task(others_go_on())


async def test_two_yeses_of_one_supporter_stand_in_one_line(postgresql: Server):
    """The second counts its load when the first is written down, or two could each be the last that they may take."""
    async with opened(postgresql.make_database("yeses")) as store:
        async with store.work() as work:
            two = await pair(work)
            await work.members.add(other := member())
            await work.requests.add(second := request(other.id))
            made = [offer(asked.id, two.sam.id) for asked in (two.asked, second)]
            await work.offers.add(*made)
        order: list[str] = []

        async def says_yes(one: Offer, asker: str, first: asyncio.Event | None) -> None:
            async with store.work() as work:
                if first is not None:
                    await first.wait()
                await work.requests.of_offer(one.id, two.sam.id, answers=True)
                began.set()
                found = await work.supporters.answering(one, asker, NOW)
                assert found is not None
                order.append(f"holds {found.load.holding}")
                await work.offers.end(one.id, OfferState.ACCEPTED, NOW)
                await work.proposals.add(proposal(one))

        began = asyncio.Event()
        await asyncio.gather(says_yes(made[0], two.jo.id, None), says_yes(made[1], other.id, began))
    assert order == ["holds 0", "holds 1"]
