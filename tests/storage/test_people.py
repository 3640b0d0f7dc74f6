"""Members, supporters with their loads, coordinators, the roster and Not these people."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from peer_support.matching.candidate import Candidate, Load
from peer_support.offer import MatchState, OfferState, ProposalState
from peer_support.people import Coordinator, Member, RosterStatus
from peer_support.ports import OpenWork, Work
from peer_support.refusals import OutOfDate
from tests.storage import world
from tests.storage.world import HOUR, NOW, member, pair, request, supporter

WEEK = timedelta(days=7)


async def test_two_first_turns_of_one_person_end_as_one_row(open_work: OpenWork):
    async def first_turn() -> bool:
        try:
            async with open_work() as work:
                if await work.members.find("tenant-1", "jo") is None:
                    await work.members.add(member(directory_id="jo"))
        except OutOfDate:
            return False
        return True

    kept = await asyncio.gather(*(first_turn() for _ in range(6)))
    assert any(kept)
    async with open_work() as work:
        found = await work.members.find("tenant-1", "jo")
        assert found is not None
        with pytest.raises(OutOfDate):
            await work.members.add(member(directory_id="jo"))


async def test_a_person_is_one_in_any_case_of_letters_but_not_in_another_tenant(open_work: OpenWork):
    jo = member(tenant_id="Tenant-1", directory_id="ABC-é")
    async with open_work() as work:
        await work.members.add(jo)
        assert await work.members.find("tenant-1", "abc-É") == jo
        assert await work.members.find("tenant-2", "ABC-é") is None


async def test_saving_a_member_who_was_never_added_is_out_of_date(open_work: OpenWork):
    nobody = member()
    with pytest.raises(OutOfDate):
        async with open_work() as work:
            await work.members.save(nobody, replace(nobody, locale="cy"))


async def _supported(open_work: OpenWork, **facts) -> Member:
    sam = member(name="Sam Okafor")
    async with open_work() as work:
        await work.members.add(sam)
        await work.supporters.put(supporter(sam.id, **facts))
    return sam


async def _drawn(work: Work, force_ids: Collection[str] | None = None) -> list[Candidate]:
    return [each async for some in work.supporters.candidates(NOW, force_ids) for each in some]


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        ({}, True),
        ({"status": RosterStatus.LEAVE}, False),
        ({"status": RosterStatus.LEFT}, False),
        ({"paused": True}, False),
        ({"selected_on": None}, False),
        ({"trained_on": None}, False),
        ({"signed_off_by": None}, False),
        ({"refresher_due": None}, True),
        ({"max_active": 0}, True),
    ],
)
async def test_the_prefilter_leaves_out_the_plainly_unavailable(open_work: OpenWork, facts, stays):
    sam = await _supported(open_work, **facts)
    async with open_work() as work:
        found = [candidate.supporter.id for candidate in await _drawn(work)]
        whole = [candidate.supporter.id for candidate in await work.supporters.network("northmoor", NOW)]
        assert await _drawn(work, ["elsewhere"]) == []
        assert await _drawn(work, []) == []
        assert len(await _drawn(work, {"northmoor"})) == len(found)
    assert found == ([sam.id] if stays else [])
    assert whole == [sam.id]


async def test_a_long_list_drawn_in_lots_is_the_whole_list(open_work: OpenWork, monkeypatch):
    async with open_work() as work:
        for _ in range(9):
            of = world.member()
            await work.members.add(of)
            await work.supporters.put(supporter(of.id))
    async with open_work() as work:
        whole = await _drawn(work, ["northmoor"])
    assert len(whole) == 9
    for at_a_time, lot in ((9, 2), (10, 4), (3, 2), (1, 1)):
        monkeypatch.setattr("storage.lots.AT_A_TIME", at_a_time)
        monkeypatch.setattr("storage.lots.LOT", lot)
        async with open_work() as work:
            assert await _drawn(work, ["northmoor"]) == whole
            assert len(await work.supporters.network("northmoor", NOW)) == 9  # nothing is left half read
            async with aclosing(work.supporters.candidates(NOW, ["northmoor"])) as lots:
                assert await anext(lots)
            assert (
                len(await work.supporters.network("northmoor", NOW)) == 9
            )  # nor where somebody has seen enough


async def test_loads_count_what_weighs_and_nothing_else(open_work: OpenWork):
    sam = await _supported(open_work)
    offers = [
        (OfferState.SENT, NOW - WEEK, 1),
        (OfferState.EXPIRED, NOW - HOUR, 1),
        (OfferState.SENT, NOW - WEEK - HOUR, 0),
        (OfferState.WITHDRAWN, NOW - HOUR, 0),
        (OfferState.DECLINED, NOW - HOUR, 0),
    ]
    matches = [
        (MatchState.LIVE, NOW - 3 * WEEK),
        (MatchState.LIVE, NOW - WEEK),
        (MatchState.CLOSED, NOW - HOUR),
        (MatchState.CLOSED, NOW - 2 * WEEK),
    ]
    async with open_work() as work:
        for state, sent_at, _ in offers:
            two = await pair(work)
            await work.offers.add(world.offer(two.asked.id, sam.id, state=state, sent_at=sent_at))
        for state, introduced_at in matches:
            two = await pair(work)
            accepted = world.offer(two.asked.id, sam.id, state=OfferState.ACCEPTED)
            await work.offers.add(accepted)
            said_yes = world.proposal(accepted, state=ProposalState.INTRODUCED)
            await work.proposals.add(said_yes)
            await work.matches.add(world.match(said_yes, two.jo.id, state=state, introduced_at=introduced_at))
        two = await pair(work)
        accepted = world.offer(two.asked.id, sam.id, state=OfferState.ACCEPTED)
        await work.offers.add(accepted)
        await work.proposals.add(world.proposal(accepted))
    load = Load(active=2, new_in_week=2, unanswered_in_week=sum(counts for _, _, counts in offers), holding=1)
    async with open_work() as work:
        person = work.members.person(sam.tenant_id, sam.directory_id)
        expected = Candidate(supporter(sam.id), sam.tenant_id, person, sam.reach, load)
        assert await work.supporters.candidate(sam.id, NOW) == expected
        assert expected in await _drawn(work, ["northmoor"])
        assert expected in await work.supporters.network("northmoor", NOW)
        assert await work.supporters.candidate("nobody", NOW) is None


async def test_listed_are_the_active_who_agreed_and_have_a_name(open_work: OpenWork):
    sam = await _supported(open_work, listed=True)
    await _supported(open_work, listed=False)
    await _supported(open_work, listed=True, status=RosterStatus.LEFT)
    nameless = member()
    async with open_work() as work:
        await work.members.add(nameless)
        await work.supporters.put(supporter(nameless.id, listed=True))
        assert await work.supporters.listed() == [(sam.id, "Sam Okafor", "northmoor")]


async def test_the_last_offer_is_remembered(open_work: OpenWork):
    sam = await _supported(open_work)
    async with open_work() as work:
        await work.supporters.offered(sam.id, NOW)
        await work.supporters.offered("nobody", NOW)
    async with open_work() as work:
        found = await work.supporters.get(sam.id)
        assert found == supporter(sam.id, last_offered_at=NOW)


async def test_coordinators_of_a_force_are_its_active_ones(open_work: OpenWork):
    people = [member() for _ in range(3)]
    async with open_work() as work:
        for person in people:
            await work.members.add(person)
        runs, left, other = (
            Coordinator(people[0].id, "northmoor"),
            Coordinator(people[1].id, "northmoor", status=RosterStatus.LEFT),
            Coordinator(people[2].id, "southsea"),
        )
        for coordinator in (runs, left, other):
            await work.coordinators.put(coordinator)
        assert await work.coordinators.of_force("northmoor") == [runs]
        assert await work.coordinators.get(left.id) == left
        assert await work.coordinators.get("nobody") is None


async def test_the_roster_is_everyone_with_a_role_and_nobody_else(open_work: OpenWork):
    sam = await _supported(open_work)
    both, runs, asks = member(), member(), member()
    async with open_work() as work:
        for person in (both, runs, asks):
            await work.members.add(person)
        await work.supporters.put(supporter(both.id, line_manager="the-boss"))
        for person in (both, runs):
            await work.coordinators.put(Coordinator(person.id, "northmoor"))
        everyone = {person.id: (person, one, two) for person, one, two in await work.roster.everyone()}
    assert everyone == {
        sam.id: (sam, supporter(sam.id), None),
        both.id: (both, supporter(both.id, line_manager="the-boss"), Coordinator(both.id, "northmoor")),
        runs.id: (runs, None, Coordinator(runs.id, "northmoor")),
    }


async def test_a_whole_roster_is_put_at_once(open_work: OpenWork):
    people = [member(name=f"Person {n}", email=f"p{n}@police.example") for n in range(1200)]
    asked, stranger = people[0], people[1]
    async with open_work() as work:
        await work.members.add(replace(asked, name=None, email=None))
        everybody = [(one.tenant_id, one.directory_id.upper()) for one in people]
        assert [one.id for one in await work.roster.known(everybody)] == [asked.id]
    made = [(one, supporter(one.id, line_manager="the-boss"), None) for one in people[:1199]]
    made.append((people[1199], None, Coordinator(people[1199].id, "northmoor")))
    async with open_work() as work:
        await work.roster.put(made, {one.id for one in people} - {asked.id})
        await work.roster.put([], ())
    changed = [(replace(one, name="Changed"), role, other) for one, role, other in made[:2]]
    async with open_work() as work:
        await work.roster.put(changed, ())
        everyone = {person.id: (person, one, two) for person, one, two in await work.roster.everyone()}
        assert everyone == {each[0].id: each for each in (*made, *changed)}
        assert len(await work.roster.known(everybody)) == 1200
    again = replace(stranger, id=new_id())
    with pytest.raises(OutOfDate):
        async with open_work() as work:
            await work.roster.put([(again, None, None)], {again.id})
    async with open_work() as work:
        assert len(await work.roster.everyone()) == 1200


async def test_exclusions_are_found_from_either_side(open_work: OpenWork):
    jo, sam, alex = member(), member(), member()
    async with open_work() as work:
        for person in (jo, sam, alex):
            await work.members.add(person)
        named = Exclusion(new_id(), jo.id, sam.tenant_id, sam.directory_id.upper())
        stranger = Exclusion(new_id(), jo.id, "tenant-1", "not-yet-a-member")
        await work.exclusions.add(named)
        await work.exclusions.add(stranger)
        await work.exclusions.add(replace(named, id=new_id()))
        await work.exclusions.add(Exclusion(new_id(), alex.id, jo.tenant_id, jo.directory_id))
    async with open_work() as work:
        assert await work.exclusions.of(jo.id) == sorted([named, stranger], key=lambda row: row.id)
        assert await work.exclusions.around(jo.id) == {sam.id, alex.id}
        assert await work.exclusions.around(sam.id) == {jo.id}
        late = member(directory_id="not-yet-a-member")
        await work.members.add(late)
        assert await work.exclusions.around(late.id) == {jo.id}
        assert not await work.exclusions.remove(sam.id, named.id)
        assert await work.exclusions.remove(jo.id, named.id)
        assert not await work.exclusions.remove(jo.id, named.id)
        assert await work.exclusions.around(jo.id) == {alex.id, late.id}


async def test_a_request_of_someone_unknown_is_nobodys(open_work: OpenWork):
    jo = member()
    async with open_work() as work:
        await work.members.add(jo)
        await work.requests.add(request(jo.id))
        assert await work.requests.live_of("nobody") is None
        assert await work.requests.look("nobody") is None
