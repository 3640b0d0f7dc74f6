"""Whoever a request was put to doesn't agree to its name being seen, and can't tell from it that they stand so near."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cards.limits import LIMITS_VERSION
from peer_support.break_glass import BreakGlass, GlassState
from peer_support.commands.asking import read_limits, review_form
from peer_support.commands.break_glass import (
    AnswerAsk,
    AskForName,
    answer_ask,
    ask_for_name,
    read_ask,
    see_name,
)
from peer_support.commands.send_request import SendRequest, send_request
from peer_support.commands.stuck import OfferToChosen, offer_to_chosen
from peer_support.exclusion import Exclusion
from peer_support.force import BREAK_GLASS
from peer_support.forces import Forces
from peer_support.glass_views import Answered, GlassView
from peer_support.life.opening_a_name import shut
from peer_support.limits import version_for
from peer_support.notice import NoticeKind
from peer_support.people import Coordinator
from peer_support.refusals import NotFound
from tests.peer_support.village import NORTHMOOR, Village, full_name


async def network() -> Village:
    """Northmoor has turned it on; Ria, Una and Kit run its network, and Una is a supporter as well."""
    v = Village()
    on = tuple(replace(force, features=frozenset({BREAK_GLASS})) for force in v.desk.forces.all)
    v.desk = replace(v.desk, forces=Forces(on))
    for id in ("ria", "kit"):
        await v.coordinator(id)
    await v.supporter("una", paused=True)
    async with v.store.work() as work:
        await work.coordinators.put(Coordinator("una", NORTHMOOR))
    await v.person("jo")
    return v


async def request_by(v: Village, who: str) -> str:
    version = version_for(LIMITS_VERSION, v.desk.forces.all)
    await read_limits(v.by(who), v.desk, version)
    await review_form(v.by(who), v.desk, {})
    await send_request(SendRequest(v.by(who), version), v.desk)
    return v.request_of(who).id


async def asks(v: Village, request_id: str) -> BreakGlass:
    view = await ask_for_name(AskForName(v.by("ria"), request_id, "life", "Her sister rang me."), v.desk)
    assert isinstance(view, GlassView)
    return v.store.rows.break_glass[view.id]


async def put_to_una(v: Village, request_id: str) -> None:
    async with v.store.work() as work:
        await work.supporters.set_paused("una", paused=False)
    await offer_to_chosen(OfferToChosen(v.by("kit"), request_id, "una"), v.desk)


async def test_whoever_it_was_put_to_is_not_asked():
    v = await network()
    request_id = await request_by(v, "jo")
    await put_to_una(v, request_id)
    ask = await asks(v, request_id)
    assert ask.asked_of == {"kit"}
    with pytest.raises(NotFound):
        await answer_ask(AnswerAsk(v.by("una"), ask.id, yes=True), v.desk)


async def test_whoever_it_is_put_to_afterwards_sees_what_anybody_sees_once_it_is_answered():
    v = await network()
    request_id = await request_by(v, "jo")
    ask = await asks(v, request_id)
    assert ask.asked_of == {"kit", "una"}
    await put_to_una(v, request_id)
    stopped = await answer_ask(AnswerAsk(v.by("una"), ask.id, yes=True), v.desk)
    assert stopped.answered is Answered.ENDED
    assert (await read_ask(v.by("una"), v.desk, ask.id)).reason is None
    await answer_ask(AnswerAsk(v.by("kit"), ask.id, yes=True), v.desk)
    assert await answer_ask(AnswerAsk(v.by("una"), ask.id, yes=True), v.desk) == stopped
    assert v.store.rows.break_glass[ask.id].answered_by == "kit"


async def test_two_coordinators_may_each_ask_and_each_agree_to_the_others():
    v = await network()
    request_id = await request_by(v, "jo")
    ask = await asks(v, request_id)
    assert (await asks(v, request_id)).id == ask.id
    view = await ask_for_name(
        AskForName(v.by("kit"), request_id, "life", "A friend of hers told me."), v.desk
    )
    assert isinstance(view, GlassView)
    assert view.id != ask.id
    assert v.store.rows.break_glass[view.id].asked_of == {"ria", "una"}


async def test_in_a_network_of_two_of_whom_one_asked_it_waits_as_if_for_an_answer():
    v = await network()
    async with v.store.work() as work:
        await work.coordinators.put(Coordinator("una", "westvale"))
    request_id = await request_by(v, "kit")
    ask = await asks(v, request_id)
    assert ask.asked_of == frozenset()
    await v.time_passes(minutes=61)
    assert [said.text for said in v.to("ria", NoticeKind.NAME_ASKED)][-1].count(
        "nobody answered in time"
    ) == 1
    assert not v.to("kit", NoticeKind.SECOND_YES)


async def test_once_the_person_deletes_their_data_no_name_is_shown_and_they_are_told_in_time():
    v = await network()
    request_id = await request_by(v, "jo")
    ask = await asks(v, request_id)
    await answer_ask(AnswerAsk(v.by("kit"), ask.id, yes=True), v.desk)
    waiting = await ask_for_name(AskForName(v.by("kit"), request_id, "at_risk", "A friend told me."), v.desk)
    assert isinstance(waiting, GlassView)
    async with v.store.work() as work:
        await shut(work, "jo", v.now)
    states = {each.id: each.state for each in v.store.rows.break_glass.values()}
    assert states == {ask.id: GlassState.OVER, waiting.id: GlassState.LAPSED}
    view = await see_name(v.by("ria"), v.desk, ask.id, in_chat=True)
    assert view is not None
    assert view.name is None
    await v.time_passes(hours=73)
    assert full_name("jo") not in "".join(said.text for said in v.said)
    assert len(v.to("jo", NoticeKind.NAME_OPENED)) == 1
    assert v.now - ask.asked_at < timedelta(hours=74)


async def test_where_two_forces_share_a_tenant_only_the_one_that_was_named_opens_a_name():
    """Jo read it of Westvale alone. Northmoor, in the same tenant, turned it on since: Jo wasn't told of that."""
    v = await network()
    northmoor = v.desk.forces.by_id[NORTHMOOR]
    one = [replace(each, tenants=northmoor.tenants) for each in v.desk.forces.all]
    before = tuple(replace(each, features=frozenset()) if each.id == NORTHMOOR else each for each in one)
    v.desk = replace(v.desk, forces=Forces(before))
    version = version_for(LIMITS_VERSION, v.desk.forces.of_tenant(v.by("jo").actor.tenant_id))
    await read_limits(v.by("jo"), v.desk, version)
    await review_form(v.by("jo"), v.desk, {"own_force": NORTHMOOR})
    await send_request(SendRequest(v.by("jo"), version), v.desk)
    v.desk = replace(v.desk, forces=Forces(tuple(one)))
    with pytest.raises(NotFound):
        await asks(v, v.request_of("jo").id)


async def test_whom_the_person_left_out_is_not_asked_and_reads_no_reason():
    v = await network()
    async with v.store.work() as work:
        una = (await work.members.many(["una"]))["una"]
        await work.exclusions.add(Exclusion("left-out", "jo", una.tenant_id, una.directory_id))
    request_id = await request_by(v, "jo")
    ask = await asks(v, request_id)
    assert ask.asked_of == {"kit"}
    with pytest.raises(NotFound):
        await read_ask(v.by("una"), v.desk, ask.id)
