"""One small world with everything under way at once, so that a thief has something of every kind to reach for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, select

from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from storage.engine import reading
from storage.tables import (
    break_glass,
    exclusions,
    matches,
    members,
    metadata,
    offers,
    proposals,
    requests,
)
from tests.fakes.person import Person
from tests.scenarios.access_table import REASONED, Kind, May
from tests.scenarios.steps import asks, introduce, member, pause_stored, saves_profile
from tests.scenarios.town import FORCES, NORTHMOOR, SHARED, WESTVALE, Town

UNKNOWN = "9999ffff-0000-4000-8000-000000000009"
ROLES = (
    "officer on no roster",
    "supporter not involved",
    "supporter released before",
    "supporter who left",
    "supporter in a live match",
    "requester in a live match",
    "coordinator of the force",
    "coordinator who asks",
    "coordinator of another force",
    "foreign tenant, same directory id",
    "tenant with two forces",
    "unknown tenant",
)
LIVE = {"open", "resting", "proposed", "matched", "sent", "asked", "live", "kept", "listed", "waiting"}
WITH_NOTE = {
    "note": "Someone patient. Quetzal.",
    "topics_work": "trauma_incident",
    "force_wish": "own",
    "soon": "today",
}
NUMBER = "07700 900777"
OPENING = "See who asked (life or safety at risk)"
LISTED = FORCES.replace(f'"{NORTHMOOR}"]\n', f'"{NORTHMOOR}"]\nfeatures = ["break_glass"]\n')
Dump = Mapping[str, Mapping[Any, tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something with an id. `asked` and `put_to` are whose it is: members' ids, or empty."""

    id: str
    kind: Kind
    state: str
    force: str
    asked: str = ""
    put_to: str = ""

    @property
    def live(self) -> bool:
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Actor:
    """One of the roles that press what isn't theirs. `id` is empty where the bot never let them in."""

    role: str
    person: Person
    id: str
    force: str = ""
    supporter: bool = False
    runs: str = ""
    asking: bool = False

    def may(self, may: May, subject: Subject | None) -> bool:
        """Whether the table lets them do this: the whole of the rule, said once more and otherwise than in the bot."""
        if not self.id:
            return False
        if subject is None:
            return {May.A_SUPPORTER: self.supporter, May.A_COORDINATOR: bool(self.runs)}.get(
                may, may in {May.ANYONE, May.NAMES_LISTED}
            )
        match may:
            case May.REQUESTER | May.OWNER:
                return subject.asked == self.id
            case May.SUPPORTER:
                return subject.put_to == self.id
            case May.EITHER_SIDE:
                return self.id in {subject.asked, subject.put_to}
            case May.ITS_COORDINATOR:
                return bool(self.runs) and subject.force == self.runs and subject.asked != self.id
            case May.NAMES_LISTED:
                return subject.state == "listed"
            case _:
                return self.may(may, None)

    def whose(self, subject: Subject) -> str:
        """Own, another's in the same force, or a foreign force's."""
        if self.id in {subject.asked, subject.put_to}:
            return "own"
        return "same force" if subject.force == self.force else "foreign force"


