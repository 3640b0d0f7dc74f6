"""A village for the rules alone: people, the in-memory twin, a clock that only tests move, and all that was said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from cards.limits import LIMITS_VERSION
from dialogs.notices import word
from peer_support.acting import By
from peer_support.commands.asking import read_limits, review_form
from peer_support.commands.meeting import lose_reach, meet
from peer_support.commands.send_request import RequestSent, SendRequest, send_request
from peer_support.due import Due, DueKind
from peer_support.force import Force, LocalContact
from peer_support.forces import Forces
from peer_support.hours import LONDON, WeeklyHours
from peer_support.notice import UNREACHABLE, Notice, NoticeKind
from peer_support.people import Actor, Address, Coordinator, Member, Reach, Supporter
from peer_support.policy import Policy
from peer_support.ports import Desk, NameUnknown, PersonName
from peer_support.request import Request
from peer_support.sending import UNMETERED, Dealt, Ended, Fate, overtaken
from peer_support.sweep import Swept, sweep
from tests.fakes.memory import MemoryStore

NORTHMOOR, WESTVALE = "northmoor", "westvale"
TENANTS = {NORTHMOOR: "tenant-n", WESTVALE: "tenant-w"}
TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON).astimezone(UTC)
WELLBEING = LocalContact("Northmoor wellbeing", call="01632 960111")


def forces(policy: Policy | None = None, wellbeing: LocalContact | None = WELLBEING) -> Forces:
    """Two forces, one with a wellbeing team's number."""
    policy = policy or Policy()
    return Forces(
        (
            Force(
                NORTHMOOR,
                "Northmoor Police",
                frozenset({"E"}),
                "yorkshire_humber",
                frozenset({TENANTS[NORTHMOOR]}),
                wellbeing,
                policy=policy,
            ),
            Force(
                WESTVALE,
                "Westvale Constabulary",
                frozenset({"E"}),
                "south_west",
                frozenset({TENANTS[WESTVALE]}),
                policy=policy,
            ),
        )
    )


def full_name(member_id: str) -> str:
    """What the channel calls somebody: a name that stands nowhere else."""
    return f"Given{member_id.title()} Surname{member_id.title()}"


