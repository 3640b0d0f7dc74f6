"""Who plays: two people who ask, those who are asked, coordinators, and one who may give a second yes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from uuid import uuid4

from peer_support.taxonomy import EXPERIENCES
from tests.canary.canaries import Nest
from tests.canary.wire import Tap
from tests.fakes.person import Person
from tests.scenarios.town import FORCES, NORTHMOOR, WESTVALE, Town

TOPICS = {"topics_health": "menopause", "topics_home": "fertility"}
WORK = "custody"


def forces_with(approver: str) -> str:
    """The town's forces, with a name to be seen in Northmoor after a yes from this person of Westvale."""
    on = f"""features = ["break_glass"]
approvers = [{{ tenant = "{WESTVALE}", directory_id = "{approver}" }}]
"""
    return FORCES.replace(f'tenants = ["{NORTHMOOR}"]\n', f'tenants = ["{NORTHMOOR}"]\n{on}')


@dataclass(slots=True)
class Cast:
    """Everybody by their part, with every canary that was ever given to anyone."""

    approver: str = field(default_factory=lambda: str(uuid4()))
    nest: Nest = field(default_factory=lambda: Nest(random.Random()))
    people: dict[str, Person] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, plain in _SENTENCES.items():
            whose, _, what = name.partition(".")
            sentence, word = self.nest.sentence(plain)
            self.words[name] = self.nest.keep(whose, what, sentence, word)
        for name in ("jo.phone", "jo.second_phone", "kim.phone"):
            whose, _, what = name.partition(".")
            self.words[name] = self.nest.keep(whose, what, self.nest.phone())
        for topic in TOPICS.values():
            known = EXPERIENCES[topic]
            self.nest.keep("jo", f"topic_{topic}", topic, known.asking)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def joins(self, name: str, tap: Tap, person: Person) -> Person:
        self.people[name] = self.nest.hatch(name, person)
        tap.knows(name, person)
        return person

    def named(self, place: Town, tap: Tap, name: str, tenant: str, **ids: str) -> Person:
        """Somebody with a strange name, who hasn't opened the bot."""
        return self.joins(
            name, tap, place.teams.person(self.nest.name(accented=name in _ACCENTED), tenant, **ids)
        )

    async def officer(self, place: Town, tap: Tap, name: str, tenant: str = NORTHMOOR) -> Person:
        person = self.named(place, tap, name, tenant)
        await person.installs()
        return person

    async def rostered(
        self, place: Town, tap: Tap, name: str, tenant: str = NORTHMOOR, *, opened: bool = True
    ) -> Person:
        """A supporter, with every column of the roster that holds words about somebody."""
        manager, signer, team = str(uuid4()), self.nest.name(), self.nest.word()
        self.nest.keep(name, "manager", manager)
        self.nest.keep(name, "signer", signer, *signer.split())
        self.nest.keep(name, "team", team)
        called = self.nest.name(accented=name in _ACCENTED)
        person = await place.supporter(
            called,
            tenant,
            opened=False,
            bio=self.words.get(f"{name}.bio", "Happy to listen."),
            team=team,
            line_manager=manager,
            signed_off_by=signer,
        )
        self.joins(name, tap, person)
        if opened:
            await person.installs()
            await place.settle()
        return person

    async def coordinator(self, place: Town, tap: Tap, name: str, tenant: str = NORTHMOOR) -> Person:
        person = await place.coordinator(self.nest.name(), tenant, opened=False)
        self.joins(name, tap, person)
        await person.installs()
        await place.settle()
        return person


_ACCENTED = frozenset(("jo", "kit", "lee"))
_SENTENCES = {
    "jo.note": "Someone patient, who likes {}.",
    "jo.typed": "is {} open today",
    "jo.unknown_work": "the {} allotment",
    "kim.note": "Someone from {}, please.",
    "kim.typed": "is it {} today",
    "ned.typed": "and nobody at {} would mind",
    "sam.bio": "Twelve years of {}.",
    "pat.bio": "I walk {} every day.",
    "kit.bio": "I was at {} once.",
    "lee.bio": "Two years in {} and counting.",
    "ria.reason": "Their {} sister rang me, very worried about tonight.",
}
