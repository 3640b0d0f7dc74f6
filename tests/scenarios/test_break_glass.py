"""See who asked, on the wire: two coordinators, one who may agree from another force, and the person it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from peer_support.forces import Forces
from peer_support.rights import SightKind
from peer_support.sights import Looked, sights
from storage.tables import audit, break_glass
from tests.fakes.person import Person, actions_of
from tests.scenarios.steps import NOT_FOUND, check_screens, member, nowhere
from tests.scenarios.town import FORCES, NORTHMOOR, WESTVALE, Town, town

APPROVER = "44444444-0000-4000-8000-000000000004"
ON = f"""features = ["break_glass"]
approvers = [{{ tenant = "{WESTVALE}", directory_id = "{APPROVER}" }}]
"""
LISTED = FORCES.replace(f'tenants = ["{NORTHMOOR}"]\n', f'tenants = ["{NORTHMOOR}"]\n{ON}')
TITLE = "See who asked (life or safety at risk)"
REASON = "His Quetzal brother rang me and is very worried about tonight."
NAME = "Jo Canary"
SECRETS = (NAME, "Canary", "jo.canary@")


@pytest.fixture
async def opening_on_both(database_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town in which Northmoor has turned break-glass on, with forms in dialogs."""
    async with town(database_address, tmp_path, listed=LISTED) as made:
        yield made
        check_screens(made)