class Channel:
    """`Names` over made-up people. `silent` ones can't be told just now."""

    def __init__(self) -> None:
        self.silent: set[str] = set()
        self.asked: list[str] = []

    async def of(self, address: Address) -> PersonName | None:
        """The name, unless the channel is silent about this person."""
        self.asked.append(address.user_id)
        if address.user_id in self.silent:
            return None
        name = full_name(address.user_id)
        return PersonName(name, name.split()[0], f"{address.user_id}@police.example")


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it reached somebody."""

    at: datetime
    notice: Notice
    text: str

    @property
    def to(self) -> str:
        return self.notice.recipient_id

    @property
    def kind(self) -> NoticeKind:
        return self.notice.kind

    @property
    def new(self) -> bool:
        """Whether it was sent anew, rather than an older card edited."""
        return self.notice.edits is None


@dataclass(slots=True)
class Village:
    """`said` is all that reached anybody, in order. `blocked` people take nothing."""

    now: datetime = TUESDAY_TEN
    store: MemoryStore = field(default_factory=MemoryStore)
    channel: Channel = field(default_factory=Channel)
    chance: Random = field(default_factory=lambda: Random(7))
    said: list[Said] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    faults: list[tuple[DueKind, Exception]] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    cards: dict[str, tuple[str, str]] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    desk: Desk = field(init=False)
    presses: int = 0

    def __post_init__(self) -> None:
        self.store.clock = lambda: self.now
        self.desk = Desk(self.store.work, forces(self.policy), self.channel, self.chance)

    async def person(self, id: str, force_id: str = NORTHMOOR, *, opened: bool = True) -> str:
        """Somebody who has written to the bot, or is at least known to it."""
        member = Member(
            id,
            TENANTS[force_id],
            f"dir-{id}",
            force_id,
            address=self._address(id, force_id) if opened else None,
            reach=Reach.REACHABLE if opened else Reach.NEVER_OPENED,
        )
        async with self.store.work() as work:
            await work.members.add(member)
        return id

    async def supporter(
        self, id: str, force_id: str = NORTHMOOR, *, opened: bool = True, **facts: object
    ) -> str:
        """Somebody who may be asked."""
        await self.person(id, force_id, opened=opened)
        given: dict[str, object] = {
            "force_id": force_id,
            "grade": "constable",
            "roles": frozenset({"response"}),
            "selected_on": date(2024, 1, 1),
            "trained_on": date(2024, 2, 1),
            "refresher_due": date(2031, 1, 1),
            "signed_off_by": "A. Lead",
            "bio": "Happy to listen.",
        }
        async with self.store.work() as work:
            member = self.store.rows.members[id]
            await work.members.save(member, replace(member, name=full_name(id), email=f"{id}@police.example"))
            await work.supporters.put(Supporter(id, **(given | facts)))  # type: ignore[arg-type]
        return id

    async def coordinator(
        self, id: str, force_id: str = NORTHMOOR, *, hours: str = "", opened: bool = True
    ) -> str:
        """Whoever runs a force's network."""
        await self.person(id, force_id, opened=opened)
        async with self.store.work() as work:
            member = self.store.rows.members[id]
            await work.members.save(member, replace(member, name=full_name(id), email=f"{id}@police.example"))
            await work.coordinators.put(
                Coordinator(id, force_id, WeeklyHours.parse(hours) if hours else None)
            )
        return id

    def by(self, id: str, pressed: str | None = None) -> By:
        """This person presses something now."""
        member = self.store.rows.members[id]
        self.presses += 1
        address = member.address or self._address(id, member.force_id or NORTHMOOR)
        actor = Actor(member.tenant_id, member.directory_id, address)
        return By(actor, self.now, f"press-{self.presses}", pressed)

    async def comes_back(self, id: str) -> None:
        """They write again, so they can be reached again."""
        self.blocked.discard(id)
        await meet(self.by(id), self.desk)

    async def asks(self, id: str, **fields: str) -> RequestSent:
        """From the limits to sent."""
        await read_limits(self.by(id), self.desk, LIMITS_VERSION)
        await review_form(self.by(id), self.desk, fields)
        return await send_request(SendRequest(self.by(id), LIMITS_VERSION), self.desk)

    async def sends(self) -> None:
        """What waits in the outbox goes, worded as it would be now."""
        outbox = self.store.outbox
        while claims := await outbox.claim(self.now, timedelta(seconds=60), 64, UNMETERED):
            for claim in claims:
                late = overtaken(claim.notices)
                dealt = [
                    Dealt(notice, Fate.SENT, self.now) if notice.id in late else await self._send(notice)
                    for notice in claim.notices
                ]
                await outbox.settle(dealt, [Ended(claim)])

    async def _send(self, notice: Notice) -> Dealt:
        try:
            worded = await word(notice, self.desk, self.now)
        except NameUnknown:
            return Dealt(notice, Fate.ASIDE, self.now + timedelta(minutes=5))
        if worded is None:
            return Dealt(notice, Fate.SENT, self.now)
        if notice.recipient_id in self.blocked:
            await lose_reach(notice.recipient_id, self.now, self.desk)
            return Dealt(notice, Fate.DEAD, self.now, why=UNREACHABLE)
        _, message = worded
        assert message.summary == "You have an update"
        card = notice.edits or f"card-{notice.id}"
        self.cards[card] = (notice.recipient_id, message.text)
        self.said.append(Said(self.now, notice, message.text))
        return Dealt(notice, Fate.SENT, self.now, None if notice.edits else card)

    async def sweeps(self) -> Swept:
        """One look at what is due."""
        return await sweep(self.desk, self.now, lambda kind, fault: self.faults.append((kind, fault)))

    async def time_passes(self, **how_long: float) -> None:
        """To each moment at which something is due, and what comes of it, until then."""
        await self.until(self.now + timedelta(**how_long))

    async def until(self, then: datetime) -> None:
        """As `time_passes`, to a moment."""
        await self.sends()
        while True:
            moments = [due.at for due in self.store.rows.dues.values()]
            moments += [row.notice.not_before for row in self.waiting()]
            self.now = max(self.now, min([*moments, then]).astimezone(UTC))
            await self.sweeps()
            await self.sends()
            assert not self.faults, self.faults
            if self.now >= then:
                return

    def waiting(self) -> list:
        """The notices that wait to be sent."""
        rows = self.store.rows.notices.values()
        return [row for row in rows if not (row.notice.sent_at or row.dead_at or row.dropped)]

    def to(self, id: str, kind: NoticeKind | None = None) -> list[Said]:
        """The new messages that one person got."""
        return [each for each in self.said if each.to == id and each.new and kind in {None, each.kind}]

    def kinds(self, id: str) -> Counter[NoticeKind]:
        """How many new messages of each kind one person got."""
        return Counter(each.kind for each in self.to(id))

    def request_of(self, id: str) -> Request:
        """Somebody's newest request."""
        theirs = [row for row in self.store.rows.requests.values() if row.requester_id == id]
        return max(theirs, key=lambda row: (row.created_at, row.live))

    def dues_of(self, subject_id: str) -> dict[DueKind, Due]:
        """What is due about something."""
        return {kind: due for (of, kind), due in self.store.rows.dues.items() if of == subject_id}

    def _address(self, id: str, force_id: str) -> Address:
        plain = Address("https://smba.example/", f"chat-{id}", TENANTS[force_id], id, "28:bot")
        return self.addresses.get(id, plain)
