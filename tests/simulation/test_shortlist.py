"""The index of a simulated year never changes what the rule chooses: it is held against a look at everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from peer_support.life.asking import scope
from peer_support.matching.candidate import Candidate
from peer_support.matching.choose import choose
from peer_support.offer import OfferState
from peer_support.policy import Policy
from peer_support.request import Request, RequestState
from simulation.assumptions import Assumptions
from simulation.draws import STARTS, draw_asks, draw_town
from simulation.reactions import People
from simulation.world import World

# few enough that everybody is soon busy, and so many wishes that every part of the score counts
TIGHT = Assumptions(
    people_a_force=60,
    supporters_a_force=6,
    asks_a_year=5.0,
    today=0.4,
    own_force=0.3,
    like_me=0.6,
    parts_of_week=0.5,
    other_language=0.3,
    pauses_a_year=3.0,
)

DAYS = 10


def looked_at_alike(world: World, moments: list[str]) -> None:
    """After this, every list that is asked for is compared with the whole one."""
    shortlist, plain = world.store.shortlist, world.store.shortlist.of

    def compared(request: Request, now: datetime, reach: frozenset[str]) -> list[Candidate]:
        few, everybody = list(plain(request, now, reach)), list(shortlist.everyone(now, reach))
        offers = [world.rows.offers.rows[id] for id in world.rows.offers_of_request.of[request.id]]
        waiting = {offer.supporter_id for offer in offers if offer.state is OfferState.SENT}
        seeker = shortlist.seeker(request)
        of_few, of_all = (choose(these, seeker, now, policy, waiting) for these in (few, everybody))
        chosen, would = ([each.supporter.id for each in of.chosen] for of in (of_few, of_all))
        assert chosen == would
        assert not {each.supporter.id for each in few} - {each.supporter.id for each in everybody} - waiting
        if not waiting and not chosen:
            assert of_few.starts == of_all.starts
            moments.append("nobody yet" if of_few.starts else "nobody at all")
        else:
            moments.append(f"{request.wishes.soon} {len(chosen)}")
        return few

    def policy(_force_id: str) -> Policy:
        return world.policy

    shortlist.of = compared  # type: ignore[method-assign]


async def test_whom_the_rule_chooses_out_of_the_few_it_chooses_out_of_all():
    world = World(1, draw_town(1, 4, DAYS, TIGHT, Policy()), TIGHT, Policy())
    People(world).begin(draw_asks(1, 4, DAYS, TIGHT))
    moments: list[str] = []
    looked_at_alike(world, moments)
    await world.run(STARTS + timedelta(days=DAYS), lambda _share: None)
    assert len(moments) > 100
    assert {"nobody yet", "nobody at all", "today 3", "today 1", "few_days 1", "few_days 0"} <= set(moments)


async def test_the_first_so_many_stand_in_the_rule_s_order():
    world = World(3, draw_town(3, 4, 4, TIGHT, Policy()), TIGHT, Policy())
    People(world).begin(draw_asks(3, 4, 4, TIGHT))
    await world.run(STARTS + timedelta(days=4), lambda _share: None)
    now, shortlist = STARTS + timedelta(days=12, hours=13), world.store.shortlist
    for request in list(world.rows.requests.rows.values())[:6]:
        reach = scope(world.desk, request)
        afresh = replace(request, state=RequestState.OPEN)
        found = [each.supporter.id for each in shortlist.first(afresh, now, reach, 3)]
        left = list(shortlist.everyone(now, reach))
        ranked = []
        for _ in range(3):
            chosen = choose(left, replace(shortlist.seeker(afresh)), now, lambda _: world.policy).chosen[:1]
            ranked += [each.supporter.id for each in chosen]
            left = [each for each in left if each.supporter.id not in ranked]
        assert found == ranked
