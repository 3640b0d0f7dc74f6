"""Thousands of notices at once, over a connector that takes its time: how fast they go, and if any limit breaks."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.databases import Database
from bench.findings import Part, Promise, Section, short
from bench.identity import BOT_ID, TENANT, Person
from bench.load import BadAnswer
from bench.processes import Running, python, running
from bench.rounds import UNHURRIED
from bench.stage import Stage, migrated
from bench.watch import LONG_MS
from bot.backstage import open_store
from peer_support.ids import new_id
from peer_support.notice import Notice, NoticeKind
from peer_support.people import Address, Member, Reach
from peer_support.request import Request, RequestState, Wishes
from storage.store import Store

NOTICES = 5_000
LATENCY = 0.1
TALKED_TO, EACH = 20, 10  # so many people have several to get, so that a chat's own limit is met too
TENANT_LIMIT, CHAT_LIMIT = 35, 7
LEAST = 0.95 * TENANT_LIMIT
AT_ONCE = 250  # rows to a unit of work
PATIENCE = 60.0
_SAID = (
    (
        f"{NOTICES:,} notices of one tenant are committed at once, beside a bot that serves, ticks and sends as always."
        f" Each is worded from the store when it is sent. {TALKED_TO} people get {EACH} each, all others one; the "
        f"connector answers after {1000 * LATENCY:.0f} ms. Taken once for each database, one after the other."
    ),
    (
        "The rate is from the first to the last as the connector received them. The limits are looked up in its own "
        "record: the most in any one second, for the tenant and for any one chat. That each notice arrived once is "
        "counted."
    ),
    (
        "Every callback of the bot's event loop is timed by its thread's CPU clock meanwhile, ticks and garbage "
        "collection among them."
    ),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the connector saw of one fan-out, and how long the bot held its loop."""

    kind: str
    count: int
    seconds: float
    tenant_most: int
    chat_most: int
    cpu_ms: float
    watched: Mapping[str, Any]

    @property
    def per_second(self) -> float:
        """The first was no wait."""
        return (self.count - 1) / self.seconds


def most_in_a_second(moments: Sequence[float]) -> int:
    """The fullest second that can be laid over them."""
    ordered, most, first = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


async def measured(stage: Stage) -> Section:
    """Each database's."""
    sent = await fan_out(stage, NOTICES, TALKED_TO)
    head = (
        *("database", "notices", "s", "a second", "most in a second, tenant", "most in a second, one chat"),
        *("CPU ms a notice", "longest callback, CPU ms", "callbacks"),
    )
    rows = [
        (
            each.kind,
            f"{each.count:,}",
            f"{each.seconds:.1f}",
            f"{each.per_second:.2f}",
            str(each.tenant_most),
            str(each.chat_most),
            short(each.cpu_ms),
            short(each.watched["longest_ms"]),
            f"{each.watched['callbacks']:,}",
        )
        for each in sent
    ]
    return Section(
        "fanout",
        f"A fan-out of {NOTICES:,} notices",
        _SAID,
        [Part("Sent by one process", head, rows)],
        [promise for each in sent for promise in _promises(each)],
        stage.taken(1),
    )


def _promises(sent: Sent) -> list[Promise]:
    held = f"{short(sent.watched['longest_ms'])} ms"
    return [
        Promise(
            f"Fan-out of {NOTICES:,} on {sent.kind}: at least 95% of {TENANT_LIMIT} a second",
            f"{sent.per_second:.2f} a second",
            sent.per_second >= LEAST,
        ),
        Promise(
            f"the same: never more than {TENANT_LIMIT} in a second to the tenant, {CHAT_LIMIT} to one chat",
            f"{sent.tenant_most} and {sent.chat_most}",
            sent.tenant_most <= TENANT_LIMIT and sent.chat_most <= CHAT_LIMIT,
        ),
        Promise(
            f"the same: no callback over {LONG_MS:.0f} ms of CPU", held, sent.watched["longest_ms"] <= LONG_MS
        ),
    ]


async def fan_out(stage: Stage, notices: int, talked_to: int) -> list[Sent]:
    """Fill each database, start a bot on it, and let it all go at once; one database after the other."""
    found = []
    for number, kind in enumerate(stage.kinds):
        async with AsyncExitStack() as stack:
            stage.say(f"fan-out: people for {kind.name}")
            settings = await migrated(stage.place, kind.prepared)
            store = await open_store(settings)
            stack.push_async_callback(store.close)
            people = range(100_000 * (number + 1), 100_000 * (number + 1) + notices - talked_to * (EACH - 1))
            queued = await _filled(store, people, talked_to, stage.place.service_url)
            log = stage.folder / f"fanout-{kind.name}.log"
            given = stage.place.settings(kind.prepared) | UNHURRIED
            bot = await stack.enter_async_context(running(python("bench.ours"), log, given))
            await _tell(stage, f"{stage.place.service_url}latency?seconds={LATENCY}")
            stage.say(f"fan-out: {notices} notices on {kind.name}")
            found.append(await _let_go(stage, kind, store, bot, people, queued))
    return found