@dataclass(slots=True)
class World:
    """`pressed` are the presses that their owners made while it came about, as Teams sent them."""

    place: Town
    actors: dict[str, Actor] = field(default_factory=dict)
    subjects: list[Subject] = field(default_factory=list)
    pressed: list[tuple[Person, dict[str, Any]]] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    references: dict[str, frozenset[str]] = field(default_factory=dict)
    turn: int = 0

    def skips(self, turn: int) -> bool:
        """The second database tries half of what the first does, each by all four ways of pressing."""
        return bool(self.turn) and bool(turn // 4 % 2)

    def of(self, kind: Kind) -> list[Subject]:
        return [subject for subject in self.subjects if subject.kind is kind]

    async def dump(self) -> Dump:
        """Every row of every table, as it stands on the disk."""
        store = self.place.service.backstage.store
        assert store is not None
        found: dict[str, dict[Any, tuple[Any, ...]]] = {}
        async with store._engine.connect() as conn:  # noqa: SLF001  all of it, sealed as it is
            for table in metadata.sorted_tables:
                key = [column.name for column in table.primary_key.columns]
                rows = (await (await reading(conn)).execute(select(table))).mappings().all()
                found[table.name] = {tuple(row[name] for name in key): tuple(row.values()) for row in rows}
        return found

    def listen(self) -> None:
        """Note each statement that the database is given from now on."""
        store = self.place.service.backstage.store
        assert store is not None
        engine = store._engine.sync_engine  # noqa: SLF001  as the bench does
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN") and "FROM key_checks" not in statement:  # asked now and then
            self.statements.append(statement)


async def only(place: Town, everyone: list[Person], *chosen: Person) -> None:
    """From now on nobody else can be asked."""
    for person in everyone:
        await pause_stored(place, person, paused=person not in chosen)


async def build(place: Town) -> World:
    """Requests, offers, proposals and matches in each of their states, in two forces, and the people who press."""
    world = World(place)
    _record(world)
    helpers = {
        name: await place.supporter(f"{name} {surname}", tenant)
        for name, surname, tenant in (
            ("Sam", "Okafor", NORTHMOOR),
            ("Una", "Ward", NORTHMOOR),
            ("Lev", "Marsh", NORTHMOOR),
            ("Oz", "Pryce", NORTHMOOR),
            ("Ray", "Stott", NORTHMOOR),
            ("Pat", "Byrne", NORTHMOOR),
            ("Wyn", "Prosser", WESTVALE),
            ("Xia", "Temple", WESTVALE),
            ("Yul", "Brand", WESTVALE),
            ("Tam", "Corrie", WESTVALE),
        )
    }
    lou = await place.supporter("Lou Garrick")
    place.row(lou)["status"] = "left"
    ria = await place.coordinator("Ria Holt")
    cal = await place.coordinator("Cal Dunne")
    wes = await place.coordinator("Wes Arden", WESTVALE)
    await saves_profile(helpers["Una"], listed="true")
    jo, everyone = await _northmoor(place, helpers, cal)
    await _westvale(place, helpers, everyone)
    for owner, left_out in ((jo, helpers["Una"]), (await place.officer("Noor Bashir", WESTVALE), jo)):
        own = (await member(place, owner)).id
        async with place.desk.open_work() as work:
            await work.exclusions.add(Exclusion(new_id(), own, left_out.tenant, left_out.directory))
    await only(place, everyone)
    await ria.says("digest")
    await ria.presses("See what I can do")
    await ria.presses("Send them my contact details")
    await ria.presses("Offer it to a supporter I choose")
    await ria.says("digest")
    await ria.presses("See what I can do", on=ria.newest)
    await ria.presses(OPENING)
    await ria.presses("Ask for a second yes", fields=REASONED)
    kit = await place.officer("Kit Lowe")
    twin = place.teams.person("Fay Hollis", WESTVALE, directory=jo.directory)
    await twin.installs()
    ned = await place.officer("Ned Frith", SHARED)
    zed = place.teams.person("Zed Quill", UNKNOWN)
    await place.settle()
    people = {person.name: person for person in place.teams.people.values()}
    northmoor, supporter = {"force": "northmoor"}, {"force": "northmoor", "supporter": True}
    who = (
        (kit, northmoor),
        (helpers["Pat"], supporter),
        (helpers["Sam"], supporter),
        (lou, supporter),
        (helpers["Lev"], supporter),
        (people["Mia Sorrel"], northmoor | {"asking": True}),
        (ria, northmoor | {"runs": "northmoor"}),
        (cal, northmoor | {"runs": "northmoor", "asking": True}),
        (wes, {"force": "westvale", "runs": "westvale"}),
        (twin, {"force": "westvale"}),
        (ned, {}),
    )
    for role, (person, more) in zip(ROLES, who, strict=False):
        world.actors[role] = Actor(role, person, (await member(place, person)).id, **more)
    world.actors[ROLES[-1]] = Actor(ROLES[-1], zed, "")
    await _subjects(world)
    _secrets(world, await _member_ids(place))
    del place.teams.post  # type: ignore[method-assign]  # what is tried from here on isn't recorded
    world.listen()
    return world


def _record(world: World) -> None:
    post = world.place.teams.post

    async def recorded(activity: Any, **how: Any) -> tuple[int, Any]:
        value = activity.get("value") if isinstance(activity, Mapping) else None
        if value:
            owner = world.place.teams.people[activity["conversation"]["id"]]
            world.pressed.append((owner, dict(activity)))
        return await post(activity, **how)

    world.place.teams.post = recorded  # type: ignore[method-assign]


async def _northmoor(place: Town, helpers: dict[str, Person], cal: Person) -> tuple[Person, list[Person]]:
    sam, una, lev, oz, ray = (helpers[name] for name in ("Sam", "Una", "Lev", "Oz", "Ray"))
    everyone = list(helpers.values())

    async def asking(name: str, *chosen: Person, **fields: str) -> Person:
        await only(place, everyone, *chosen)
        person = await place.officer(name)
        await asks(place, person, **fields)
        return person

    await asking("Eve Larkin", oz)
    await place.time_passes(hours=5)  # the offer expires, and nobody else is there
    await asking("Dov Temple", oz)
    await oz.presses("Decline")
    gil = await asking("Gil Harker", sam)
    await sam.presses("Accept")
    await place.settle()
    await gil.presses("Not now")
    hal = await asking("Hal Brook", sam)
    await hal.presses("Withdraw")
    await hal.presses("Withdraw")
    ivy = await asking("Ivy Penrose", sam)
    await sam.presses("Accept")
    await place.settle()
    await introduce(place, ivy, how="call", phone=NUMBER)
    await ivy.presses("Close")
    await ivy.presses("Yes, close it")
    await ivy.presses("Send answers", fields={"listened": "yes"})
    kay = await asking("Kay Munro", una)
    await una.presses("Accept")
    await place.settle()
    await introduce(place, kay)
    await kay.presses("Someone else")
    await kay.presses("Yes, someone else")
    mia = await asking("Mia Sorrel", lev)
    await lev.presses("Accept")
    await place.settle()
    await introduce(place, mia, how="call", phone=NUMBER)
    await asking("Nia Calder", oz, **WITH_NOTE)
    await oz.presses("Accept")
    await place.settle()
    jo = await asking("Jo Evans", ray, **WITH_NOTE)
    await only(place, everyone, ray)
    await asks(place, cal, **WITH_NOTE)
    gus = await place.officer("Gus Tolley")
    await gus.says("request")
    await gus.presses("Continue")
    await gus.presses("Review", fields=WITH_NOTE)
    return jo, everyone


async def _westvale(place: Town, helpers: dict[str, Person], everyone: list[Person]) -> None:
    wyn, xia, yul, tam = (helpers[name] for name in ("Wyn", "Xia", "Yul", "Tam"))

    async def asking(name: str, chosen: Person, **fields: str) -> Person:
        await only(place, everyone, chosen)
        person = await place.officer(name, WESTVALE)
        await asks(place, person, **fields)
        return person

    await asking("Ada Finch", wyn, **WITH_NOTE)
    eli = await asking("Eli Stroud", wyn)
    await eli.presses("Withdraw")
    await eli.presses("Withdraw")
    await asking("Bea Lomax", xia)
    await xia.presses("Accept")
    cid = await asking("Cid Harrow", yul)
    await yul.presses("Accept")
    await place.settle()
    await introduce(place, cid, how="call", phone=NUMBER)
    dot = await asking("Dot Revell", tam)
    await tam.presses("Accept")
    await place.settle()
    await introduce(place, dot)
    await tam.presses("Close")
    await tam.presses("Yes, close it")
    await place.settle()


async def _subjects(world: World) -> None:
    """What there is, read from the tables themselves."""
    store = world.place.service.backstage.store
    assert store is not None
    async with store._engine.connect() as conn:  # noqa: SLF001  the rows themselves
        found = {
            table.name: (await (await reading(conn)).execute(select(table))).mappings().all()
            for table in (requests, offers, proposals, matches, exclusions, members, break_glass)
        }
    asked = {row["id"]: (row["force_id"], row["requester_id"]) for row in found["requests"]}
    forces = {row["id"]: row["force_id"] or "" for row in found["members"]}
    listed = (await member(world.place, _named(world.place, "Una Ward"))).id
    for row in found["requests"]:
        world.references[row["id"]] = frozenset({row["reference"]})
        world.subjects.append(Subject(row["id"], Kind.REQUEST, row["state"], *asked[row["id"]]))
    for name, kind in (("offers", Kind.OFFER), ("proposals", Kind.PROPOSAL), ("matches", Kind.MATCH)):
        world.subjects += [
            Subject(row["id"], kind, row["state"], *asked[row["request_id"]], row["supporter_id"])
            for row in found[name]
        ]
    for row in found["exclusions"]:
        owner = row["owner_id"]
        world.subjects.append(Subject(row["id"], Kind.EXCLUSION, "kept", forces[owner], owner))
    for id, force in forces.items():
        state = "listed" if id == listed else "unlisted"
        world.subjects.append(Subject(id, Kind.MEMBER, state, force, id))
    own = {actor.role: actor.id for actor in world.actors.values()}
    for row in found["break_glass"]:
        asked_of = own["coordinator who asks"]
        world.subjects.append(
            Subject(row["id"], Kind.ASK, row["state"], row["force_id"], row["asked_by"], asked_of)
        )


def _named(place: Town, name: str) -> Person:
    return next(person for person in place.teams.people.values() if person.name == name)


async def _member_ids(place: Town) -> dict[str, str]:
    return {
        person.conversation_id: (await member(place, person)).id
        for person in place.teams.people.values()
        if person.tenant != UNKNOWN
    }


def _secrets(world: World, ids: Mapping[str, str]) -> None:
    """What says who somebody is: by conversation, so that each presser's own can be left out."""
    for conversation_id, person in world.place.teams.people.items():
        given, surname = person.name.split()
        told = {given, surname, person.email, person.directory, person.user_id, conversation_id}
        world.secrets[conversation_id] = frozenset(told | {ids.get(conversation_id, person.name)})
