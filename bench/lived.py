"""The data that turns are measured on: a force with its supporters, officers about to send, and offers to be answered.

It is made once, by the bot's own dialogs, and copied for each round, so that every round finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.identity import BOT_ID, MOMENT, TENANT, Person, accepts_offer, sends_request
from bot.service import Service, make_service
from bot.settings import Settings
from cards.verbs import Verb
from dialogs.router import INSTALLED, answer
from dialogs.turn import Turn
from peer_support.commands.import_roster import ImportRoster, import_roster
from peer_support.offer import OfferState
from peer_support.people import Actor, Address
from peer_support.ports import Desk
from peer_support.roster import HEADER
from peer_support.roster_reader import read_roster


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of each. A supporter is offered one request alone, so that every offer can be accepted."""

    officers: int
    offers: int

    @property
    def supporters(self) -> int:
        """Enough for one offer each, while the measured officers' own requests go to others."""
        return self.officers + self.offers + 2

    @property
    def senders(self) -> list[Person]:
        """Those with a form that is ready to be sent."""
        return [Person(10_000 + number) for number in range(self.officers)]

    @property
    def askers(self) -> list[Person]:
        """Those whose request is out."""
        return [Person(20_000 + number) for number in range(self.offers)]

    @property
    def roster(self) -> list[Person]:
        """The supporters."""
        return [Person(30_000 + number) for number in range(self.supporters)]


@dataclass(frozen=True, slots=True)
class Lived:
    """What may be pressed on the data: one activity for each turn."""

    sends: tuple[bytes, ...]
    accepts: tuple[bytes, ...]
    supporters: int


async def live(settings: Settings, service_url: str, crowd: Crowd) -> Lived:
    """Make it in a migrated, empty store."""
    async with make_service(settings, lambda: MOMENT) as service:
        if not await service.backstage.open():
            raise RuntimeError(service.backstage.why)
        desk = service.backstage.desk()
        if desk is None:
            raise RuntimeError(service.backstage.why)
        await _enrol(desk, crowd.roster, service_url)
        for person in (*crowd.senders, *crowd.askers):
            await _turn(desk, person, service_url, Verb.LIMITS_READ)
            await _turn(desk, person, service_url, Verb.FORM_REVIEW)
        for person in crowd.askers:
            await _turn(desk, person, service_url, Verb.FORM_SEND)
        await _settle(service)
        accepts = await _accepts(desk, crowd, service_url)
    sends = tuple(sends_request(person, service_url) for person in crowd.senders)
    return Lived(sends, accepts, crowd.supporters)


async def _turn(desk: Desk, person: Person, service_url: str, verb: str = "", happened: str = "") -> None:
    await answer(
        Turn(
            actor=_actor(person, service_url),
            verb=verb,
            now=MOMENT,
            key=f"{person.number}:{verb}{happened}",
            in_dialog=bool(verb),
            happened=happened,
        ),
        desk,
    )


def _actor(person: Person, service_url: str) -> Actor:
    address = Address(service_url, person.conversation_id, TENANT, person.user_id, BOT_ID)
    return Actor(TENANT, person.directory_id, address)


async def _enrol(desk: Desk, people: Sequence[Person], service_url: str) -> None:
    """On the roster, trained and in date, and each has opened the bot."""
    rows = [
        dict.fromkeys(HEADER, "")
        | {
            "tenant_id": TENANT,
            "directory_id": person.directory_id,
            "name": f"Supporter {person.number}",
            "email": f"s{person.number}@police.example",
            "role": "supporter",
            "force": "northmoor",
            "grade": "constable",
            "roles": "response",
            "languages": "en",
            "bio": "Happy to listen.",
            "max_active": "3",
            "selected_on": "2024-01-01",
            "trained_on": "2024-02-01",
            "refresher_due": "2030-01-01",
            "signed_off_by": "Ria Holt",
            "status": "active",
        }
        for person in people
    ]
    reading = read_roster(rows, desk.forces)
    if reading.faults:
        raise RuntimeError(str(reading.faults[0]))
    await import_roster(ImportRoster(reading.rows, MOMENT), desk)
    for person in people:
        await _turn(desk, person, service_url, happened=INSTALLED)


async def _settle(service: Service) -> None:
    """Everything that waits in the outbox is sent."""
    sender = service.sender()
    while sender is not None and await sender.send_due():
        pass


async def _accepts(desk: Desk, crowd: Crowd, service_url: str) -> tuple[bytes, ...]:
    """One press of Accept for each offer, by the supporter whom it was made to, and only one a supporter."""
    by_directory = {person.directory_id: person for person in crowd.roster}
    found: dict[str, bytes] = {}
    async with desk.open_work() as work:
        for asker in crowd.askers:
            member = await work.members.find(TENANT, asker.directory_id)
            request = await work.requests.live_of(member.id) if member else None
            offers = await work.offers.of_request(request.id) if request else []
            for offer in offers:
                supporter = await work.members.get(offer.supporter_id)
                if supporter is not None and offer.state is OfferState.SENT:
                    person = by_directory[supporter.directory_id]
                    found.setdefault(supporter.id, accepts_offer(person, service_url, offer.id))
    if len(found) < crowd.offers:
        raise RuntimeError(f"only {len(found)} of {crowd.offers} offers could be made")
    return tuple(found.values())
