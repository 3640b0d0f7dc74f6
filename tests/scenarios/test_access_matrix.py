"""Every verb by everybody who has no right to it, with live, old and forged ids: nothing done, nothing shown.

Not yours is answered like nobody's: the same card, in the same words, after the same statements to the database.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from cards.verbs import Verb
from dialogs.router import EVENTS, ROUTES, TYPED
from dialogs.typed import WORDS
from storage.tables import members
from tests.fakes.databases import Server
from tests.scenarios.access_table import EVENT_TABLE, TABLE, TYPED_TABLE, Kind, Row
from tests.scenarios.access_world import LISTED, NUMBER, ROLES, Actor, Dump, Subject, World, build
from tests.scenarios.town import town

HOWS = ("execute", "dialog submit", "submit", "dialog open")
NOBODYS = "0f" * 16
FORGED = {"empty": "", "over-long": "a1" * 1000, "sql": "' OR '1'='1' --", "another": "not an id at all"}
MOST_SHOWN = 30
ONCE = re.compile(r"(/my-data/)[\w-]+")  # an address that is good once, and never the same
LEAST_REPLAYED = 20
LOCKS = re.compile(r"FOR (NO KEY )?(UPDATE|SHARE)|FOR KEY SHARE")
ONES_OWN = {Kind.MEMBER, Kind.EXCLUSION}  # Not these people locks one's own request
# Ask for one's own offer alone; that they lock no other's is shown in tests/storage/test_together.py.
OWN_ALONE = {Verb.ACCEPT, Verb.ACCEPT_APART}
SPARE = {"activities", "audit_waiting"}
_OWN = tuple(members.c.keys().index(name) for name in ("address_sealed", "locale", "reach"))


pytestmark = pytest.mark.xdist_group("access")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """One world a database, which every test finds as the one before it left it: unchanged."""
    folder = tmp_path_factory.mktemp("world")
    address = f"sqlite:///{folder}/peer.db"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        address = server.make_database(f"w{uuid4().hex}")
    async with town(address, folder, listed=LISTED) as place:
        made = await build(place)
        made.turn = int(request.param == "postgresql")  # the two databases choose differently
        yield made


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a press brought: what was answered, what was sent to the presser's chat, what the database was asked."""

    status: int
    body: str
    sent: tuple[str, ...]
    statements: tuple[str, ...]
    strayed: bool

    @property
    def shown(self) -> tuple[object, ...]:
        return self.status, self.body, self.sent

    @property
    def words(self) -> str:
        return "\n".join((self.body, *self.sent))


@dataclass(slots=True)
class Tally:
    """What was tried, and what shouldn't have happened."""

    cells: int = 0
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, *what: object) -> None:
        if not holds:
            self.faults.append(" | ".join(map(str, what)))

    def settle(self) -> None:
        assert not self.faults, f"{len(self.faults)} of {self.cells}:\n" + "\n".join(self.faults[:MOST_SHOWN])


def wrapped(
    actor: Actor, how: str, verb: str, data: Mapping[str, str], version: object = 1
) -> dict[str, Any]:
    """What Teams would send for a button with this verb and these answers, by one of the four ways there are."""
    person, whole = actor.person, {**data, "v": version}
    pressed = person.sees[0].id if person.sees else "1:none"
    if how == "execute":
        value: dict[str, Any] = {"action": {"type": "Action.Execute", "verb": verb, "data": whole}}
        return person.activity(type="invoke", name="adaptiveCard/action", value=value, replyToId=pressed)
    if how == "submit":
        return person.activity(type="message", value={**whole, "verb": verb}, replyToId=pressed)
    name = "task/fetch" if how == "dialog open" else "task/submit"
    value = {"data": {**whole, "verb": verb}, "context": {"theme": "default"}}
    return person.activity(type="invoke", name=name, value=value, replyToId=pressed)


async def sent(world: World, actor: Actor, activity: Mapping[str, Any]) -> Answer:
    """Send it, and gather all that it brought."""
    world.statements.clear()
    world.place.teams.calls.clear()
    status, body = await world.place.teams.post(activity)
    calls = world.place.teams.calls
    return Answer(
        status,
        ONCE.sub(r"\1...", json.dumps(body, ensure_ascii=False)),
        tuple(ONCE.sub(r"\1...", json.dumps(call.body, ensure_ascii=False)) for call in calls),
        tuple(world.statements),
        any(call.act != "members" and call.conversation_id != actor.person.conversation_id for call in calls),
    )