@pytest.fixture
async def opening(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The same on SQLite alone."""
    async with town(sqlite_address, tmp_path, listed=LISTED) as made:
        yield made
        check_screens(made)


@pytest.fixture
async def chat_opening(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The same where clients have no dialogs."""
    async with town(sqlite_address, tmp_path, listed=LISTED, forms="chat") as made:
        yield made
        check_screens(made)


async def stuck(place: Town, *coordinators: str) -> tuple[Person, ...]:
    """An officer whose request is stuck, the approver from elsewhere, and these coordinators."""
    bo = place.teams.person("Bo Far", WESTVALE, APPROVER)
    await bo.installs()
    found = [await place.coordinator(name) for name in coordinators]
    jo = await place.officer(NAME)
    await place.asks(jo, force_wish="own")
    return (jo, bo, *found)


async def asks(place: Town, ria: Person, risk: str = "life", reason: str = REASON) -> None:
    await ria.presses(TITLE)
    await ria.presses("Ask for a second yes", fields={"risk": risk, "why": reason})
    await place.settle()


async def answers(place: Town, person: Person, title: str) -> None:
    await person.presses("Read why, and answer")
    await person.presses(title)
    await place.settle()


def titles(person: Person) -> list[str]:
    """The buttons on everything that stands in somebody's chat now."""
    return [str(action.get("title")) for seen in person.sees if seen.card for action in actions_of(seen.card)]


async def rows(place: Town, table: object) -> str:
    """All of a table as it lies."""
    store = place.service.backstage.store
    assert store is not None
    async with store._engine.connect() as conn:  # noqa: SLF001  the rows as they lie
        return str([tuple(row) for row in await conn.execute(select(table))])  # type: ignore[call-overload]


async def openings(place: Town, person: Person) -> list[str]:
    """What stands of it under who has seen their request."""
    own = await member(place, person)
    async with place.desk.open_work() as work:
        requests = tuple(await work.records.requests_of(own.id))
        found = await sights(work, place.desk, Looked(own, requests, place.clock.now))
    return [each.words for each in found if each.kind is SightKind.NAME_OPENED]


async def test_a_life_at_risk_from_the_ask_to_the_telling(
    opening_on_both: Town, capsys: pytest.CaptureFixture[str]
):
    opening = opening_on_both
    jo, bo, ria, una = await stuck(opening, "Ria Holt", "Una Second")
    assert "Northmoor Police may then be shown your name" in "\n".join(str(card) for card in jo.chat_cards)
    before = len(jo.sees)
    await ria.presses(TITLE)
    assert ria.dialog is not None
    assert "ring 999 first" in ria.dialog.words
    await ria.presses("Ask for a second yes")
    assert "choose what is at risk" in ria.dialog.words
    await ria.presses("Ask for a second yes", fields={"risk": "life", "why": "no"})
    assert "say in a sentence" in ria.dialog.words
    await ria.presses("Ask for a second yes", fields={"risk": "life", "why": REASON})
    assert ria.dialog is None
    await opening.settle()
    assert "I've asked for a second yes" in ria.newest.words
    assert "A second yes is asked for" in una.newest.words
    assert "A second yes is asked for" in bo.newest.words
    nowhere([ria, una, bo], *SECRETS, REASON)  # the reason is read in a dialog alone
    await answers(opening, bo, "Yes, show them the name")
    assert REASON in str(bo.pages)
    assert bo.dialog is not None
    assert "You said yes" in bo.dialog.words
    assert "This one needs no answer" in una.reads
    assert "a second person said yes" in ria.newest.words
    assert NAME not in ria.reads
    await ria.presses("Show me the name")
    assert ria.dialog is not None
    assert NAME in ria.dialog.words
    assert jo.email in ria.dialog.words
    nowhere([ria, una, bo], *SECRETS)  # the chat holds no name
    await ria.closes()
    assert (await openings(opening, jo), len(jo.sees)) == ([], before)
    await opening.time_passes(hours=1, minutes=20)
    assert "Show me the name" not in titles(ria)
    assert "the hour has passed" in ria.reads
    await opening.time_passes(hours=70)
    assert "asked to see who sent your request" not in jo.reads
    assert await openings(opening, jo) == []
    await opening.time_passes(hours=1)
    assert "they believed someone's life was at risk" in jo.reads
    assert await openings(opening, jo) == ["seen.opened"]
    assert "Ria" not in jo.reads
    kept, noted = await rows(opening, break_glass), await rows(opening, audit)
    for step in ("asked", "agreed", "seen", "over", "told"):
        assert f"break_glass.{step}" in noted
    for secret in (*SECRETS, "Quetzal", jo.directory):
        assert secret not in kept + noted
    assert "Quetzal" not in "".join(capsys.readouterr())


async def test_any_other_risk_is_told_at_once_and_in_the_chat_the_name_goes_again(chat_opening: Town):
    place = chat_opening
    jo, bo, ria, una = await stuck(place, "Ria Holt", "Una Second")
    await asks(place, ria, "at_risk")
    assert await openings(place, jo) == ["seen.opened.asked"]
    await answers(place, una, "Yes, show them the name")
    assert "a child or an adult was at risk" in jo.newest.words
    assert jo.newest.summary == "You have an update"
    await ria.presses("Show me the name")
    await place.settle()
    assert NAME in ria.reads
    nowhere([una, bo], *SECRETS)
    await place.time_passes(hours=1, minutes=20)
    assert NAME not in ria.reads
    assert jo.email not in ria.reads


async def test_nobody_answers_one_says_no_and_neither_shows_anything(opening: Town):
    jo, bo, ria, una = await stuck(opening, "Ria Holt", "Una Second")
    await asks(opening, ria)
    await opening.time_passes(hours=1, minutes=20)
    assert "nobody answered in time" in ria.newest.words
    assert "This one needs no answer" in una.newest.words
    await asks(opening, ria, "serious_harm")
    await una.presses("Read why, and answer", on=una.newest)
    await una.presses("No")
    await opening.settle()
    assert "the answer was no" in ria.newest.words
    bo_reads = bo.newest
    assert "This one needs no answer" in bo_reads.words
    assert "Show me the name" not in titles(ria)
    nowhere([ria, una, bo], *SECRETS)
    assert await openings(opening, jo) == ["seen.opened.asked"]
    assert "asked to see who sent your request" not in jo.reads


async def forged(person: Person, verb: str, subject: str) -> str:
    """A press of this verb with this id, as if some card had it; what was answered."""
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": {"v": 1, "id": subject}}}
    await person.sends(person.activity(type="invoke", name="adaptiveCard/action", value=value))
    return person.newest.words


VERBS = ("stuck.break_glass", "break_glass.ask", "break_glass.see", "second_yes.read", "second_yes.yes")


async def test_nobody_else_gets_anywhere_and_a_guessed_id_says_the_same(opening_on_both: Town):
    """The one who asks can't agree; the person can't, though they run the network; others can do nothing at all."""
    opening = opening_on_both
    jo, bo, ria, una = await stuck(opening, "Ria Holt", "Una Second")
    await asks(opening, ria)
    kit = await opening.coordinator("Kit West", WESTVALE)
    own = await member(opening, ria)
    async with opening.desk.open_work() as work:
        (request,) = await work.requests.live_in("northmoor")
        asked = await work.break_glass.standing_of(request.id, own.id)
    assert asked is not None
    nothing = await forged(kit, "stuck.break_glass", "no-such-id")
    assert NOT_FOUND in nothing
    for person, verbs in {jo: VERBS, kit: VERBS, una: VERBS[2:3], bo: VERBS[:3], ria: VERBS[3:]}.items():
        for verb in verbs:
            subject = request.id if verb in VERBS[:2] else asked.id
            assert await forged(person, verb, subject) == nothing, verb
    await opening.settle()
    assert "a second person said yes" not in ria.reads


async def test_a_coordinator_who_asked_for_a_peer_is_asked_nothing_and_nothing_tells_so(opening: Town):
    """Una's own request: Ria may ask, Una isn't asked, and to Ria it looks like an answer that never came."""
    ria, una = await opening.coordinator("Ria Holt"), await opening.coordinator("Una Canary")
    await opening.asks(una, force_wish="own")
    async with opening.desk.open_work() as work:
        (request,) = await work.requests.live_in("northmoor")
    assert NOT_FOUND in await forged(una, "stuck.break_glass", request.id)
    before = len(una.sees)
    await asks(opening, ria)
    assert "I've asked for a second yes" in ria.newest.words
    assert len(una.sees) == before
    await opening.time_passes(hours=1, minutes=20)
    assert "nobody answered in time" in ria.newest.words
    nowhere([ria], "Una", "Canary")


async def test_with_nobody_to_agree_it_says_so_whoever_asked(opening: Town):
    ria = await opening.coordinator("Ria Holt")
    await opening.asks(await opening.officer(NAME), force_wish="own")
    await ria.presses(TITLE)
    assert ria.dialog is not None
    assert "nobody can give the second yes" in ria.dialog.words


async def off(place: Town) -> None:
    """The force turns it off again."""
    forces = tuple(replace(force, features=frozenset()) for force in place.desk.forces.all)
    place.service.backstage._desk = replace(place.desk, forces=Forces(forces))  # noqa: SLF001  a new file, read


async def test_turned_off_nothing_that_was_begun_goes_on(opening: Town):
    _jo, _bo, ria, una = await stuck(opening, "Ria Holt", "Una Second")
    await asks(opening, ria)
    await answers(opening, una, "Yes, show them the name")
    await off(opening)
    await ria.presses("Show me the name")
    assert ria.dialog is not None
    assert NOT_FOUND in ria.dialog.words
    nowhere([ria], *SECRETS)


async def test_without_it_there_is_no_button_no_line_and_a_forged_press_finds_nothing(place: Town):
    ria, una = await place.coordinator("Ria Holt"), await place.coordinator("Una Second")
    jo = await place.officer(NAME)
    await place.asks(jo, force_wish="own")
    assert "may then be shown" not in str(jo.chat_cards)
    async with place.desk.open_work() as work:
        (request,) = await work.requests.live_in("northmoor")
    assert TITLE not in titles(ria)
    await ria.presses("Send them my contact details")
    assert TITLE not in titles(ria)
    nothing = await forged(ria, "stuck.break_glass", "no-such-id")
    for verb in VERBS:
        assert await forged(ria, verb, request.id) == nothing
    assert "A second yes" not in una.reads


async def test_whoever_asked_before_it_was_turned_on_was_not_told_so_their_name_stays_shut(opening: Town):
    with_it = opening.desk
    await off(opening)
    ria, _una = await opening.coordinator("Ria Holt"), await opening.coordinator("Una Second")
    jo = await opening.officer(NAME)
    await opening.asks(jo, force_wish="own")
    opening.service.backstage._desk = with_it  # noqa: SLF001  a new file, read
    async with opening.desk.open_work() as work:
        (request,) = await work.requests.live_in("northmoor")
    assert NOT_FOUND in await forged(ria, "stuck.break_glass", request.id)
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await jo.says("request")
    assert "Before you ask" in jo.newest.words  # read again, as it says more than before
    assert "Northmoor Police may then be shown your name" in jo.newest.words
