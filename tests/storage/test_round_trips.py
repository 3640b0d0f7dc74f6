"""What goes in comes out, whatever a person typed: every entity, over memory, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from peer_support.exclusion import Exclusion
from tests.fakes.databases import AnyStore
from tests.storage import entities
from tests.storage.world import member, pair

_TRIES = settings(max_examples=25, deadline=None)


@_TRIES
@given(made=entities.members)
async def test_a_member(lasting_store: AnyStore, made):
    async with lasting_store.work() as work:
        await work.members.add(made)
    async with lasting_store.work() as work:
        assert await work.members.get(made.id) == made
        assert await work.members.find(made.tenant_id, made.directory_id) == made
        assert await work.members.many([made.id, "nobody"]) == {made.id: made}


@_TRIES
@given(first=entities.members, then=entities.members)
async def test_a_saved_member_is_the_later_one(lasting_store: AnyStore, first, then):
    later = replace(then, id=first.id)
    async with lasting_store.work() as work:
        await work.members.add(first)
        await work.members.save(first, later)
    async with lasting_store.work() as work:
        assert await work.members.get(first.id) == later
        assert await work.members.find(first.tenant_id, first.directory_id) is None


@_TRIES
@given(of=entities.members, first=entities.supporters, then=entities.supporters)
async def test_a_supporter_is_put_and_replaced(lasting_store: AnyStore, of, first, then):
    async with lasting_store.work() as work:
        await work.members.add(of)
        for made in (replace(first, id=of.id), replace(then, id=of.id)):
            await work.supporters.put(made)
            assert await work.supporters.get(of.id) == made
    async with lasting_store.work() as work:
        assert await work.supporters.get(of.id) == replace(then, id=of.id)


@_TRIES
@given(first=entities.coordinators, then=entities.coordinators)
async def test_a_coordinator_is_put_and_replaced(lasting_store: AnyStore, first, then):
    of = member()
    async with lasting_store.work() as work:
        await work.members.add(of)
        for made in (replace(first, id=of.id), replace(then, id=of.id)):
            await work.coordinators.put(made)
            assert await work.coordinators.get(of.id) == made


@_TRIES
@given(made=entities.exclusions)
async def test_an_exclusion(lasting_store: AnyStore, made: Exclusion):
    owner = member()
    owned = replace(made, owner_id=owner.id)
    async with lasting_store.work() as work:
        await work.members.add(owner)
        await work.exclusions.add(owned)
    async with lasting_store.work() as work:
        assert await work.exclusions.of(owner.id) == [owned]


@_TRIES
@given(first=entities.drafts, then=entities.drafts)
async def test_a_draft_is_put_replaced_and_removed(lasting_store: AnyStore, first, then):
    of = member()
    async with lasting_store.work() as work:
        await work.members.add(of)
        for made in (replace(first, member_id=of.id), replace(then, member_id=of.id)):
            await work.drafts.put(made)
            assert await work.drafts.get(of.id) == made
        await work.drafts.remove(of.id)
        assert await work.drafts.get(of.id) is None


@_TRIES
@given(first=entities.requests, then=entities.requests)
async def test_a_request_is_added_and_saved(lasting_store: AnyStore, first, then):
    of = member()
    made = replace(first, requester_id=of.id)
    later = replace(then, id=made.id, requester_id=of.id, version=made.version)
    async with lasting_store.work() as work:
        await work.members.add(of)
        await work.requests.add(made)
        assert await work.requests.get(made.id) == made
        await work.requests.save(later)
    async with lasting_store.work() as work:
        assert await work.requests.get(made.id) == replace(later, version=made.version + 1)


@_TRIES
@given(data=st.data())
async def test_an_offer_a_proposal_and_a_match(lasting_store: AnyStore, data):
    async with lasting_store.work() as work:
        two = await pair(work, reference=data.draw(entities.fresh_ids))
        between = {"request_id": two.asked.id, "supporter_id": two.sam.id}
        offer = replace(data.draw(entities.offers), **between)
        await work.offers.add(offer)
        proposal = replace(data.draw(entities.proposals), offer_id=offer.id, **between)
        await work.proposals.add(proposal)
        match = replace(
            data.draw(entities.matches), proposal_id=proposal.id, requester_id=two.jo.id, **between
        )
        await work.matches.add(match)
    async with lasting_store.work() as work:
        assert await work.offers.get(offer.id) == offer
        assert await work.offers.of_request(two.asked.id) == [offer]
        assert await work.proposals.get(proposal.id) == proposal
        assert await work.proposals.of_offer(offer.id) == proposal
        assert await work.matches.get(match.id) == match


@_TRIES
@given(wild=entities.words)
async def test_a_wild_id_is_simply_not_found(lasting_store: AnyStore, wild):
    async with lasting_store.work() as work:
        assert await work.members.get(wild) is None
        assert await work.members.many([wild]) == {}
        assert await work.requests.get(wild) is None
        assert await work.requests.look(wild) is None
        assert await work.offers.get(wild) is None
        assert await work.proposals.get(wild) is None
        assert await work.matches.get(wild) is None
        assert await work.drafts.get(wild) is None
        assert not await work.exclusions.remove(wild, wild)
        assert await work.exclusions.around(wild) == frozenset()