async def press(
    world: World, actor: Actor, how: str, verb: str, subject_id: str, version: object = 1
) -> Answer:
    """One press of this verb, with this id where the verb carries one."""
    row = TABLE[verb]
    data = {**row.fields, row.carried: row.before + subject_id}
    return await sent(world, actor, wrapped(actor, how, verb, data, version))


def reach_for(world: World, actor: Actor, row: Row, turn: int) -> list[Subject]:
    """What isn't the actor's to press: of each force one live and one old thing, a different one each `turn`, and all
    that they had a part in.
    """
    barred = [subject for subject in world.of(row.kind) if not actor.may(row.may, subject)]
    own = [s for s in barred if actor.whose(s) == "own" and s.id != actor.id]
    chosen = {subject.id: subject for subject in own}
    for force in ("northmoor", "westvale"):
        for live in (True, False):
            there = [s for s in barred if s.force == force and s.live is live and actor.whose(s) != "own"]
            if there:
                subject = there[turn % len(there)]
                chosen[subject.id] = subject
    return list(chosen.values())


def others(world: World, actor: Actor) -> list[Subject]:
    """One live thing of each kind that the actor has no part in."""
    found: dict[Kind, Subject] = {}
    for subject in world.subjects:
        if subject.live and actor.whose(subject) != "own" and subject.kind is not Kind.MEMBER:
            found.setdefault(subject.kind, subject)
    return list(found.values())


