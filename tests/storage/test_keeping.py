"""Keeping, in every store: what is past its time goes with all that hangs on it, and nothing else does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from peer_support.break_glass import BreakGlass, Risk
from peer_support.draft import Draft
from peer_support.due import DueKind
from peer_support.exclusion import Exclusion
from peer_support.feedback import Answer, Feedback
from peer_support.ids import new_id
from peer_support.keeping import Ends
from peer_support.keeping_ports import Count, Measure, Old
from peer_support.notice import NoticeKind
from peer_support.offer import MatchState, OfferState, ProposalState
from peer_support.people import Address, Coordinator
from peer_support.ports import OpenWork, Work
from peer_support.request import CloseReason, RequestState
from tests.storage import world
from tests.storage.world import HOUR, NOW

DAY = timedelta(days=1)
CLOSED = {"state": RequestState.CLOSED, "close_reason": CloseReason.FINISHED}
ADDRESS = Address("https://smba.example", "a:1", "tenant-1", "29:1", "28:bot")


async def chain(work: Work, **wanted: Any) -> tuple[world.Pair, Any]:
    """A request with everything that hangs on one."""
    made = await world.pair(work, **wanted)
    offer = world.offer(made.asked.id, made.sam.id, state=OfferState.ACCEPTED)
    proposal = world.proposal(offer, state=ProposalState.INTRODUCED)
    match = world.match(proposal, made.jo.id, state=MatchState.CLOSED, closed_at=NOW)
    await work.offers.add(offer)
    await work.proposals.add(proposal)
    await work.matches.add(match)
    for recipient, kind, subject in (
        (made.jo.id, NoticeKind.INTRODUCED, match.id),
        (made.sam.id, NoticeKind.OFFER, offer.id),
        (made.sam.id, NoticeKind.INTRODUCTION, match.id),
    ):
        sent = world.notice(recipient, kind=kind, subject_id=subject, sent_at=NOW, activity_id=new_id())
        await work.notices.add(sent)
    for subject in (made.asked.id, offer.id, match.id):
        await work.dues.put(DueKind.ROUND, subject, NOW + HOUR)
    ask = BreakGlass(
        new_id(), made.asked.id, "northmoor", made.sam.id, Risk.LIFE, "they said so", frozenset({"x"}), NOW
    )
    await work.break_glass.add(ask)
    return made, match


async def test_a_closed_request_goes_whole_when_its_time_is_up_by_its_own_forces_numbers(open_work: OpenWork):
    async with open_work() as work:
        old, match = await chain(work, **CLOSED, closed_at=NOW - 91 * DAY)
        fresh, _ = await chain(work, **CLOSED, closed_at=NOW - 89 * DAY)
        slow, _ = await chain(work, **CLOSED, closed_at=NOW - 91 * DAY, force_id="westvale")
        live, _ = await chain(work)
    ends = Ends(NOW - 90 * DAY, {"westvale": NOW - 100 * DAY})
    async with open_work() as work:
        (found,) = await work.keeping.closed(ends, NOW - 30 * DAY, 10)
        assert (found.request.id, found.introduced_at, found.erased) == (old.asked.id, NOW, False)
        await work.keeping.forget_request(old.asked.id)
    async with open_work() as work:
        assert await work.keeping.closed(ends, NOW - 30 * DAY, 10) == []
        assert await work.requests.look(old.asked.id) is None
        assert await work.matches.get(match.id) is None
        assert await work.notices.sent_cards(old.sam.id, NoticeKind.INTRODUCTION, match.id) == []
        assert await work.dues.of(match.id) == []
        assert await work.break_glass.about(old.jo.id) == []
        for each in (fresh, slow, live):
            assert await work.requests.look(each.asked.id) is not None
            assert len(await work.records.matches_of(each.jo.id)) == 1
            assert await work.records.messages_to(each.sam.id) == 2


async def test_what_goes_by_age_alone_goes_the_oldest_first_and_a_few_at_a_time(open_work: OpenWork):
    ends = Ends(NOW)
    async with open_work() as work:
        jo = world.member()
        await work.members.add(jo)
        await work.drafts.put(Draft(jo.id, {"note": "old"}, NOW - HOUR))
        for hours in (3, 2, -1):
            assert await work.turns.first_time(f"key {hours}", NOW - hours * HOUR)
        for week in ("2026-W01", "2026-W09", "2026-W10"):  # NOW lies in the tenth
            await work.feedback.add(Feedback(new_id(), "northmoor", week, Answer.YES, None, None))
        await work.handovers.add("token", jo.id, NOW - HOUR)
        await work.erasing.name_was_shown("tenant-1", "d", NOW - 3 * DAY, NOW - DAY)
        for starts in (date(2026, 3, 1), date(2026, 3, 2)):
            await work.statistics.add(Count("northmoor", starts, Measure.OUTCOME, "introduced"))
    expected = {
        Old.DRAFTS: [1, 0],
        Old.TURNS: [1, 1, 0],
        Old.FEEDBACK: [1, 1, 0],
        Old.HANDOVERS: [1, 0],
        Old.SHOWN_NAMES: [1, 0],
    }
    async with open_work() as work:
        for what, counts in expected.items():
            assert [await work.keeping.forget_old(what, ends, 1) for _ in counts] == counts, what
        assert await work.keeping.forget_old(Old.COUNTS, ends, 10) == 1
        assert [each.starts for each in await work.statistics.all()] == [date(2026, 3, 2)]
        assert await work.turns.first_time("key 3", NOW)
        assert not await work.turns.first_time("key -1", NOW)


async def test_no_card_is_forgotten_that_may_still_have_to_be_mended(open_work: OpenWork):
    async with open_work() as work:
        made, match = await chain(work)
        live = replace(match, id=new_id(), state=MatchState.LIVE, closed_at=None)
        await work.matches.add(live)
        settled = {"sent_at": NOW - DAY, "activity_id": "a"}
        for recipient, kind, subject, parts in (
            (made.sam.id, NoticeKind.MATCHES, made.sam.id, settled),
            (made.jo.id, NoticeKind.MATCHES, made.jo.id, settled),
            (made.jo.id, NoticeKind.COORDINATOR_CONTACT, "somebody", settled),
            (made.sam.id, NoticeKind.DIGEST, "force", {"not_before": NOW - DAY}),
        ):
            await work.notices.add(world.notice(recipient, kind=kind, subject_id=subject, **parts))
    async with open_work() as work:
        assert await work.keeping.forget_old(Old.NOTICES, Ends(NOW + DAY), 10) == 2
        assert await work.notices.sent_cards(made.sam.id, NoticeKind.MATCHES, made.sam.id) == ["a"]
        assert await work.notices.sent_cards(made.jo.id, NoticeKind.MATCHES, made.jo.id) == []
        assert await work.records.messages_to(made.sam.id) == 4


async def test_somebody_who_no_longer_writes_is_forgotten_unless_something_still_names_them(
    open_work: OpenWork,
):
    month = date(2024, 2, 1)
    async with open_work() as work:
        made, _ = await chain(work)
        quiet, never, lately, waiting, westvale = (
            world.member(seen_in=month, address=ADDRESS),
            world.member(),
            world.member(seen_in=date(2024, 3, 1)),
            world.member(seen_in=month),
            world.member(seen_in=month, force_id="westvale"),
        )
        runs = world.member()
        for each in (quiet, never, lately, waiting, westvale, runs):
            await work.members.add(each)
        await work.coordinators.put(Coordinator(runs.id, "northmoor"))
        await work.exclusions.add(Exclusion(new_id(), quiet.id, "tenant-1", "abuser"))
        await work.notices.add(world.notice(quiet.id, sent_at=NOW, activity_id="a"))
        await work.notices.add(world.notice(waiting.id))
    start = NOW.replace(year=2024, month=3, day=1)
    ends = Ends(start, {"westvale": start - 90 * DAY})
    async with open_work() as work:
        assert await work.keeping.forget_quiet(ends, NOW, 1) == 1
        assert await work.keeping.forget_quiet(ends, NOW, 10) == 1
        assert await work.keeping.forget_quiet(ends, NOW, 10) == 0
        left = (lately, waiting, westvale, runs, made.jo)
        assert set(await work.members.many([each.id for each in (quiet, never, *left)])) == {
            each.id for each in left
        }
        assert await work.members.get(made.sam.id) is not None
        assert await work.exclusions.around(quiet.id) == frozenset()


async def test_somebody_named_by_a_request_stays_on_the_roster(open_work: OpenWork):
    async with open_work() as work:
        made, _ = await chain(work)
        assert not await work.keeping.forget_supporter(made.sam.id)
        await work.keeping.forget_request(made.asked.id)
        assert await work.keeping.forget_supporter(made.sam.id)
        assert await work.supporters.get(made.sam.id) is None
        await work.coordinators.put(Coordinator(made.sam.id, "northmoor"))
        await work.keeping.forget_coordinator(made.sam.id)
        assert await work.coordinators.get(made.sam.id) is None


async def test_a_person_is_taken_out_of_what_others_still_need(open_work: OpenWork):
    async with open_work() as work:
        made, match = await chain(work, **CLOSED, closed_at=NOW)
        nobody = world.member(tenant_id="", address=ADDRESS)
        edit = world.notice(made.jo.id, kind=NoticeKind.INTRODUCED, subject_id=match.id, edits="card")
        await work.notices.add(edit)
        await work.notices.add(world.notice(made.jo.id, kind=NoticeKind.CLOSED, subject_id=match.id))
        await work.exclusions.add(Exclusion(new_id(), made.jo.id, "tenant-1", "abuser"))
        await work.handovers.add("token", made.jo.id, NOW + HOUR)
        await work.members.add(nobody)
        await work.erasing.detach(made.jo.id, nobody.id, [NoticeKind.INTRODUCED, NoticeKind.CLOSED], NOW)
        await work.erasing.forget_member(made.jo.id)
    async with open_work() as work:
        assert await work.members.get(made.jo.id) is None
        assert await work.handovers.take("token", NOW) is None
        request, found = await work.requests.look(made.asked.id), await work.matches.get(match.id)
        assert request is not None
        assert found is not None
        assert {request.requester_id, found.requester_id} == {nobody.id}
        assert await work.records.messages_to(nobody.id) == 2
        assert await work.keeping.forget_addresses(NOW + HOUR) == 0, "a card still waits to be mended"
        assert (await work.keeping.closed(Ends(NOW - 90 * DAY), NOW + HOUR, 5))[0].erased
        await work.notices.drop(match.id, [NoticeKind.INTRODUCED])
        assert await work.keeping.forget_addresses(NOW - HOUR) == 0, "an opened name is told of first"
        assert await work.keeping.forget_addresses(NOW + HOUR) == 1
        assert await work.keeping.forget_quiet(Ends(NOW), NOW + HOUR, 9) == 0
        await work.keeping.forget_request(made.asked.id)
        assert await work.keeping.forget_quiet(Ends(NOW - 9999 * DAY), NOW + HOUR, 9) == 1
        assert await work.members.get(nobody.id) is None


async def test_names_that_were_shown_are_counted_for_the_same_person_afterwards(open_work: OpenWork):
    async with open_work() as work:
        again, other = world.member(), world.member()
        for each in (again, other):
            await work.members.add(each)
        person = (again.tenant_id.upper(), again.directory_id.upper())
        await work.erasing.name_was_shown(*person, NOW - 2 * DAY, NOW + DAY)
        await work.erasing.name_was_shown(*person, NOW - 9 * DAY, NOW + DAY)
        assert await work.proposals.shown_since(again.id, NOW - 3 * DAY) == 1
        assert await work.proposals.shown_since(again.id, NOW - 10 * DAY) == 2
        assert await work.proposals.shown_since(other.id, NOW - 10 * DAY) == 0


async def test_a_file_is_handed_over_once_in_time_and_to_its_last_token(open_work: OpenWork):
    async with open_work() as work:
        jo = world.member()
        await work.members.add(jo)
        await work.handovers.add("first", jo.id, NOW + HOUR)
        await work.handovers.add("second", jo.id, NOW + HOUR)
    async with open_work() as work:
        taken = [await work.handovers.take(token, NOW) for token in ("first", "second", "second", "x")]
        assert taken == [None, jo.id, None, None]
        await work.handovers.add("late", jo.id, NOW)
        assert await work.handovers.take("late", NOW) is None


async def test_counts_add_up(open_work: OpenWork):
    one = Count("northmoor", date(2026, 3, 2), Measure.GROUP, "work")
    async with open_work() as work:
        await work.statistics.add(one)
        await work.statistics.add(replace(one, count=2))
        await work.statistics.add(replace(one, value="home"))
    async with open_work() as work:
        assert [each.count for each in await work.statistics.all()] == [1, 3]


async def test_two_rounds_at_once_take_nothing_twice(open_work: OpenWork):
    async with open_work() as work:
        for _ in range(6):
            await world.pair(work, **CLOSED, closed_at=NOW - 100 * DAY)
    taken: list[str] = []

    async def round_of() -> None:
        async with open_work() as work:
            for each in await work.keeping.closed(Ends(NOW - 90 * DAY), NOW, 4):
                await work.keeping.forget_request(each.request.id)
                await work.statistics.add(Count("northmoor", date(2026, 3, 2), Measure.OUTCOME, "finished"))
                taken.append(each.request.id)

    for _ in range(2):
        await asyncio.gather(*(asyncio.create_task(round_of()) for _ in range(3)))
    assert len(taken) == len(set(taken)) == 6
    async with open_work() as work:
        assert [each.count for each in await work.statistics.all()] == [6]