async def _filled(store: Store, people: range, talked_to: int, service_url: str) -> list[Notice]:
    """Everybody with a request that is open, and what is to be said of it."""
    now, notices = datetime.now(UTC), []
    for start in range(people.start, people.stop, AT_ONCE):
        async with store.work() as work:
            for number in people[start - people.start :][:AT_ONCE]:
                person = Person(number)
                address = Address(service_url, person.conversation_id, TENANT, person.user_id, BOT_ID)
                member = Member(
                    new_id(), TENANT, person.directory_id, "northmoor", address=address, reach=Reach.REACHABLE
                )
                await work.members.add(member)
                request = Request(
                    id=new_id(),
                    reference=f"N{number}",
                    requester_id=member.id,
                    force_id="northmoor",
                    wishes=Wishes(),
                    state=RequestState.OPEN,
                    created_at=now,
                    state_since=now,
                    news_by=now + timedelta(hours=4),
                )
                await work.requests.add(request)
                one = Notice(new_id(), member.id, NoticeKind.REQUEST, request.id, now, created_at=now)
                several = EACH - 1 if number - people.start < talked_to else 0
                more = [
                    replace(one, id=new_id(), kind=NoticeKind.CONTACTED, subject_id=new_id())
                    for _ in range(several)  # each about something else, or the last would speak for all
                ]
                notices += [one, *more]
    return notices


async def _let_go(
    stage: Stage,
    kind: Database,
    store: Store,
    bot: Running,
    people: range,
    notices: Sequence[Notice],
) -> Sent:
    await _tell(stage, f"http://127.0.0.1:{bot.ready['counting']}/watch/start")
    cpu = bot.cpu_seconds()
    async with store.work() as work:
        for notice in notices:
            await work.notices.add(notice)
    until = time.monotonic() + len(notices) / LEAST + PATIENCE
    while time.monotonic() < until:
        await asyncio.sleep(1)
        if await _count(stage) >= len(notices):
            break
    cpu = bot.cpu_seconds() - cpu
    await asyncio.sleep(1)  # one that is sent twice would come now
    chats = await _record(stage, people)
    watched = await _tell(stage, f"http://127.0.0.1:{bot.ready['counting']}/watch/stop")
    return sent_of(f"{kind.name} {kind.version}", chats, notices, cpu, watched)


def sent_of(
    kind: str,
    chats: Mapping[str, Sequence[float]],
    notices: Sequence[Notice],
    cpu: float,
    watched: Mapping[str, Any],
) -> Sent:
    """BadAnswer where not each arrived, and once."""
    wanted = sorted(Counter(notice.recipient_id for notice in notices).values())
    if sorted(map(len, chats.values())) != wanted:
        raise BadAnswer(
            f"{sum(map(len, chats.values()))} of {len(notices)} notices arrived in {len(chats)} chats"
        )
    moments = sorted(moment for times in chats.values() for moment in times)
    return Sent(
        kind=kind,
        count=len(moments),
        seconds=moments[-1] - moments[0],
        tenant_most=most_in_a_second(moments),
        chat_most=max(map(most_in_a_second, chats.values())),
        cpu_ms=1000 * cpu / len(moments),
        watched=watched,
    )


async def _count(stage: Stage) -> int:
    async with stage.line.session.get(f"{stage.place.service_url}count") as answer:
        return int(await answer.text())


async def _record(stage: Stage, people: range) -> dict[str, list[float]]:
    """When each chat of these people got something, by the connector's clock."""
    ours = {Person(number).conversation_id for number in people}
    found: dict[str, list[float]] = defaultdict(list)
    async with stage.line.session.get(f"{stage.place.service_url}record") as answer:
        for at, conversation in await answer.json():
            if conversation in ours:
                found[conversation].append(at)
    return dict(found)


async def _tell(stage: Stage, url: str) -> Mapping[str, Any]:
    async with stage.line.session.post(url) as answer:
        told: Mapping[str, Any] = await answer.json() if answer.content_type == "application/json" else {}
        return told
