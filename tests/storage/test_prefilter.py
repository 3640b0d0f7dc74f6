"""The query's prefilter drops nobody whom the rules would take, and the rules hear the same of those it keeps."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from peer_support.ids import new_id
from peer_support.matching.candidate import Candidate, Seeker
from peer_support.matching.eligible import why_not
from peer_support.people import Member, Reach, RosterStatus, Supporter
from peer_support.policy import Policy
from peer_support.request import Wishes
from tests.fakes.databases import AnyStore
from tests.storage.world import NOW, member, supporter

_TODAY = NOW.date()
_days = st.sampled_from([None, _TODAY.replace(year=2024), _TODAY, _TODAY.replace(year=2030)])


@st.composite
def _people(draw: st.DrawFn) -> list[tuple[Member, Supporter]]:
    force = new_id()
    found = []
    for _ in range(draw(st.integers(1, 5))):
        of = member(reach=draw(st.sampled_from([Reach.REACHABLE, Reach.BLOCKED])))
        found.append(
            (
                of,
                supporter(
                    of.id,
                    force_id=force,
                    status=draw(st.sampled_from([RosterStatus.ACTIVE, *RosterStatus])),
                    paused=draw(st.booleans()),
                    selected_on=draw(st.sampled_from([_TODAY]) | _days),
                    trained_on=draw(st.sampled_from([_TODAY]) | _days),
                    refresher_due=_TODAY.replace(year=2030),
                    signed_off_by=draw(st.sampled_from(["A. Lead", "A. Lead", "", None])),
                ),
            )
        )
    return found


@settings(max_examples=40, deadline=None)
@given(people=_people())
async def test_the_prefilter_drops_nobody_whom_matching_would_take(lasting_store: AnyStore, people):
    force = people[0][1].force_id
    asks = member()
    seeker = Seeker("request-1", asks, asks.directory_id, force, Wishes())
    async with lasting_store.work() as work:
        for of, listening in people:
            await work.members.add(of)
            await work.supporters.put(listening)
        kept = [each async for some in work.supporters.candidates(NOW, [force]) for each in some]
        person = {of.id: work.members.person(of.tenant_id, of.directory_id) for of, _ in people}
        everyone = await work.supporters.network(force, NOW)
    assert {each.supporter.id for each in everyone} == {of.id for of, _ in people}
    takes = {each.supporter.id for each in everyone if why_not(each, seeker, NOW, Policy()) is None}
    assert takes == {each.supporter.id for each in kept if why_not(each, seeker, NOW, Policy()) is None}
    known = {of.id: Candidate(listening, of.tenant_id, person[of.id], of.reach) for of, listening in people}
    assert kept == [known[each.supporter.id] for each in kept]