def differing(
    before: Dump, after: Dump
) -> Iterator[tuple[str, tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """The rows that aren't what they were."""
    for name, rows in after.items():
        for key in rows.keys() | before[name].keys():
            old, new = before[name].get(key), rows.get(key)
            if old != new:
                yield name, old, new


def nothing_but_arrival(before: Dump, after: Dump, actors: Mapping[str, Actor]) -> list[str]:
    """What changed, but for the activities' keys and how an actor can be reached."""
    ids = {actor.id for actor in actors.values()}
    found = []
    for name, old, new in differing(before, after):
        if name == "activities":
            continue
        if name == "members" and old and new and old[0] in ids:
            kept = [(a, b) for place, (a, b) in enumerate(zip(old, new, strict=True)) if place not in _OWN]
            if all(a == b for a, b in kept):
                continue
        found.append(f"{name}: {old} -> {new}"[:300])
    return found


def known_to(world: World, actor: Actor) -> frozenset[str]:
    """Whom the actor may know by now: themselves, the other side of their live match, their own coordinators."""
    people = {person.name: person for person in world.place.teams.people.values()}
    names = {actor.person.name}
    if actor.role == "supporter in a live match":
        names.add("Mia Sorrel")
    if actor.role == "requester in a live match":
        names.add("Lev Marsh")
    names |= {"northmoor": {"Ria Holt", "Cal Dunne"}, "westvale": {"Wes Arden"}}.get(actor.force, set())
    return frozenset().union(*(world.secrets[people[name].conversation_id] for name in names))


@dataclass(slots=True)
class Secrets:
    """Words that an answer may not hold. The same answer comes often, and is read once."""

    words: frozenset[str]
    read: set[int] = field(default_factory=set)

    def in_(self, answer: Answer) -> str | None:
        if hash(answer.words) in self.read:
            return None
        self.read.add(hash(answer.words))
        held = (each for each in self.words if each in answer.words)
        return next((each for each in held if re.search(rf"\b{re.escape(each)}\b", answer.words)), None)


def telling(world: World, actor: Actor, *, own_act: bool = False) -> Secrets:
    """What no answer to this actor may hold: names, addresses, ids and references of everybody and everything else."""
    secrets = frozenset().union(*world.secrets.values())
    secrets -= known_to(world, actor) if own_act else world.secrets[actor.person.conversation_id]
    for subject in world.subjects:
        own = actor.whose(subject) == "own" or (subject.kind is Kind.REQUEST and subject.force == actor.runs)
        if subject.id != actor.id and not (own_act and own):
            secrets |= {subject.id, *world.references.get(subject.id, ())}
    theirs = actor.asking or actor.role == "supporter in a live match"
    typed = set() if own_act and theirs else {"Quetzal", NUMBER}  # everybody's words are the same
    return Secrets(secrets | typed)


def test_every_verb_word_and_event_stands_in_the_table() -> None:
    assert set(TABLE) == set(ROUTES)
    assert set(TYPED_TABLE) == set(TYPED)
    assert set(WORDS.values()) <= set(TABLE) | set(TYPED_TABLE)
    assert set(EVENT_TABLE) == set(EVENTS)


@pytest.mark.parametrize("role", ROLES)
async def test_what_isnt_theirs_does_and_shows_nothing(world: World, role: str) -> None:
    """Verbs that carry an id, and verbs of a role, by everybody who has no right to that one."""
    tally, actor, before = Tally(), world.actors[role], await world.dump()
    secret = telling(world, actor)
    for turn, (verb, row) in enumerate(TABLE.items(), start=world.turn + ROLES.index(role)):
        if world.skips(turn):
            continue
        if row.named and not _shows_own(verb, actor):
            await _one(world, tally, secret, actor, verb, turn)
        elif not row.named and not actor.may(row.may, None):
            await _ungiven(world, tally, secret, actor, verb, turn)
    for change in nothing_but_arrival(before, await world.dump(), world.actors):
        tally.expect(False, "changed", change)
    print(f"\n{tally.cells} cells for {role}")  # noqa: T201  the count is quoted
    tally.settle()
    assert tally.cells >= 4 * sum(row.named for row in TABLE.values()) // (1 + 2 * world.turn)


def _shows_own(verb: str, actor: Actor) -> bool:
    """Change always leads to one's own live request, whatever the card said."""
    return verb == Verb.CHANGE and actor.asking


async def _one(world: World, tally: Tally, secret: Secrets, actor: Actor, verb: str, turn: int) -> None:
    row, how = TABLE[verb], HOWS[turn % len(HOWS)]
    like = await press(world, actor, how, verb, NOBODYS)
    _said(tally, like, secret, actor.role, verb, how, "nobody's")
    for subject in reach_for(world, actor, row, turn):
        got = await press(world, actor, how, verb, subject.id)
        what = (actor.role, verb, how, actor.whose(subject), subject.kind, subject.state)
        tally.cells += 1
        tally.expect(got.shown == like.shown, *what, "is answered otherwise than nobody's:", got.words[:300])
        tally.expect(got.statements == like.statements, *what, "asks otherwise", *_more(got, like))
        waits = [each for each in got.statements if LOCKS.search(each)]
        tally.expect(not waits or verb in OWN_ALONE or row.kind in ONES_OWN, *what, "locks a row")
        _said(tally, got, secret, *what)
    for called, forged, version in _forgeries(world, actor, row, turn):
        if row.bare and not forged and actor.asking:
            continue
        got = await press(world, actor, how, verb, forged, version)
        what = (actor.role, verb, how, called)
        tally.cells += 1
        tally.expect(got.shown == like.shown, *what, "is answered otherwise:", got.words[:300])
        _said(tally, got, secret, *what)


def _forgeries(world: World, actor: Actor, row: Row, turn: int) -> Iterator[tuple[str, str, object]]:
    """Two of the six a time, so that each verb meets all of them over the roles."""
    stranger = next(each for each in others(world, actor) if each.kind is not row.kind)
    live = [subject for subject in reach_for(world, actor, row, turn) if subject.live]
    forged = [(called, id, 1) for called, id in FORGED.items()]
    forged += [("another kind's", stranger.id, 1), ("another schema", live[0].id if live else NOBODYS, "99")]
    yield from (forged[(turn + step) % len(forged)] for step in (0, 3))


async def _ungiven(world: World, tally: Tally, secret: Secrets, actor: Actor, verb: str, turn: int) -> None:
    """A verb of a role that the actor hasn't, with and without somebody else's id."""
    how = HOWS[turn % len(HOWS)]
    like = await press(world, actor, how, verb, NOBODYS)
    for id in ("", *(subject.id for subject in others(world, actor))):
        got = await press(world, actor, how, verb, id)
        tally.cells += 1
        tally.expect(
            got.shown == like.shown, actor.role, verb, how, "is answered otherwise:", got.words[:300]
        )
        tally.expect(got.statements == like.statements, actor.role, verb, how, *_more(got, like))
        _said(tally, got, secret, actor.role, verb, how)


def _said(tally: Tally, got: Answer, secret: Secrets, *what: object) -> None:
    tally.expect(got.status == 200, *what, "status", got.status)
    tally.expect(not got.strayed, *what, "wrote to somebody else")
    tally.expect("moment, please" not in got.words, *what, "failed")
    found = secret.in_(got)
    tally.expect(found is None, *what, "tells", found)


def _more(got: Answer, like: Answer) -> list[str]:
    more = Counter(got.statements) - Counter(like.statements) or Counter(like.statements) - Counter(
        got.statements
    )
    told = [" ".join(statement.split())[:90] for statement in more]
    return [f"{len(got.statements)} for {len(like.statements)}", *told]


@pytest.mark.parametrize("role", ROLES)
async def test_anothers_recorded_press_is_worth_nothing(world: World, role: str) -> None:
    """The very same body, but for whose chat it comes from: with the same activity id, and with another one."""
    tally, thief, before = Tally(), world.actors[role], await world.dump()
    secret, told = telling(world, thief), set()
    for owner, activity in world.pressed:
        verb, id = _carried(activity)
        row = TABLE[verb]
        found = next((s for s in world.subjects if s.id == id), None)
        worth = found is not None and thief.may(row.may, found)
        if owner is thief.person or not row.named or worth or (verb, owner.tenant) in told:
            continue
        told.add((verb, owner.tenant))
        mine = {name: thief.person.activity()[name] for name in ("from", "conversation", "channelData")}
        anew = {"id": f"f:{uuid4()}"}
        nobodys = json.loads(json.dumps(activity).replace(id, NOBODYS))
        like = await sent(world, thief, nobodys | mine | anew)
        for stolen in (activity | mine, activity | mine | {"id": f"f:{uuid4()}"}):
            got = await sent(world, thief, stolen)
            tally.cells += 1
            tally.expect(got.shown == like.shown, role, verb, "is answered otherwise:", got.words[:300])
            tally.expect(got.statements == like.statements, role, verb, *_more(got, like))
            _said(tally, got, secret, role, verb, "replayed")
    for change in nothing_but_arrival(before, await world.dump(), world.actors):
        tally.expect(False, "changed", change)
    print(f"\n{tally.cells} presses of others replayed by {role}")  # noqa: T201  the count is quoted
    tally.settle()
    assert tally.cells >= LEAST_REPLAYED


def _carried(activity: Mapping[str, Any]) -> tuple[str, str]:
    """The verb and the id in a recorded press."""
    value = activity["value"]
    act = value.get("action", value)
    data = act.get("data", act)
    return act.get("verb") or data["verb"], data.get("id", "")


@pytest.mark.parametrize("role", ROLES[:-1])
async def test_an_id_makes_no_difference_to_what_is_ones_own(world: World, role: str) -> None:
    """Verbs that ask for no id, by those who may: another's id brings the same, and writes no row but one's own."""
    tally, actor, before = Tally(), world.actors[role], await world.dump()
    secret = telling(world, actor, own_act=True)
    own = [verb for verb, row in TABLE.items() if _shows_own(verb, actor) or _own_act(actor, row)]
    there = others(world, actor)
    for turn, verb in enumerate(sorted(own, key=lambda each: TABLE[each].writes), start=world.turn):
        if world.skips(turn):
            continue
        how = HOWS[turn % len(HOWS)]
        await press(world, actor, how, verb, NOBODYS)  # what is written is written by now
        like = await press(world, actor, how, verb, NOBODYS)
        for subject in (there[turn % len(there)], there[(turn + 1) % len(there)]):
            got = await press(world, actor, how, verb, subject.id)
            tally.cells += 1
            tally.expect(got.shown == like.shown, role, verb, how, "is answered otherwise:", got.words[:300])
            _said(tally, got, secret, role, verb, how)
    for word in {meaning: word for word, meaning in WORDS.items()}.values():
        got = await sent(world, actor, actor.person.activity(type="message", text=word))
        tally.cells += 1
        _said(tally, got, secret, role, "typed", word)
    for happened in ("remove", "add"):
        got = await sent(world, actor, actor.person.activity(type="installationUpdate", action=happened))
        tally.cells += 1
        _said(tally, got, secret, role, "event", happened)
    for name, old, new in differing(before, await world.dump()):
        row = new or old or ()
        tally.expect(name in SPARE or actor.id in row, role, "changed another's", name, str(row)[:300])
    print(f"\n{tally.cells} cells of {role}'s own")  # noqa: T201  the count is quoted
    tally.settle()
    assert tally.cells >= 2 * len(own) // (1 + 2 * world.turn)


def _own_act(actor: Actor, row: Row) -> bool:
    return not row.named and not row.ends and actor.may(row.may, None)
